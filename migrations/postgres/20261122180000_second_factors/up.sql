-- Authenticator apps (TOTP), seed and name sealed; read by identity/factors/totp.
CREATE TABLE totp_credentials (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, name_sealed BYTEA NOT NULL, seed_sealed BYTEA NOT NULL,
  confirmed_at BIGINT, last_step BIGINT, created_at BIGINT NOT NULL, last_used_at BIGINT);
CREATE INDEX totp_credentials_customer ON totp_credentials (customer_id, id);

-- What a sign-in has shown so far, sealed; read by identity/signin.
ALTER TABLE signin_flows ADD COLUMN passed_sealed BYTEA;

-- Recovery codes as MACs; read by identity/factors/recovery_code.
CREATE TABLE recovery_codes (
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, hash BYTEA NOT NULL, created_at BIGINT NOT NULL, used_at BIGINT,
  PRIMARY KEY (customer_id, hash));
