DROP TABLE terms_acceptances;
ALTER TABLE signin_flows DROP COLUMN joining_sealed;
