DROP TABLE event_receivers;
DROP TABLE event_deliveries;
DROP TABLE removed_subjects;
DROP TABLE event_streams;
DROP TABLE event_cursors;
DROP TABLE session_clients;
DROP TABLE known_subjects;
DROP INDEX sessions_untold;
ALTER TABLE sessions DROP COLUMN told_at;
