DROP INDEX order_facts_reference_index;
ALTER TABLE order_facts DROP COLUMN reference_index;
DROP TABLE idempotent_answers;
DROP TABLE caller_checks;
DROP TABLE admin_cases;
DROP TABLE admin_invitations;
DROP TABLE admins;
