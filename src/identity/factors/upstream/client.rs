//! We as a relying party of other OpenID Providers: discovery, the authorization code flow with PKCE and nonce, and the check of the ID token (OIDC Core section 3.1.3.7), by the `openidconnect` crate over the guarded client.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, UNIX_EPOCH};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreGrantType, CoreIdToken, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AdditionalProviderMetadata, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, Scope,
    SignatureVerificationError, SubjectIdentifier, TokenResponse,
};
use url::Url;

use super::rules::{LEEWAY_SECONDS, MAX_TOKEN_AGE_SECONDS, UpstreamRefused, is_its_issuer, judge, shown_word};
use super::{Arrived, index_of};
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::outgoing::Outgoing;
use crate::platform::tools::Tools;

/// What a provider promises beside what the specification of discovery names (RFC 9207 section 3).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Promises {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Promises {}

type Metadata = ProviderMetadata<
    Promises,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;
type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// How long what a provider says of itself is believed, in seconds.
const METADATA_SECONDS: i64 = 3_600;
/// How long it is made do with while the provider cannot be asked, in seconds.
const OLD_METADATA_SECONDS: i64 = 86_400;
/// How long after one look for new keys there is none again, in seconds.
const KEYS_PAUSE_SECONDS: i64 = 60;
/// How many sign-ins may talk to one provider at a time, so that a slow one holds up nobody else.
const CALLS: usize = 8;
/// Signatures that are accepted: none that a client's secret could make.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What we keep between asking a provider and its answer.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    nonce: String,
    verifier: String,
    is_fresh: bool,
    at: UnixSeconds,
}

/// What came back to the redirect address, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    /// The code.
    pub code: Option<String>,
    /// An error instead.
    pub has_error: bool,
    /// Who says so (RFC 9207).
    pub issuer: Option<String>,
}

/// An OpenID Provider that customers may sign in with.
pub struct Upstream {
    /// Its id here, as in the redirect address.
    pub id: String,
    /// What customers know it as.
    pub name: String,
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    scopes: Vec<String>,
    known: Mutex<Option<(Metadata, UnixSeconds)>>,
    /// Sign-ins that begin, apart from those that come back: the ones do not keep the others out.
    begins: tokio::sync::Semaphore,
    calls: tokio::sync::Semaphore,
}

impl Upstream {
    /// A provider at `issuer`, an https address that its discovery document repeats to the letter.
    ///
    /// # Errors
    /// A sentence when the issuer is not an address.
    pub fn new(id: String, name: String, issuer: &str, client_id: String, client_secret: Option<Secret>, scopes: Vec<String>) -> Result<Self, String> {
        Ok(Self {
            id,
            name,
            issuer: IssuerUrl::new(issuer.to_owned()).map_err(|error| error.to_string())?,
            client_id: ClientId::new(client_id),
            client_secret: client_secret.map(|secret| ClientSecret::new(secret.expose().to_owned())),
            scopes,
            known: Mutex::new(None),
            begins: tokio::sync::Semaphore::new(CALLS),
            calls: tokio::sync::Semaphore::new(CALLS),
        })
    }
}

/// The providers of an installation.
pub struct Upstreams {
    list: Vec<Upstream>,
    outgoing: Outgoing,
}

impl Upstreams {
    /// Those of `list`, reached through `outgoing`.
    pub fn new(list: Vec<Upstream>, outgoing: Outgoing) -> Self {
        Self { list, outgoing }
    }

