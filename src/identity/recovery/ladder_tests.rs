//! The ladder over every combination.

use super::*;

const WAITS: Waits = Waits { short_seconds: 86_400, long_seconds: 259_200 };
const NOW: UnixSeconds = UnixSeconds(1_000_000);
const MFA: Facts = Facts {
    has_second_factor: true,
    has_other_factor: true,
    is_mailbox_new: false,
    is_phone_new: false,
    is_second_mailbox_new: false,
    is_frozen: false,
    was_vetoed: false,
    is_password_unproven: false,
    are_codes_new: false,
    is_passkey_new: false,
};

fn every_set() -> impl Iterator<Item = BTreeSet<Evidence>> {
    (0_u32..256).map(|bits| Evidence::ALL.into_iter().enumerate().filter(|(index, _)| bits & (1 << index) != 0).map(|(_, evidence)| evidence).collect())
}

fn every_facts(bits: u32) -> impl Iterator<Item = Facts> {
    (0_u32..1 << bits).map(|bits| {
        let is = |index: u32| bits & (1 << index) != 0;
        Facts {
            has_second_factor: is(0),
            is_mailbox_new: is(1),
            is_phone_new: is(2),
            is_second_mailbox_new: is(3),
            is_frozen: is(4),
            was_vetoed: is(5),
            has_other_factor: is(6),
            is_password_unproven: is(7),
            are_codes_new: is(8),
            is_passkey_new: is(9),
        }
    })
}

fn set(evidence: &[Evidence]) -> BTreeSet<Evidence> {
    evidence.iter().copied().collect()
}

#[test]
fn the_rungs_are_those_of_the_documentation() {
    use Evidence::{Mailbox, Passkey, Password, PastOrder, Phone, RecoveryCode, SecondMailbox, TrustedDevice};
    let (short, long) = (Verdict::Wait(WAITS.short_seconds), Verdict::Wait(WAITS.long_seconds));
    let table: [(&[Evidence], Verdict); 21] = [
        (&[], Verdict::Refused),
        (&[Mailbox], Verdict::Refused),
        (&[RecoveryCode], Verdict::Refused),
        (&[Passkey], Verdict::Refused),
        (&[Passkey, PastOrder], Verdict::Refused),
        (&[Passkey, Mailbox], Verdict::Instant),
        (&[Passkey, Phone], Verdict::Instant),
        (&[Passkey, Password], Verdict::Instant),
        (&[Password], Verdict::Refused),
        (&[PastOrder, Password], Verdict::Refused),
        (&[RecoveryCode, Mailbox], Verdict::Instant),
        (&[RecoveryCode, Password], Verdict::Instant),
        (&[RecoveryCode, PastOrder], Verdict::Instant),
        (&[TrustedDevice, Mailbox, Password], Verdict::Instant),
        (&[TrustedDevice, Password], short),
        (&[TrustedDevice, Mailbox], short),
        (&[Password, Mailbox], short),
        (&[Mailbox, Phone, PastOrder], short),
        (&[Mailbox, Phone], long),
        (&[Mailbox, SecondMailbox], long),
        (&[Mailbox, PastOrder], long),
    ];
    for (evidence, expected) in table {
        assert_eq!(judge(Lost::SecondFactor, &set(evidence), &MFA, WAITS), expected, "{evidence:?}");
    }
    assert_eq!(judge(Lost::Password, &set(&[Mailbox]), &MFA, WAITS), Verdict::Instant);
    assert_eq!(judge(Lost::Password, &set(&[Passkey]), &MFA, WAITS), Verdict::Refused, "whoever finds a key replaces nothing with it");
    assert_eq!(judge(Lost::SecondFactor, &set(&[Passkey, Mailbox]), &Facts { is_passkey_new: true, ..MFA }, WAITS), Verdict::Refused, "one that was just added");
    // Where the second factor comes to the mailbox too, the mailbox is not enough for either.
    let by_mail = Facts { has_other_factor: false, ..MFA };
    assert_eq!(judge(Lost::Password, &set(&[Mailbox]), &by_mail, WAITS), Verdict::Refused);
    assert_eq!(judge(Lost::Password, &set(&[Mailbox, Password]), &by_mail, WAITS), short);
    assert_eq!(
        judge(Lost::Password, &set(&[Mailbox, Phone]), &by_mail, WAITS),
        Verdict::Instant,
        "the code by mail is still asked for, and is another thing than the telephone"
    );
    assert_eq!(judge(Lost::SecondFactor, &set(&[Mailbox]), &Facts::default(), WAITS), Verdict::Instant, "there is none to lose");
}

