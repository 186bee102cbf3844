ALTER TABLE signin_flows DROP COLUMN risk;
DROP TABLE risk_labels;
DROP TABLE risk_decisions;
DROP TABLE risk_pressure;
DROP TABLE risk_histories;
DROP TABLE risk_scale;
DROP TABLE risk_intake;
DROP TABLE risk_counts;
