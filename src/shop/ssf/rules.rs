//! What receivers send, read and judged, and what a stream looks like to them: pure.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::base::uri::{Issuer, is_endpoint};
use crate::oauth::events::model::{EventKind, Method};
use crate::oauth::events::streams::{MAX_AUTHORIZATION, MAX_DESCRIPTION, Stream};

/// Delivery by push.
const PUSH: &str = "urn:ietf:rfc:8935";
/// Delivery by poll.
const POLL: &str = "urn:ietf:rfc:8936";
/// Seconds between two verifications that a receiver asks for.
pub const MIN_VERIFICATION_SECONDS: i64 = 10;
/// Event types that a request may name.
const MAX_EVENTS: usize = 100;
/// Tokens that one poll brings, at most.
pub const MAX_POLLED: i64 = 100;
/// Tokens that one poll acknowledges or refuses, at most.
const MAX_ACKNOWLEDGED: usize = 1_000;

/// The metadata of the transmitter (SSF 1.0 section 7.1).
pub fn metadata(issuer: &Issuer) -> Value {
    json!({
        "spec_version": "1_0",
        "issuer": issuer.as_str(),
        "jwks_uri": issuer.at("/jwks"),
        "delivery_methods_supported": [PUSH, POLL],
        "configuration_endpoint": issuer.at("/ssf/streams"),
        "status_endpoint": issuer.at("/ssf/status"),
        "add_subject_endpoint": issuer.at("/ssf/subjects/add"),
        "remove_subject_endpoint": issuer.at("/ssf/subjects/remove"),
        "verification_endpoint": issuer.at("/ssf/verify"),
        "authorization_schemes": [{ "spec_urn": "urn:ietf:rfc:6749" }],
        "default_subjects": "ALL",
    })
}

fn uris(kinds: impl IntoIterator<Item = EventKind>) -> Vec<&'static str> {
    kinds.into_iter().map(EventKind::uri).collect()
}

/// A stream as its receiver sees it (SSF 1.0 section 8.1.1). What it wants to be authorised by is not told again.
pub fn configuration(issuer: &Issuer, stream: &Stream) -> Value {
    let delivery = match stream.method {
        Method::Push => json!({ "method": PUSH, "endpoint_url": stream.endpoint }),
        _ => json!({ "method": POLL, "endpoint_url": issuer.at(&format!("/ssf/poll/{}", stream.id)) }),
    };
    let mut view = json!({
        "stream_id": stream.id,
        "iss": issuer.as_str(),
        "aud": stream.client,
        "delivery": delivery,
        "events_supported": uris(EventKind::TOLD),
        "events_delivered": uris(stream.delivered()),
        "min_verification_interval": MIN_VERIFICATION_SECONDS,
    });
    if let Some(view) = view.as_object_mut() {
        if let Some(requested) = &stream.requested {
            view.insert("events_requested".to_owned(), json!(uris(requested.iter().copied())));
        }
        if let Some(description) = &stream.description {
            view.insert("description".to_owned(), description.as_str().into());
        }
    }
    view
}

/// How a receiver wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Push or poll.
    pub method: Method,
    /// Where to push.
    pub endpoint: Option<String>,
    /// What is to stand in the header `Authorization`.
    pub authorization: Option<String>,
}

impl Delivery {
    /// The receiver comes for it: also where a request names nothing.
    pub const POLL: Self = Self { method: Method::Poll, endpoint: None, authorization: None };
}

/// What a receiver wants of a stream; none of what it does not name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// Which stream.
    pub stream: Option<String>,
    /// How it is told.
    pub delivery: Option<Delivery>,
    /// What it is told of.
    pub requested: Option<BTreeSet<EventKind>>,
    /// What it calls it.
    pub description: Option<String>,
}

fn text<'a>(body: &'a Map<String, Value>, name: &str, longest: usize) -> Result<Option<&'a str>, &'static str> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= longest && !text.chars().any(char::is_control) => Ok(Some(text)),
        Some(_) => Err("a member is not a text, or too long"),
    }
}

