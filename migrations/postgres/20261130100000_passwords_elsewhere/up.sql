-- Who came from elsewhere with a password of which nothing came along: until their first sign-in the old shop is asked. Read by identity/factors/password/foreign/store.rs.
CREATE TABLE passwords_elsewhere (customer_id TEXT PRIMARY KEY NOT NULL REFERENCES customers (id) ON DELETE CASCADE);
