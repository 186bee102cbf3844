-- The brand of the shop where a customer joined, or was last; it writes to them.
ALTER TABLE customers ADD COLUMN brand TEXT;