#[test]
fn over_every_combination_nothing_weak_is_enough() {
    for facts in every_facts(10) {
        for evidence in every_set() {
            let counted = counting(&evidence, &facts);
            let verdict = judge(Lost::SecondFactor, &evidence, &facts, WAITS);
            let label = format!("{evidence:?} {facts:?}");
            if facts.has_second_factor {
                // A mailbox alone, or any one thing alone, never opens an account with a second factor.
                assert!(counted.len() > 1 || verdict == Verdict::Refused, "{label}");
                // Nothing that only somebody with access to messages and receipts has is ever instant.
                let has_more = counted.iter().any(|evidence| evidence.weight() >= 2);
                assert!(has_more || verdict != Verdict::Instant, "{label}");
                assert!(!facts.is_frozen || verdict != Verdict::Instant, "{label}");
                assert!(!facts.was_vetoed || !matches!(verdict, Verdict::Wait(_)), "{label}");
            }
            // More proof never makes it worse.
            for more in Evidence::ALL {
                let mut with = evidence.clone();
                with.insert(more);
                let rank = |verdict| match verdict {
                    Verdict::Refused => i64::MAX,
                    Verdict::Wait(seconds) => seconds,
                    Verdict::Instant => 0,
                };
                assert!(rank(judge(Lost::SecondFactor, &with, &facts, WAITS)) <= rank(verdict), "{label} and {more:?}");
            }
            // Whoever reads the mailbox, and knows what is lost, gets no further than there.
            let only_mail = evidence.iter().all(|evidence| matches!(evidence, Evidence::Mailbox));
            assert!(!(only_mail && facts.has_second_factor && !facts.has_other_factor) || judge(Lost::Password, &evidence, &facts, WAITS) == Verdict::Refused, "{label}");
            // Nor whoever holds a key and nothing else.
            let only_key = counted.iter().all(|evidence| matches!(evidence, Evidence::Passkey | Evidence::PastOrder));
            assert!(!only_key || !facts.has_second_factor || (judge(Lost::Password, &evidence, &facts, WAITS) == Verdict::Refused && verdict == Verdict::Refused), "{label}");
            // A password is never replaced by whoever knows nothing but itself and a receipt.
            let by_password = judge(Lost::Password, &evidence, &facts, WAITS);
            assert!(by_password == Verdict::Refused || counted.iter().any(|evidence| !matches!(evidence, Evidence::Password | Evidence::PastOrder)), "{label}");
        }
    }
}

#[test]
fn a_password_that_a_recovery_set_is_not_another_proof() {
    use Evidence::{Mailbox, Password, Phone, RecoveryCode};
    let unproven = Facts { is_password_unproven: true, ..MFA };
    assert_eq!(judge(Lost::SecondFactor, &set(&[RecoveryCode, Password]), &unproven, WAITS), Verdict::Refused);
    assert_eq!(judge(Lost::SecondFactor, &set(&[Mailbox, Password]), &unproven, WAITS), Verdict::Refused);
    let fresh = Facts { are_codes_new: true, ..MFA };
    assert_eq!(judge(Lost::SecondFactor, &set(&[RecoveryCode, Mailbox]), &fresh, WAITS), Verdict::Refused);
    assert_eq!(judge(Lost::SecondFactor, &set(&[RecoveryCode, Mailbox, Phone]), &fresh, WAITS), Verdict::Wait(WAITS.long_seconds));
    // A wait that somebody else served with more.
    let mut copy = Progress {
        lost: Lost::SecondFactor,
        waits_until: Some(NOW.plus(-1)),
        served: set(&[Mailbox, Password]),
        evidence: set(&[Mailbox, Phone]),
        ..Progress::new()
    };
    assert_eq!(copy.next(&MFA, WAITS, NOW), Next::MayWait(WAITS.long_seconds));
    copy.evidence.insert(Password);
    assert_eq!(copy.next(&MFA, WAITS, NOW), Next::Finish);
}

#[test]
fn every_event_in_every_state() {
    let events: Vec<Event> = Evidence::ALL
        .into_iter()
        .map(Event::Shown)
        .chain([Event::Named(Lost::Password), Event::Named(Lost::SecondFactor), Event::Wait, Event::Veto, Event::Finish, Event::Replace])
        .collect();
    for facts in every_facts(7) {
        for evidence in every_set() {
            for lost in [Lost::Password, Lost::SecondFactor] {
                for state in [State::Collecting, State::Waiting, State::Done, State::Vetoed, State::Over] {
                    for until in [Some(NOW.plus(-1)), Some(NOW.plus(10)), None].into_iter().filter(|until| state != State::Waiting || until.is_some()) {
                        let served = if state == State::Collecting && until.is_some() { set(&[Evidence::Mailbox, Evidence::Password]) } else { BTreeSet::new() };
                        let progress = Progress { state, evidence: evidence.clone(), lost, waits_until: until, served: served.clone() };
                        for event in &events {
                            let after = progress.after(*event, &facts, WAITS, NOW);
                            let is_ended = matches!(state, State::Done | State::Vetoed | State::Over);
                            assert!(!is_ended || after.is_none(), "what is over stays over: {progress:?} {event:?}");
                            if let Some(after) = &after {
                                // Done only by finishing, and only what is enough.
                                assert_eq!(after.state == State::Done, *event == Event::Finish);
                                if after.state == State::Done {
                                    assert_eq!(progress.next(&facts, WAITS, NOW), Next::Finish);
                                    assert!(state != State::Waiting || until.is_some_and(|until| until <= NOW));
                                    // And only for whoever shows again what it began with, or has enough without it.
                                    assert!(state == State::Waiting || judge(lost, &evidence, &facts, WAITS) == Verdict::Instant || served.is_subset(&counting(&evidence, &facts)));
                                    // A wait that was served helps nobody who shows too little again.
                                    assert!(judge(lost, &evidence, &Facts { was_vetoed: state != State::Waiting && facts.was_vetoed, ..facts }, WAITS) != Verdict::Refused);
                                }
                                // Nothing is added once the wait runs: what was announced to the owner is what counts.
                                assert!(state != State::Waiting || after.evidence == progress.evidence);
                                assert_eq!(after.state == State::Waiting && state == State::Collecting, *event == Event::Wait);
                            }
                            if matches!(event, Event::Veto | Event::Replace) && !is_ended {
                                assert!(after.is_some());
                            }
                        }
                    }
                }
            }
        }
    }
}
