DROP TABLE scam_reports;
DROP TABLE care_states;
