-- What the rules about factors know of a customer: groups (a JSON list), the least level by own wish, and since when codes by e-mail and text message are wanted.
ALTER TABLE customers ADD COLUMN groups TEXT;
ALTER TABLE customers ADD COLUMN own_acr TEXT;
ALTER TABLE customers ADD COLUMN email_codes_since BIGINT;
ALTER TABLE customers ADD COLUMN sms_codes_since BIGINT;
ALTER TABLE customers ADD COLUMN passkey_offered_at BIGINT;

-- Devices that are not asked for the second factor, the secret as a hash; read by identity/factors/trusted_device.
CREATE TABLE trusted_devices (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, generation BIGINT NOT NULL, hash BYTEA NOT NULL UNIQUE,
  label_sealed BYTEA NOT NULL, created_at BIGINT NOT NULL, last_used_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);
CREATE INDEX trusted_devices_customer ON trusted_devices (customer_id, id);
CREATE INDEX trusted_devices_expires ON trusted_devices (expires_at);

-- The device that spared a session the second factor.
ALTER TABLE sessions ADD COLUMN trusted_device TEXT;

-- Codes sent by e-mail or text message, as MACs; one of a kind for each sign-in; read by identity/factors/sent_code.
CREATE TABLE sent_codes (
  owner TEXT NOT NULL, kind TEXT NOT NULL, hash BYTEA NOT NULL, tries BIGINT NOT NULL, sent_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
  PRIMARY KEY (owner, kind));
CREATE INDEX sent_codes_expires ON sent_codes (expires_at);
