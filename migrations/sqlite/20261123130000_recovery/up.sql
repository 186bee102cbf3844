-- Recoveries of accounts, each in one browser; read by identity/recovery.
CREATE TABLE recoveries (
  id TEXT PRIMARY KEY NOT NULL, browser_hash BLOB NOT NULL, customer_id TEXT REFERENCES customers (id) ON DELETE CASCADE, generation INTEGER NOT NULL,
  email_sealed BLOB NOT NULL, signin_flow TEXT, state TEXT NOT NULL, evidence TEXT NOT NULL, lost TEXT NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, waits_until INTEGER, told_at INTEGER) STRICT;
CREATE INDEX recoveries_customer ON recoveries (customer_id, state);
CREATE INDEX recoveries_expires_at ON recoveries (expires_at);
CREATE INDEX recoveries_waits_until ON recoveries (waits_until) WHERE waits_until IS NOT NULL;

-- References of orders that a storefront told us of, as MACs: the customer can name one to recover the account; read by identity/recovery.
CREATE TABLE order_facts (
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, hash BLOB NOT NULL, told_at INTEGER NOT NULL,
  PRIMARY KEY (customer_id, hash)) STRICT;

-- A second mailbox, proven, for recovery and for notices; sealed. Since when the address of the account is what it is.
ALTER TABLE customers ADD COLUMN backup_email_sealed BLOB;
ALTER TABLE customers ADD COLUMN backup_email_since INTEGER;
ALTER TABLE customers ADD COLUMN email_changed_at INTEGER;
ALTER TABLE customers ADD COLUMN phone_changed_at INTEGER;
