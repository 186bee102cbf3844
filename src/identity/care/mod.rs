//! What keeps customers safe beyond the sign-in itself: a score of how well an account is protected, cards at the moment of risk, reports of scams.

pub mod figures;
pub mod rules;
pub mod store;

use crate::platform::audit::EventSpec;

/// A card was shown.
pub const CARD_SHOWN: EventSpec =
    EventSpec::new("card_shown", "A customer was shown a card after a moment of risk, at most one in a session; or, before gift cards are bought, the page with the pause.");
/// A card was answered.
pub const CARD_ANSWERED: EventSpec = EventSpec::new("card_answered", "A customer did what a card offers, or put it away; of the pause: stopped the purchase, or went on.");
/// The check-up was looked at.
pub const CHECKUP_SEEN: EventSpec = EventSpec::new("checkup_seen", "A customer looked at the security check-up, with the score of that moment.");
/// The browsers were reviewed.
pub const DEVICES_REVIEWED: EventSpec = EventSpec::new("devices_reviewed", "A customer said that every browser that is signed in is their own.");
/// A phrase was chosen.
pub const PHRASE_CHOSEN: EventSpec = EventSpec::new("phrase_chosen", "A customer chose, or took away, the phrase that genuine mails carry.");
/// The quiz was taken.
pub const QUIZ_TAKEN: EventSpec = EventSpec::new("quiz_taken", "A customer told genuine messages from altered ones; how many were right.");
/// An account of what an attacker did was taken.
pub const THEFT_REPORT_MADE: EventSpec = EventSpec::new("theft_report_made", "A customer downloaded what was seen of somebody else in the account, for police and bank.");
/// A scam was reported.
pub const SCAM_REPORTED: EventSpec = EventSpec::new("scam_reported", "Somebody told us of a scam, or pasted a message that is not ours.");
