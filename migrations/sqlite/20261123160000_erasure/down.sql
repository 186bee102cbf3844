DROP TABLE erasures;
DROP INDEX customers_erase_at;
ALTER TABLE customers DROP COLUMN erase_at;
