-- When there is something to count or to learn of an order next; null when there is nothing any more. Read by risk/purchase/store.rs.
ALTER TABLE risk_orders ADD COLUMN due_at BIGINT;
UPDATE risk_orders SET due_at = at + 604800 WHERE NOT (is_mature AND is_learned AND (is_fraud IS NULL OR is_fraud = is_counted_fraud));
DROP INDEX risk_orders_waiting;
CREATE INDEX risk_orders_due ON risk_orders (due_at);
