//! Discovery (OIDC Discovery 1.0, RFC 8414) and the JWK Set: bytes made once.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, AuthenticationContextClass, IssuerUrl, JsonWebKeySetUrl, LanguageTag, ProviderMetadata, ResponseTypes, Scope, TokenUrl, UserInfoUrl,
};
use serde::{Deserialize, Serialize};

use super::clients::metadata::AuthMethod;
use super::state::OAuthState;
use super::{claims, scope};
use crate::base::assurance::{Acr, FactorKind};
use crate::base::encoding::{base64url, sha256};
use crate::base::purchase;
use crate::base::uri::Issuer;
use crate::platform::crypto::jws::SigningAlgorithm;
use crate::platform::http::assets::cached;

/// Members that other standards add.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Additional {
    introspection_endpoint: String,
    introspection_endpoint_auth_methods_supported: Vec<String>,
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: Vec<String>,
    end_session_endpoint: String,
    code_challenge_methods_supported: Vec<String>,
    authorization_response_iss_parameter_supported: bool,
    prompt_values_supported: Vec<String>,
    authorization_details_types_supported: Vec<String>,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
}

impl AdditionalProviderMetadata for Additional {}

type Document = ProviderMetadata<
    Additional,
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

/// The document, encoded.
pub struct Metadata {
    bytes: Vec<u8>,
    etag: String,
}

fn algorithm(ours: SigningAlgorithm) -> CoreJwsSigningAlgorithm {
    match ours {
        SigningAlgorithm::RS256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        SigningAlgorithm::PS256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        SigningAlgorithm::ES256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        SigningAlgorithm::EdDsa => CoreJwsSigningAlgorithm::EdDsa,
    }
}

fn method(ours: AuthMethod) -> CoreClientAuthMethod {
    match ours {
        AuthMethod::None => CoreClientAuthMethod::None,
        AuthMethod::ClientSecretBasic => CoreClientAuthMethod::ClientSecretBasic,
        AuthMethod::ClientSecretPost => CoreClientAuthMethod::ClientSecretPost,
        AuthMethod::PrivateKeyJwt => CoreClientAuthMethod::PrivateKeyJwt,
    }
}

impl Metadata {
    /// Builds the document of `issuer`.
    ///
    /// # Errors
    /// A sentence when an address cannot be built, which a checked issuer does not cause.
    pub fn build(issuer: &Issuer, languages: &[&str], kinds: &[FactorKind]) -> Result<Self, String> {
        let fault = |error: &dyn std::fmt::Display| error.to_string();
        let at = |path: &str| issuer.at(path);
        let confidential: Vec<String> = AuthMethod::ALL.iter().filter(|method| **method != AuthMethod::None).map(|method| method.as_str().to_owned()).collect();
        let algorithms = || SigningAlgorithm::ALL.into_iter().map(algorithm).collect::<Vec<_>>();
        let additional = Additional {
            introspection_endpoint: at("/introspect"),
            introspection_endpoint_auth_methods_supported: confidential,
            revocation_endpoint: at("/revoke"),
            revocation_endpoint_auth_methods_supported: AuthMethod::ALL.iter().map(|method| method.as_str().to_owned()).collect(),
            end_session_endpoint: at("/logout"),
            code_challenge_methods_supported: vec!["S256".to_owned()],
            authorization_response_iss_parameter_supported: true,
            prompt_values_supported: ["none", "login", "consent", "select_account", "create"].map(str::to_owned).to_vec(),
            authorization_details_types_supported: vec![purchase::TYPE.to_owned()],
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
        };
        let document: Document = ProviderMetadata::new(
            IssuerUrl::new(issuer.as_str().to_owned()).map_err(|error| fault(&error))?,
            AuthUrl::new(at("/authorize")).map_err(|error| fault(&error))?,
            JsonWebKeySetUrl::new(at("/jwks")).map_err(|error| fault(&error))?,
            vec![ResponseTypes::new(vec![CoreResponseType::Code])],
            vec![CoreSubjectIdentifierType::Public, CoreSubjectIdentifierType::Pairwise],
            algorithms(),
            additional,
        )
        .set_token_endpoint(Some(TokenUrl::new(at("/token")).map_err(|error| fault(&error))?))
        .set_userinfo_endpoint(Some(UserInfoUrl::new(at("/userinfo")).map_err(|error| fault(&error))?))
        .set_scopes_supported(Some(scope::STANDARD.iter().map(|value| Scope::new((*value).to_owned())).collect()))
        .set_response_modes_supported(Some(vec![CoreResponseMode::Query, CoreResponseMode::Fragment, CoreResponseMode::FormPost]))
        .set_grant_types_supported(Some(vec![CoreGrantType::AuthorizationCode, CoreGrantType::RefreshToken, CoreGrantType::ClientCredentials]))
        .set_acr_values_supported(Some(Acr::reachable_with(kinds).map(|acr| AuthenticationContextClass::new(acr.as_str().to_owned())).collect()))
        .set_token_endpoint_auth_methods_supported(Some(AuthMethod::ALL.into_iter().map(method).collect()))
        .set_token_endpoint_auth_signing_alg_values_supported(Some(algorithms()))
        .set_display_values_supported(Some(vec![CoreAuthDisplay::Page]))
        .set_claim_types_supported(Some(vec![CoreClaimType::Normal]))
        .set_claims_supported(Some(
            ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"]
                .into_iter()
                .chain(claims::supported())
                .map(|name| CoreClaimName::new(name.to_owned()))
                .collect(),
        ))
        .set_ui_locales_supported(Some(languages.iter().map(|tag| LanguageTag::new((*tag).to_owned())).collect()))
        .set_claims_parameter_supported(Some(true))
        .set_request_parameter_supported(Some(false))
        .set_request_uri_parameter_supported(Some(false));
        let bytes = serde_json::to_vec(&document).map_err(|error| fault(&error))?;
        let etag = format!("\"{}\"", base64url(sha256(&bytes).get(..12).unwrap_or_default()));
        Ok(Self { bytes, etag })
    }
}

fn public(request: &HttpRequest, etag: &str, media_type: &'static str, bytes: &[u8]) -> HttpResponse {
    let mut response = cached(request, etag, media_type, bytes);
    // Public documents, the same for everybody and never with cookies.
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// `GET /.well-known/openid-configuration` and `GET /.well-known/oauth-authorization-server`.
pub async fn metadata(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    public(&request, &state.metadata.etag, "application/json", &state.metadata.bytes)
}

/// `GET /jwks`.
pub async fn jwks(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    let keys = state.keys.current();
    public(&request, keys.etag(), "application/json", keys.jwks())
}
