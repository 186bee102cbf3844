-- The first schema. Times are seconds since 1970 unless the name says micros. Personal data stands only in columns named *_sealed.

-- Facts about this database; read by platform/crypto/keyring (does the master key fit?) and platform/audit.
CREATE TABLE facts (name TEXT PRIMARY KEY NOT NULL, value BYTEA NOT NULL);

-- Signing keys, private halves sealed; read by platform/crypto/signing_keys.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY NOT NULL, algorithm TEXT NOT NULL, state TEXT NOT NULL, public_jwk TEXT NOT NULL, private_sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL, activated_at BIGINT, retiring_at BIGINT, retired_at BIGINT);
CREATE INDEX signing_keys_state ON signing_keys (state);

-- Append-only audit; position and chain are filled by the chainer; read by platform/audit.
CREATE TABLE audit_events (
  id TEXT PRIMARY KEY NOT NULL, occurred_at_micros BIGINT NOT NULL, kind TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
  actor TEXT NOT NULL, about TEXT NOT NULL, client_id TEXT, session_id TEXT, correlation_id TEXT NOT NULL, detail TEXT NOT NULL,
  origin_sealed BYTEA, mac BYTEA NOT NULL, position BIGINT, chain BYTEA);
CREATE UNIQUE INDEX audit_events_position ON audit_events (position);
CREATE INDEX audit_events_about ON audit_events (about, id);
CREATE INDEX audit_events_unchained ON audit_events (id) WHERE position IS NULL;

-- Messages that must leave the house; written with the change that causes them; read by platform/outbox.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, payload_sealed BYTEA NOT NULL, created_at BIGINT NOT NULL, attempts BIGINT NOT NULL,
  next_attempt_at BIGINT NOT NULL, leased_until BIGINT, delivered_at BIGINT, failed_at BIGINT, last_error TEXT);
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE delivered_at IS NULL AND failed_at IS NULL;

-- Which node does which periodic job; read by platform/db/lease.
CREATE TABLE leases (name TEXT PRIMARY KEY NOT NULL, holder TEXT NOT NULL, expires_at BIGINT NOT NULL);

-- One data key a customer, wrapped; deleting the row erases the customer's data; read by platform/vault.
CREATE TABLE data_keys (owner_id TEXT PRIMARY KEY NOT NULL, wrapped BYTEA NOT NULL, created_at BIGINT NOT NULL);

-- People; read by identity/customers.
CREATE TABLE customers (
  id TEXT PRIMARY KEY NOT NULL, subject TEXT NOT NULL UNIQUE, status TEXT NOT NULL, role TEXT NOT NULL, generation BIGINT NOT NULL,
  email_sealed BYTEA NOT NULL, email_index BYTEA NOT NULL UNIQUE, email_verified BOOLEAN NOT NULL,
  phone_sealed BYTEA, phone_index BYTEA UNIQUE, phone_verified BOOLEAN NOT NULL,
  profile_sealed BYTEA NOT NULL, address_sealed BYTEA, birth_date_sealed BYTEA,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL);

-- Passwords in PHC form, peppered; read by identity/factors/password.
CREATE TABLE password_credentials (customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, phc TEXT NOT NULL, updated_at BIGINT NOT NULL);

-- Failure counters; read by identity/attempts.
CREATE TABLE attempts (bucket TEXT PRIMARY KEY NOT NULL, window_started_at BIGINT NOT NULL, failures BIGINT NOT NULL, consecutive BIGINT NOT NULL);
CREATE INDEX attempts_window ON attempts (window_started_at);

-- Browsers that signed in before; read by identity/sessions.
CREATE TABLE known_devices (hash BYTEA NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, created_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, PRIMARY KEY (hash, customer_id));
CREATE INDEX known_devices_customer ON known_devices (customer_id);

