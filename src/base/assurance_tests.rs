use super::*;
use proptest::prelude::*;

fn password_at(seconds: i64) -> ShownFactor {
    ShownFactor::new(FactorKind::Password, UnixMicros(seconds * 1_000_000))
}

#[test]
fn a_password_shown_twice_is_one_factor() {
    let once = Authentication::from_shown(&[password_at(5)]).unwrap();
    let twice = Authentication::from_shown(&[password_at(5), password_at(9)]).unwrap();
    assert_eq!(once.acr, Acr::Password);
    assert_eq!(twice.acr, Acr::Password);
    assert_eq!(twice.amr, vec!["pwd"]);
    assert_eq!(twice.auth_time(), UnixSeconds(9));
    assert_eq!(Authentication::from_shown(&[]), None);
}

/// Every pair of factors: the level and the methods that a token may speak of.
#[test]
fn every_pair_of_factors() {
    use FactorKind::{EmailCode, Passkey, Password, RecoveryCode, SmsCode, Totp, Upstream};
    let plain = |kind| ShownFactor::new(kind, UnixMicros(1));
    let verified = ShownFactor::passkey(UnixMicros(1), true, false);
    let synced = ShownFactor::passkey(UnixMicros(1), true, true);
    let (low, weak, second, high) = (Acr::Password, Acr::WeakSecondFactor, Acr::SecondFactor, Acr::PhishingResistant);
    for (one, other, acr, amr) in [
        (plain(Password), plain(Password), low, "pwd"),
        (plain(Password), plain(Totp), second, "pwd otp mfa"),
        (plain(Password), plain(Passkey), high, "pwd hwk mfa"),
        (plain(Password), verified, high, "pwd hwk user mfa"),
        (plain(Password), synced, high, "pwd swk user mfa"),
        (plain(Password), plain(RecoveryCode), second, "pwd otp mfa"),
        (plain(Password), plain(EmailCode), weak, "pwd mca mfa"),
        (plain(Password), plain(SmsCode), weak, "pwd sms mfa"),
        // Without anything known, holding two things is holding: no second factor.
        (plain(Totp), plain(Totp), low, "otp"),
        (plain(Totp), plain(RecoveryCode), low, "otp"),
        (plain(Totp), plain(EmailCode), low, "otp mca"),
        (plain(EmailCode), plain(SmsCode), low, "mca sms"),
        (plain(RecoveryCode), plain(EmailCode), low, "otp mca"),
        (plain(Passkey), plain(Passkey), low, "hwk"),
        (plain(Passkey), plain(Totp), low, "otp hwk"),
        (plain(Passkey), plain(SmsCode), low, "hwk sms"),
        (verified, verified, high, "hwk user mfa"),
        (synced, synced, high, "swk user mfa"),
        (verified, plain(Totp), high, "otp hwk user mfa"),
        (verified, plain(EmailCode), high, "hwk user mca mfa"),
        // An account elsewhere is one thing known, and its mailbox is not another one.
        (plain(Upstream), plain(Upstream), low, "fed"),
        (plain(Password), plain(Upstream), low, "pwd fed"),
        (plain(Upstream), plain(EmailCode), low, "mca fed"),
        (plain(Upstream), plain(SmsCode), weak, "sms fed mfa"),
        (plain(Upstream), plain(Totp), second, "otp fed mfa"),
        (plain(Upstream), plain(Passkey), high, "hwk fed mfa"),
        (ShownFactor { is_user_verified: true, ..plain(Upstream) }, plain(EmailCode), low, "mca fed"),
    ] {
        for pair in [[one, other], [other, one]] {
            let authentication = Authentication::from_shown(&pair).unwrap();
            assert_eq!((authentication.acr, authentication.amr.join(" ")), (acr, amr.to_owned()), "{pair:?}");
        }
    }
}

#[test]
fn another_provider_that_does_not_say_when_identifies_nobody_for_changes() {
    let silent = ShownFactor::new(FactorKind::Upstream, UnixMicros(7));
    assert_eq!((identified_at(&[silent]), surely_identified_at(&[silent])), (UnixMicros(7), UnixMicros(0)));
    let told = ShownFactor { is_user_verified: true, ..silent };
    assert_eq!(surely_identified_at(&[told]), UnixMicros(7));
    assert_eq!(surely_identified_at(&[silent, ShownFactor::new(FactorKind::Password, UnixMicros(3))]), UnixMicros(3));
}

#[test]
fn of_two_showings_the_later_one_counts() {
    let verified = ShownFactor::passkey(UnixMicros(5), true, false);
    let touched = ShownFactor::passkey(UnixMicros(9), false, false);
    assert_eq!(Authentication::from_shown(&[verified, touched]).unwrap().acr, Acr::Password);
    assert_eq!(Authentication::from_shown(&[touched, verified]).unwrap().acr, Acr::Password);
}

#[test]
fn only_levels_that_can_be_reached_are_announced() {
    let reach = |kinds: &[FactorKind]| Acr::reachable_with(kinds).collect::<Vec<_>>();
    assert_eq!(reach(&[FactorKind::Password]), [Acr::Password]);
    assert_eq!(reach(&[FactorKind::Password, FactorKind::EmailCode]), [Acr::Password, Acr::WeakSecondFactor]);
    assert_eq!(reach(&[FactorKind::Password, FactorKind::Totp]), [Acr::Password, Acr::WeakSecondFactor, Acr::SecondFactor]);
    assert_eq!(reach(&FactorKind::ALL), Acr::LADDER);
}

#[test]
fn the_ladder_reads_back() {
    for level in Acr::LADDER {
        assert_eq!(Acr::parse(level.as_str()), Some(level));
        assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
    }
    assert_eq!(Acr::parse("0"), None);
}

#[test]
fn max_age_and_prompt_login_are_judged_honestly() {
    let authentication = Authentication::from_shown(&[password_at(100)]).unwrap();
    let max_age = |seconds| Requirement { max_age_seconds: Some(seconds), ..Requirement::default() };
    assert_eq!(max_age(10).judge(&authentication, UnixSeconds(110)), Ok(()));
    assert_eq!(max_age(10).judge(&authentication, UnixSeconds(111)), Err(Shortfall::Stale));
    // A customer who signed in after the request came in has satisfied it, however slowly the pages were read.
    let asked = Requirement { requested_at: Some(UnixMicros(99_000_000)), ..max_age(1) };
    assert_eq!(asked.judge(&authentication, UnixSeconds(500)), Ok(()));
    let again = Requirement { after: Some(UnixMicros(100_000_000)), ..Requirement::default() };
    assert_eq!(again.judge(&authentication, UnixSeconds(100)), Err(Shortfall::Stale));
    let stronger = Requirement { acr: Some(Acr::SecondFactor), ..Requirement::default() };
    assert_eq!(stronger.judge(&authentication, UnixSeconds(100)), Err(Shortfall::Level));
}

proptest! {
    #[test]
    fn an_older_authentication_never_satisfies_what_a_newer_one_does_not(at in 0_i64..1_000, older in 0_i64..1_000, max_age in 0_u32..1_000, now in 0_i64..2_000) {
        let newer = Authentication::from_shown(&[password_at(at.max(older))]).unwrap();
        let older = Authentication::from_shown(&[password_at(at.min(older))]).unwrap();
        let requirement = Requirement { max_age_seconds: Some(max_age), ..Requirement::default() };
        if requirement.judge(&older, UnixSeconds(now)).is_ok() {
            prop_assert!(requirement.judge(&newer, UnixSeconds(now)).is_ok());
        }
    }
}
