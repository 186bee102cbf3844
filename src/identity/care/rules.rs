//! How well an account is protected, and which card is shown when: pure.

use crate::base::random::{self, Entropy};
use crate::base::time::UnixSeconds;
use crate::identity::attempts::rules::BucketLimit;

/// A line of the check-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckItem {
    /// A password that is known from a breach counts against everything else.
    Password,
    /// A passkey or security key: what cannot be phished.
    Passkey,
    /// Any second factor that needs a thing: an app, or a key.
    SecondFactor,
    /// Recovery codes that are kept.
    RecoveryCodes,
    /// A second mailbox, proven.
    SecondMailbox,
    /// The browsers that are signed in were looked at.
    Devices,
    /// No shop sees data that was not used for a year.
    OldShops,
    /// A phrase that genuine mails carry.
    Phrase,
}

impl CheckItem {
    /// Every one, the weightiest first.
    pub const ALL: [Self; 8] = [Self::Password, Self::Passkey, Self::SecondFactor, Self::RecoveryCodes, Self::SecondMailbox, Self::Devices, Self::OldShops, Self::Phrase];

    /// The word for it: the key of its sentences.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::SecondFactor => "second-factor",
            Self::RecoveryCodes => "recovery-codes",
            Self::SecondMailbox => "second-mailbox",
            Self::Devices => "devices",
            Self::OldShops => "old-shops",
            Self::Phrase => "phrase",
        }
    }

    /// Points that it brings; for a breached password those that it takes. Measured protection, not effort: codes by e-mail or text message bring none.
    pub const fn weight(self) -> u8 {
        match self {
            Self::Password => 30,
            Self::Passkey => 40,
            Self::SecondFactor => 15,
            Self::RecoveryCodes | Self::SecondMailbox | Self::Devices | Self::OldShops => 10,
            Self::Phrase => 5,
        }
    }
}

/// What was found in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Findings {
    /// The password is known from a breach, or has to be replaced.
    pub has_bad_password: bool,
    /// A passkey or security key.
    pub has_passkey: bool,
    /// An app.
    pub has_app: bool,
    /// Recovery codes that are kept, at least three of them.
    pub has_recovery_codes: bool,
    /// A second mailbox.
    pub has_second_mailbox: bool,
    /// Browsers signed in that were not looked at.
    pub has_new_devices: bool,
    /// Shops that see data and were not used for a year.
    pub has_old_shops: bool,
    /// A phrase.
    pub has_phrase: bool,
}

impl Findings {
    /// Whether all is well with one line.
    pub const fn is_well(&self, item: CheckItem) -> bool {
        match item {
            CheckItem::Password => !self.has_bad_password,
            CheckItem::Passkey => self.has_passkey,
            CheckItem::SecondFactor => self.has_passkey || self.has_app,
            CheckItem::RecoveryCodes => self.has_recovery_codes,
            CheckItem::SecondMailbox => self.has_second_mailbox,
            CheckItem::Devices => !self.has_new_devices,
            CheckItem::OldShops => !self.has_old_shops,
            CheckItem::Phrase => self.has_phrase,
        }
    }

    /// 0 to 100.
    pub fn score(&self) -> u8 {
        let earned: u8 = CheckItem::ALL.into_iter().filter(|item| *item != CheckItem::Password && self.is_well(*item)).map(CheckItem::weight).sum();
        if self.has_bad_password { earned.saturating_sub(CheckItem::Password.weight()) } else { earned }
    }
}

/// A card: a few words and one button, at the moment when they help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// After a password that was found in a breach.
    Breached,
    /// After a recovery.
    Recovered,
    /// After a message that was not ours was reported.
    Phished,
    /// After a new postal address.
    NewAddress,
    /// After a purchase for somebody who was not paid before.
    NewPayee,
    /// The check-up is due.
    Checkup,
}

