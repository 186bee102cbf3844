ALTER TABLE opaque_tokens DROP COLUMN purchase_sealed;
ALTER TABLE codes DROP COLUMN purchase_sealed;
