-- Accounts at other OpenID Providers: those that customers connected (a blind index of issuer and subject, and a sealed word to recognise them by), and sign-ins there that are under way; read by identity/factors/upstream.
CREATE TABLE upstream_links (subject_index BLOB PRIMARY KEY NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, upstream TEXT NOT NULL, label_sealed BLOB NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL) STRICT;
CREATE INDEX upstream_links_customer_id ON upstream_links (customer_id);
CREATE TABLE upstream_tries (flow_id TEXT PRIMARY KEY NOT NULL, hash BLOB NOT NULL UNIQUE, upstream TEXT NOT NULL, asked_sealed BLOB NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX upstream_tries_expires_at ON upstream_tries (expires_at);
-- One that was shown in a sign-in and belongs to nobody here yet.
ALTER TABLE signin_flows ADD COLUMN arrived_sealed BLOB;
