-- Password hashes of other products, until their owners sign in; read by identity/factors/password/foreign/store.rs.
CREATE TABLE foreign_passwords (
  customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, hash_sealed BYTEA NOT NULL, imported_at BIGINT NOT NULL);

-- How far each file was imported; read by identity/imports/store.rs.
CREATE TABLE imports (
  id TEXT PRIMARY KEY NOT NULL, format TEXT NOT NULL, reading TEXT NOT NULL, position BIGINT NOT NULL, imported BIGINT NOT NULL, skipped BIGINT NOT NULL, refused BIGINT NOT NULL, left_out BIGINT NOT NULL,
  begun_at BIGINT NOT NULL, finished_at BIGINT);

-- Who came from elsewhere at any time, as MACs of their old ids and addresses: nobody comes twice, whatever became of the account. Read by identity/imports/store.rs.
CREATE TABLE imported_records (mark BYTEA PRIMARY KEY NOT NULL);
