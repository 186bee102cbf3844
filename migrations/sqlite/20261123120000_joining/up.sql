-- Where somebody stands who is making an account in a sign-in, sealed; read by identity/signin.
ALTER TABLE signin_flows ADD COLUMN joining_sealed BLOB;

-- Which terms a customer accepted, and when; read by identity/signup.
CREATE TABLE terms_acceptances (
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, version TEXT NOT NULL, accepted_at INTEGER NOT NULL,
  PRIMARY KEY (customer_id, version)) STRICT;
