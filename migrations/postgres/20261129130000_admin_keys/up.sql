-- Until when the keys of a member of staff are known to have been added rightly: at an invitation, or with a key that was; read by admin/access.
ALTER TABLE admins ADD COLUMN vouched_at BIGINT NOT NULL DEFAULT 0;
