//! Against programs: puzzles that cost whoever sends many forms, and when they are asked for. Pure, but for the budgets of a node and the puzzles that were used up.

pub mod budget;
pub mod puzzle;
pub mod store;
