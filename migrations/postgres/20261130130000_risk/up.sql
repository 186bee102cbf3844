-- How often each value was seen in accepted sign-ins, by quarter, as keyed hashes; below 1000 stand totals. Read by risk/login/store.rs.
CREATE TABLE risk_counts (value BIGINT NOT NULL, quarter INTEGER NOT NULL, level INTEGER NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (value, quarter));

-- Accepted sign-ins that were not counted yet. Read by risk/login/store.rs.
CREATE TABLE risk_intake (id TEXT PRIMARY KEY NOT NULL, at BIGINT NOT NULL, observed BYTEA NOT NULL, is_first BOOLEAN NOT NULL, bucket INTEGER);

-- How often honest sign-ins, and orders, had which score, by day. Read by risk/login/store.rs.
CREATE TABLE risk_scale (kind TEXT NOT NULL, day BIGINT NOT NULL, counts BYTEA NOT NULL, PRIMARY KEY (kind, day));

-- Each customer's own last sign-ins, sealed. Read by risk/login/store.rs.
CREATE TABLE risk_histories (customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, history_sealed BYTEA NOT NULL, updated_at BIGINT NOT NULL);

-- Tries of the last minutes by source and network, and of the last days by network and in total. Read by risk/login/pressure/store.rs.
CREATE TABLE risk_pressure (
  kind INTEGER NOT NULL, value BIGINT NOT NULL, slot BIGINT NOT NULL, tries BIGINT NOT NULL, failures BIGINT NOT NULL, strangers BIGINT NOT NULL, names BIGINT NOT NULL,
  PRIMARY KEY (kind, value, slot));
CREATE INDEX risk_pressure_by_slot ON risk_pressure (kind, slot);

-- Decisions over sign-ins and orders, with what they were computed from. Read by risk/decisions/store.rs.
CREATE TABLE risk_decisions (
  id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, customer_id TEXT REFERENCES customers (id) ON DELETE CASCADE, at BIGINT NOT NULL, score INTEGER NOT NULL, level TEXT NOT NULL, action TEXT NOT NULL, done TEXT NOT NULL,
  model TEXT NOT NULL, record TEXT NOT NULL, outcome TEXT, outcome_at BIGINT);
CREATE INDEX risk_decisions_by_customer ON risk_decisions (customer_id, at);
CREATE INDEX risk_decisions_by_time ON risk_decisions (kind, at);

-- What people said of decisions. Read by risk/decisions/store.rs.
CREATE TABLE risk_labels (
  decision_id TEXT NOT NULL REFERENCES risk_decisions (id) ON DELETE CASCADE, source TEXT NOT NULL, is_fraud BOOLEAN NOT NULL, said_by TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (decision_id, source));

-- What was decided about a sign-in in progress: which decision, and what it demands. Read by identity/signin/store.rs.
ALTER TABLE signin_flows ADD COLUMN risk TEXT;
