use super::*;
use crate::base::assurance::{Acr, Authentication, FactorKind, ShownFactor};
use crate::base::purchase::Purchase;
use crate::base::time::UnixSeconds;
use crate::identity::factors::Means;
use crate::identity::signin::machine::{self, next_step};
use crate::oauth::authorize::model::{Prompt, ResponseMode};
use crate::oauth::claims::ClaimsRequest;
use proptest::prelude::*;

fn request(prompt: Prompt) -> AuthorizationRequest {
    AuthorizationRequest {
        client_id: "shop".parse().unwrap(),
        redirect_uri: "https://shop.example/cb".into(),
        response_mode: ResponseMode::Query,
        scope: Scope::from("openid email".to_owned()),
        state: None,
        nonce: None,
        code_challenge: None,
        prompt,
        requirement: Requirement::default(),
        login_hint: None,
        expected_subjects: None,
        claims: ClaimsRequest::default(),
        ui_locales: Vec::new(),
        is_account_chosen: false,
        guest_hash: None,
        purchase: None,
        pause: Pause::Ahead,
    }
}

fn judge(request: &AuthorizationRequest, signed_in_at: Option<i64>, agreed: &str, consent: ConsentPolicy) -> Decision {
    let shown: Vec<ShownFactor> = signed_in_at.map(|at| ShownFactor::new(FactorKind::Password, UnixMicros(at * 1_000_000))).into_iter().collect();
    let authentication = Authentication::from_shown(&shown);
    let agreed = Scope::from(agreed.to_owned());
    let now = UnixSeconds(1_000);
    let step = next_step(&machine::Situation { requirement: &request.requirement, shown: &shown, means: &Means::default(), is_trusted: false, risk: None, now });
    let present = authentication.as_ref().map(|authentication| Present { identified_at: authentication.at, subject: "ada", agreed: &agreed });
    decide(&Situation { request, asked_at: UnixMicros(900_000_000), present, step, is_confirmed: true, consent, now_micros: UnixMicros(now.0 * 1_000_000) })
}

const NONE: Prompt = Prompt { none: true, login: false, consent: false, select_account: false, create: false };

