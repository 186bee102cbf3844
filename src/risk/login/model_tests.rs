use proptest::prelude::*;

use super::*;

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

const HOME: Observation = Observation { place: [1, 2, 3], device: [4, 5, 6, 7] };

fn crowd(count: u64) -> Crowd {
    Crowd { logins: 1_000, customers: 250, place: [Seen { count, distinct: 1 }; 3], device: [Seen { count, distinct: 1 }; 4] }
}

#[test]
fn a_level_is_estimated_as_on_paper() {
    // One level alone: 10 of 1000, one value set aside for what nobody had.
    let alone = [Seen { count: 10, distinct: 500 }];
    assert!(near(of_crowd(&[1.0], &alone, 1_000), 10.0 / 1_000.0 * (1_000.0 / 1_001.0)));
    let never = [Seen { count: 0, distinct: 500 }];
    assert!(near(of_crowd(&[1.0], &never, 1_000), 1.0 / 1_001.0));
    // The coarser levels make room for more that was not seen, and count as they are.
    let three = [Seen { count: 0, distinct: 9 }, Seen { count: 20, distinct: 40 }, Seen { count: 500, distinct: 8 }];
    assert!(near(of_crowd(&PLACE_WEIGHTS, &three, 1_000), 0.6 / 1_049.0 + 0.3 * 0.02 + 0.1 * 0.5));
    let own = [[1, 2, 3], [9, 2, 3], [9, 9, 3], [9, 9, 9]];
    let own = own.map(|place| Observation { place, ..HOME });
    let counted = Own::of(&own, &HOME);
    assert_eq!((counted.logins, counted.place, counted.device), (4, [1, 2, 3], [4; 4]));
    assert!(near(of_own(&PLACE_WEIGHTS, &counted.place, counted.logins), 0.6 * 0.25 + 0.3 * 0.5 + 0.1 * 0.75));
}

#[test]
fn the_score_is_the_product_of_its_parts() {
    // The same as always: every level of four sign-ins fits; 10 of everybody's 1000 do.
    let scored = score(&Model::default(), &crowd(10), &Own::of(&[HOME; 4], &HOME)).unwrap();
    let place: f64 = 0.6 * 0.01 * (1.0 - 3.0 / 1_003.0) + 0.4 * 0.01;
    let device: f64 = 0.538_67 * 0.01 * (1.0 - 4.0 / 1_004.0) + (0.268_05 + 0.188_18 + 0.005_11) * 0.01;
    assert!(near(scored.place, place.ln()) && near(scored.device, (device / 1.000_01_f64).ln()), "{scored:?}");
    assert!(near(scored.customer, ((1.0 / 250.0) / (4.0 / 1_000.0_f64)).ln()));
    assert!(near(scored.total(), scored.place + scored.device + scored.customer));
}

#[test]
fn what_a_customer_never_had_counts_four_times() {
    let strange = Observation { place: [91, 92, 93], device: [94, 95, 96, 97] };
    let scored = score(&Model::default(), &crowd(10), &Own::of(&[HOME; 4], &strange)).unwrap();
    assert!(near(scored.place, 4.0_f64.ln()) && near(scored.device, 4.0_f64.ln()));
    let half = Observation { device: HOME.device, ..strange };
    let scored = score(&Model::default(), &crowd(10), &Own::of(&[HOME; 4], &half)).unwrap();
    assert!(near(scored.place, 4.0_f64.ln()) && scored.device < 0.0);
}

#[test]
fn the_first_sign_in_is_not_judged() {
    assert_eq!(score(&Model::default(), &crowd(10), &Own::default()), None);
    assert_eq!(score(&Model::default(), &Crowd::default(), &Own::of(&[HOME], &HOME)), None);
}

proptest! {
    #[test]
    fn a_score_is_a_number_and_grows_with_strangeness(
        count in 0_u64..5_000, distinct in 1_u64..500, logins in 5_000_u64..100_000, customers in 1_u64..5_000, own in 1_usize..60, known in 0_usize..60,
    ) {
        let seen = Seen { count, distinct };
        let crowd = Crowd { logins, customers, place: [seen; 3], device: [seen; 4] };
        let strange = Observation { place: [91, 92, 93], device: [94, 95, 96, 97] };
        let mut history = vec![strange; own];
        history.iter_mut().take(known.min(own)).for_each(|observation| *observation = HOME);
        let scored = score(&Model::default(), &crowd, &Own::of(&history, &HOME)).unwrap();
        prop_assert!(scored.total().is_finite());
        // More sign-ins of one's own that are like this one never make it stranger.
        if known + 1 < own && known > 0 {
            history[known.min(own - 1)] = HOME;
            prop_assert!(score(&Model::default(), &crowd, &Own::of(&history, &HOME)).unwrap().total() <= scored.total() + 1e-9);
        }
    }
}

#[test]
fn a_model_is_read_or_refused() {
    let usual = Model::default();
    assert_eq!(Model::parse(&serde_json::to_string(&usual).unwrap()).unwrap(), usual);
    let changed = Model::parse(r#"{"version":"ours-2","place":[0.5,0.3,0.2],"device":[0.5,0.3,0.15,0.05],"never":8,"signals":{"travel":3.5}}"#).unwrap();
    assert!(near(changed.weight(Code::Travel), 3.5) && near(changed.weight(Code::Hosting), Code::Hosting.weight()));
    for bad in [
        "{}",
        r#"{"version":"","place":[0.5,0.3,0.2],"device":[0.5,0.3,0.15,0.05],"never":8}"#,
        r#"{"version":"x","place":[0.5,0.3,0.9],"device":[0.5,0.3,0.15,0.05],"never":8}"#,
        r#"{"version":"x","place":[0.5,0.3,0.2],"device":[0.5,0.3,0.15,0.05],"never":0}"#,
        r#"{"version":"x","place":[0.5,0.3,0.2],"device":[0.5,0.3,0.15,0.05],"never":8,"signals":{"charm":1}}"#,
        r#"{"version":"x","place":[0.5,0.3,0.2],"device":[0.5,0.3,0.15,0.05],"never":8,"signals":{"travel":900}}"#,
    ] {
        assert!(Model::parse(bad).is_err(), "{bad}");
    }
}
