//! How a client proves itself: exactly one method, the registered one (RFC 6749 section 2.3, OIDC Core section 9, RFC 7523).

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};

use super::metadata::{AuthMethod, Client};
use super::store;
use crate::base::encoding::{from_base64, from_base64url};
use crate::base::ids::ClientId;
use crate::base::secret::{Secret, SecretHash};
use crate::base::time::UnixSeconds;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, EventSpec};
use crate::platform::crypto::jws::SigningAlgorithm;
use crate::platform::db::StoreError;
use crate::platform::http::client_address::source_of;
use crate::platform::http::guard::origin_of;
use crate::platform::http::params::Params;
use crate::platform::telemetry::metrics::Event;

/// A client failed to authenticate.
pub const CLIENT_REFUSED: EventSpec = EventSpec::new("client_refused", "A client failed to authenticate.");

/// The only assertion type.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far in the future an assertion may expire, in seconds.
const LONGEST_ASSERTION_SECONDS: i64 = 600;
/// How far clocks may differ, in seconds.
const SKEW_SECONDS: i64 = 30;

/// Why a client was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRefused {
    /// Several methods at once, or none that can be read.
    Malformed,
    /// Unknown client, other method, wrong secret: one answer for all.
    Failed {
        /// Whether HTTP Basic was tried.
        is_basic: bool,
    },
    /// Too many failures from this source for this client.
    Throttled,
    /// The database does not answer.
    Unavailable,
}

impl From<StoreError> for ClientRefused {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a client could not be authenticated");
        Self::Unavailable
    }
}

/// What a request presents.
#[derive(Debug)]
enum Presented {
    Nothing { client_id: String },
    Basic { client_id: String, secret: Secret },
    Post { client_id: String, secret: Secret },
    Assertion { client_id: String, assertion: String },
}

impl Presented {
    fn client_id(&self) -> &str {
        match self {
            Self::Nothing { client_id } | Self::Basic { client_id, .. } | Self::Post { client_id, .. } | Self::Assertion { client_id, .. } => client_id,
        }
    }

    const fn is_basic(&self) -> bool {
        matches!(self, Self::Basic { .. })
    }

    const fn method(&self) -> AuthMethod {
        match self {
            Self::Nothing { .. } => AuthMethod::None,
            Self::Basic { .. } => AuthMethod::ClientSecretBasic,
            Self::Post { .. } => AuthMethod::ClientSecretPost,
            Self::Assertion { .. } => AuthMethod::PrivateKeyJwt,
        }
    }
}

fn basic_credentials(header: &str) -> Option<(String, Secret)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 1_024 {
        return None;
    }
    let text = String::from_utf8(from_base64(encoded.trim())?).ok()?;
    let (id, secret) = text.split_once(':')?;
    // RFC 6749 section 2.3.1: both are form-encoded first.
    let decode = |part: &str| url::form_urlencoded::parse(format!("v={}", part.replace('&', "%26")).as_bytes()).next().map(|(_, value)| value.into_owned());
    Some((decode(id)?, Secret::new(decode(secret)?)))
}

fn presented(authorization: &[&str], params: &Params) -> Result<Presented, ClientRefused> {
    let has_assertion = params.contains("client_assertion") || params.contains("client_assertion_type");
    let has_secret = params.get("client_secret").is_some();
    let named = params.get("client_id");
    match (authorization, has_secret, has_assertion) {
        ([header], false, false) => {
            let (client_id, secret) = basic_credentials(header).ok_or(ClientRefused::Failed { is_basic: true })?;
            if named.is_some_and(|named| named != client_id) {
                return Err(ClientRefused::Malformed);
            }
            Ok(Presented::Basic { client_id, secret })
        }
        ([], true, false) => {
            let client_id = named.ok_or(ClientRefused::Malformed)?.to_owned();
            Ok(Presented::Post { client_id, secret: Secret::new(params.get("client_secret").unwrap_or_default().to_owned()) })
        }
        ([], false, true) => {
            let assertion = params.get("client_assertion").ok_or(ClientRefused::Malformed)?.to_owned();
            if params.get("client_assertion_type") != Some(ASSERTION_TYPE) {
                return Err(ClientRefused::Malformed);
            }
            let subject = unverified_subject(&assertion).ok_or(ClientRefused::Failed { is_basic: false })?;
            if named.is_some_and(|named| named != subject) {
                return Err(ClientRefused::Failed { is_basic: false });
            }
            Ok(Presented::Assertion { client_id: subject, assertion })
        }
        ([], false, false) => Ok(Presented::Nothing { client_id: named.ok_or(ClientRefused::Failed { is_basic: false })?.to_owned() }),
        _ => Err(ClientRefused::Malformed),
    }
}

