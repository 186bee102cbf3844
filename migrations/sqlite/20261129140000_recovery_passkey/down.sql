DROP TABLE known_payees;
ALTER TABLE recoveries DROP COLUMN passkey_id;
