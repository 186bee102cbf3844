ALTER TABLE signin_flows DROP COLUMN arrived_sealed;
DROP TABLE upstream_tries;
DROP TABLE upstream_links;
