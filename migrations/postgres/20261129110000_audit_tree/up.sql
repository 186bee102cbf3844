-- The log as a Merkle tree: each event has a leaf at its place; read by platform/audit. What was chained before is placed anew.
ALTER TABLE audit_events ADD COLUMN leaf BYTEA;
ALTER TABLE audit_events ADD COLUMN note_sealed BYTEA;
ALTER TABLE audit_events DROP COLUMN chain;
UPDATE audit_events SET position = NULL;
-- Complete nodes from the fourth level up, and the heads that were signed; read by platform/audit/log.
CREATE TABLE audit_nodes (level BIGINT NOT NULL, node BIGINT NOT NULL, hash BYTEA NOT NULL, PRIMARY KEY (level, node));
CREATE TABLE audit_heads (size BIGINT PRIMARY KEY NOT NULL, signed_at BIGINT NOT NULL, note TEXT NOT NULL);
CREATE INDEX audit_events_kind ON audit_events (kind, id);
CREATE INDEX audit_events_actor ON audit_events (actor, id);