fn read_delivery(delivery: &Value) -> Result<Delivery, &'static str> {
    let delivery = delivery.as_object().ok_or("delivery is an object")?;
    let endpoint = text(delivery, "endpoint_url", 2_000)?.map(str::to_owned);
    let authorization = text(delivery, "authorization_header", MAX_AUTHORIZATION)?.map(str::to_owned);
    match text(delivery, "method", 100)? {
        Some(PUSH) if !endpoint.as_deref().is_some_and(is_endpoint) => Err("delivery.endpoint_url is an http or https address without user, password and fragment"),
        Some(PUSH) if authorization.as_deref().is_some_and(|text| !text.bytes().all(|byte| matches!(byte, 0x20..=0x7e))) => {
            Err("delivery.authorization_header is what can stand in a header")
        }
        Some(PUSH) => Ok(Delivery { method: Method::Push, endpoint, authorization }),
        Some(POLL) => Ok(Delivery::POLL),
        _ => Err("delivery.method is urn:ietf:rfc:8935 or urn:ietf:rfc:8936"),
    }
}

/// Reads what a receiver wants. Members that are unknown are left alone, and so are event types.
///
/// # Errors
/// A sentence.
pub fn read_wish(body: &Value) -> Result<Wish, &'static str> {
    let body = body.as_object().ok_or("send an object")?;
    let requested = match body.get("events_requested") {
        None | Some(Value::Null) => None,
        Some(Value::Array(uris)) if uris.len() <= MAX_EVENTS && uris.iter().all(Value::is_string) => {
            // What is not known is passed over, also when nothing is left (SSF 1.0 section 8.1.1).
            Some(uris.iter().filter_map(Value::as_str).filter_map(EventKind::of_uri).collect())
        }
        Some(_) => return Err("events_requested is a list of at most 100 event types"),
    };
    let description = text(body, "description", MAX_DESCRIPTION * 4)?.map(|text| text.chars().take(MAX_DESCRIPTION).collect());
    Ok(Wish {
        stream: text(body, "stream_id", 64)?.map(str::to_owned),
        delivery: body.get("delivery").map(read_delivery).transpose()?,
        requested,
        description,
    })
}

/// Whether what is ours of a configuration was sent back as it is (SSF 1.0 sections 8.1.1.3 and 8.1.1.4).
pub fn keeps_ours(body: &Value, current: &Value) -> bool {
    ["iss", "aud", "events_supported", "events_delivered", "min_verification_interval"]
        .iter()
        .all(|name| body.get(*name).is_none_or(|sent| Some(sent) == current.get(*name)))
}

/// Whom a subject identifier means, as a client knows them; none for what we tell nobody by.
pub fn subject_of<'a>(subject: &'a Value, issuer: &str) -> Option<&'a str> {
    let user = if subject.get("format").and_then(Value::as_str) == Some("complex") { subject.get("user")? } else { subject };
    let is_ours = user.get("format").and_then(Value::as_str) == Some("iss_sub") && user.get("iss").and_then(Value::as_str) == Some(issuer);
    user.get("sub").and_then(Value::as_str).filter(|sub| is_ours && sub.len() <= 255)
}

/// What a poll says (RFC 8936 section 2.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Poll {
    /// How many tokens are wanted, at most.
    pub most: i64,
    /// Whether it waits for one.
    pub waits: bool,
    /// Which were taken.
    pub acknowledged: Vec<String>,
    /// Which were refused, and why.
    pub refused: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPoll {
    max_events: Option<i64>,
    #[serde(default)]
    return_immediately: bool,
    #[serde(default)]
    ack: Vec<String>,
    #[serde(default)]
    set_errs: Map<String, Value>,
}

