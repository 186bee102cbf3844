-- Password hashes of other products, until their owners sign in; read by identity/factors/password/foreign/store.rs.
CREATE TABLE foreign_passwords (
  customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, hash_sealed BLOB NOT NULL, imported_at INTEGER NOT NULL) STRICT;

-- How far each file was imported; read by identity/imports/store.rs.
CREATE TABLE imports (
  id TEXT PRIMARY KEY NOT NULL, format TEXT NOT NULL, reading TEXT NOT NULL, position INTEGER NOT NULL, imported INTEGER NOT NULL, skipped INTEGER NOT NULL, refused INTEGER NOT NULL, left_out INTEGER NOT NULL,
  begun_at INTEGER NOT NULL, finished_at INTEGER) STRICT;

-- Who came from elsewhere at any time, as MACs of their old ids and addresses: nobody comes twice, whatever became of the account. Read by identity/imports/store.rs.
CREATE TABLE imported_records (mark BLOB PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
