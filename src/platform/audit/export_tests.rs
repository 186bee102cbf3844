use super::*;
use crate::base::secret::SecretKey;
use crate::base::time::UnixSeconds;
use crate::platform::audit::head::HeadSigner;
use proptest::prelude::*;
use serde_json::value::RawValue;

fn event(position: i64) -> LoggedEvent {
    LoggedEvent {
        position,
        id: format!("evt_{position:026}"),
        time_micros: 1_798_761_600_000_000 + position,
        kind: "signed_in".into(),
        outcome: "success".into(),
        reason: String::new(),
        actor: format!("customer:cus_{position}"),
        about: format!("customer:cus_{position}"),
        client_id: None,
        session_id: Some("ses_1".into()),
        correlation_id: "abc".into(),
        detail: RawValue::from_string(format!("{{\"n\":{position}}}")).unwrap(),
        origin_sealed: Some("AAAA".into()),
        note_sealed: None,
    }
}

fn signer() -> HeadSigner {
    HeadSigner::new("login.shop.example", &SecretKey::new([5; 32])).unwrap()
}

/// An export of events `first` to `last` with a head after every tenth and the last one.
fn written(first: i64, last: i64) -> Vec<String> {
    let signer = signer();
    let mut edge = Edge::default();
    for position in 1..first {
        edge.append(event(position).leaf().unwrap());
    }
    let mut lines = vec![opening_line(signer.key(), &edge).unwrap()];
    for position in first..=last {
        let (line, leaf) = event_line(event(position)).unwrap();
        lines.push(line);
        edge.append(leaf);
        if position % 10 == 0 || position == last {
            lines.push(head_line(&signer.sign(&TreeHead { size: edge.size(), root: edge.root(), signed_at: UnixSeconds(1_798_761_600) })).unwrap());
        }
    }
    lines
}

fn check(lines: &[String], kept: Option<TreeHead>) -> Report {
    let mut checker = Checker::begin(&lines[0], Some(signer().key()), kept).unwrap();
    for (number, line) in lines.iter().enumerate().skip(1) {
        checker.line(number as u64 + 1, line);
    }
    checker.finish()
}

/// Where the event of `position` stands.
fn at(lines: &[String], position: i64) -> usize {
    lines.iter().position(|line| line.contains(&format!("\"position\":{position},"))).unwrap()
}

