//! Tells receivers what is put down for them: several at a time, each apart from the others, so that one that does not answer holds up nobody else.

use std::sync::Arc;

use openidconnect::http::{HeaderValue, Method as HttpMethod, Request, header};

use super::deliveries::store::{self as deliveries, Delivery, Outcome, Which};
use super::fan_out::stop;
use super::model::{EventKind, Method};
use super::rules::{self, Verdict};
use super::streams::{Stream, keys, store as streams};
use super::{Told, tell};
use crate::base::ids::StreamId;
use crate::base::time::UnixSeconds;
use crate::oauth::clients::store as clients;
use crate::oauth::state::OAuthState;
use crate::platform::crypto::jws::{SigningAlgorithm, TokenType};
use crate::platform::db::{DbConnection, StoreError, WriteTx};

/// Requests to one receiver at a time.
const AT_A_TIME: i64 = 8;
/// Receivers that are served at a time.
pub const RECEIVERS: usize = 64;

/// Everything that one receiver is to be told now.
pub struct Errand {
    receiver: String,
    deliveries: Vec<Delivery>,
}

/// Leases what is due, an errand for each of at most `most` receivers, in turn. Of one that did not answer the last time, a single delivery is tried.
///
/// # Errors
/// [`StoreError`].
pub async fn take_errands(state: &Arc<OAuthState>, most: usize) -> Result<Vec<Errand>, StoreError> {
    let now = state.tools.now();
    let find = move |connection: &mut DbConnection| {
        let (held, polled) = (streams::list_held(connection)?, streams::list_polled(connection)?);
        let due = deliveries::list_due_receivers(connection, &held, &polled, now)?;
        Ok(due.into_iter().map(|(receiver, failures)| (if held.contains(&receiver) { Which::Own } else { Which::All }, receiver, failures)).collect::<Vec<_>>())
    };
    let mut due = state.db.read(find).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    // Where there are more than can be served at once, everybody has a turn.
    let turn = usize::try_from(now.0).unwrap_or(0).wrapping_mul(most.max(1)) % due.len();
    due.rotate_left(turn);
    let mut errands = Vec::new();
    for (which, receiver, failures) in due.into_iter().take(most) {
        let (tools, wanted) = (state.tools.clone(), receiver.clone());
        let limit = if failures > 0 { 1 } else { AT_A_TIME };
        // Each in a transaction of its own.
        let deliveries = state.db.write(move |tx: &mut WriteTx<'_>| deliveries::lease_due(tx, &tools, &wanted, which, limit)).await?;
        if !deliveries.is_empty() {
            errands.push(Errand { receiver, deliveries });
        }
    }
    Ok(errands)
}

/// What came of one request.
struct Answered {
    verdict: Verdict,
    status: Option<u16>,
    why: Option<String>,
    /// How long the receiver wants to be left alone, in seconds.
    wait_seconds: i64,
}

impl Answered {
    fn not_sent(why: &str, verdict: Verdict) -> Self {
        Self { verdict, status: None, why: Some(why.to_owned()), wait_seconds: 0 }
    }
}

/// Runs an errand, and notes what came of it.
///
/// # Errors
/// [`StoreError`].
pub async fn run(state: &Arc<OAuthState>, errand: Errand) -> Result<(), StoreError> {
    let tries = errand.deliveries.iter().map(|delivery| attempt(state, delivery));
    // One that could not be tried does not undo what the others heard.
    let settled = |tried: Result<Answered, StoreError>| {
        tried.unwrap_or_else(|error| {
            tracing::warn!(%error, "a delivery could not be tried");
            Answered::not_sent("it could not be sent from here", Verdict::Later)
        })
    };
    let answers: Vec<Answered> = futures_util::future::join_all(tries).await.into_iter().map(settled).collect();
    let (tools, receiver) = (state.tools.clone(), errand.receiver);
    let settled: Vec<_> = errand.deliveries.into_iter().zip(answers).collect();
    let work = move |tx: &mut WriteTx<'_>| {
        let now = tools.now();
        let (mut is_answered, mut failure, mut wait) = (false, None, 0);
        for (delivery, answered) in &settled {
            let outcome = match answered.verdict {
                Verdict::Heard => Outcome::Heard,
                Verdict::Later if delivery.first_tried_at.is_some_and(|first| now.since(first) >= rules::PATIENCE_SECONDS) => Outcome::Never,
                Verdict::Later => Outcome::Later(now.plus(rules::pause(delivery.attempts + 1).max(answered.wait_seconds))),
                Verdict::Never | Verdict::Gone => Outcome::Never,
            };
            deliveries::settle(tx, &delivery.id, &outcome, (answered.status, answered.why.as_deref()), now)?;
            match answered.verdict {
                Verdict::Heard | Verdict::Never => is_answered = true,
                Verdict::Later | Verdict::Gone => {
                    failure = Some(answered.why.clone().unwrap_or_default());
                    wait = wait.max(answered.wait_seconds);
                }
            }
            if answered.verdict == Verdict::Gone
                && let Ok(id) = receiver.parse::<StreamId>()
                && let Some(stream) = streams::find_stream(tx, &id)?
            {
                stop(tx, &tools, &stream, "the receiver answered 410")?;
            }
        }
        match failure {
            // Of several at once some may be heard: whoever answers is there.
            Some(why) if !is_answered => deliveries::note_failure(tx, &receiver, &why, |failures| rules::pause(failures).max(wait), now),
            _ => deliveries::note_success(tx, &receiver, now),
        }
    };
    state.db.write(work).await
}