/// Authenticates the client of a request.
///
/// # Errors
/// [`ClientRefused`].
pub async fn authenticate(state: &OAuthState, request: &HttpRequest, params: &Params) -> Result<Arc<Client>, ClientRefused> {
    let headers: Vec<&str> = request.headers().get_all(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default()).collect();
    let presented = presented(&headers, params)?;
    let is_basic = presented.is_basic();
    let failed = ClientRefused::Failed { is_basic };
    let origin = origin_of(request);
    let source = origin.address.map(source_of).unwrap_or_default();
    let client = match presented.client_id().parse::<ClientId>() {
        Ok(id) => state.clients.find(&id).await?,
        Err(_) => None,
    };
    let known = client.as_ref().map(|client| client.id.clone());
    if state.client_failures.is_exhausted(&source, known.as_ref(), state.tools.clock.monotonic()) {
        return Err(ClientRefused::Throttled);
    }
    if let Some(client) = client
        && is_genuine(state, &client, &presented).await?
    {
        return Ok(client);
    }
    state.http.metrics.count(Event::client_refused);
    // An id that is not one of ours is not repeated into the log.
    let about = known.as_ref().map(|id| format!("client:{id}")).unwrap_or_default();
    if state.client_failures.count(&source, known, state.tools.clock.monotonic()) {
        let tools = state.tools.clone();
        let entry = Entry::refusal(CLIENT_REFUSED, Actor::Anonymous, about, presented.method().as_str(), &origin);
        state.db.write(move |tx| audit::record(tx, &tools, &entry)).await?;
    }
    Err(failed)
}

async fn is_genuine(state: &OAuthState, client: &Client, presented: &Presented) -> Result<bool, StoreError> {
    if client.metadata.token_endpoint_auth_method != presented.method() {
        return Ok(false);
    }
    let now = state.tools.now();
    Ok(match presented {
        Presented::Nothing { .. } => true,
        Presented::Basic { secret, .. } | Presented::Post { secret, .. } => is_secret_right(client, secret, now),
        Presented::Assertion { assertion, .. } => match verify_assertion(client, assertion, state.http.issuer.as_str(), now) {
            None => false,
            Some(claims) => {
                let (id, jti) = (client.id.clone(), claims.jti);
                let keep_until = UnixSeconds(claims.exp).plus(SKEW_SECONDS);
                match state.db.write(move |tx| store::redeem_assertion_id(tx, &id, &jti, keep_until)).await {
                    Ok(()) => true,
                    Err(StoreError::Conflict) => false,
                    Err(error) => return Err(error),
                }
            }
        },
    })
}

fn is_secret_right(client: &Client, secret: &Secret, now: UnixSeconds) -> bool {
    let presented = SecretHash::of(secret.expose());
    // Both are compared, whatever the first says.
    let is_current = client.secret_hash.as_deref().is_some_and(|stored| presented.matches(stored));
    let is_previous = client.previous_secret.as_ref().is_some_and(|(stored, until)| presented.matches(stored) && now < *until);
    is_current | is_previous
}

#[derive(serde::Deserialize)]
struct AssertionClaims {
    iss: String,
    sub: String,
    // The issuer's string alone: a list, or the token endpoint, opens the way for another server's assertions.
    aud: String,
    exp: i64,
    jti: String,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
}

#[derive(serde::Deserialize)]
struct SubjectOnly {
    sub: String,
}

fn unverified_subject(assertion: &str) -> Option<String> {
    let payload = from_base64url(assertion.split('.').nth(1)?)?;
    serde_json::from_slice::<SubjectOnly>(&payload).ok().map(|claims| claims.sub)
}