fn told(report: &Report) -> String {
    report.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_whole_export_holds_from_wherever_it_begins() {
    for (first, last) in [(1, 1), (1, 57), (8, 57), (33, 34)] {
        let report = check(&written(first, last), None);
        assert!(report.findings.is_empty(), "{first}: {}", told(&report));
        assert_eq!((report.events, report.last), (u64::try_from(last - first + 1).unwrap(), u64::try_from(last).unwrap()));
    }
}

#[test]
fn each_kind_of_tampering_is_found_and_named() {
    let whole = written(1, 57);
    let mut changed = whole.clone();
    let place = at(&whole, 23);
    changed[place] = changed[place].replace("signed_in", "signed_im");
    assert_eq!(check(&changed, None).findings, [Finding::Changed { position: 23, id: event(23).id }]);

    let mut deleted = whole.clone();
    deleted.remove(at(&whole, 23));
    assert_eq!(check(&deleted, None).findings, [Finding::Missing { from: 23, to: 23 }]);

    let mut inserted = whole.clone();
    inserted.insert(place, event_line(event(22)).unwrap().0);
    assert_eq!(check(&inserted, None).findings, [Finding::OutOfPlace { position: 22, id: event(22).id }]);

    let mut swapped = whole.clone();
    swapped.swap(place, place + 1);
    assert_eq!(check(&swapped, None).findings, [Finding::Missing { from: 23, to: 23 }, Finding::OutOfPlace { position: 23, id: event(23).id }]);

    // Cut after an event that a head covers, the heads gone with it: only a head that was kept elsewhere tells.
    let cut: Vec<String> = whole[..at(&whole, 41)].to_vec();
    assert!(check(&cut, None).findings.is_empty());
    let mut edge = Edge::default();
    (1..=57).for_each(|position| drop(edge.append(event(position).leaf().unwrap())));
    let kept = TreeHead { size: 57, root: edge.root(), signed_at: UnixSeconds(0) };
    assert_eq!(check(&cut, Some(kept.clone())).findings, [Finding::Truncated { last: 40, signed: 57 }]);
    assert!(check(&whole, Some(kept)).findings.is_empty());
    // Cut with its last head left.
    let mut short = whole.clone();
    short.drain(at(&whole, 52)..whole.len() - 1);
    assert_eq!(check(&short, None).findings, [Finding::Truncated { last: 51, signed: 57 }]);
    let mut headless = whole.clone();
    headless.pop();
    assert_eq!(check(&headless, None).findings, [Finding::Unsigned { from: 51, to: 57 }]);
}

#[test]
fn whoever_computes_the_leaves_anew_meets_the_signature() {
    let whole = written(1, 57);
    let mut forged = whole.clone();
    let other = LoggedEvent { kind: "signed_out".into(), ..event(23) };
    forged[at(&whole, 23)] = event_line(other).unwrap().0;
    assert_eq!(check(&forged, None).findings, [Finding::Rewritten { from: 21, to: 30 }]);
    // Removed, and all that follow counted anew.
    let mut closed_up = vec![whole[0].clone()];
    for position in 1..57 {
        let shifted = if position < 23 { event(position) } else { LoggedEvent { position, ..event(position + 1) } };
        closed_up.push(event_line(shifted).unwrap().0);
        closed_up.extend(whole.iter().filter(|line| line.starts_with("{\"head\"") && line.contains(&format!("example\\n{position}\\n"))).cloned());
    }
    assert!(check(&closed_up, None).findings.contains(&Finding::Rewritten { from: 21, to: 30 }));
    // Everything rewritten and signed by another key.
    let other = HeadSigner::new("login.shop.example", &SecretKey::new([6; 32])).unwrap();
    let opening = opening_line(other.key(), &Edge::default()).unwrap();
    assert!(Checker::begin(&opening, Some(signer().key()), None).is_err());
    // And by the right key, which who runs the server has: only what was kept elsewhere tells.
    let kept = TreeHead { size: 30, root: [1; 32], signed_at: UnixSeconds(0) };
    assert_eq!(check(&whole, Some(kept)).findings, [Finding::OtherTree { size: 30 }]);
}

proptest! {
    #[test]
    fn one_bit_in_any_event_is_found_where_it_is(position in 1..=57_i64, byte in any::<prop::sample::Index>(), bit in 0..7_u8) {
        let mut lines = written(1, 57);
        let place = at(&lines, position);
        let mut bytes = lines[place].clone().into_bytes();
        let index = byte.index(bytes.len());
        bytes[index] ^= 1 << bit;
        prop_assume!(bytes[index].is_ascii() && bytes[index] != b'\n' && bytes[index] != b'\r');
        lines[place] = String::from_utf8(bytes).unwrap();
        let report = check(&lines, None);
        let named = report.findings.iter().any(|finding| match finding {
            Finding::Changed { position: found, .. } | Finding::OutOfPlace { position: found, .. } => *found == u64::try_from(position).unwrap(),
            Finding::Unreadable { line } => *line == place as u64 + 1,
            Finding::Missing { from, .. } => *from == u64::try_from(position).unwrap(),
            _ => false,
        });
        prop_assert!(named, "{}", told(&report));
    }
}

#[test]
fn an_opening_alone_proves_nothing_and_a_kept_head_is_always_compared() {
    let lines = written(41, 60);
    let edge = |size: i64| {
        let mut edge = Edge::default();
        (1..=size).for_each(|position| edge.append(event(position).leaf().unwrap()).into_iter().for_each(drop));
        edge
    };
    let kept = |size: i64| TreeHead { size: edge(size).size(), root: edge(size).root(), signed_at: UnixSeconds(1) };
    // Anybody can write a first line.
    assert_eq!(check(&lines[..1], Some(kept(40))).findings, [Finding::NoHead]);
    assert_eq!(check(&lines, Some(kept(40))).findings, []);
    assert_eq!(check(&lines, Some(kept(55))).findings, []);
    let other = TreeHead { root: [7; 32], ..kept(40) };
    assert_eq!(check(&lines, Some(other)).findings, [Finding::OtherTree { size: 40 }]);
    // What lies before the export is not passed over.
    assert_eq!(check(&lines, Some(kept(30))).findings, [Finding::NotCompared { size: 30 }]);
}
