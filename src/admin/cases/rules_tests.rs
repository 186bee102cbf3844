use super::*;
use proptest::prelude::*;

const NOW: UnixSeconds = UnixSeconds(1_000_000);

fn terms(needs_approval: bool, needs_confirmation: bool, wait_seconds: i64) -> Terms {
    Terms { asked_by: "staff:a".into(), needs_approval, needs_confirmation, wait_seconds }
}

#[test]
fn what_needs_nothing_is_done_at_once_and_everything_else_is_not() {
    for (needs_approval, needs_confirmation, wait, state) in [
        (false, false, 0, CaseState::Done),
        (false, false, 60, CaseState::Waiting),
        (false, true, 0, CaseState::Waiting),
        (true, false, 0, CaseState::Asked),
        (true, true, 60, CaseState::Asked),
    ] {
        assert_eq!(begin(&terms(needs_approval, needs_confirmation, wait), NOW).state, state, "{needs_approval} {needs_confirmation} {wait}");
    }
}

#[test]
fn two_people_are_two_people() {
    let terms = terms(true, false, 60);
    let asked = begin(&terms, NOW);
    assert_eq!(after(&terms, &asked, Event::Approve("staff:a"), NOW), Err(CaseRefused::OwnCase));
    let waiting = after(&terms, &asked, Event::Approve("staff:b"), NOW).unwrap();
    assert_eq!((waiting.state, waiting.due_at), (CaseState::Waiting, Some(NOW.plus(60))));
    assert_eq!(after(&terms, &waiting, Event::Approve("staff:c"), NOW), Err(CaseRefused::Decided));
    assert_eq!(after(&terms, &waiting, Event::Tick, NOW.plus(59)), Err(CaseRefused::TooEarly));
    assert_eq!(after(&terms, &waiting, Event::Tick, NOW.plus(60)).unwrap().state, CaseState::Done);
    assert_eq!(after(&terms, &asked, Event::Refuse("staff:a"), NOW).unwrap().state, CaseState::Refused);
}

#[test]
fn a_new_mailbox_is_confirmed_before_or_after_the_wait() {
    let terms = terms(false, true, 60);
    let waiting = begin(&terms, NOW);
    assert_eq!(after(&terms, &waiting, Event::Tick, NOW.plus(3_600)), Err(CaseRefused::TooEarly));
    assert_eq!(after(&terms, &waiting, Event::Confirm, NOW.plus(3_600)).unwrap().state, CaseState::Done);
    let early = after(&terms, &waiting, Event::Confirm, NOW).unwrap();
    assert_eq!(early.state, CaseState::Waiting);
    assert_eq!(after(&terms, &early, Event::Tick, NOW.plus(60)).unwrap().state, CaseState::Done);
}

fn events() -> impl Strategy<Value = Vec<(u8, i64)>> {
    proptest::collection::vec((0..7_u8, 0..200_i64), 0..12)
}

proptest! {
    #[test]
    fn nothing_is_done_without_its_second_person_its_wait_and_its_confirmation(approval in any::<bool>(), confirmation in any::<bool>(), wait in 0..100_i64, events in events()) {
        let terms = terms(approval, confirmation, wait);
        let (mut progress, mut now) = (begin(&terms, NOW), NOW);
        let (mut approved_at, mut was_confirmed, mut was_stopped) = ((!approval).then_some(NOW), !confirmation, false);
        for (event, later) in events {
            let event = match event { 0 => Event::Approve("staff:a"), 1 => Event::Approve("staff:b"), 2 => Event::Refuse("staff:b"), 3 => Event::Veto, 4 => Event::Confirm, 5 => Event::Expire, _ => Event::Tick };
            now = now.plus(later);
            let Ok(next) = after(&terms, &progress, event, now) else { continue };
            prop_assert!(progress.state.is_open(), "what is over stays over");
            match event {
                Event::Approve(_) => approved_at = Some(now),
                Event::Confirm => was_confirmed = true,
                Event::Veto | Event::Refuse(_) | Event::Expire => was_stopped = true,
                Event::Tick => {}
            }
            progress = next;
        }
        if progress.state == CaseState::Done {
            prop_assert!(!was_stopped && was_confirmed && approved_at.is_some_and(|at| now.since(at) >= wait));
        }
    }
}