    /// All, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Upstream> {
        self.list.iter()
    }

    /// The one with this id.
    pub fn find(&self, id: &str) -> Option<&Upstream> {
        self.list.iter().find(|upstream| upstream.id == id)
    }

    /// What it says of itself and its keys: what is known, unless that is older than `seconds`.
    async fn metadata(&self, upstream: &Upstream, seconds: i64, now: UnixSeconds) -> Result<Metadata, UpstreamRefused> {
        let known = upstream.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_within = |at: UnixSeconds, seconds| (0..seconds).contains(&now.since(at));
        let old = match known {
            Some((metadata, at)) if is_within(at, seconds) => return Ok(metadata),
            Some((metadata, at)) if is_within(at, OLD_METADATA_SECONDS) => Some(metadata),
            _ => None,
        };
        let call = |request: HttpRequest| self.outgoing.call(request);
        match Metadata::discover_async(upstream.issuer.clone(), &call).await {
            Ok(metadata) => {
                *upstream.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((metadata.clone(), now));
                Ok(metadata)
            }
            Err(error) => {
                let what = match error {
                    DiscoveryError::Request(error) => error.to_string(),
                    DiscoveryError::Validation(_) => "it names another issuer".to_owned(),
                    _ => "it does not answer as a provider does".to_owned(),
                };
                tracing::warn!(upstream = upstream.id, what, "an upstream provider could not be discovered");
                old.ok_or(UpstreamRefused::Unreachable)
            }
        }
    }

    fn client(upstream: &Upstream, metadata: &Metadata, redirect_uri: &str) -> Result<Client, UpstreamRefused> {
        // What is in neither list is what the specification says when nothing is said.
        let wants_post = metadata
            .token_endpoint_auth_methods_supported()
            .is_some_and(|methods| !methods.contains(&CoreClientAuthMethod::ClientSecretBasic) && methods.contains(&CoreClientAuthMethod::ClientSecretPost));
        let redirect_uri = RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| UpstreamRefused::Invalid)?;
        let client = CoreClient::from_provider_metadata(metadata.clone(), upstream.client_id.clone(), upstream.client_secret.clone()).set_redirect_uri(redirect_uri);
        Ok(if wants_post { client.set_auth_type(AuthType::RequestBody) } else { client })
    }

    /// Where to send a browser so that its customer signs in at `upstream`, the `state` that comes back, and what to keep until then. `is_fresh` has the provider ask again.
    ///
    /// # Errors
    /// [`UpstreamRefused::Unreachable`] when it cannot be discovered.
    pub async fn begin(&self, tools: &Tools, upstream: &Upstream, redirect_uri: &str, is_fresh: bool) -> Result<(Url, Secret, Asked), UpstreamRefused> {
        let _permit = upstream.begins.try_acquire().map_err(|_| UpstreamRefused::Unreachable)?;
        let now = tools.now();
        let metadata = self.metadata(upstream, METADATA_SECONDS, now).await?;
        let client = Self::client(upstream, &metadata, redirect_uri)?;
        let (state, nonce, verifier) = (Secret::generate(tools.entropy()), Secret::generate(tools.entropy()), Secret::generate(tools.entropy()));
        let verifier = PkceCodeVerifier::new(verifier.expose().to_owned());
        let (its_state, its_nonce) = (CsrfToken::new(state.expose().to_owned()), Nonce::new(nonce.expose().to_owned()));
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || its_state, move || its_nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        // The crate asks for openid by itself.
        for scope in upstream.scopes.iter().filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if is_fresh {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        let (url, ..) = request.url();
        let is_fit = url.scheme() == "https" || (url.scheme() == "http" && upstream.issuer.url().scheme() == "http");
        if !is_fit {
            return Err(UpstreamRefused::Invalid);
        }
        Ok((url, state, Asked { nonce: nonce.expose().to_owned(), verifier: verifier.into_secret(), is_fresh, at: now }))
    }

    /// Exchanges the code and checks the ID token: issuer, audience, signature, times, nonce, and freshness where it was asked for.
    ///
    /// # Errors
    /// [`UpstreamRefused`].
    pub async fn finish(&self, tools: &Tools, upstream: &Upstream, redirect_uri: &str, asked: Asked, returned: Returned) -> Result<Arrived, UpstreamRefused> {
        let _permit = upstream.calls.try_acquire().map_err(|_| UpstreamRefused::Unreachable)?;
        let now = tools.now();
        let metadata = self.metadata(upstream, METADATA_SECONDS, now).await?;
        let is_promised = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        if !is_its_issuer(returned.issuer.as_deref(), upstream.issuer.as_str(), is_promised) {
            return Err(UpstreamRefused::Invalid);
        }
        let Some(code) = returned.code.filter(|_| !returned.has_error) else { return Err(UpstreamRefused::Denied) };
        let client = Self::client(upstream, &metadata, redirect_uri)?;
        let told = |what: &str| tracing::warn!(upstream = upstream.id, what, "an answer of an upstream provider does not hold");
        let call = |request: HttpRequest| self.outgoing.call(request);
        let exchange = client.exchange_code(AuthorizationCode::new(code)).map_err(|_| UpstreamRefused::Invalid)?;
        let tokens = exchange.set_pkce_verifier(PkceCodeVerifier::new(asked.verifier.clone())).request_async(&call).await.map_err(|error| match error {
            openidconnect::RequestTokenError::Request(error) => {
                told(&error.to_string());
                UpstreamRefused::Unreachable
            }
            _ => {
                told("the token endpoint refused, or answered something else");
                UpstreamRefused::Invalid
            }
        })?;
        let id_token = tokens.id_token().ok_or(UpstreamRefused::Invalid)?;
        let claims = match verified(&client, id_token, &asked, now) {
            // Its keys may have changed since we looked.
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let metadata = self.metadata(upstream, KEYS_PAUSE_SECONDS, now).await?;
                verified(&Self::client(upstream, &metadata, redirect_uri)?, id_token, &asked, now)
            }
            settled => settled,
        };
        let (subject, auth_time, email, name) = claims.map_err(|error| {
            told(word(&error));
            UpstreamRefused::Invalid
        })?;
        let shown = judge(asked.is_fresh, auth_time, asked.at, tools.now_micros())?;
        let (email, name) = if email.is_none() && name.is_none() { self.words(&client, tokens.access_token(), &subject).await } else { (email, name) };
        Ok(Arrived { upstream: upstream.id.clone(), index: index_of(&tools.ring, upstream.issuer.as_str(), &subject), email, name, shown })
    }

    /// The e-mail address and the name at the `UserInfo` endpoint, where most providers tell them. Without an answer there are none: nothing rests on them.
    async fn words(&self, client: &Client, token: &AccessToken, subject: &str) -> (Option<String>, Option<String>) {
        let call = |request: HttpRequest| self.outgoing.call(request);
        let subject = SubjectIdentifier::new(subject.to_owned());
        let Ok(request) = client.user_info(token.clone(), Some(subject)) else { return (None, None) };
        match request.request_async(&call).await {
            Ok::<CoreUserInfoClaims, _>(claims) => {
                let name = claims.name().and_then(|name| name.get(None)).and_then(|name| shown_word(name.as_str()));
                (claims.email().and_then(|email| shown_word(email.as_str())), name)
            }
            Err(_) => (None, None),
        }
    }
}

