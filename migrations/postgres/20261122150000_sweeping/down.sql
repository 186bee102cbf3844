DROP INDEX opaque_tokens_grant;
DROP INDEX codes_grant;
DROP INDEX audit_events_position;
CREATE UNIQUE INDEX audit_events_position ON audit_events (position);
DROP INDEX outbox_failed_at;
DROP INDEX outbox_delivered_at;
DROP INDEX known_devices_last_seen_at;
