-- Puzzles that were used up: each is good for one form. Read by risk/bots/store.rs.
CREATE TABLE used_puzzles (hash BLOB PRIMARY KEY NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX used_puzzles_expires_at ON used_puzzles (expires_at);
