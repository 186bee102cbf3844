-- Passkeys and security keys (WebAuthn), credential and name sealed; read by identity/factors/passkey.
CREATE TABLE passkeys (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, credential_hash BLOB NOT NULL UNIQUE, name_sealed BLOB NOT NULL,
  credential_sealed BLOB NOT NULL, counter INTEGER NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER) STRICT;
CREATE INDEX passkeys_customer ON passkeys (customer_id, id);

-- Ceremonies between their two steps; one of a kind for each owner: a sign-in, or a session.
CREATE TABLE passkey_ceremonies (
  owner TEXT NOT NULL, kind TEXT NOT NULL, hash BLOB NOT NULL, state_sealed BLOB NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (owner, kind)) STRICT;
CREATE INDEX passkey_ceremonies_expires ON passkey_ceremonies (expires_at);

-- The second factor that the customer used last.
ALTER TABLE customers ADD COLUMN preferred_factor TEXT;

-- When the customer said that the codes are kept in a safe place.
ALTER TABLE recovery_codes ADD COLUMN confirmed_at INTEGER;
