DROP TABLE sent_codes;
ALTER TABLE sessions DROP COLUMN trusted_device;
DROP TABLE trusted_devices;
ALTER TABLE customers DROP COLUMN passkey_offered_at;
ALTER TABLE customers DROP COLUMN sms_codes_since;
ALTER TABLE customers DROP COLUMN email_codes_since;
ALTER TABLE customers DROP COLUMN own_acr;
ALTER TABLE customers DROP COLUMN groups;