/// Header members that change what a signature covers, or how a token is read.
const FORBIDDEN_HEADERS: [&str; 4] = ["crit", "b64", "zip", "enc"];

fn verify_assertion(client: &Client, assertion: &str, issuer: &str, now: UnixSeconds) -> Option<AssertionClaims> {
    let raw_header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&from_base64url(assertion.split('.').next()?)?).ok()?;
    if FORBIDDEN_HEADERS.iter().any(|name| raw_header.contains_key(*name)) {
        return None;
    }
    let algorithm = SigningAlgorithm::parse(raw_header.get("alg")?.as_str()?)?;
    if client.metadata.token_endpoint_auth_signing_alg.is_some_and(|only| only != algorithm) {
        return None;
    }
    let kid = raw_header.get("kid").and_then(serde_json::Value::as_str);
    let keys = client.metadata.jwks.as_ref()?;
    // Keys come from the registration alone: `jwk`, `jku` and `x5c` in the header are never looked at.
    let candidates = keys.keys.iter().filter(|key| kid.is_none() || key.common.key_id.as_deref() == kid).take(20);
    let claims = candidates.into_iter().find_map(|key| decode_with(key, algorithm, assertion))?;
    let is_mine = claims.iss == client.id.as_str() && claims.sub == client.id.as_str() && claims.aud == issuer;
    let lives = claims.exp > now.0 - SKEW_SECONDS && claims.exp <= now.0 + LONGEST_ASSERTION_SECONDS + SKEW_SECONDS;
    let has_begun = [claims.nbf, claims.iat].into_iter().flatten().all(|at| at <= now.0 + SKEW_SECONDS);
    let is_named = (1..=256).contains(&claims.jti.len());
    (is_mine && lives && has_begun && is_named).then_some(claims)
}

fn decode_with(key: &Jwk, algorithm: SigningAlgorithm, assertion: &str) -> Option<AssertionClaims> {
    let mut validation = Validation::new(algorithm.as_jsonwebtoken());
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims(&["exp", "iss", "sub", "aud"]);
    jsonwebtoken::decode(assertion, &DecodingKey::from_jwk(key).ok()?, &validation).ok().map(|data| data.claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(authorization: &[&str], form: &str) -> Result<&'static str, ClientRefused> {
        presented(authorization, &Params::parse(form.as_bytes()).unwrap()).map(|presented| presented.method().as_str())
    }

    #[test]
    fn exactly_one_method_is_accepted() {
        let basic = "Basic c2hvcDpzZWNyZXQ="; // shop:secret
        let assertion = "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=e30.eyJzdWIiOiJzaG9wIn0.AA";
        assert_eq!(read(&[basic], ""), Ok("client_secret_basic"));
        assert_eq!(read(&[], "client_id=shop&client_secret=x"), Ok("client_secret_post"));
        assert_eq!(read(&[], assertion), Ok("private_key_jwt"));
        assert_eq!(read(&[], "client_id=shop"), Ok("none"));
        assert_eq!(read(&[basic], "client_id=shop&client_secret=x"), Err(ClientRefused::Malformed));
        assert_eq!(read(&[basic], assertion), Err(ClientRefused::Malformed));
        assert_eq!(read(&[basic, basic], ""), Err(ClientRefused::Malformed));
        assert_eq!(read(&[basic], "client_id=other"), Err(ClientRefused::Malformed));
        assert_eq!(read(&[], "client_secret=x"), Err(ClientRefused::Malformed));
        assert_eq!(read(&[], ""), Err(ClientRefused::Failed { is_basic: false }));
        assert_eq!(read(&["Basic !!!"], ""), Err(ClientRefused::Failed { is_basic: true }));
        assert_eq!(read(&["Bearer x"], ""), Err(ClientRefused::Failed { is_basic: true }));
    }

    #[test]
    fn basic_credentials_are_form_decoded() {
        let (id, secret) = basic_credentials("basic c2hvcCUzQWE6YSUyQmIrYw==").unwrap(); // shop%3Aa:a%2Bb+c
        assert_eq!((id.as_str(), secret.expose()), ("shop:a", "a+b c"));
    }
}
