ALTER TABLE recoveries DROP COLUMN served;
