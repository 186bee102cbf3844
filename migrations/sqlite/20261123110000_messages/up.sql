-- Every message that was sent, content sealed; the code that it carries as a MAC; read by identity/messages.
CREATE TABLE messages (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT REFERENCES customers (id) ON DELETE CASCADE, kind TEXT NOT NULL, code_hash BLOB NOT NULL UNIQUE,
  content_sealed BLOB NOT NULL, sent_at INTEGER NOT NULL) STRICT;
CREATE INDEX messages_customer ON messages (customer_id, id);
CREATE INDEX messages_sent_at ON messages (sent_at);

-- Links in messages, the secret as a MAC bound to its purpose; read by identity/tickets.
CREATE TABLE tickets (
  hash BLOB PRIMARY KEY NOT NULL, purpose TEXT NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, about TEXT NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER) STRICT;
CREATE INDEX tickets_customer ON tickets (customer_id, purpose);
CREATE INDEX tickets_expires_at ON tickets (expires_at);

-- The phrase that a customer knows genuine mails by, sealed; and until when contact and addresses stand still.
ALTER TABLE customers ADD COLUMN phrase_sealed BLOB;
ALTER TABLE customers ADD COLUMN frozen_until INTEGER;
