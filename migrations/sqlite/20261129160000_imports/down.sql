DROP TABLE imported_records;
DROP TABLE imports;
DROP TABLE foreign_passwords;
