-- The passkey that was shown in a recovery: it is not taken away with the rest.
ALTER TABLE recoveries ADD COLUMN passkey_id TEXT;

-- Whom a customer paid, as MACs: somebody new is worth a look.
CREATE TABLE known_payees (
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    hash BLOB NOT NULL,
    paid_at INTEGER NOT NULL,
    PRIMARY KEY (customer_id, hash)
) STRICT;
