ALTER TABLE customers DROP COLUMN brand;
