-- What the rules about factors know of a customer: groups (a JSON list), the least level by own wish, and since when codes by e-mail and text message are wanted.
ALTER TABLE customers ADD COLUMN groups TEXT;
ALTER TABLE customers ADD COLUMN own_acr TEXT;
ALTER TABLE customers ADD COLUMN email_codes_since INTEGER;
ALTER TABLE customers ADD COLUMN sms_codes_since INTEGER;
ALTER TABLE customers ADD COLUMN passkey_offered_at INTEGER;

-- Devices that are not asked for the second factor, the secret as a hash; read by identity/factors/trusted_device.
CREATE TABLE trusted_devices (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, generation INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE,
  label_sealed BLOB NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX trusted_devices_customer ON trusted_devices (customer_id, id);
CREATE INDEX trusted_devices_expires ON trusted_devices (expires_at);

-- The device that spared a session the second factor.
ALTER TABLE sessions ADD COLUMN trusted_device TEXT;

-- Codes sent by e-mail or text message, as MACs; one of a kind for each sign-in; read by identity/factors/sent_code.
CREATE TABLE sent_codes (
  owner TEXT NOT NULL, kind TEXT NOT NULL, hash BLOB NOT NULL, tries INTEGER NOT NULL, sent_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (owner, kind)) STRICT;
CREATE INDEX sent_codes_expires ON sent_codes (expires_at);
