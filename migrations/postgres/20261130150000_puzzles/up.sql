-- Puzzles that were used up: each is good for one form. Read by risk/bots/store.rs.
CREATE TABLE used_puzzles (hash BYTEA PRIMARY KEY NOT NULL, expires_at BIGINT NOT NULL);
CREATE INDEX used_puzzles_expires_at ON used_puzzles (expires_at);
