//! What a client registers (names as in RFC 7591 section 2 and OIDC Dynamic Client Registration section 2), and whether it is sound.

use jsonwebtoken::jwk::JwkSet;

use crate::base::assurance::Acr;
use crate::base::ids::ClientId;
use crate::base::purchase;
use crate::base::time::UnixSeconds;
use crate::base::uri::{Origin, RedirectUri, is_endpoint, is_web_page};
use crate::oauth::scope::{STANDARD, Scope};
use crate::platform::crypto::jws::SigningAlgorithm;

/// How a client authenticates at our endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// A public client: it has no secret.
    None,
    /// HTTP Basic.
    ClientSecretBasic,
    /// Secret in the body.
    ClientSecretPost,
    /// A signed assertion (RFC 7523).
    PrivateKeyJwt,
}

impl AuthMethod {
    /// All, in the order of discovery.
    pub const ALL: [Self; 4] = [Self::ClientSecretBasic, Self::ClientSecretPost, Self::PrivateKeyJwt, Self::None];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// Whether a shared secret is used.
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

/// The grants that a client may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// Authorization code.
    AuthorizationCode,
    /// Refresh token.
    RefreshToken,
    /// Client credentials.
    ClientCredentials,
}

/// Where a client runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApplicationType {
    /// On a server or in a browser.
    #[default]
    Web,
    /// On a person's device; loopback redirects may use any port (RFC 8252 section 7.3).
    Native,
}

/// What `sub` is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectType {
    /// The same to every client.
    #[default]
    Public,
    /// Another one for each sector (OIDC Core section 8.1).
    Pairwise,
}

/// How access tokens look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessTokenFormat {
    /// RFC 9068.
    #[default]
    Jwt,
    /// A random handle for introspection.
    Opaque,
}

/// Whether the customer is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentPolicy {
    /// The shop's own app: signing in is consent enough.
    #[default]
    Implicit,
    /// Another party's app: the customer is asked once for each scope.
    Explicit,
}

/// Everything that is registered of a client.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientMetadata {
    /// Shown to people.
    pub client_name: String,
    /// How it authenticates.
    pub token_endpoint_auth_method: AuthMethod,
    /// Where codes may go.
    #[serde(default)]
    pub redirect_uris: Vec<RedirectUri>,
    /// Where people may go after sign-out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Which grants it may use.
    pub grant_types: Vec<GrantType>,
    /// Which scopes it may ask for.
    pub scope: Scope,
    /// Where it runs.
    #[serde(default)]
    pub application_type: ApplicationType,
    /// Its home page: the way back.
    #[serde(default)]
    pub client_uri: Option<String>,
    /// Its logo, an https image.
    #[serde(default)]
    pub logo_uri: Option<String>,
    /// The brand that its customers see; that of the installation where it names none.
    #[serde(default)]
    pub brand: Option<String>,
    /// Its privacy policy.
    #[serde(default)]
    pub policy_uri: Option<String>,
    /// Its terms.
    #[serde(default)]
    pub tos_uri: Option<String>,
    /// Its public keys, for `private_key_jwt`.
    #[serde(default)]
    pub jwks: Option<JwkSet>,
    /// The one algorithm of its assertions; any of ours when absent.
    #[serde(default)]
    pub token_endpoint_auth_signing_alg: Option<SigningAlgorithm>,
    /// The algorithm of its ID tokens.
    #[serde(default = "default_id_token_algorithm")]
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// The algorithm of its JWT access tokens.
    #[serde(default = "default_access_token_algorithm")]
    pub access_token_signed_response_alg: SigningAlgorithm,
    /// How its access tokens look.
    #[serde(default)]
    pub access_token_format: AccessTokenFormat,
    /// Seconds that its access tokens live; the installation's default when absent.
    #[serde(default)]
    pub access_token_lifetime_seconds: Option<u32>,
    /// The `aud` of its access tokens beside the issuer: its resource servers.
    #[serde(default)]
    pub audience: Vec<String>,
    /// What `sub` is told.
    #[serde(default)]
    pub subject_type: SubjectType,
    /// The sector of pairwise subjects, when the redirect URIs have several hosts.
    #[serde(default)]
    pub sector_identifier: Option<String>,
    /// Whether the customer is asked.
    #[serde(default)]
    pub consent: ConsentPolicy,
    /// Whether the claims of its scopes stand in the ID token too, for libraries that never ask `UserInfo`.
    #[serde(default)]
    pub claims_in_id_token: bool,
    /// Whether PKCE is demanded; may be switched off for confidential clients only.
    #[serde(default = "yes")]
    pub require_pkce: bool,
    /// Whether it may introspect tokens that are not its own: a resource server.
    #[serde(default)]
    pub may_introspect_all: bool,
    /// Origins that may call from script; a public client's redirect origins when empty.
    #[serde(default)]
    pub cors_origins: Vec<Origin>,
    /// `max_age` when the request has none.
    #[serde(default)]
    pub default_max_age: Option<u32>,
    /// The types of authorization details that it may send (RFC 9396 section 10): `purchase`.
    #[serde(default)]
    pub authorization_details_types: Vec<String>,
    /// Where it is told that a session of its customers ended (OIDC Back-Channel Logout 1.0 section 2.2).
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    /// Whether what it is told there has to name the session. It always does, but for an account that was erased.
    #[serde(default)]
    pub backchannel_logout_session_required: bool,
    /// The least level of its customers' sign-in; a factor that one of them lacks is added on the way.
    #[serde(default)]
    pub required_acr: Option<Acr>,
}

