DROP INDEX risk_decisions_open;
DROP TABLE risk_links;
