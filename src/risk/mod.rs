//! Floor 3, judgement: facts in, verdict and reasons out. Knows what was observed, never who it is; what it stores are keyed hashes and counts.

pub mod avs;
pub mod bots;
pub mod decisions;
pub mod login;
pub mod places;
pub mod purchase;
pub mod quality;
pub mod simulation;
