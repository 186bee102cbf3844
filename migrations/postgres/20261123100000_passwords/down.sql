DROP TABLE password_history;
ALTER TABLE customers DROP COLUMN password_flag;
