-- The log as a Merkle tree: each event has a leaf at its place; read by platform/audit. What was chained before is placed anew.
ALTER TABLE audit_events ADD COLUMN leaf BLOB;
ALTER TABLE audit_events ADD COLUMN note_sealed BLOB;
ALTER TABLE audit_events DROP COLUMN chain;
UPDATE audit_events SET position = NULL;
-- Complete nodes from the fourth level up, and the heads that were signed; read by platform/audit/log.
CREATE TABLE audit_nodes (level INTEGER NOT NULL, node INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, node)) STRICT, WITHOUT ROWID;
CREATE TABLE audit_heads (size INTEGER PRIMARY KEY NOT NULL, signed_at INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
CREATE INDEX audit_events_kind ON audit_events (kind, id);
CREATE INDEX audit_events_actor ON audit_events (actor, id);
