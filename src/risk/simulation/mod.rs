//! Histories that nobody lived: sign-ins with the published marginals of a large service, and attackers who know nothing, the country, or the victim. What the model does on them is shown by `claviger risk eval`; never take it for what it does in a shop.

pub mod attackers;
pub mod chart;
pub mod dice;
pub mod figures;
pub mod orders;
pub mod people;
pub mod run;
