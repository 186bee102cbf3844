-- Changes of contact: the new value until it is proven, and how the account was before, so that it can be restored; sealed; read by identity/contacts.
CREATE TABLE contact_changes (
  id TEXT PRIMARY KEY NOT NULL, customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, kind TEXT NOT NULL, session_id TEXT NOT NULL,
  value_sealed BYTEA NOT NULL, snapshot_sealed BYTEA, old_email_index BYTEA, begun_at BIGINT NOT NULL, applied_at BIGINT, undone_at BIGINT);
CREATE INDEX contact_changes_customer ON contact_changes (customer_id, id);
CREATE INDEX contact_changes_old_email ON contact_changes (old_email_index) WHERE old_email_index IS NOT NULL;
CREATE INDEX contact_changes_begun_at ON contact_changes (begun_at);
