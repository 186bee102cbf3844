use super::*;
use proptest::prelude::*;

const POLICY: RotationPolicy = RotationPolicy { rotation_seconds: 1_000, publish_ahead_seconds: 100, longest_token_seconds: 50 };

/// Carries the plan out on plain facts, as the store does.
fn carry_out(keys: &mut Vec<KeyFacts>, actions: Vec<KeyAction>, now: UnixSeconds) {
    for action in actions {
        match action {
            KeyAction::MakePending(algorithm) | KeyAction::MakeActive(algorithm) => {
                let is_active = matches!(action, KeyAction::MakeActive(_));
                keys.push(KeyFacts {
                    kid: format!("k{}", keys.len()),
                    algorithm,
                    state: if is_active { KeyState::Active } else { KeyState::Pending },
                    created_at: now,
                    activated_at: is_active.then_some(now),
                    retiring_at: None,
                });
            }
            KeyAction::Activate(kid) => {
                let algorithm = keys.iter().find(|key| key.kid == kid).unwrap().algorithm;
                for key in keys.iter_mut().filter(|key| key.algorithm == algorithm) {
                    if key.state == KeyState::Active {
                        key.state = KeyState::Retiring;
                        key.retiring_at = Some(now);
                    }
                    if key.kid == kid {
                        key.state = KeyState::Active;
                        key.activated_at = Some(now);
                    }
                }
            }
            KeyAction::Retire(kid) => keys.iter_mut().filter(|key| key.kid == kid).for_each(|key| key.state = KeyState::Retired),
        }
    }
}

#[test]
fn a_fresh_installation_signs_at_once() {
    assert_eq!(plan(&[], &[SigningAlgorithm::ES256], POLICY, UnixSeconds(0)), vec![KeyAction::MakeActive(SigningAlgorithm::ES256)]);
}

#[test]
fn a_key_is_published_before_it_signs_and_until_its_tokens_are_gone() {
    let algorithms = [SigningAlgorithm::ES256];
    let mut keys = Vec::new();
    let at = |keys: &mut Vec<KeyFacts>, now: i64| {
        let actions = plan(keys, &algorithms, POLICY, UnixSeconds(now));
        carry_out(keys, actions, UnixSeconds(now));
        keys.iter().map(|key| key.state).collect::<Vec<_>>()
    };
    assert_eq!(at(&mut keys, 0), vec![KeyState::Active]);
    assert_eq!(at(&mut keys, 899), vec![KeyState::Active]);
    assert_eq!(at(&mut keys, 900), vec![KeyState::Active, KeyState::Pending]);
    assert_eq!(at(&mut keys, 999), vec![KeyState::Active, KeyState::Pending]);
    assert_eq!(at(&mut keys, 1_000), vec![KeyState::Retiring, KeyState::Active]);
    assert_eq!(at(&mut keys, 1_050), vec![KeyState::Retiring, KeyState::Active]);
    assert_eq!(at(&mut keys, 1_051), vec![KeyState::Retired, KeyState::Active]);
}

proptest! {
    #[test]
    fn at_every_moment_one_key_signs_and_every_live_token_verifies(steps in proptest::collection::vec(1_i64..400, 1..80)) {
        let algorithms = [SigningAlgorithm::RS256, SigningAlgorithm::EdDsa];
        let mut keys: Vec<KeyFacts> = Vec::new();
        let mut now = 0;
        let mut signed: Vec<(String, i64)> = Vec::new();
        for step in steps {
            let actions = plan(&keys, &algorithms, POLICY, UnixSeconds(now));
            carry_out(&mut keys, actions, UnixSeconds(now));
            for algorithm in algorithms {
                let active: Vec<_> = keys.iter().filter(|key| key.algorithm == algorithm && key.state == KeyState::Active).collect();
                prop_assert_eq!(active.len(), 1);
                signed.push((active[0].kid.clone(), now + POLICY.longest_token_seconds));
            }
            for (kid, expires_at) in &signed {
                if *expires_at >= now {
                    prop_assert!(keys.iter().any(|key| key.kid == *kid && key.state.is_published()), "a live token lost its key");
                }
            }
            now += step;
        }
    }
}
