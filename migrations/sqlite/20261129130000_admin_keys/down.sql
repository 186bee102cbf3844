ALTER TABLE admins DROP COLUMN vouched_at;
