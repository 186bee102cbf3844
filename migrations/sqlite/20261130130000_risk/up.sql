-- How often each value was seen in accepted sign-ins, by quarter, as keyed hashes; below 1000 stand totals. Read by risk/login/store.rs.
CREATE TABLE risk_counts (value INTEGER NOT NULL, quarter INTEGER NOT NULL, level INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (value, quarter)) STRICT, WITHOUT ROWID;

-- Accepted sign-ins that were not counted yet. Read by risk/login/store.rs.
CREATE TABLE risk_intake (id TEXT PRIMARY KEY NOT NULL, at INTEGER NOT NULL, observed BLOB NOT NULL, is_first INTEGER NOT NULL, bucket INTEGER) STRICT;

-- How often honest sign-ins, and orders, had which score, by day. Read by risk/login/store.rs.
CREATE TABLE risk_scale (kind TEXT NOT NULL, day INTEGER NOT NULL, counts BLOB NOT NULL, PRIMARY KEY (kind, day)) STRICT;

-- Each customer's own last sign-ins, sealed. Read by risk/login/store.rs.
CREATE TABLE risk_histories (customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, history_sealed BLOB NOT NULL, updated_at INTEGER NOT NULL) STRICT;

-- Tries of the last minutes by source and network, and of the last days by network and in total. Read by risk/login/pressure/store.rs.
CREATE TABLE risk_pressure (
  kind INTEGER NOT NULL, value INTEGER NOT NULL, slot INTEGER NOT NULL, tries INTEGER NOT NULL, failures INTEGER NOT NULL, strangers INTEGER NOT NULL, names INTEGER NOT NULL,
  PRIMARY KEY (kind, value, slot)) STRICT, WITHOUT ROWID;
CREATE INDEX risk_pressure_by_slot ON risk_pressure (kind, slot);

-- Decisions over sign-ins and orders, with what they were computed from. Read by risk/decisions/store.rs.
CREATE TABLE risk_decisions (
  id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, customer_id TEXT REFERENCES customers (id) ON DELETE CASCADE, at INTEGER NOT NULL, score INTEGER NOT NULL, level TEXT NOT NULL, action TEXT NOT NULL, done TEXT NOT NULL,
  model TEXT NOT NULL, record TEXT NOT NULL, outcome TEXT, outcome_at INTEGER) STRICT;
CREATE INDEX risk_decisions_by_customer ON risk_decisions (customer_id, at);
CREATE INDEX risk_decisions_by_time ON risk_decisions (kind, at);

-- What people said of decisions. Read by risk/decisions/store.rs.
CREATE TABLE risk_labels (
  decision_id TEXT NOT NULL REFERENCES risk_decisions (id) ON DELETE CASCADE, source TEXT NOT NULL, is_fraud INTEGER NOT NULL, said_by TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (decision_id, source)) STRICT;

-- What was decided about a sign-in in progress: which decision, and what it demands. Read by identity/signin/store.rs.
ALTER TABLE signin_flows ADD COLUMN risk TEXT;
