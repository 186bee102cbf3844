-- Which session a sign-in led to: a purchase is confirmed by the sign-in that named it and by no other; read by identity/signin/store.
ALTER TABLE signin_flows ADD COLUMN finished_by TEXT;
CREATE INDEX signin_flows_finished ON signin_flows (return_to) WHERE finished_by IS NOT NULL;
