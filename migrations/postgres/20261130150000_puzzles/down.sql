DROP TABLE used_puzzles;
