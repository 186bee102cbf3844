-- Which orders share a card, a place, a session or an address, as keyed hashes. Read by risk/purchase/links/store.rs.
CREATE TABLE risk_links (
  value BIGINT NOT NULL, kind TEXT NOT NULL, decision_id TEXT NOT NULL REFERENCES risk_decisions (id) ON DELETE CASCADE, PRIMARY KEY (value, kind, decision_id));
CREATE INDEX risk_links_decision ON risk_links (decision_id);

-- What waits for a look.
CREATE INDEX risk_decisions_open ON risk_decisions (action, id) WHERE outcome IS NULL;