impl Card {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Breached, Self::Recovered, Self::Phished, Self::NewAddress, Self::NewPayee, Self::Checkup];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Breached => "breached",
            Self::Recovered => "recovered",
            Self::Phished => "phished",
            Self::NewAddress => "new-address",
            Self::NewPayee => "new-payee",
            Self::Checkup => "checkup",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|card| card.word() == word)
    }

    /// Where its button leads.
    pub const fn remedy(self) -> &'static str {
        match self {
            // What cannot be phished, reused or leaked.
            Self::Breached | Self::Phished => "/account/security",
            Self::Recovered => "/account/security/recovery-codes",
            Self::NewAddress => "/account/addresses",
            Self::NewPayee => "/account/activity",
            Self::Checkup => "/account/checkup",
        }
    }
}

/// What is known of a customer's moments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CareState {
    /// When the browsers were last looked at.
    pub devices_reviewed_at: Option<UnixSeconds>,
    /// When the check-up was last looked at, and its score.
    pub checkup: Option<(UnixSeconds, i64)>,
    /// The last moment of risk.
    pub moment: Option<(Card, UnixSeconds)>,
    /// The card that was shown last.
    pub shown: Option<ShownCard>,
}

/// A card that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCard {
    /// Which.
    pub card: Card,
    /// In which session.
    pub session: String,
    /// When first.
    pub at: UnixSeconds,
    /// Whether it was answered.
    pub is_answered: bool,
}

/// How long a moment of risk is worth a card, in seconds: two weeks.
const MOMENT_SECONDS: i64 = 14 * 86_400;
/// How often the check-up is offered, in seconds: every ninety days.
const CHECKUP_SECONDS: i64 = 90 * 86_400;
/// How old an account is before it is, in seconds: nobody is met with advice on the first day.
const SETTLING_SECONDS: i64 = 86_400;

/// The card for a page in `session`; at most one a session, and each moment once.
pub fn choose_card(state: &CareState, session: &str, joined_at: UnixSeconds, now: UnixSeconds) -> Option<Card> {
    if let Some(shown) = state.shown.as_ref().filter(|shown| shown.session == session) {
        return (!shown.is_answered).then_some(shown.card);
    }
    let is_fresh = |at: UnixSeconds| now.since(at) < MOMENT_SECONDS;
    let was_shown = |card: Card, since: UnixSeconds| state.shown.as_ref().is_some_and(|shown| shown.card == card && shown.at >= since);
    match state.moment {
        Some((card, at)) if is_fresh(at) && !was_shown(card, at) => Some(card),
        _ => {
            let last = state.checkup.map(|(at, _)| at).into_iter().chain(state.shown.as_ref().filter(|shown| shown.card == Card::Checkup).map(|shown| shown.at)).max();
            let is_due = last.is_none_or(|at| now.since(at) >= CHECKUP_SECONDS) && now.since(joined_at) >= SETTLING_SECONDS;
            is_due.then_some(Card::Checkup)
        }
    }
}

/// Whether a moment takes the place of the one before. What only may be somebody else does not hide that somebody was in, before that was seen.
pub fn replaces(state: &CareState, moment: Card, now: UnixSeconds) -> bool {
    let is_slight = |card: Card| matches!(card, Card::NewAddress | Card::NewPayee);
    let was_shown = |card: Card, since: UnixSeconds| state.shown.as_ref().is_some_and(|shown| shown.card == card && shown.at >= since);
    match state.moment {
        Some((before, at)) => !is_slight(moment) || is_slight(before) || now.since(at) >= MOMENT_SECONDS || was_shown(before, at),
        None => true,
    }
}

/// Reports from one source in an hour.
const REPORT_SOURCE_LIMIT: i64 = 20;
/// Reports in an hour altogether: more would drown those who read them.
const REPORT_HOUR_LIMIT: i64 = 2_000;
/// The longest report that is kept, in characters.
pub const MAX_REPORT: usize = 5_000;

/// How often scams can be reported from `source`, by whichever page.
pub fn report_lanes(source: &str) -> [(String, BucketLimit); 2] {
    let limit = |limit| BucketLimit { limit, window_seconds: 3_600, consecutive_limit: None };
    [(format!("report:{source}"), limit(REPORT_SOURCE_LIMIT)), ("report-hour".to_owned(), limit(REPORT_HOUR_LIMIT))]
}

