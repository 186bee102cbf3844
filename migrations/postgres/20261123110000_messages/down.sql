DROP TABLE tickets;
DROP TABLE messages;
ALTER TABLE customers DROP COLUMN frozen_until;
ALTER TABLE customers DROP COLUMN phrase_sealed;
