DROP TABLE imports;
DROP TABLE foreign_passwords;