/// The longest phrase, in characters.
pub const MAX_PHRASE: usize = 60;
/// The shortest.
pub const MIN_PHRASE: usize = 4;

/// Words of which a phrase is suggested: short, plain, and not taken for one another.
const WORDS: &str = "amber anchor apple april arrow aspen atlas autumn bamboo banjo barley basil beacon beaver berry birch bison blanket blossom boulder bramble bridge bronze brook butter button cabin cactus camel candle canvas canyon carrot castle cedar cello cherry chestnut cinnamon clover cobalt comet copper coral cotton cricket crystal daisy dolphin dragon drum eagle ember falcon feather fern fiddle flute forest fossil fountain garden garnet ginger glacier goose granite grape hammer harbor harvest hazel heron hickory honey indigo island ivory jasmine jigsaw juniper kettle kiwi ladder lantern laurel lemon lilac linen lobster lotus magnet mango maple marble meadow melon mint mirror mitten moss mustard nectar nutmeg oak oasis olive onyx opal orchid otter owl paddle panda paper parsley peach pebble pelican pepper piano pillow pine planet plum pocket poppy prism pumpkin quartz quilt rabbit radish raven reed river robin rocket rose ruby saddle saffron salmon sapphire satin scarf shell silver sparrow spruce squirrel starling stone summer sunset swallow tango tea teapot thistle thunder tiger timber topaz tulip turnip turtle umbrella valley vanilla velvet violet violin waffle walnut whistle willow window winter wolf yarrow zebra zither";

/// A phrase of three random words.
pub fn suggest_phrase(entropy: &dyn Entropy) -> String {
    let words: Vec<&str> = WORDS.split(' ').collect();
    let bytes = random::bytes::<6>(entropy);
    let chosen = bytes.chunks_exact(2).filter_map(|pair| {
        let number = usize::from(u16::from_be_bytes([*pair.first()?, *pair.last()?]));
        words.get(number % words.len()).copied()
    });
    chosen.collect::<Vec<_>>().join(" ")
}

