use super::*;

const NOW: UnixSeconds = UnixSeconds(1_000_000);

fn spray(pressure: &mut Pressure, source: Value, names: std::ops::Range<u64>, ended: Ended, at: UnixSeconds) {
    names.for_each(|name| pressure.note((source, 5_000), name, ended, at));
}

#[test]
fn eight_names_or_many_strangers_from_one_address_are_stuffing() {
    let mut pressure = Pressure::default();
    spray(&mut pressure, 1, 0..7, Ended::Wrong, NOW);
    spray(&mut pressure, 1, 0..60, Ended::Right, NOW);
    assert!(!pressure.is_stuffing_source(1, NOW), "a household, or a carrier whose customers get in");
    for _ in 0..100 {
        pressure.note((1, 5_000), 3, Ended::Wrong, NOW);
    }
    assert!(!pressure.is_stuffing_source(1, NOW), "one name over and over is guessing, which is counted elsewhere");
    spray(&mut pressure, 1, 7..8, Ended::Wrong, NOW.plus(400));
    assert!(pressure.is_stuffing_source(1, NOW.plus(400)));
    assert!(!pressure.is_stuffing_source(1, NOW.plus(720)), "ten minutes later it is forgotten");
    for _ in 0..20 {
        pressure.note((2, 5_000), 3, Ended::Stranger, NOW);
    }
    assert!(pressure.is_stuffing_source(2, NOW) && !pressure.is_stuffing_source(3, NOW));
}

#[test]
fn what_nodes_counted_adds_up() {
    let (mut one, mut two) = (Pressure::default(), Pressure::default());
    spray(&mut one, 1, 0..5, Ended::Wrong, NOW);
    spray(&mut two, 1, 3..8, Ended::Wrong, NOW);
    assert!(!one.is_stuffing_source(1, NOW) && !two.is_stuffing_source(1, NOW));
    let told: Vec<_> = one.take_pending().into_iter().chain(two.take_pending()).collect();
    let mut shared: BTreeMap<(Counted, i64), Tally> = BTreeMap::new();
    for (key, tally) in told {
        let sum = shared.entry(key).or_default();
        *sum = sum.with(tally);
    }
    one.take_up(shared.clone());
    assert!(one.is_stuffing_source(1, NOW) && !one.is_stuffing_source(1, NOW.plus(3_600)));
    assert_eq!(one.lately(NOW).tries, 10);
    // What could not be told is not lost.
    spray(&mut one, 1, 20..21, Ended::Wrong, NOW);
    let untold = one.take_pending();
    assert_eq!(one.lately(NOW).tries, 10);
    one.return_pending(untold);
    assert_eq!(one.lately(NOW).tries, 11);
    for (counted, _) in shared.keys() {
        let (kind, value) = counted.parts();
        assert_eq!(Counted::of(kind, value), Some(*counted));
    }
    assert_eq!(Counted::of(9, 0), None);
}

#[test]
fn a_network_stands_out_against_its_own_past_and_not_against_a_number() {
    let busy = Usual { tries: 100_000, failures: 15_000, windows: 1_008 };
    let usual_day = Tally { tries: 200, failures: 32, ..Tally::default() };
    assert!(stands_out(&usual_day, &busy, 5.0) <= 6.0, "a large provider, as always");
    let sale = Tally { tries: 2_000, failures: 300, ..Tally::default() };
    assert!(stands_out(&sale, &busy, 5.0) <= 6.0, "many more customers than usual, who fail as often as usual");
    let attack = Tally { tries: 400, failures: 250, ..Tally::default() };
    assert!(stands_out(&attack, &busy, 5.0) > 6.0);
    let unknown = Usual::default();
    assert!(stands_out(&Tally { tries: 40, failures: 38, ..Tally::default() }, &unknown, 5.0) > 6.0);
    assert!(stands_out(&Tally { tries: 29, failures: 29, ..Tally::default() }, &unknown, 5.0) < 0.001, "too few to tell");
}

#[test]
fn the_shop_is_attacked_until_it_is_calm() {
    let mut pressure = Pressure::default();
    let usual = Usual { tries: 10_000, failures: 1_500, windows: 1_008 };
    spray(&mut pressure, 1, 0..90, Ended::Right, NOW);
    spray(&mut pressure, 2, 0..10, Ended::Wrong, NOW);
    assert_eq!((pressure.judge(&[], &usual, NOW), pressure.is_attacked(NOW)), (None, false));
    (0..200).for_each(|source| spray(&mut pressure, 100 + source, source..source + 1, Ended::Wrong, NOW));
    assert_eq!(pressure.noticeable_networks(NOW), [5_000]);
    assert_eq!(pressure.judge(&[(5_000, Usual::default())], &usual, NOW), Some(true));
    assert!(pressure.is_attacked(NOW) && pressure.is_stuffing_network(5_000) && !pressure.is_stuffing_network(6_000));
    assert!(!pressure.is_stuffing_source(150, NOW), "each address alone is quiet");
    let later = NOW.plus(CALM_SECONDS - 1);
    assert_eq!((pressure.judge(&[], &usual, later), pressure.is_attacked(later)), (None, true));
    let calm = NOW.plus(CALM_SECONDS + 1);
    assert_eq!((pressure.judge(&[], &usual, calm), pressure.is_attacked(calm)), (Some(false), false));
}

#[test]
fn memory_is_bounded() {
    let mut pressure = Pressure::default();
    for source in 0..60_000 {
        pressure.note((source, source % 7), source, Ended::Wrong, NOW);
    }
    assert!(pressure.take_pending().len() <= SOURCE_LIMIT + 8);
}
