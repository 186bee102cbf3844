-- Guests of a storefront: a subject that nobody has proven to be yet, and the hash of the token that lets whoever joins take it over; read by identity/guests.
CREATE TABLE guests (hash BYTEA PRIMARY KEY NOT NULL, subject TEXT NOT NULL UNIQUE, client_id TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, claimed_at BIGINT);
CREATE INDEX guests_expires_at ON guests (expires_at);
