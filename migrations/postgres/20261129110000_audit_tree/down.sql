DROP INDEX audit_events_actor;
DROP INDEX audit_events_kind;
DROP TABLE audit_heads;
DROP TABLE audit_nodes;
UPDATE audit_events SET position = NULL;
ALTER TABLE audit_events ADD COLUMN chain BYTEA;
ALTER TABLE audit_events DROP COLUMN note_sealed;
ALTER TABLE audit_events DROP COLUMN leaf;
