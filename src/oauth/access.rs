//! Access tokens that come back: verified, and checked against what was revoked since.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Bytes;
use quick_cache::sync::Cache;

use super::grant::{Grant, purchase, store};
use super::scope::Scope;
use super::state::OAuthState;
use crate::base::encoding::sha256;
use crate::base::ids::{ClientId, GrantId};
use crate::base::purchase::Purchase;
use crate::base::secret::SecretHash;
use crate::base::time::{Clock, UnixSeconds};
use crate::platform::crypto::jws::TokenType;
use crate::platform::crypto::signing_keys::store::list_keys;
use crate::platform::crypto::signing_keys::{KeySet, VerifyRefused};
use crate::platform::db::{DbConnection, StoreError};
use crate::platform::tools::Tools;

/// The longest access token that we look at.
const MAX_TOKEN_BYTES: usize = 8_192;
/// How long a verified token may be served from memory. Bounds how long a revocation on another node goes unseen; on this node it is seen at once.
const FRESH: Duration = Duration::from_millis(800);

/// What an access token says, while it holds.
#[derive(Debug, Clone)]
pub struct Access {
    /// Whose it is.
    pub client_id: ClientId,
    /// The grant behind it; none for a client's own.
    pub grant: Option<Grant>,
    /// What it allows.
    pub scope: Scope,
    /// `sub` as it stands in a JWT; of an opaque token it is derived when needed.
    pub subject: Option<String>,
    /// Its audience, from a JWT.
    pub audience: Vec<String>,
    /// Its id, from a JWT.
    pub jti: Option<String>,
    /// The purchase that its customer confirmed.
    pub purchase: Option<Purchase>,
    /// When it was issued.
    pub issued_at: UnixSeconds,
    /// When it expires.
    pub expires_at: UnixSeconds,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(serde::Deserialize)]
struct Claims {
    sub: String,
    aud: Audience,
    client_id: ClientId,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    authorization_details: Vec<Purchase>,
    #[serde(flatten)]
    _rest: BTreeMap<String, serde_json::Value>,
}

type Kept<T> = Cache<[u8; 32], (Duration, u64, T)>;

/// Tokens and `UserInfo` answers of the last moment.
pub struct AccessCache {
    epoch: AtomicU64,
    verified: Kept<Option<Arc<Access>>>,
    answers: Kept<Bytes>,
}

impl Default for AccessCache {
    fn default() -> Self {
        Self { epoch: AtomicU64::new(0), verified: Cache::new(10_000), answers: Cache::new(2_000) }
    }
}

impl AccessCache {
    /// Forgets everything: something was revoked.
    pub fn forget_all(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    fn look<T: Clone>(&self, kept: &Kept<T>, key: &[u8; 32], clock: &dyn Clock) -> Option<T> {
        let (at, epoch, value) = kept.get(key)?;
        (epoch == self.epoch.load(Ordering::SeqCst) && clock.monotonic().saturating_sub(at) < FRESH).then_some(value)
    }

    /// The `UserInfo` answer for a token, if it was made a moment ago.
    pub fn answer(&self, token: &str, clock: &dyn Clock) -> Option<Bytes> {
        self.look(&self.answers, &sha256(token.as_bytes()), clock)
    }

    /// Keeps an answer that was made in `epoch`.
    pub fn keep_answer(&self, token: &str, epoch: u64, answer: Bytes, clock: &dyn Clock) {
        self.answers.insert(sha256(token.as_bytes()), (clock.monotonic(), epoch, answer));
    }

    /// The current epoch, to be read before the database is.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }
}

/// What `token` says, if it is a live access token of ours.
///
/// # Errors
/// [`StoreError`].
pub async fn verify(state: &OAuthState, token: &str) -> Result<Option<Arc<Access>>, StoreError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Ok(None);
    }
    let key = sha256(token.as_bytes());
    if let Some(known) = state.access.look(&state.access.verified, &key, state.tools.clock.as_ref()) {
        return Ok(known.filter(|access| access.expires_at > state.tools.now()));
    }
    let epoch = state.access.epoch();
    let claims = if token.starts_with("cat_") {
        None
    } else {
        match read_jwt(state, token).await? {
            Ok(claims) => Some(claims),
            // A moment later it may be known.
            Err(VerifyRefused::UnknownKey) => return Ok(None),
            Err(_) => {
                state.access.verified.insert(key, (state.tools.clock.monotonic(), epoch, None));
                return Ok(None);
            }
        }
    };
    let found = verify_afresh(state, token, claims).await?.map(Arc::new);
    state.access.verified.insert(key, (state.tools.clock.monotonic(), epoch, found.clone()));
    Ok(found)
}

