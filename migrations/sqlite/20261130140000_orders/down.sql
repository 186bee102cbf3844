DROP TABLE risk_models;
DROP TABLE risk_entities;
DROP TABLE risk_outcomes;
DROP TABLE risk_orders;
