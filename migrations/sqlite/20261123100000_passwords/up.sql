-- Passwords that were replaced, as hashes, where a policy remembers some; read by identity/factors/password.
CREATE TABLE password_history (
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, phc TEXT NOT NULL, replaced_at INTEGER NOT NULL,
  PRIMARY KEY (customer_id, phc)) STRICT;

-- Why the password has to be replaced: `breached`; none when it need not.
ALTER TABLE customers ADD COLUMN password_flag TEXT;
