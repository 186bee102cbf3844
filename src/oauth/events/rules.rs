//! What an event of the audit log means to shops, how long a receiver that does not answer is left alone, and what its answers mean: pure.

use serde_json::{Map, Value, json};

use super::model::{EventKind, Method};
use crate::base::assurance::Acr;
use crate::identity::recovery;
use crate::risk::login::scale::Level;

/// An event of the log, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Logged<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// How it ended.
    pub outcome: &'a str,
    /// Who did it.
    pub actor: &'a str,
    /// What it was done to.
    pub about: &'a str,
    /// In which session.
    pub session: Option<&'a str>,
    /// What else is known.
    pub detail: &'a Value,
}

/// Something that shops are told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// What.
    pub kind: EventKind,
    /// The customer's id.
    pub customer: String,
    /// The session that it is about, where it is about one.
    pub session: Option<String>,
    /// What is said of it.
    pub facts: Map<String, Value>,
}

/// Who began it, in the words of CAEP 1.0 section 2.
fn initiator(actor: &str) -> &'static str {
    match actor {
        "operator" => "admin",
        "system" => "system",
        // Programs of the shop's staff are clients.
        _ if actor.starts_with("staff:") || actor.starts_with("client:") => "admin",
        _ => "user",
    }
}

/// What an authenticator of ours is called in CAEP 1.0 section 3.3.1; none for what is no type there.
fn credential_type(kind: &str) -> &'static str {
    match kind {
        "passkey" => "fido2-roaming",
        "totp" => "app",
        "sms_code" => "phone-sms",
        "password" => "password",
        "email_code" => "email",
        "recovery_code" => "recovery-code",
        "upstream" => "federated",
        _ => "unspecified",
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// The kinds of events that mean something to shops.
pub const KINDS: [&str; 20] = [
    "password_changed",
    "authenticator_added",
    "authenticator_removed",
    "recovery_codes_given",
    "staff_case_done",
    "customer_changed",
    "staff_customer_locked",
    "staff_customer_unlocked",
    "customer_erased",
    "contact_changed",
    "contact_restored",
    "account_secured",
    "recovery_waits",
    "account_recovered",
    "upstream_connected",
    "upstream_disconnected",
    "signed_in",
    "level_raised",
    "signin_refused",
    "signin_confirmed",
];

/// With who began it.
fn with_initiator(facts: Value, actor: &str) -> Map<String, Value> {
    let mut facts = object(facts);
    facts.insert("initiating_entity".to_owned(), initiator(actor).into());
    facts
}

/// What is said of how much an account is at risk, in the words of CAEP 1.0 section 3.8.
fn risk(current: &str, previous: &str, reason: &str) -> Value {
    json!({ "principal": "USER", "current_level": current, "previous_level": previous, "risk_reason": reason })
}

/// Whether a sign-in was one that two of a hundred honest ones look like, or fewer.
fn is_unusual(detail: &Value) -> bool {
    detail
        .get("risk")
        .and_then(|risk| risk.get("level"))
        .and_then(Value::as_str)
        .is_some_and(|level| [Level::High, Level::Severe].iter().any(|high| high.word() == level))
}

/// What shops are told of an event: nothing of nearly all, and two things of a sign-in that looked unusual and raised a level.
pub fn translate(event: &Logged<'_>) -> Vec<Happening> {
    unusual(event).into_iter().chain(meant(event)).collect()
}

/// That a sign-in looked unusual.
fn unusual(event: &Logged<'_>) -> Option<Happening> {
    let customer = event.about.strip_prefix("customer:").filter(|_| event.outcome == "success" && matches!(event.kind, "signed_in" | "level_raised"))?;
    is_unusual(event.detail).then(|| Happening {
        kind: EventKind::RiskLevelChange,
        customer: customer.to_owned(),
        session: None,
        facts: with_initiator(risk("HIGH", "LOW", "unusual sign-in"), event.actor),
    })
}

/// What its kind means.
fn meant(event: &Logged<'_>) -> Option<Happening> {
    // A wrong password is nobody's business; one that was right, and was stopped all the same, is.
    let is_stopped = event.kind == "signin_refused" && event.detail.get("decision").is_some();
    let customer = event.about.strip_prefix("customer:").filter(|_| event.outcome == "success" || is_stopped)?;
    let text = |name: &str| event.detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let credential = |kind: &str, change: &str| json!({ "credential_type": credential_type(kind), "change_type": change, "reason_admin": { "en": event.kind.replace('_', " ") } });
    let (kind, facts) = match event.kind {
        "password_changed" => (EventKind::CredentialChange, credential("password", "update")),
        "authenticator_added" => (EventKind::CredentialChange, credential(text("kind"), "create")),
        "authenticator_removed" => (EventKind::CredentialChange, credential(text("kind"), "delete")),
        "recovery_codes_given" => (EventKind::CredentialChange, credential("recovery_code", "update")),
        "staff_case_done" if text("what") == "remove_factors" => (EventKind::CredentialChange, credential("", "delete")),
        "customer_changed" => match text("what") {
            "password_set" => (EventKind::CredentialChange, credential("password", "update")),
            "authenticators_removed" => (EventKind::CredentialChange, credential("", "delete")),
            "locked" => (EventKind::AccountDisabled, json!({})),
            "unlocked" => (EventKind::AccountEnabled, json!({})),
            _ => return None,
        },
        "staff_customer_locked" => (EventKind::AccountDisabled, json!({})),
        "staff_customer_unlocked" => (EventKind::AccountEnabled, json!({})),
        "customer_erased" => (EventKind::AccountPurged, json!({})),
        // Neither the old nor the new one is told: who may know it asks for the claim.
        "contact_changed" => (EventKind::IdentifierChanged, json!({ "identifier": text("kind"), "is_undone": false, "cool_down_seconds": COOL_DOWN_SECONDS })),
        "contact_restored" => (EventKind::IdentifierChanged, json!({ "identifier": "all", "is_undone": true })),
        // The password itself is told of apart from this.
        "account_recovered" if event.detail.get("authenticators_removed").and_then(Value::as_u64) > Some(0) => (EventKind::CredentialChange, credential("", "delete")),
        "upstream_connected" => (EventKind::CredentialChange, credential("upstream", "create")),
        "upstream_disconnected" => (EventKind::CredentialChange, credential("upstream", "delete")),
        "account_secured" => (EventKind::CredentialCompromise, json!({ "credential_type": "unspecified", "frozen_seconds": FROZEN_SECONDS })),
        "recovery_waits" => (EventKind::RecoveryActivated, json!({ "waits_until": event.detail.get("until") })),
        "signin_refused" if is_stopped => (EventKind::RiskLevelChange, risk("HIGH", "LOW", "sign-in stopped")),
        "signin_confirmed" => (EventKind::RiskLevelChange, risk("LOW", "HIGH", "confirmed by the customer")),
        "signed_in" | "level_raised" => {
            let (current, previous) = (text("acr"), text("previous_acr"));
            if current == previous || current.is_empty() || previous.is_empty() {
                return None;
            }
            let rank = |level: &str| Acr::LADDER.into_iter().position(|acr| acr.as_str() == level);
            let direction = if rank(current) > rank(previous) { "increase" } else { "decrease" };
            (EventKind::AssuranceLevelChange, json!({ "namespace": NAMESPACE, "current_level": current, "previous_level": previous, "change_direction": direction }))
        }
        _ => return None,
    };
    let facts = with_initiator(facts, event.actor);
    // A level is that of a session; everything else is the account's.
    let session = event.session.filter(|_| kind == EventKind::AssuranceLevelChange).map(str::to_owned);
    Some(Happening { kind, customer: customer.to_owned(), session, facts })
}

/// What the levels are of that are told of.
const NAMESPACE: &str = "urn:claviger:acr";
/// How long a change of contact can be taken back.
const COOL_DOWN_SECONDS: i64 = recovery::CHANGE_COOL_DOWN_SECONDS;
/// How long an account stands still after "this was not me".
const FROZEN_SECONDS: i64 = 86_400;

/// What is told of a session that ended for `reason`.
pub fn of_session(reason: &str) -> Map<String, Value> {
    let by = match reason {
        "locked" | "staff_left" | "roles_changed" | "factors_removed" | "ended_by_staff" => "admin",
        "signed_out" | "ended_by_customer" | "not_me" | "password_changed" | "replaced" | "authenticator_added" | "factor_removed" | "contact_restored" => "user",
        _ => "system",
    };
    object(json!({ "initiating_entity": by, "reason_admin": { "en": reason.replace('_', " ") } }))
}

/// The longest that a receiver is left alone, in seconds.
pub const MAX_PAUSE_SECONDS: i64 = 600;

/// Seconds before a delivery is tried again after so many tries: 5, doubling, at most ten minutes.
pub fn pause(attempts: i64) -> i64 {
    let exponent = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or(0);
    (5_i64 << exponent).min(MAX_PAUSE_SECONDS)
}

/// How long a delivery is tried from the first try on, in seconds: three days.
pub const PATIENCE_SECONDS: i64 = 3 * 86_400;

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was heard.
    Heard,
    /// Not now: again later.
    Later,
    /// It will never be taken.
    Never,
    /// Whoever is there wants nothing any longer.
    Gone,
}

