DROP INDEX outbox_failed_at;
DROP INDEX outbox_delivered_at;
DROP INDEX known_devices_last_seen_at;
