-- The purchase that a code or an opaque token is for, sealed under its customer's key.
ALTER TABLE codes ADD COLUMN purchase_sealed BYTEA;
ALTER TABLE opaque_tokens ADD COLUMN purchase_sealed BYTEA;
