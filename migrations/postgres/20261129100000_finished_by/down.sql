DROP INDEX signin_flows_finished;
ALTER TABLE signin_flows DROP COLUMN finished_by;
