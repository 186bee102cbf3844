DROP TABLE order_facts;
DROP TABLE recoveries;
ALTER TABLE customers DROP COLUMN backup_email_sealed;
ALTER TABLE customers DROP COLUMN backup_email_since;
ALTER TABLE customers DROP COLUMN email_changed_at;
ALTER TABLE customers DROP COLUMN phone_changed_at;
