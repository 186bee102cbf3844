-- How often a message was sent again; null for never. Read by platform/outbox.
ALTER TABLE outbox ADD COLUMN resent BIGINT;
