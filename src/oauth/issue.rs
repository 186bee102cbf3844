//! The only mint: access tokens (RFC 9068) and ID tokens (OIDC Core section 2) are made here, for an [`Approved`] alone, after the commit that consumed what it was given for.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::claims;
use super::clients::Client;
use super::clients::metadata::AccessTokenFormat;
use super::error::OAuthError;
use super::grant::store::StoredToken;
use super::grant::{Grant, purchase};
use super::scope::Scope;
use super::state::OAuthState;
use crate::base::encoding::base64url;
use crate::base::purchase::Purchase;
use crate::base::random;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::jws::{CryptoRefused, SigningAlgorithm, TokenType};
use crate::platform::db::{StoreError, WriteTx};

/// The proof that a token may be issued: who asked was authenticated, and what was shown was consumed. Built only by the grants of the token endpoint.
pub struct Approved {
    client: Arc<Client>,
    scope: Scope,
    /// `sub` as this client knows it; the client's own id for its own tokens.
    subject: String,
    grant: Option<Grant>,
    nonce: Option<String>,
    id_token_claims: Map<String, Value>,
    refresh_token: Option<Secret>,
    opaque: Option<Secret>,
    purchase: Option<Purchase>,
    issued_at: UnixSeconds,
}

/// What an approval for a customer's grant consists of.
pub(in crate::oauth) struct ForCustomer {
    /// To whom.
    pub client: Arc<Client>,
    /// The grant that stands behind it.
    pub grant: Grant,
    /// What the tokens allow.
    pub scope: Scope,
    /// `sub` as this client knows it.
    pub subject: String,
    /// The nonce of the authorization request.
    pub nonce: Option<String>,
    /// Claims about the customer for the ID token.
    pub id_token_claims: Map<String, Value>,
    /// The refresh token that goes along.
    pub refresh_token: Option<Secret>,
    /// The purchase that was confirmed.
    pub purchase: Option<Purchase>,
}

impl Approved {
    /// Approves tokens for a customer's grant; called inside the transaction that consumed the code or rotated the family.
    ///
    /// # Errors
    /// [`StoreError`] when an opaque token cannot be stored.
    pub(in crate::oauth) fn for_customer(tx: &mut WriteTx<'_>, state: &OAuthState, parts: ForCustomer) -> Result<Self, StoreError> {
        let ForCustomer { client, grant, scope, subject, nonce, id_token_claims, refresh_token, purchase } = parts;
        let mut approved = Self { client, scope, subject, grant: Some(grant), nonce, id_token_claims, refresh_token, opaque: None, purchase, issued_at: state.tools.now() };
        approved.store_opaque(tx, state)?;
        Ok(approved)
    }

    /// Approves a token of the client's own (RFC 6749 section 4.4). A JWT needs no row; an opaque one is stored by [`Self::store_opaque`].
    pub(in crate::oauth) fn for_client(state: &OAuthState, client: Arc<Client>, scope: Scope) -> Self {
        let subject = client.id.as_str().to_owned();
        Self {
            client,
            scope,
            subject,
            grant: None,
            nonce: None,
            id_token_claims: Map::new(),
            refresh_token: None,
            opaque: None,
            purchase: None,
            issued_at: state.tools.now(),
        }
    }

    /// Makes and stores the opaque access token, for clients that want one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(in crate::oauth) fn store_opaque(&mut self, tx: &mut WriteTx<'_>, state: &OAuthState) -> Result<(), StoreError> {
        if self.client.metadata.access_token_format == AccessTokenFormat::Jwt {
            return Ok(());
        }
        let secret = Secret::new(format!("cat_{}", Secret::generate(state.tools.entropy()).expose()));
        let sealed = match (&self.purchase, &self.grant) {
            (Some(bought), Some(grant)) => Some(purchase::seal(tx, &state.tools, &grant.customer, (purchase::OF_TOKEN, &secret.hash()), bought)?),
            _ => None,
        };
        let stored = StoredToken {
            grant: self.grant.as_ref().map(|grant| grant.id.clone()),
            client_id: self.client.id.as_str().to_owned(),
            scope: self.scope.to_text(),
            issued_at: self.issued_at,
            expires_at: self.expires_at(state),
            purchase: sealed,
        };
        super::grant::store::insert_opaque_token(tx, &secret.hash(), &stored)?;
        self.opaque = Some(secret);
        Ok(())
    }

    fn expires_at(&self, state: &OAuthState) -> UnixSeconds {
        let lifetime = self.client.metadata.access_token_lifetime_seconds.map_or(state.policy.access_token_seconds, i64::from);
        let end = self.issued_at.plus(lifetime);
        // No token outlives the grant behind it.
        self.grant.as_ref().map_or(end, |grant| end.min(grant.expires_at))
    }
}

/// The answer of the token endpoint (RFC 6749 section 5.1).
#[derive(serde::Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    /// What was authorized (RFC 9396 section 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_details: Option<[Purchase; 1]>,
}

