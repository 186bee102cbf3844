-- What was shown when the wait of a recovery began, in one that goes on with it elsewhere.
ALTER TABLE recoveries ADD COLUMN served TEXT;
