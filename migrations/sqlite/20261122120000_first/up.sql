-- The first schema. Times are seconds since 1970 unless the name says micros. Personal data stands only in columns named *_sealed.

-- Facts about this database; read by platform/crypto/keyring (does the master key fit?) and platform/audit.
CREATE TABLE facts (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT;

-- Signing keys, private halves sealed; read by platform/crypto/signing_keys.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY NOT NULL, algorithm TEXT NOT NULL, state TEXT NOT NULL, public_jwk TEXT NOT NULL, private_sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL, activated_at INTEGER, retiring_at INTEGER, retired_at INTEGER) STRICT;
CREATE INDEX signing_keys_state ON signing_keys (state);

-- Append-only audit; position and chain are filled by the chainer; read by platform/audit.
CREATE TABLE audit_events (
  id TEXT PRIMARY KEY NOT NULL, occurred_at_micros INTEGER NOT NULL, kind TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
  actor TEXT NOT NULL, about TEXT NOT NULL, client_id TEXT, session_id TEXT, correlation_id TEXT NOT NULL, detail TEXT NOT NULL,
  origin_sealed BLOB, mac BLOB NOT NULL, position INTEGER, chain BLOB) STRICT;
CREATE UNIQUE INDEX audit_events_position ON audit_events (position);
CREATE INDEX audit_events_about ON audit_events (about, id);
CREATE INDEX audit_events_unchained ON audit_events (id) WHERE position IS NULL;

-- Messages that must leave the house; written with the change that causes them; read by platform/outbox.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, payload_sealed BLOB NOT NULL, created_at INTEGER NOT NULL, attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL, leased_until INTEGER, delivered_at INTEGER, failed_at INTEGER, last_error TEXT) STRICT;
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE delivered_at IS NULL AND failed_at IS NULL;

-- Which node does which periodic job; read by platform/db/lease.
CREATE TABLE leases (name TEXT PRIMARY KEY NOT NULL, holder TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;

-- One data key a customer, wrapped; deleting the row erases the customer's data; read by platform/vault.
CREATE TABLE data_keys (owner_id TEXT PRIMARY KEY NOT NULL, wrapped BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT;

-- People; read by identity/customers.
CREATE TABLE customers (
  id TEXT PRIMARY KEY NOT NULL, subject TEXT NOT NULL UNIQUE, status TEXT NOT NULL, role TEXT NOT NULL, generation INTEGER NOT NULL,
  email_sealed BLOB NOT NULL, email_index BLOB NOT NULL UNIQUE, email_verified INTEGER NOT NULL,
  phone_sealed BLOB, phone_index BLOB UNIQUE, phone_verified INTEGER NOT NULL,
  profile_sealed BLOB NOT NULL, address_sealed BLOB, birth_date_sealed BLOB,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;

-- Passwords in PHC form, peppered; read by identity/factors/password.
CREATE TABLE password_credentials (customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, phc TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT;

-- Failure counters; read by identity/attempts.
CREATE TABLE attempts (bucket TEXT PRIMARY KEY NOT NULL, window_started_at INTEGER NOT NULL, failures INTEGER NOT NULL, consecutive INTEGER NOT NULL) STRICT;
CREATE INDEX attempts_window ON attempts (window_started_at);

-- Browsers that signed in before; read by identity/sessions.
CREATE TABLE known_devices (hash BLOB NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, PRIMARY KEY (hash, customer_id)) STRICT;
CREATE INDEX known_devices_customer ON known_devices (customer_id);

-- Browser sessions, the cookie as a hash; read by identity/sessions.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL, secret_hash BLOB NOT NULL UNIQUE, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, generation INTEGER NOT NULL,
  shown TEXT NOT NULL, is_remembered INTEGER NOT NULL, created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  ended_at INTEGER, end_reason TEXT) STRICT;
CREATE INDEX sessions_customer ON sessions (customer_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Sign-ins in progress, one a tab; read by identity/signin.
CREATE TABLE signin_flows (
  id TEXT PRIMARY KEY NOT NULL, browser_hash BLOB NOT NULL, return_to TEXT NOT NULL, way_back TEXT, request_sealed BLOB NOT NULL,
  created_at_micros INTEGER NOT NULL, expires_at INTEGER NOT NULL, finished_at INTEGER) STRICT;
CREATE INDEX signin_flows_expires_at ON signin_flows (expires_at);

-- OAuth clients; read by oauth/clients.
CREATE TABLE clients (
  id TEXT PRIMARY KEY NOT NULL, metadata TEXT NOT NULL, secret_hash BLOB, previous_secret_hash BLOB, previous_secret_expires_at INTEGER,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, disabled_at INTEGER) STRICT;

-- Client assertions seen (RFC 7523 section 3, jti); read by oauth/clients.
CREATE TABLE client_assertions (hash BLOB PRIMARY KEY NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX client_assertions_expires_at ON client_assertions (expires_at);

-- What a customer agreed to share with a client; read by oauth/authorize.
CREATE TABLE consents (customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE, scope TEXT NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (customer_id, client_id)) STRICT;

-- Authorization requests that wait for a customer; read by oauth/authorize.
CREATE TABLE authorization_requests (
  id TEXT PRIMARY KEY NOT NULL, browser_hash BLOB NOT NULL, client_id TEXT NOT NULL, request_sealed BLOB NOT NULL,
  created_at_micros INTEGER NOT NULL, expires_at INTEGER NOT NULL, answered_at INTEGER) STRICT;
CREATE INDEX authorization_requests_expires_at ON authorization_requests (expires_at);

-- Grants: the family of tokens of one authorization; read by oauth/grant.
CREATE TABLE grants (
  id TEXT PRIMARY KEY NOT NULL, client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  session_id TEXT NOT NULL, is_offline INTEGER NOT NULL, generation INTEGER NOT NULL, scope TEXT NOT NULL, claims TEXT NOT NULL, authentication TEXT NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, rotation INTEGER NOT NULL, rotated_at INTEGER, ended_at INTEGER, end_reason TEXT) STRICT;
CREATE INDEX grants_session ON grants (session_id);
CREATE INDEX grants_customer ON grants (customer_id);
CREATE INDEX grants_expires_at ON grants (expires_at);

-- Single-use authorization codes; read by oauth/grant. Their hashes outlive them, so that a second use is recognised.
CREATE TABLE codes (
  hash BLOB PRIMARY KEY NOT NULL, grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL,
  is_redirect_uri_sent INTEGER NOT NULL, code_challenge TEXT, nonce TEXT, expires_at INTEGER NOT NULL, used_at INTEGER) STRICT;
CREATE INDEX codes_expires_at ON codes (expires_at);

-- Opaque access tokens; read by oauth/grant.
CREATE TABLE opaque_tokens (
  hash BLOB PRIMARY KEY NOT NULL, grant_id TEXT REFERENCES grants (id) ON DELETE CASCADE, client_id TEXT NOT NULL, scope TEXT NOT NULL,
  issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE INDEX opaque_tokens_expires_at ON opaque_tokens (expires_at);

-- JWT access tokens that were revoked one by one (RFC 7009); read by oauth/grant.
CREATE TABLE revoked_tokens (hash BLOB PRIMARY KEY NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX revoked_tokens_expires_at ON revoked_tokens (expires_at);
