-- When it was told that a session had ended; read by identity/sessions. Those of before are not told of.
ALTER TABLE sessions ADD COLUMN told_at INTEGER;
UPDATE sessions SET told_at = ended_at WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_untold ON sessions (ended_at) WHERE ended_at IS NOT NULL AND told_at IS NULL;

-- Which customers a client knows, and as whom: it is told of these and of nobody else. Outlives the customer until the client was told of the erasure. Read by oauth/events/subjects.
CREATE TABLE known_subjects (
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE, customer_id TEXT NOT NULL, subject TEXT NOT NULL, told TEXT, since INTEGER NOT NULL,
    PRIMARY KEY (client_id, customer_id)
) STRICT;
CREATE INDEX known_subjects_customer ON known_subjects (customer_id);
CREATE INDEX known_subjects_told ON known_subjects (client_id, told);
INSERT INTO known_subjects (client_id, customer_id, subject, since)
    SELECT grants.client_id, grants.customer_id, MAX(customers.subject), MIN(grants.created_at) FROM grants
    JOIN customers ON customers.id = grants.customer_id JOIN clients ON clients.id = grants.client_id
    GROUP BY grants.client_id, grants.customer_id;

-- Which clients a session signed somebody in to: they are told when it ends. Read by oauth/events/subjects.
CREATE TABLE session_clients (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    PRIMARY KEY (session_id, client_id)
) STRICT;
INSERT INTO session_clients (session_id, client_id)
    SELECT DISTINCT grants.session_id, grants.client_id FROM grants JOIN sessions ON sessions.id = grants.session_id JOIN clients ON clients.id = grants.client_id;

-- How far the audit log was looked through; read by oauth/events/subjects.
CREATE TABLE event_cursors (name TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL) STRICT;
INSERT INTO event_cursors (name, position) SELECT 'shops', COALESCE(MAX(position), 0) FROM audit_events;

-- Who wants to be told: webhooks, and streams of the Shared Signals Framework; read by oauth/events/streams.
CREATE TABLE event_streams (
    id TEXT PRIMARY KEY NOT NULL, client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE, method TEXT NOT NULL, endpoint TEXT, authorization_sealed BLOB,
    requested TEXT NOT NULL, description TEXT, status TEXT NOT NULL, status_reason TEXT, switched_by TEXT NOT NULL, secret_version INTEGER NOT NULL, previous_secret_until INTEGER,
    verified_at INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX event_streams_client ON event_streams (client_id);
CREATE TABLE removed_subjects (
    stream_id TEXT NOT NULL REFERENCES event_streams (id) ON DELETE CASCADE, customer_id TEXT NOT NULL,
    PRIMARY KEY (stream_id, customer_id)
) STRICT;

-- What is to be told, and what became of it; read by oauth/events/deliveries. A receiver is a stream, or a client whose sessions end.
CREATE TABLE event_deliveries (
    id TEXT PRIMARY KEY NOT NULL, receiver TEXT NOT NULL, client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE, method TEXT NOT NULL, event TEXT NOT NULL,
    told_sealed BLOB NOT NULL, created_at INTEGER NOT NULL, attempts INTEGER NOT NULL, next_attempt_at INTEGER NOT NULL, leased_until INTEGER,
    first_tried_at INTEGER, delivered_at INTEGER, failed_at INTEGER, answer_status INTEGER, last_error TEXT
) STRICT;
CREATE INDEX event_deliveries_open ON event_deliveries (receiver, next_attempt_at) WHERE delivered_at IS NULL AND failed_at IS NULL;
CREATE INDEX event_deliveries_receiver ON event_deliveries (receiver, id);
CREATE INDEX event_deliveries_created ON event_deliveries (created_at);
CREATE TABLE event_receivers (
    id TEXT PRIMARY KEY NOT NULL, failures INTEGER NOT NULL, retry_at INTEGER NOT NULL, last_success_at INTEGER, last_failure_at INTEGER, last_error TEXT
) STRICT;
