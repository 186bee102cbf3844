-- Since when the second factor of a customer is taken away without another one in its place; and by which channels the password was replaced last, until another one is shown.
ALTER TABLE customers ADD COLUMN factors_suspended_at INTEGER;
ALTER TABLE customers ADD COLUMN recovered_by TEXT;

-- Which address a recovery is of, whether anybody has it or not.
ALTER TABLE recoveries ADD COLUMN email_index BLOB;
CREATE INDEX recoveries_email_index ON recoveries (email_index);

-- The order in which changes took effect, finer than a second.
ALTER TABLE contact_changes ADD COLUMN applied_at_micros INTEGER;
