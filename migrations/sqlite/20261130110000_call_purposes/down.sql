ALTER TABLE caller_checks DROP COLUMN purpose;