const fn yes() -> bool {
    true
}

const fn default_id_token_algorithm() -> SigningAlgorithm {
    SigningAlgorithm::RS256
}

const fn default_access_token_algorithm() -> SigningAlgorithm {
    SigningAlgorithm::ES256
}

impl ClientMetadata {
    /// The metadata of a client that signs people in by authorization code, with every default.
    pub fn new(client_name: &str, method: AuthMethod, redirect_uris: Vec<RedirectUri>) -> Self {
        Self {
            client_name: client_name.to_owned(),
            token_endpoint_auth_method: method,
            redirect_uris,
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            scope: Scope::from(STANDARD.join(" ")),
            application_type: ApplicationType::Web,
            client_uri: None,
            logo_uri: None,
            brand: None,
            policy_uri: None,
            tos_uri: None,
            jwks: None,
            token_endpoint_auth_signing_alg: None,
            id_token_signed_response_alg: default_id_token_algorithm(),
            access_token_signed_response_alg: default_access_token_algorithm(),
            access_token_format: AccessTokenFormat::Jwt,
            access_token_lifetime_seconds: None,
            audience: Vec::new(),
            subject_type: SubjectType::Public,
            sector_identifier: None,
            consent: ConsentPolicy::Implicit,
            claims_in_id_token: false,
            require_pkce: true,
            may_introspect_all: false,
            cors_origins: Vec::new(),
            default_max_age: None,
            authorization_details_types: Vec::new(),
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            required_acr: None,
        }
    }

    /// Every fault of the metadata, each a sentence that names the member.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |is_bad: bool, text: &str| {
            if is_bad {
                faults.push(text.to_owned());
            }
        };
        let name = self.client_name.trim();
        fault(name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control), "client_name: 1 to 100 characters, none of them a control character");
        let uses_code = self.may_use(GrantType::AuthorizationCode);
        fault(uses_code && self.redirect_uris.is_empty(), "redirect_uris: at least one is needed for authorization_code");
        fault(self.redirect_uris.len() > 50 || self.post_logout_redirect_uris.len() > 50, "redirect_uris: at most 50");
        fault(self.grant_types.is_empty(), "grant_types: at least one");
        fault(self.may_use(GrantType::RefreshToken) && !uses_code, "grant_types: refresh_token needs authorization_code");
        fault(self.is_public() && self.may_use(GrantType::ClientCredentials), "grant_types: client_credentials needs a client that can authenticate");
        fault(self.is_public() && !self.require_pkce, "require_pkce: a public client always uses PKCE");
        fault(self.is_public() && self.may_introspect_all, "may_introspect_all: needs a client that can authenticate");
        let has_keys = self.jwks.as_ref().is_some_and(|jwks| !jwks.keys.is_empty() && jwks.keys.len() <= 20);
        fault(self.token_endpoint_auth_method == AuthMethod::PrivateKeyJwt && !has_keys, "jwks: 1 to 20 public keys are needed for private_key_jwt");
        let symmetric = |jwks: &JwkSet| jwks.keys.iter().any(|key| matches!(key.algorithm, jsonwebtoken::jwk::AlgorithmParameters::OctetKey(_)));
        fault(self.jwks.as_ref().is_some_and(symmetric), "jwks: only public keys, never a secret");
        let is_brand = |name: &str| (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        fault(self.brand.as_deref().is_some_and(|brand| !is_brand(brand)), "brand: small letters, digits and dashes");
        for (member, page) in [("client_uri", &self.client_uri), ("logo_uri", &self.logo_uri), ("policy_uri", &self.policy_uri), ("tos_uri", &self.tos_uri)] {
            fault(page.as_deref().is_some_and(|page| !is_web_page(page)), &format!("{member}: must be an https address"));
        }
        fault(
            self.backchannel_logout_uri.as_deref().is_some_and(|uri| !is_endpoint(uri)),
            "backchannel_logout_uri: an http or https address without user, password and fragment",
        );
        let lifetime = self.access_token_lifetime_seconds;
        fault(lifetime.is_some_and(|seconds| !(60..=3_600).contains(&seconds)), "access_token_lifetime_seconds: 60 to 3600");
        fault(self.subject_type == SubjectType::Pairwise && self.sector().is_none(), "sector_identifier: needed when the redirect URIs have more than one host");
        fault(self.audience.len() > 20 || self.audience.iter().any(|value| value.is_empty() || value.len() > 256), "audience: at most 20 values of 1 to 256 bytes");
        let types = &self.authorization_details_types;
        fault(types.len() > 1 || types.iter().any(|one| one != purchase::TYPE), "authorization_details_types: only purchase");
        faults
    }

    /// Whether it has no way to authenticate.
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == AuthMethod::None
    }

    /// Whether it runs on a person's device.
    pub fn is_native(&self) -> bool {
        self.application_type == ApplicationType::Native
    }

    /// Whether it may use `grant`.
    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// The sector of pairwise subjects: what is registered, else the one host of all redirect URIs.
    pub fn sector(&self) -> Option<String> {
        if let Some(sector) = &self.sector_identifier {
            return Some(sector.clone());
        }
        let mut hosts: Vec<String> = self.redirect_uris.iter().filter_map(|uri| url::Url::parse(uri.as_str()).ok()?.host_str().map(str::to_owned)).collect();
        hosts.sort();
        hosts.dedup();
        match hosts.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }

    /// Origins that may call from script.
    pub fn allowed_origins(&self) -> Vec<String> {
        if self.cors_origins.is_empty() && self.is_public() {
            return self.redirect_uris.iter().filter_map(RedirectUri::origin).collect();
        }
        self.cors_origins.iter().map(|origin| origin.as_str().to_owned()).collect()
    }

    /// Where a person can be sent back to: the home page, else the origin of the first redirect URI.
    pub fn home(&self) -> Option<String> {
        self.client_uri.clone().or_else(|| self.redirect_uris.iter().find_map(RedirectUri::origin))
    }
}

