//! Address verification: what the letter of a payment provider means, whether two addresses agree where a card scheme looks, and what to do about it. All pure; letters only at the edge, a pair of results inside.

pub mod letters;
pub mod matching;
pub mod normal;
pub mod policy;