/// Signs one delivery, and sends it.
async fn attempt(state: &Arc<OAuthState>, delivery: &Delivery) -> Result<Answered, StoreError> {
    let (receiver, client, method, tools) = (delivery.receiver.clone(), delivery.client.clone(), delivery.method, state.tools.clone());
    let find = move |connection: &mut DbConnection| {
        let client = clients::find_client(connection, &client)?;
        let stream = match receiver.parse::<StreamId>() {
            Ok(id) if method != Method::Logout => streams::find_stream(connection, &id)?,
            _ => None,
        };
        let authorization = match &stream {
            Some(stream) if method == Method::Push => streams::find_authorization(connection, &tools, &stream.id)?,
            _ => None,
        };
        Ok((client, stream, authorization))
    };
    let (client, stream, authorization) = state.db.read(find).await?;
    let is_off = client.as_ref().is_some_and(|client| client.disabled_at.is_some());
    if is_off {
        return Ok(Answered::not_sent("the client is switched off", Verdict::Later));
    }
    // A stream may have been changed since this was put down.
    let method = stream.as_ref().map_or(method, |stream| stream.method);
    let Some(client) = client else { return Ok(Answered::not_sent("the client is not registered any longer", Verdict::Never)) };
    let target = match (method, &stream) {
        (Method::Logout, _) => client.metadata.backchannel_logout_uri.clone(),
        (_, Some(stream)) => stream.endpoint.clone(),
        (_, None) => None,
    };
    let Some(target) = target else { return Ok(Answered::not_sent("there is no address to send it to any longer", Verdict::Never)) };
    let built = match method {
        Method::Logout => logout_request(state, delivery, &target, client.metadata.id_token_signed_response_alg),
        Method::Push => sign_event(state, delivery).map(|token| request(&target, "application/secevent+jwt", token, authorization.as_deref())),
        Method::Webhook => match &stream {
            Some(stream) => webhook_request(state, delivery, &target, stream),
            None => Ok(None),
        },
        Method::Poll => Ok(None),
    };
    let Some(request) = built? else { return Ok(Answered::not_sent("the address cannot be used", Verdict::Never)) };
    Ok(match state.outgoing.call(request).await {
        Err(failed) => Answered::not_sent(&failed.to_string(), Verdict::Later),
        Ok(answer) => {
            let status = answer.status().as_u16();
            let code = error_code(answer.body());
            let is_passing = matches!(code.as_deref(), Some("authentication_failed" | "access_denied"));
            let verdict = match rules::judge(method, status) {
                // Credentials can be set right.
                Verdict::Never if method == Method::Push && is_passing => Verdict::Later,
                verdict => verdict,
            };
            let why = (verdict != Verdict::Heard).then(|| code.map_or_else(|| format!("HTTP {status}"), |code| format!("HTTP {status}: {code}")));
            let asked = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
            Answered { verdict, status: Some(status), why, wait_seconds: asked.unwrap_or(0).clamp(0, rules::MAX_PAUSE_SECONDS) }
        }
    })
}

