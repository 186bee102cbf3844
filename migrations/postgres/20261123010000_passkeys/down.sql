ALTER TABLE recovery_codes DROP COLUMN confirmed_at;
ALTER TABLE customers DROP COLUMN preferred_factor;
DROP TABLE passkey_ceremonies;
DROP TABLE passkeys;