#[test]
fn the_prompt_and_max_age_table() {
    use ConsentPolicy::{Explicit, Implicit};
    let plain = request(Prompt::default());
    let silent = request(NONE);
    let login = AuthorizationRequest {
        requirement: Requirement { after: Some(UnixMicros(900_000_000)), ..Requirement::default() },
        ..request(Prompt { login: true, ..Prompt::default() })
    };
    let aged = AuthorizationRequest { requirement: Requirement { max_age_seconds: Some(60), ..Requirement::default() }, ..plain.clone() };
    let silent_aged = AuthorizationRequest { requirement: aged.requirement.clone(), ..silent.clone() };
    let strong = AuthorizationRequest { requirement: Requirement { acr: Some(Acr::SecondFactor), ..Requirement::default() }, ..plain.clone() };
    let again = request(Prompt { consent: true, ..Prompt::default() });
    let choose = request(Prompt { select_account: true, ..Prompt::default() });
    let chosen = AuthorizationRequest { is_account_chosen: true, ..choose.clone() };
    let cards = Purchase::parse(r#"[{"type":"purchase","order_id":"1","amount":{"currency":"EUR","value":"50"},"payee":"x","gift_cards":true}]"#).unwrap();
    let other = Purchase { gift_cards: false, ..cards.clone() };
    let bought = |purchase: &Purchase, pause, base: &AuthorizationRequest| AuthorizationRequest { purchase: Some(purchase.clone()), pause, ..base.clone() };
    let (gift, paused, silent_gift) = (bought(&cards, Pause::Ahead, &plain), bought(&cards, Pause::Since(UnixSeconds(1)), &plain), bought(&cards, Pause::Ahead, &silent));
    let (gone_on, plain_purchase) = (bought(&cards, Pause::Over, &plain), bought(&other, Pause::Ahead, &plain));
    let hinted = AuthorizationRequest { expected_subjects: Some(vec!["bob".into()]), ..plain.clone() };
    let silent_hinted = AuthorizationRequest { expected_subjects: Some(vec!["bob".into()]), ..silent.clone() };
    let asks = |request: &AuthorizationRequest| Decision::SignIn(request.requirement.clone());
    for (request, signed_in_at, agreed, consent, expected) in [
        (&plain, None, "", Implicit, asks(&plain)),
        (&plain, Some(10), "", Implicit, Decision::Issue),
        (&plain, Some(10), "", Explicit, Decision::AskConsent),
        (&plain, Some(10), "openid", Explicit, Decision::AskConsent),
        (&plain, Some(10), "openid email phone", Explicit, Decision::Issue),
        (&silent, None, "", Implicit, Decision::Refuse("login_required")),
        (&silent, Some(10), "", Implicit, Decision::Issue),
        (&silent, Some(10), "", Explicit, Decision::Refuse("consent_required")),
        (&login, Some(10), "", Implicit, asks(&login)),
        (&login, Some(950), "", Implicit, Decision::Issue),
        (&aged, Some(939), "", Implicit, asks(&aged)),
        (&aged, Some(940), "", Implicit, Decision::Issue),
        (&silent_aged, Some(10), "", Implicit, Decision::Refuse("login_required")),
        (&strong, Some(10), "", Implicit, Decision::Refuse("unmet_authentication_requirements")),
        (&strong, None, "", Implicit, asks(&strong)),
        (&again, Some(10), "openid email", Explicit, Decision::AskConsent),
        (&again, Some(10), "", Implicit, Decision::AskConsent),
        (&choose, Some(10), "", Implicit, Decision::ChooseAccount),
        (&choose, Some(950), "", Implicit, Decision::Issue),
        (&chosen, Some(10), "", Implicit, Decision::Issue),
        (&gift, None, "", Implicit, asks(&gift)),
        (&gift, Some(10), "", Implicit, Decision::Pause),
        (&gift, Some(10), "", Explicit, Decision::Pause),
        (&paused, Some(10), "", Implicit, Decision::Pause),
        (&silent_gift, Some(10), "", Implicit, Decision::Refuse("interaction_required")),
        (&gone_on, Some(10), "", Implicit, Decision::Issue),
        (&gone_on, Some(10), "", Explicit, Decision::AskConsent),
        (&plain_purchase, Some(10), "", Implicit, Decision::Issue),
        (&hinted, Some(950), "", Implicit, Decision::Refuse("login_required")),
        (&silent_hinted, Some(10), "", Implicit, Decision::Refuse("login_required")),
    ] {
        assert_eq!(judge(request, signed_in_at, agreed, consent), expected, "{request:?} {signed_in_at:?} {agreed} {consent:?}");
    }
    assert!(matches!(judge(&hinted, Some(10), "", Implicit), Decision::SignIn(Requirement { after: Some(_), .. })));
}

proptest! {
    /// Whatever is asked: prompt=none never shows a page, and a code is never issued to nobody, to the wrong person, or below the level.
    #[test]
    fn no_combination_shows_what_it_must_not(none in any::<bool>(), login in any::<bool>(), consent in any::<bool>(), select in any::<bool>(), signed_in in proptest::option::of(0_i64..1_000), level in proptest::option::of(0_usize..4), max_age in proptest::option::of(0_u32..1_000), is_hinted in any::<bool>(), explicit in any::<bool>(), agreed in "(openid)?( email)?") {
        let prompt = Prompt { none, login: login && !none, consent: consent && !none, select_account: select && !none, create: false };
        let requirement = Requirement { acr: level.map(|level| Acr::LADDER[level]), max_age_seconds: max_age, after: prompt.login.then_some(UnixMicros(900_000_000)), requested_at: Some(UnixMicros(900_000_000)), ..Requirement::default() };
        let request = AuthorizationRequest { requirement, expected_subjects: is_hinted.then(|| vec!["bob".to_owned()]), ..request(prompt) };
        let policy = if explicit { ConsentPolicy::Explicit } else { ConsentPolicy::Implicit };
        let decision = judge(&request, signed_in, &agreed, policy);
        if none { prop_assert!(matches!(decision, Decision::Issue | Decision::Refuse(_)), "{decision:?}"); }
        if decision == Decision::Issue {
            prop_assert!(signed_in.is_some() && !is_hinted && level.is_none_or(|level| level == 0));
            prop_assert!(!prompt.consent && (!explicit || agreed.contains("openid") && agreed.contains("email")));
            if prompt.login { prop_assert!(signed_in.unwrap() > 900); }
        }
    }
}
