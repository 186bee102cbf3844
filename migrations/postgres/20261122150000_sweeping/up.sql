-- What the sweep looks for: browsers that nobody came back with, messages that left or were given up.
CREATE INDEX known_devices_last_seen_at ON known_devices (last_seen_at);
CREATE INDEX outbox_delivered_at ON outbox (delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX outbox_failed_at ON outbox (failed_at) WHERE failed_at IS NOT NULL;

-- Only chained events have a place; without this, whoever looks for those that wait finds all of them by the NULLs of this index, and sorts them.
DROP INDEX audit_events_position;
CREATE UNIQUE INDEX audit_events_position ON audit_events (position) WHERE position IS NOT NULL;

-- When a grant is removed, what hangs on it is found by these.
CREATE INDEX codes_grant ON codes (grant_id);
CREATE INDEX opaque_tokens_grant ON opaque_tokens (grant_id);
