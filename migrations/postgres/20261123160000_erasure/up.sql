-- When an account is to be erased, by its owner's wish; read by identity/customers.
ALTER TABLE customers ADD COLUMN erase_at BIGINT;
CREATE INDEX customers_erase_at ON customers (erase_at) WHERE erase_at IS NOT NULL;

-- Accounts that were erased: no personal data, only that it was done, and the signed receipt; read by identity/erasure.
CREATE TABLE erasures (subject TEXT PRIMARY KEY NOT NULL, erased_at BIGINT NOT NULL, receipt TEXT NOT NULL);
