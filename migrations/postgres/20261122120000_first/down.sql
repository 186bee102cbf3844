DROP TABLE revoked_tokens; DROP TABLE opaque_tokens; DROP TABLE codes; DROP TABLE grants; DROP TABLE authorization_requests; DROP TABLE consents;
DROP TABLE client_assertions; DROP TABLE clients; DROP TABLE signin_flows; DROP TABLE sessions; DROP TABLE known_devices; DROP TABLE attempts;
DROP TABLE password_credentials; DROP TABLE customers; DROP TABLE data_keys; DROP TABLE leases; DROP TABLE outbox; DROP TABLE audit_events;
DROP TABLE signing_keys; DROP TABLE facts;
