-- What is done so that a customer stays safe: what was reviewed, the moment of risk that a card is about, and which card was shown last; read by identity/care.
CREATE TABLE care_states (
  customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, devices_reviewed_at INTEGER, checkup_at INTEGER, checkup_score INTEGER,
  moment TEXT, moment_at INTEGER, card TEXT, card_session TEXT, card_at INTEGER, card_answered_at INTEGER) STRICT;

-- Scams and doubtful messages that people told us of, content sealed; read by identity/care.
CREATE TABLE scam_reports (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT REFERENCES customers (id) ON DELETE CASCADE, kind TEXT NOT NULL, content_sealed BLOB NOT NULL, reported_at INTEGER NOT NULL) STRICT;
CREATE INDEX scam_reports_reported_at ON scam_reports (reported_at);
CREATE INDEX scam_reports_customer ON scam_reports (customer_id);