/// Reads the status of an answer.
pub const fn judge(method: Method, status: u16) -> Verdict {
    match (method, status) {
        (_, 200..=299) => Verdict::Heard,
        (Method::Webhook, 410) => Verdict::Gone,
        // RFC 8935 section 2.3: the token itself is refused. OIDC Back-Channel Logout 1.0 section 2.8: so is the logout.
        (Method::Push | Method::Logout, 400) => Verdict::Never,
        _ => Verdict::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: &str, actor: &str, detail: &Value) -> Option<Happening> {
        translate(&Logged { kind, outcome: "success", actor, about: "customer:cus_1", session: Some("ses_1"), detail }).pop()
    }

    #[test]
    fn what_matters_to_shops_is_translated_and_nothing_else() {
        let kind = |event: &str, detail: Value| told(event, "customer:cus_1", &detail).map(|happening| happening.kind);
        assert_eq!(kind("password_changed", json!({})), Some(EventKind::CredentialChange));
        assert_eq!(kind("customer_changed", json!({ "what": "locked" })), Some(EventKind::AccountDisabled));
        assert_eq!(kind("customer_changed", json!({ "what": "groups_set" })), None);
        assert_eq!(kind("staff_case_done", json!({ "what": "change_email" })), None);
        for event in ["signed_in", "customer_revealed", "recovery_begun", "code_issued", "message_checked"] {
            assert_eq!(kind(event, json!({})), None, "{event}");
        }
        assert_eq!(kind("signed_in", json!({ "risk": { "level": "high" } })), Some(EventKind::RiskLevelChange));
        assert_eq!(kind("signed_in", json!({ "risk": { "level": "elevated" } })), None);
        assert_eq!(kind("signin_confirmed", json!({})), Some(EventKind::RiskLevelChange));
        let stopped = json!({ "decision": "dec_1", "level": "severe" });
        let wrong = Logged { kind: "signin_refused", outcome: "refused", actor: "anonymous", about: "customer:cus_1", session: None, detail: &json!({}) };
        let levels = |event: &Logged<'_>| translate(event).iter().map(|told| told.facts["current_level"].clone()).collect::<Vec<_>>();
        assert_eq!((levels(&wrong), levels(&Logged { detail: &stopped, ..wrong })), (vec![], vec!["HIGH".into()]));
        let refused = Logged { kind: "password_changed", outcome: "refused", actor: "anonymous", about: "customer:cus_1", session: None, detail: &json!({}) };
        assert_eq!(translate(&refused), []);
        assert_eq!(translate(&Logged { outcome: "success", about: "client:x", ..refused }), []);
        // One that looked unusual and raised a level is both, and only the level is that of a session.
        let both = json!({ "risk": { "level": "severe" }, "acr": Acr::PhishingResistant.as_str(), "previous_acr": Acr::SecondFactor.as_str() });
        let raised = Logged { kind: "level_raised", outcome: "success", actor: "customer:cus_1", about: "customer:cus_1", session: Some("ses_1"), detail: &both };
        let seen: Vec<_> = translate(&raised).into_iter().map(|told| (told.kind, told.session)).collect();
        assert_eq!(seen, [(EventKind::RiskLevelChange, None), (EventKind::AssuranceLevelChange, Some("ses_1".to_owned()))]);
        assert_eq!(translate(&Logged { outcome: "refused", ..raised }), []);
    }

    #[test]
    fn every_kind_of_the_list_means_something() {
        for kind in KINDS {
            let detail = json!({ "kind": "totp", "what": if kind == "customer_changed" { "locked" } else { "remove_factors" }, "acr": "b", "previous_acr": "a", "authenticators_removed": 1, "decision": "dec_1" });
            assert!(told(kind, "customer:cus_1", &detail).is_some(), "{kind}");
        }
    }

    #[test]
    fn the_facts_are_those_of_caep() {
        let added = told("authenticator_added", "customer:cus_1", &json!({ "kind": "totp", "authenticator": "aut_1" })).unwrap();
        assert_eq!(
            Value::Object(added.facts),
            json!({ "credential_type": "app", "change_type": "create", "reason_admin": { "en": "authenticator added" }, "initiating_entity": "user" })
        );
        let locked = told("staff_customer_locked", "staff:cus_2", &json!({})).unwrap();
        assert_eq!(locked.facts["initiating_entity"], "admin");
        let risen = told("signed_in", "customer:cus_1", &json!({ "acr": Acr::PhishingResistant.as_str(), "previous_acr": Acr::SecondFactor.as_str() })).unwrap();
        assert_eq!((risen.kind, &risen.facts["change_direction"]), (EventKind::AssuranceLevelChange, &json!("increase")));
        assert_eq!((risen.session.as_deref(), locked.session), (Some("ses_1"), None));
        assert_eq!(told("signed_in", "customer:cus_1", &json!({ "acr": "a", "previous_acr": "a" })), None);
    }

    #[test]
    fn answers_and_pauses() {
        for method in [Method::Webhook, Method::Push, Method::Logout] {
            assert_eq!(judge(method, 204), Verdict::Heard);
            for status in [301, 401, 404, 408, 429, 500, 503] {
                assert_eq!(judge(method, status), Verdict::Later, "{method:?} {status}");
            }
        }
        assert_eq!((judge(Method::Webhook, 400), judge(Method::Push, 400), judge(Method::Logout, 400)), (Verdict::Later, Verdict::Never, Verdict::Never));
        assert_eq!((judge(Method::Webhook, 410), judge(Method::Push, 410)), (Verdict::Gone, Verdict::Later));
        assert_eq!((pause(0), pause(1), pause(2), pause(50)), (5, 5, 10, 600));
    }

    #[test]
    fn each_kind_has_names_of_its_own() {
        for kind in EventKind::TOLD {
            assert_eq!((EventKind::parse(kind.word()), EventKind::of_uri(kind.uri())), (Some(kind), Some(kind)));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
        assert_eq!(EventKind::of_uri(EventKind::Verification.uri()), None, "nobody subscribes to it");
    }
}
