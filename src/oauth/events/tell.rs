//! The forms in which something is told: security event tokens, logout tokens, and the bodies of webhooks. Pure.

use serde_json::{Map, Value, json};

use super::Told;
use super::deliveries::store::Delivery;
use super::model::EventKind;
use crate::base::time::UnixSeconds;

/// How long a logout token is good, in seconds.
const LOGOUT_TOKEN_SECONDS: i64 = 120;
/// The event of a logout token (OIDC Back-Channel Logout 1.0 section 2.4).
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The subject of a security event token (RFC 9493; complex as SSF 1.0 section 3.2 has it).
fn subject_identifier(issuer: &str, receiver: &str, told: &Told) -> Value {
    let user = |subject: &String| json!({ "format": "iss_sub", "iss": issuer, "sub": subject });
    match (&told.subject, &told.session) {
        (Some(subject), Some(session)) => json!({ "format": "complex", "user": user(subject), "session": { "format": "opaque", "id": session } }),
        (Some(subject), None) => user(subject),
        // What concerns the stream itself.
        (None, _) => json!({ "format": "opaque", "id": receiver }),
    }
}

/// The claims of a security event token (RFC 8417 section 2.2, SSF 1.0 section 4).
pub fn security_event(issuer: &str, delivery: &Delivery) -> Value {
    let told = &delivery.told;
    let mut facts: Map<String, Value> = told.facts.clone();
    if !matches!(told.kind, EventKind::Verification | EventKind::StreamUpdated) {
        facts.insert("event_timestamp".to_owned(), told.at.into());
    }
    json!({
        "iss": issuer,
        "aud": delivery.client.as_str(),
        "jti": delivery.id,
        "iat": delivery.created_at.0,
        "txn": told.transaction,
        "sub_id": subject_identifier(issuer, &delivery.receiver, told),
        "events": { told.kind.uri(): facts },
    })
}

/// The claims of a logout token.
pub fn logout_token(issuer: &str, delivery: &Delivery, now: UnixSeconds) -> Value {
    let mut claims = json!({
        "iss": issuer,
        "aud": delivery.client.as_str(),
        // Each try is a token of its own: a client that remembers the last one would take this for a replay.
        "jti": format!("{}.{}", delivery.id, delivery.attempts),
        "iat": now.0,
        "exp": now.plus(LOGOUT_TOKEN_SECONDS).0,
        "events": { LOGOUT_EVENT: {} },
    });
    if let Some(claims) = claims.as_object_mut() {
        for (name, value) in [("sub", &delivery.told.subject), ("sid", &delivery.told.session)] {
            if let Some(value) = value {
                claims.insert(name.to_owned(), value.as_str().into());
            }
        }
    }
    claims
}

/// The body of a webhook (Standard Webhooks): no personal data, only whom and what it concerns.
pub fn webhook(issuer: &str, delivery: &Delivery) -> String {
    let told = &delivery.told;
    let mut data = told.facts.clone();
    data.insert("iss".to_owned(), issuer.into());
    for (name, value) in [("sub", &told.subject), ("sid", &told.session)] {
        if let Some(value) = value {
            data.insert(name.to_owned(), value.as_str().into());
        }
    }
    json!({ "type": told.kind.word(), "timestamp": UnixSeconds(told.at).rfc3339(), "data": data }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::events::model::Method;

    fn delivery(kind: EventKind, subject: Option<&str>, session: Option<&str>) -> Delivery {
        let Value::Object(facts) = json!({ "initiating_entity": "admin" }) else { unreachable!() };
        let told = Told { kind, transaction: "evt_1".into(), subject: subject.map(str::to_owned), session: session.map(str::to_owned), at: 1_000, facts };
        let client = "shop".parse().unwrap();
        Delivery {
            id: "dlv_1".into(),
            receiver: "str_1".into(),
            client,
            method: Method::Push,
            attempts: 0,
            created_at: UnixSeconds(1_001),
            first_tried_at: None,
            told,
        }
    }

    #[test]
    fn a_security_event_has_what_it_must_and_not_what_it_must_not() {
        let claims = security_event("https://i", &delivery(EventKind::SessionRevoked, Some("s"), Some("sid")));
        let expected = json!({
            "iss": "https://i", "aud": "shop", "jti": "dlv_1", "iat": 1_001, "txn": "evt_1",
            "sub_id": { "format": "complex", "user": { "format": "iss_sub", "iss": "https://i", "sub": "s" }, "session": { "format": "opaque", "id": "sid" } },
            "events": { "https://schemas.openid.net/secevent/caep/event-type/session-revoked": { "event_timestamp": 1_000, "initiating_entity": "admin" } },
        });
        assert_eq!(claims, expected);
        let of_stream = security_event("https://i", &delivery(EventKind::Verification, None, None));
        assert_eq!(of_stream["sub_id"], json!({ "format": "opaque", "id": "str_1" }));
        let plain = security_event("https://i", &delivery(EventKind::AccountPurged, Some("s"), None));
        assert_eq!(plain["sub_id"], json!({ "format": "iss_sub", "iss": "https://i", "sub": "s" }));
    }

    #[test]
    fn a_logout_token_is_none_of_an_id_token() {
        let claims = logout_token("https://i", &delivery(EventKind::SessionRevoked, Some("s"), Some("sid")), UnixSeconds(2_000));
        assert_eq!((&claims["sid"], &claims["sub"], &claims["exp"], claims.get("nonce")), (&json!("sid"), &json!("s"), &json!(2_120), None));
        assert_eq!(claims["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
    }

    #[test]
    fn a_webhook_names_whom_and_what() {
        let body: Value = serde_json::from_str(&webhook("https://i", &delivery(EventKind::AccountDisabled, Some("s"), None))).unwrap();
        assert_eq!(
            body,
            json!({ "type": "account.disabled", "timestamp": UnixSeconds(1_000).rfc3339(), "data": { "iss": "https://i", "sub": "s", "initiating_entity": "admin" } })
        );
    }
}
