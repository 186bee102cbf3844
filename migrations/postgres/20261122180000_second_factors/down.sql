DROP TABLE recovery_codes;
ALTER TABLE signin_flows DROP COLUMN passed_sealed;
DROP TABLE totp_credentials;