/// `aud`: a string when there is one, else a list.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Audience<'a> {
    One(&'a str),
    Several(Vec<&'a str>),
}

#[derive(serde::Serialize)]
struct AccessClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: Audience<'a>,
    client_id: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<&'a [String]>,
    /// RFC 9396 section 9.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_details: Option<[&'a Purchase; 1]>,
}

#[derive(serde::Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    auth_time: i64,
    acr: &'static str,
    amr: &'a [String],
    sid: String,
    at_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_details: Option<[&'a Purchase; 1]>,
    #[serde(flatten)]
    about: &'a Map<String, Value>,
}

impl From<CryptoRefused> for OAuthError {
    fn from(error: CryptoRefused) -> Self {
        tracing::error!(%error, "a token could not be signed");
        Self::server_error()
    }
}

/// Signs the tokens that were approved. Runs inline on the async worker: a hop to another thread would cost more than the signature.
///
/// # Errors
/// [`OAuthError::server_error`] when there is no key for the client's algorithm.
pub fn sign(state: &OAuthState, approved: &Approved) -> Result<TokenResponse, OAuthError> {
    let expires_at = approved.expires_at(state);
    let scope = approved.scope.to_text();
    let access_token = match &approved.opaque {
        Some(opaque) => opaque.expose().to_owned(),
        None => sign_access_token(state, approved, &scope, expires_at)?,
    };
    let id_token = match &approved.grant {
        Some(grant) if approved.scope.contains("openid") => Some(sign_id_token(state, approved, grant, &access_token)?),
        Some(_) | None => None,
    };
    Ok(TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in: expires_at.since(approved.issued_at),
        scope,
        refresh_token: approved.refresh_token.as_ref().map(|token| token.expose().to_owned()),
        id_token,
        authorization_details: approved.purchase.clone().map(|bought| [bought]),
    })
}

fn sign_access_token(state: &OAuthState, approved: &Approved, scope: &str, expires_at: UnixSeconds) -> Result<String, OAuthError> {
    let (metadata, issuer) = (&approved.client.metadata, state.http.issuer.as_str());
    let aud =
        if metadata.audience.is_empty() { Audience::One(issuer) } else { Audience::Several(std::iter::once(issuer).chain(metadata.audience.iter().map(String::as_str)).collect()) };
    let authentication = approved.grant.as_ref().map(|grant| &grant.authentication);
    let family = approved.grant.as_ref().map_or("client", |grant| grant.id.as_str());
    let claims = AccessClaims {
        iss: issuer,
        sub: &approved.subject,
        aud,
        client_id: approved.client.id.as_str(),
        iat: approved.issued_at.0,
        exp: expires_at.0,
        jti: format!("{family}.{}", base64url(random::bytes::<12>(state.tools.entropy()))),
        scope,
        auth_time: authentication.map(|authentication| authentication.auth_time().0),
        acr: authentication.map(|authentication| authentication.acr.as_str()),
        amr: authentication.map(|authentication| authentication.amr.as_slice()),
        authorization_details: approved.purchase.as_ref().map(|bought| [bought]),
    };
    let keys = state.keys.current();
    let signer = keys.signer(metadata.access_token_signed_response_alg).ok_or_else(OAuthError::server_error)?;
    Ok(signer.sign(TokenType::AccessToken, &claims)?)
}

fn sign_id_token(state: &OAuthState, approved: &Approved, grant: &Grant, access_token: &str) -> Result<String, OAuthError> {
    let client = &approved.client;
    let claims = IdClaims {
        iss: state.http.issuer.as_str(),
        sub: &approved.subject,
        aud: client.id.as_str(),
        iat: approved.issued_at.0,
        exp: approved.issued_at.plus(state.policy.id_token_seconds).0,
        auth_time: grant.authentication.auth_time().0,
        acr: grant.authentication.acr.as_str(),
        amr: &grant.authentication.amr,
        sid: claims::session_name(&state.tools.ring, &grant.session_id, client.id.as_str()),
        at_hash: access_token_hash(client.metadata.id_token_signed_response_alg, access_token),
        nonce: approved.nonce.as_deref(),
        authorization_details: approved.purchase.as_ref().map(|bought| [bought]),
        about: &approved.id_token_claims,
    };
    let keys = state.keys.current();
    let signer = keys.signer(client.metadata.id_token_signed_response_alg).ok_or_else(OAuthError::server_error)?;
    Ok(signer.sign(TokenType::IdToken, &claims)?)
}

/// `at_hash` (OIDC Core section 3.1.3.6): the left half of the hash that belongs to the algorithm; SHA-512 for Ed25519.
fn access_token_hash(algorithm: SigningAlgorithm, access_token: &str) -> String {
    let hash = match algorithm {
        SigningAlgorithm::EdDsa => &aws_lc_rs::digest::SHA512,
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 | SigningAlgorithm::ES256 => &aws_lc_rs::digest::SHA256,
    };
    let digest = aws_lc_rs::digest::digest(hash, access_token.as_bytes());
    let half = digest.as_ref().len() / 2;
    base64url(digest.as_ref().get(..half).unwrap_or_default())
}
