-- Authenticator apps (TOTP), seed and name sealed; read by identity/factors/totp.
CREATE TABLE totp_credentials (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, name_sealed BLOB NOT NULL, seed_sealed BLOB NOT NULL,
  confirmed_at INTEGER, last_step INTEGER, created_at INTEGER NOT NULL, last_used_at INTEGER) STRICT;
CREATE INDEX totp_credentials_customer ON totp_credentials (customer_id, id);

-- What a sign-in has shown so far, sealed; read by identity/signin.
ALTER TABLE signin_flows ADD COLUMN passed_sealed BLOB;

-- Recovery codes as MACs; read by identity/factors/recovery_code.
CREATE TABLE recovery_codes (
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, hash BLOB NOT NULL, created_at INTEGER NOT NULL, used_at INTEGER,
  PRIMARY KEY (customer_id, hash)) STRICT;
