-- Recoveries of accounts, each in one browser; read by identity/recovery.
CREATE TABLE recoveries (
  id TEXT PRIMARY KEY NOT NULL, browser_hash BYTEA NOT NULL, customer_id TEXT REFERENCES customers (id) ON DELETE CASCADE, generation BIGINT NOT NULL,
  email_sealed BYTEA NOT NULL, signin_flow TEXT, state TEXT NOT NULL, evidence TEXT NOT NULL, lost TEXT NOT NULL,
  created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, waits_until BIGINT, told_at BIGINT);
CREATE INDEX recoveries_customer ON recoveries (customer_id, state);
CREATE INDEX recoveries_expires_at ON recoveries (expires_at);
CREATE INDEX recoveries_waits_until ON recoveries (waits_until) WHERE waits_until IS NOT NULL;

-- References of orders that a storefront told us of, as MACs: the customer can name one to recover the account; read by identity/recovery.
CREATE TABLE order_facts (
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, hash BYTEA NOT NULL, told_at BIGINT NOT NULL,
  PRIMARY KEY (customer_id, hash));

-- A second mailbox, proven, for recovery and for notices; sealed. Since when the address of the account is what it is.
ALTER TABLE customers ADD COLUMN backup_email_sealed BYTEA;
ALTER TABLE customers ADD COLUMN backup_email_since BIGINT;
ALTER TABLE customers ADD COLUMN email_changed_at BIGINT;
ALTER TABLE customers ADD COLUMN phone_changed_at BIGINT;