/// Reads a poll.
///
/// # Errors
/// A sentence.
pub fn read_poll(body: &Value) -> Result<Poll, &'static str> {
    if !body.is_object() {
        return Err("send an object");
    }
    let raw: RawPoll = serde_json::from_value(body.clone()).map_err(|_| "maxEvents is a number, returnImmediately true or false, ack a list, setErrs an object")?;
    if raw.ack.len() + raw.set_errs.len() > MAX_ACKNOWLEDGED {
        return Err("ack and setErrs name at most 1000 tokens");
    }
    if raw.max_events.is_some_and(|most| most < 0) {
        return Err("maxEvents is 0 or more");
    }
    let code = |error: &Value| {
        let code = error.get("err").and_then(Value::as_str).unwrap_or_default();
        let is_word = (1..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if is_word { code.to_owned() } else { "refused".to_owned() }
    };
    Ok(Poll {
        most: raw.max_events.unwrap_or(MAX_POLLED).min(MAX_POLLED),
        waits: !raw.return_immediately,
        refused: raw.set_errs.iter().map(|(id, error)| (id.clone(), code(error))).collect(),
        acknowledged: raw.ack,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_and_bad_ones_refused() {
        let push = json!({ "delivery": { "method": PUSH, "endpoint_url": "https://r.example/e", "authorization_header": "Bearer x" }, "events_requested": [EventKind::SessionRevoked.uri(), "https://else"], "more": 1 });
        let wish = read_wish(&push).unwrap();
        assert_eq!(wish.requested, Some([EventKind::SessionRevoked].into()));
        assert_eq!(wish.delivery.unwrap().authorization.as_deref(), Some("Bearer x"));
        assert_eq!(read_wish(&json!({})).unwrap(), Wish::default());
        assert_eq!(read_wish(&json!({ "events_requested": ["https://else"] })).unwrap().requested, Some(BTreeSet::new()), "nothing, not everything");
        for bad in [
            json!([]),
            json!({ "delivery": 1 }),
            json!({ "delivery": { "method": "x" } }),
            json!({ "delivery": { "method": PUSH } }),
            json!({ "delivery": { "method": PUSH, "endpoint_url": "ftp://r.example/" } }),
            json!({ "delivery": { "method": PUSH, "endpoint_url": "https://u:p@r.example/" } }),
            json!({ "delivery": { "method": PUSH, "endpoint_url": "https://r.example/", "authorization_header": "a\r\nb: c" } }),
            json!({ "events_requested": "x" }),
            json!({ "description": 7 }),
            json!({ "stream_id": "x".repeat(65) }),
        ] {
            assert!(read_wish(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_subject_is_ours_or_nobodys() {
        let ours = json!({ "format": "iss_sub", "iss": "https://i", "sub": "s" });
        assert_eq!(subject_of(&ours, "https://i"), Some("s"));
        assert_eq!(subject_of(&json!({ "format": "complex", "user": ours, "session": { "format": "opaque", "id": "x" } }), "https://i"), Some("s"));
        for other in [
            json!({ "format": "email", "email": "a@b.example" }),
            json!({ "format": "iss_sub", "iss": "https://other", "sub": "s" }),
            json!(null),
            json!({ "format": "complex" }),
        ] {
            assert_eq!(subject_of(&other, "https://i"), None, "{other}");
        }
    }

    #[test]
    fn polls_are_bounded() {
        let poll = read_poll(&json!({ "maxEvents": 5, "ack": ["a"], "setErrs": { "b": { "err": "invalid_key", "description": "x" }, "c": { "err": "<script>" } } })).unwrap();
        assert_eq!((poll.most, poll.waits), (5, true));
        assert_eq!(poll.refused, [("b".to_owned(), "invalid_key".to_owned()), ("c".to_owned(), "refused".to_owned())]);
        assert_eq!(read_poll(&json!({ "maxEvents": 1_000_000, "returnImmediately": true })).unwrap(), Poll { most: MAX_POLLED, ..Poll::default() });
        for bad in [json!(null), json!({ "maxEvents": -1 }), json!({ "ack": "x" }), json!({ "ack": vec!["x"; 1_001] })] {
            assert!(read_poll(&bad).is_err());
        }
    }
}