/// A client as stored.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its `client_id`.
    pub id: ClientId,
    /// What it registered.
    pub metadata: ClientMetadata,
    /// SHA-256 of its secret.
    pub secret_hash: Option<Vec<u8>>,
    /// SHA-256 of the secret before, and until when it still works.
    pub previous_secret: Option<(Vec<u8>, UnixSeconds)>,
    /// When it was made.
    pub created_at: UnixSeconds,
    /// When it was switched off.
    pub disabled_at: Option<UnixSeconds>,
}

#[cfg(test)]
mod tests {
    use super::*;

    type Spoil = fn(&mut ClientMetadata);

    fn sound() -> ClientMetadata {
        ClientMetadata::new("Bean & Leaf", AuthMethod::ClientSecretBasic, vec![RedirectUri::parse("https://shop.example/cb").unwrap()])
    }

    #[test]
    fn hostile_metadata_is_refused_member_by_member() {
        assert_eq!(sound().faults(), Vec::<String>::new());
        let bad: [(&str, Spoil); 10] = [
            ("authorization_details_types", |m| m.authorization_details_types = vec!["payment".into()]),
            ("client_name", |m| m.client_name = "a\u{7}b".into()),
            ("redirect_uris", |m| m.redirect_uris.clear()),
            ("require_pkce", |m| {
                m.token_endpoint_auth_method = AuthMethod::None;
                m.require_pkce = false;
            }),
            ("grant_types", |m| {
                m.token_endpoint_auth_method = AuthMethod::None;
                m.grant_types.push(GrantType::ClientCredentials);
            }),
            ("jwks", |m| m.token_endpoint_auth_method = AuthMethod::PrivateKeyJwt),
            ("logo_uri", |m| m.logo_uri = Some("javascript:alert(1)".into())),
            ("policy_uri", |m| m.policy_uri = Some("data:text/html,x".into())),
            ("tos_uri", |m| m.tos_uri = Some("http://shop.example/".into())),
            ("access_token_lifetime_seconds", |m| m.access_token_lifetime_seconds = Some(86_400)),
        ];
        for (member, spoil) in bad {
            let mut metadata = sound();
            spoil(&mut metadata);
            let faults = metadata.faults();
            assert!(faults.iter().any(|fault| fault.starts_with(member)), "{member}: {faults:?}");
        }
        assert!(
            serde_json::from_str::<ClientMetadata>(
                r#"{"client_name":"x","token_endpoint_auth_method":"none","grant_types":[],"scope":"","redirect_uris":["javascript:alert(1)"]}"#
            )
            .is_err()
        );
        assert!(serde_json::from_str::<ClientMetadata>(r#"{"client_name":"x","token_endpoint_auth_method":"none","grant_types":[],"scope":"","admin":true}"#).is_err());
    }
}
