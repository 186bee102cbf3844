-- Staff: their roles and brands, and invitations that were not taken yet; read by admin/access.
CREATE TABLE admins (customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE, roles TEXT NOT NULL, brands TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE TABLE admin_invitations (hash BLOB PRIMARY KEY NOT NULL, email_sealed BLOB NOT NULL, roles TEXT NOT NULL, brands TEXT NOT NULL, created_by TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER) STRICT;
CREATE INDEX admin_invitations_expires_at ON admin_invitations (expires_at);
-- What staff asked for and a second person, or a wait, stands before; read by admin/cases.
CREATE TABLE admin_cases (id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, input_sealed BLOB NOT NULL, brand TEXT,
  asked_by TEXT NOT NULL, asked_at INTEGER NOT NULL, state TEXT NOT NULL, needs_approval INTEGER NOT NULL, needs_confirmation INTEGER NOT NULL, wait_seconds INTEGER NOT NULL,
  decided_by TEXT, due_at INTEGER, confirmed_at INTEGER, settled_at INTEGER, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX admin_cases_customer_id ON admin_cases (customer_id, id);
CREATE INDEX admin_cases_open ON admin_cases (state, due_at);
-- Callers who are to show that they are the customer; read by admin/desk.
CREATE TABLE caller_checks (id TEXT PRIMARY KEY NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, staff TEXT NOT NULL, staff_name_sealed BLOB NOT NULL, way TEXT NOT NULL,
  number TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, proven_at INTEGER, strength TEXT, refused_at INTEGER) STRICT;
CREATE INDEX caller_checks_customer_id ON caller_checks (customer_id, created_at);
CREATE INDEX caller_checks_expires_at ON caller_checks (expires_at);
-- Answers of the API to requests with an idempotency key; read by admin/operations.
CREATE TABLE idempotent_answers (hash BLOB PRIMARY KEY NOT NULL, request_hash BLOB NOT NULL, status INTEGER NOT NULL, body_sealed BLOB NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX idempotent_answers_expires_at ON idempotent_answers (expires_at);
-- An order is found by its number by the desk, and the customer with it.
ALTER TABLE order_facts ADD COLUMN reference_index BLOB;
CREATE INDEX order_facts_reference_index ON order_facts (reference_index);
