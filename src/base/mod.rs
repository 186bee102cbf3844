//! Floor 1, words: plain types that every floor speaks. No database, no web, no runtime.

pub mod assurance;
pub mod card_number;
pub mod contact;
pub mod encoding;
pub mod ids;
pub mod page;
pub mod postal;
pub mod purchase;
pub mod random;
pub mod secret;
pub mod time;
pub mod uri;