/// The code in the body of a refusal (RFC 8935 section 2.3), if it is one of plain words: what else stands there is nobody's to repeat.
fn error_code(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let code = value.get("err").or_else(|| value.get("error"))?.as_str()?;
    ((1..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')).then(|| code.to_owned())
}

fn no_key() -> StoreError {
    StoreError::Unavailable("there is no key to sign with".to_owned())
}

/// The security event token of a delivery.
///
/// # Errors
/// [`StoreError::Unavailable`] when there is no key.
pub fn sign_event(state: &OAuthState, delivery: &Delivery) -> Result<String, StoreError> {
    let keys = state.keys.current();
    // What every receiver of the framework can check.
    let signer = keys.signer(SigningAlgorithm::RS256).ok_or_else(no_key)?;
    signer.sign(TokenType::SecurityEvent, &tell::security_event(state.http.issuer.as_str(), delivery)).map_err(|_| no_key())
}

type Sent = Option<openidconnect::HttpRequest>;

fn request(target: &str, media_type: &'static str, body: String, authorization: Option<&str>) -> Sent {
    let mut built = Request::builder().method(HttpMethod::POST).uri(target).header(header::CONTENT_TYPE, media_type).header(header::ACCEPT, "application/json");
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::from_str(authorization).ok()?;
        value.set_sensitive(true);
        built = built.header(header::AUTHORIZATION, value);
    }
    built.body(body.into_bytes()).ok()
}

fn logout_request(state: &OAuthState, delivery: &Delivery, target: &str, algorithm: SigningAlgorithm) -> Result<Sent, StoreError> {
    let keys = state.keys.current();
    let signer = keys.signer(algorithm).ok_or_else(no_key)?;
    let token = signer.sign(TokenType::LogoutToken, &tell::logout_token(state.http.issuer.as_str(), delivery, state.tools.now())).map_err(|_| no_key())?;
    Ok(request(target, "application/x-www-form-urlencoded", format!("logout_token={token}"), None))
}

fn webhook_request(state: &OAuthState, delivery: &Delivery, target: &str, stream: &Stream) -> Result<Sent, StoreError> {
    let (body, now) = (tell::webhook(state.http.issuer.as_str(), delivery), state.tools.now());
    let signatures = keys::signatures(&state.tools.ring, stream, (&delivery.id, now, &body), now)?;
    let Some(mut request) = request(target, "application/json", body, None) else { return Ok(None) };
    for (name, text) in [("webhook-id", delivery.id.clone()), ("webhook-timestamp", now.0.to_string()), ("webhook-signature", signatures)] {
        let Ok(value) = HeaderValue::from_str(&text) else { return Ok(None) };
        request.headers_mut().insert(name, value);
    }
    Ok(Some(request))
}

/// Puts an event of the stream itself down for it.
///
/// # Errors
/// [`StoreError`].
pub fn put_own(
    tx: &mut WriteTx<'_>,
    state: &OAuthState,
    stream: &Stream,
    kind: EventKind,
    facts: serde_json::Map<String, serde_json::Value>,
    at: UnixSeconds,
) -> Result<(), StoreError> {
    let told = Told { kind, transaction: stream.id.to_string(), subject: None, session: None, at: at.0, facts };
    deliveries::insert_delivery(tx, &state.tools, &deliveries::NewDelivery { receiver: stream.id.as_str(), client: &stream.client, method: stream.method, told: &told })
}
