-- What is done so that a customer stays safe: what was reviewed, the moment of risk that a card is about, and which card was shown last; read by identity/care.
CREATE TABLE care_states (
  customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, devices_reviewed_at BIGINT, checkup_at BIGINT, checkup_score BIGINT,
  moment TEXT, moment_at BIGINT, card TEXT, card_session TEXT, card_at BIGINT, card_answered_at BIGINT);

-- Scams and doubtful messages that people told us of, content sealed; read by identity/care.
CREATE TABLE scam_reports (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT REFERENCES customers (id) ON DELETE CASCADE, kind TEXT NOT NULL, content_sealed BYTEA NOT NULL, reported_at BIGINT NOT NULL);
CREATE INDEX scam_reports_reported_at ON scam_reports (reported_at);
CREATE INDEX scam_reports_customer ON scam_reports (customer_id);
