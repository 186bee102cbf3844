//! What to do after somebody else was in the account: a guide, and what was seen of them, for police and bank.

mod help;
pub mod web;
