DROP TABLE risk_links;
