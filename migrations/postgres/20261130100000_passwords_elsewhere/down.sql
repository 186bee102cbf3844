DROP TABLE passwords_elsewhere;
