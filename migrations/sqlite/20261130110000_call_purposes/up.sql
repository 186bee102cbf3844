-- What a caller shows it for; null to talk only. Read by admin/desk.
ALTER TABLE caller_checks ADD COLUMN purpose TEXT;
