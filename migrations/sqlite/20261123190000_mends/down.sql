ALTER TABLE contact_changes DROP COLUMN applied_at_micros;
DROP INDEX recoveries_email_index;
ALTER TABLE recoveries DROP COLUMN email_index;
ALTER TABLE customers DROP COLUMN recovered_by;
ALTER TABLE customers DROP COLUMN factors_suspended_at;
