DROP INDEX risk_orders_due;
ALTER TABLE risk_orders DROP COLUMN due_at;
CREATE INDEX risk_orders_waiting ON risk_orders (is_learned, at);