/// What a token whose signature holds says, or one that says nothing by itself.
async fn verify_afresh(state: &OAuthState, token: &str, claims: Option<Claims>) -> Result<Option<Access>, StoreError> {
    let now = state.tools.now();
    let found = match claims {
        None => {
            let (hash, tools) = (SecretHash::of(token), state.tools.clone());
            state.db.read(move |connection| find_opaque(connection, &tools, &hash, now)).await?
        }
        Some(claims) if claims.exp <= now.0 => return Ok(None),
        Some(claims) => state.db.read(move |connection| complete_jwt(connection, claims, now)).await?,
    };
    let Some(access) = found else { return Ok(None) };
    // A client that was switched off or removed has no live tokens.
    Ok(state.clients.find(&access.client_id).await?.map(|_| access))
}

/// The claims of a JWT of ours. A key that this node does not know yet may be one that another has just begun to sign with.
async fn read_jwt(state: &OAuthState, token: &str) -> Result<Result<Claims, VerifyRefused>, StoreError> {
    let verify = || state.keys.current().verify::<Claims>(token, TokenType::AccessToken, state.http.issuer.as_str());
    match verify() {
        Err(VerifyRefused::UnknownKey) if state.keys.may_look_again(state.tools.clock.monotonic()) => {
            let ring = Arc::clone(&state.tools.ring);
            let set = state.db.read(move |connection| KeySet::parse(&list_keys(connection)?, &ring.signing_keys)).await?;
            state.keys.replace(set);
            Ok(verify())
        }
        verified => Ok(verified),
    }
}

fn find_opaque(connection: &mut DbConnection, tools: &Tools, hash: &SecretHash, now: UnixSeconds) -> Result<Option<Access>, StoreError> {
    let Some(stored) = store::find_opaque_token(connection, hash, now)? else { return Ok(None) };
    let grant = match &stored.grant {
        None => None,
        Some(id) => match standing_grant(connection, id, now)? {
            Some(grant) => Some(grant),
            None => return Ok(None),
        },
    };
    let purchase = match (&stored.purchase, &grant) {
        (Some(sealed), Some(grant)) => Some(purchase::open(connection, tools, &grant.customer, (purchase::OF_TOKEN, hash), sealed)?),
        _ => None,
    };
    let client_id = stored.client_id.parse().map_err(|_| StoreError::corrupt("opaque_tokens", "client_id", stored.client_id.clone()))?;
    Ok(Some(Access {
        client_id,
        grant,
        scope: stored.scope.into(),
        subject: None,
        audience: Vec::new(),
        jti: None,
        purchase,
        issued_at: stored.issued_at,
        expires_at: stored.expires_at,
    }))
}

fn complete_jwt(connection: &mut DbConnection, claims: Claims, now: UnixSeconds) -> Result<Option<Access>, StoreError> {
    if store::is_revoked(connection, &SecretHash::of(&claims.jti))? {
        return Ok(None);
    }
    let family = claims.jti.split('.').next().unwrap_or_default();
    let grant = if family == "client" {
        None
    } else {
        let Ok(id) = family.parse::<GrantId>() else { return Ok(None) };
        match standing_grant(connection, &id, now)? {
            Some(grant) => Some(grant),
            None => return Ok(None),
        }
    };
    let audience = match claims.aud {
        Audience::One(one) => vec![one],
        Audience::Several(several) => several,
    };
    Ok(Some(Access {
        client_id: claims.client_id,
        grant,
        scope: claims.scope,
        subject: Some(claims.sub),
        audience,
        jti: Some(claims.jti),
        purchase: claims.authorization_details.into_iter().next(),
        issued_at: UnixSeconds(claims.iat),
        expires_at: UnixSeconds(claims.exp),
    }))
}

fn standing_grant(connection: &mut DbConnection, id: &GrantId, now: UnixSeconds) -> Result<Option<Grant>, StoreError> {
    let Some(grant) = store::find_grant(connection, id)? else { return Ok(None) };
    Ok(store::is_standing(connection, &grant, now)?.then_some(grant))
}

/// What stands in the header is not one bearer token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoBearer;

/// The bearer token in the header of a request (RFC 6750 section 2.1); none when there is no such header.
///
/// # Errors
/// When there are several, or it is of another kind.
pub fn bearer_of(request: &HttpRequest) -> Result<Option<String>, NoBearer> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(first) = headers.next() else { return Ok(None) };
    let text = first.to_str().ok().filter(|_| headers.next().is_none()).ok_or(NoBearer)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(Some(token.trim().to_owned())),
        _ => Err(NoBearer),
    }
}