type Told = (String, Option<UnixSeconds>, Option<String>, Option<String>);

fn verified(client: &Client, id_token: &CoreIdToken, asked: &Asked, now: UnixSeconds) -> Result<Told, ClaimsVerificationError> {
    let at = |seconds: i64| UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    // Its clock may be a little ahead of ours, or behind.
    let lenient = at(now.0.saturating_sub(LEEWAY_SECONDS));
    let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || lenient.into()).set_issue_time_verifier_fn(move |issued| {
        let age = now.0.saturating_sub(issued.timestamp());
        if (-LEEWAY_SECONDS..=MAX_TOKEN_AGE_SECONDS).contains(&age) { Ok(()) } else { Err("too old".to_owned()) }
    });
    let nonce = Nonce::new(asked.nonce.clone());
    let claims = id_token.claims(&verifier, &nonce)?;
    // OIDC Core section 3.1.3.7 step 5, which the crate leaves to its user.
    if claims.authorized_party().is_some_and(|party| party.as_str() != client.client_id().as_str()) {
        return Err(ClaimsVerificationError::InvalidAudience("azp".to_owned()));
    }
    let subject = claims.subject().as_str();
    // OIDC Core section 2: at most 255 ASCII characters.
    if subject.is_empty() || subject.len() > 255 {
        return Err(ClaimsVerificationError::InvalidSubject("its length".to_owned()));
    }
    let name = claims.name().and_then(|name| name.get(None)).and_then(|name| shown_word(name.as_str()));
    let email = claims.email().and_then(|email| shown_word(email.as_str()));
    Ok((subject.to_owned(), claims.auth_time().map(|at| UnixSeconds(at.timestamp())), email, name))
}

/// What was wrong with an ID token, without what stood in it.
const fn word(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::InvalidSubject(_) => "subject",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        _ => "claims",
    }
}

/// Providers are shared by every worker.
pub type Shared = Arc<Upstreams>;