-- Browser sessions, the cookie as a hash; read by identity/sessions.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL, secret_hash BYTEA NOT NULL UNIQUE, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, generation BIGINT NOT NULL,
  shown TEXT NOT NULL, is_remembered BOOLEAN NOT NULL, created_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
  ended_at BIGINT, end_reason TEXT);
CREATE INDEX sessions_customer ON sessions (customer_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Sign-ins in progress, one a tab; read by identity/signin.
CREATE TABLE signin_flows (
  id TEXT PRIMARY KEY NOT NULL, browser_hash BYTEA NOT NULL, return_to TEXT NOT NULL, way_back TEXT, request_sealed BYTEA NOT NULL,
  created_at_micros BIGINT NOT NULL, expires_at BIGINT NOT NULL, finished_at BIGINT);
CREATE INDEX signin_flows_expires_at ON signin_flows (expires_at);

-- OAuth clients; read by oauth/clients.
CREATE TABLE clients (
  id TEXT PRIMARY KEY NOT NULL, metadata TEXT NOT NULL, secret_hash BYTEA, previous_secret_hash BYTEA, previous_secret_expires_at BIGINT,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, disabled_at BIGINT);

-- Client assertions seen (RFC 7523 section 3, jti); read by oauth/clients.
CREATE TABLE client_assertions (hash BYTEA PRIMARY KEY NOT NULL, expires_at BIGINT NOT NULL);
CREATE INDEX client_assertions_expires_at ON client_assertions (expires_at);

-- What a customer agreed to share with a client; read by oauth/authorize.
CREATE TABLE consents (customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE, scope TEXT NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (customer_id, client_id));

-- Authorization requests that wait for a customer; read by oauth/authorize.
CREATE TABLE authorization_requests (
  id TEXT PRIMARY KEY NOT NULL, browser_hash BYTEA NOT NULL, client_id TEXT NOT NULL, request_sealed BYTEA NOT NULL,
  created_at_micros BIGINT NOT NULL, expires_at BIGINT NOT NULL, answered_at BIGINT);
CREATE INDEX authorization_requests_expires_at ON authorization_requests (expires_at);

-- Grants: the family of tokens of one authorization; read by oauth/grant.
CREATE TABLE grants (
  id TEXT PRIMARY KEY NOT NULL, client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  session_id TEXT NOT NULL, is_offline BOOLEAN NOT NULL, generation BIGINT NOT NULL, scope TEXT NOT NULL, claims TEXT NOT NULL, authentication TEXT NOT NULL,
  created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, rotation BIGINT NOT NULL, rotated_at BIGINT, ended_at BIGINT, end_reason TEXT);
CREATE INDEX grants_session ON grants (session_id);
CREATE INDEX grants_customer ON grants (customer_id);
CREATE INDEX grants_expires_at ON grants (expires_at);

-- Single-use authorization codes; read by oauth/grant. Their hashes outlive them, so that a second use is recognised.
CREATE TABLE codes (
  hash BYTEA PRIMARY KEY NOT NULL, grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL,
  is_redirect_uri_sent BOOLEAN NOT NULL, code_challenge TEXT, nonce TEXT, expires_at BIGINT NOT NULL, used_at BIGINT);
CREATE INDEX codes_expires_at ON codes (expires_at);

-- Opaque access tokens; read by oauth/grant.
CREATE TABLE opaque_tokens (
  hash BYTEA PRIMARY KEY NOT NULL, grant_id TEXT REFERENCES grants (id) ON DELETE CASCADE, client_id TEXT NOT NULL, scope TEXT NOT NULL,
  issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT);
CREATE INDEX opaque_tokens_expires_at ON opaque_tokens (expires_at);

-- JWT access tokens that were revoked one by one (RFC 7009); read by oauth/grant.
CREATE TABLE revoked_tokens (hash BYTEA PRIMARY KEY NOT NULL, expires_at BIGINT NOT NULL);
CREATE INDEX revoked_tokens_expires_at ON revoked_tokens (expires_at);