/// A phrase as it is kept; `None` when it is too short or too long, or has more than words: it stands in mails that are ours, and no address and no number to call is to stand there in somebody's name.
pub fn tidy_phrase(typed: &str) -> Option<String> {
    let phrase = crate::base::postal::tidy_line(typed);
    let is_plain = phrase.chars().all(|letter| letter.is_alphanumeric() || " '’-!?,".contains(letter)) && phrase.chars().filter(|letter| letter.is_numeric()).count() <= 3;
    ((MIN_PHRASE..=MAX_PHRASE).contains(&phrase.chars().count()) && is_plain).then_some(phrase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;

    fn every() -> impl Iterator<Item = Findings> {
        (0..256_u16).map(|bits| {
            let is = |bit: u16| bits & (1 << bit) != 0;
            Findings {
                has_bad_password: is(0),
                has_passkey: is(1),
                has_app: is(2),
                has_recovery_codes: is(3),
                has_second_mailbox: is(4),
                has_new_devices: is(5),
                has_old_shops: is(6),
                has_phrase: is(7),
            }
        })
    }

    #[test]
    fn the_score_is_whole_and_grows_with_each_remedy() {
        assert_eq!(CheckItem::ALL.into_iter().filter(|item| *item != CheckItem::Password).map(CheckItem::weight).map(u32::from).sum::<u32>(), 100);
        let best = Findings { has_passkey: true, has_recovery_codes: true, has_second_mailbox: true, has_phrase: true, ..Findings::default() };
        assert_eq!(best.score(), 100);
        assert_eq!(Findings { has_bad_password: true, has_new_devices: true, has_old_shops: true, ..Findings::default() }.score(), 0);
        for findings in every() {
            let score = findings.score();
            assert!(score <= 100);
            assert_eq!(score == 100, CheckItem::ALL.into_iter().all(|item| findings.is_well(item)), "{findings:?}");
            assert!(Findings { has_bad_password: false, ..findings }.score() >= score);
            assert!(Findings { has_passkey: true, ..findings }.score() >= score);
            assert!(Findings { has_app: true, ..findings }.score() >= score);
            assert!(Findings { has_new_devices: false, ..findings }.score() >= score);
            // No heap of small things reaches what a passkey brings.
            assert!(findings.has_passkey || score <= 60);
        }
    }

    #[test]
    fn at_most_one_card_a_session_and_each_moment_once() {
        let now = UnixSeconds(100 * 86_400);
        let day = |count: i64| UnixSeconds(count * 86_400);
        let shown = |card, session: &str, at, is_answered| Some(ShownCard { card, session: session.to_owned(), at, is_answered });
        let fresh = CareState::default();
        assert_eq!(choose_card(&fresh, "a", now, now), None, "nobody is met with advice on the first day");
        assert_eq!(choose_card(&fresh, "a", day(98), now), Some(Card::Checkup));
        let seen = CareState { checkup: Some((day(50), 40)), ..fresh.clone() };
        assert_eq!(choose_card(&seen, "a", day(0), now), None);
        assert_eq!(choose_card(&seen, "a", day(0), day(140)), Some(Card::Checkup));
        for card in [Card::Breached, Card::Recovered, Card::Phished, Card::NewAddress, Card::NewPayee] {
            let risky = CareState { moment: Some((card, day(99))), ..seen.clone() };
            assert_eq!(choose_card(&risky, "a", day(0), now), Some(card));
            assert_eq!(choose_card(&risky, "a", day(0), day(120)), None, "an old moment is over");
            // Shown in this session: the same until it is answered, and then none.
            let open = CareState { shown: shown(card, "a", now, false), ..risky.clone() };
            assert_eq!(choose_card(&open, "a", day(0), now), Some(card));
            let done = CareState { shown: shown(card, "a", now, true), ..risky.clone() };
            assert_eq!(choose_card(&done, "a", day(0), now), None);
            // In the next session not again, but a later moment counts.
            assert_eq!(choose_card(&open, "b", day(0), now), None);
            let again = CareState { moment: Some((card, day(101))), ..open };
            assert_eq!(choose_card(&again, "b", day(0), day(101)), Some(card));
            assert_eq!(choose_card(&again, "a", day(0), day(101)), Some(card));
            let other = CareState { shown: shown(Card::Checkup, "a", now, true), ..risky };
            assert_eq!(choose_card(&other, "a", day(0), now), None, "one a session, whichever");
        }
    }

    #[test]
    fn a_slight_moment_does_not_hide_a_grave_one() {
        let now = UnixSeconds(100 * 86_400);
        let grave = CareState { moment: Some((Card::Recovered, now)), ..CareState::default() };
        assert!(!replaces(&grave, Card::NewPayee, now) && replaces(&grave, Card::Breached, now));
        assert!(replaces(&grave, Card::NewPayee, now.plus(MOMENT_SECONDS)), "an old one is over");
        let seen = CareState { shown: Some(ShownCard { card: Card::Recovered, session: "a".into(), at: now, is_answered: false }), ..grave };
        assert!(replaces(&seen, Card::NewAddress, now) && replaces(&CareState::default(), Card::NewPayee, now));
    }

    #[test]
    fn a_phrase_is_three_plain_words() {
        assert!(WORDS.split(' ').count() > 150);
        assert_eq!(WORDS.split(' ').collect::<std::collections::BTreeSet<_>>().len(), WORDS.split(' ').count());
        for _ in 0..100 {
            let phrase = suggest_phrase(&OsEntropy);
            assert_eq!(phrase.split(' ').count(), 3);
            assert_eq!(tidy_phrase(&phrase), Some(phrase));
        }
        assert_eq!(tidy_phrase(" a\u{202e}bc\nd "), Some("abc d".to_owned()));
        assert_eq!(tidy_phrase("abc"), None);
        assert_eq!(tidy_phrase(&"x".repeat(61)), None);
    }
}
