-- Orders that shops asked about, and how far what became of them was counted. Read by risk/purchase/store.rs.
CREATE TABLE risk_orders (
  client_id TEXT NOT NULL, order_id TEXT NOT NULL, decision_id TEXT NOT NULL, body_hash BLOB NOT NULL, at INTEGER NOT NULL, entities TEXT NOT NULL, is_mature INTEGER NOT NULL, is_learned INTEGER NOT NULL,
  is_fraud INTEGER, is_counted_fraud INTEGER NOT NULL, confirmed_at INTEGER, amount INTEGER NOT NULL, currency TEXT NOT NULL, PRIMARY KEY (client_id, order_id)) STRICT, WITHOUT ROWID;
CREATE INDEX risk_orders_by_decision ON risk_orders (decision_id);
CREATE INDEX risk_orders_waiting ON risk_orders (is_learned, at);
CREATE INDEX risk_orders_by_time ON risk_orders (at);

-- What shops told of their orders. Read by risk/purchase/store.rs.
CREATE TABLE risk_outcomes (
  id TEXT PRIMARY KEY NOT NULL, client_id TEXT NOT NULL, order_id TEXT NOT NULL, outcome TEXT NOT NULL, is_fraud INTEGER, reason TEXT, at INTEGER NOT NULL, told_at INTEGER NOT NULL) STRICT;
CREATE INDEX risk_outcomes_by_order ON risk_outcomes (client_id, order_id);

-- What orders have in common, as keyed hashes, and what is known of it. Read by risk/purchase/store.rs.
CREATE TABLE risk_entities (kind TEXT NOT NULL, value INTEGER NOT NULL, state TEXT NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (value, kind)) STRICT, WITHOUT ROWID;

-- Models that learn. Read by risk/purchase/store.rs.
CREATE TABLE risk_models (name TEXT PRIMARY KEY NOT NULL, state TEXT NOT NULL, learned INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
