//! Reads an authorization request: the checks in order, each with its error. Nothing is answered by redirect before client and redirect URI are known to belong together.

use super::model::{AuthorizationRequest, Pause, Prompt, ResponseMode};
use crate::base::assurance::{Acr, Requirement};
use crate::base::purchase::{self, Purchase};
use crate::base::secret::Secret;
use crate::base::time::UnixMicros;
use crate::base::uri::RegisteredRedirectUri;
use crate::oauth::claims::{self, ClaimsRequest, Demands};
use crate::oauth::clients::Client;
use crate::oauth::clients::metadata::GrantType;
use crate::oauth::error::OAuthError;
use crate::oauth::scope::Scope;
use crate::oauth::token::is_challenge;
use crate::platform::http::params::Params;

/// The longest `state`.
const MAX_STATE_BYTES: usize = 4_096;
/// The longest `nonce`.
const MAX_NONCE_BYTES: usize = 1_024;

/// Where an answer may go, even if it is an error.
#[derive(Debug, Clone)]
pub struct ReplyTo {
    /// The registered URI.
    pub redirect_uri: RegisteredRedirectUri,
    /// How to send it.
    pub response_mode: ResponseMode,
    /// The client's word.
    pub state: Option<String>,
}

/// Finds out where the answer goes, as far as the request is readable.
pub fn reply_to(params: &Params, redirect_uri: RegisteredRedirectUri) -> ReplyTo {
    ReplyTo {
        redirect_uri,
        response_mode: params.get("response_mode").and_then(ResponseMode::parse).unwrap_or(ResponseMode::Query),
        state: params.get("state").filter(|state| state.len() <= MAX_STATE_BYTES).map(str::to_owned),
    }
}

/// Reads the rest of a request of `client` that came in at `now`. `hinted` reads the subject of an `id_token_hint`.
///
/// # Errors
/// The error of the first check that fails.
pub fn read(params: &Params, client: &Client, reply: &ReplyTo, now: UnixMicros, hinted: impl Fn(&str) -> Option<String>) -> Result<AuthorizationRequest, OAuthError> {
    let metadata = &client.metadata;
    if params.has_repeated() {
        return Err(OAuthError::invalid_request("a parameter was sent twice"));
    }
    // A parameter that changes the request may not be ignored (OIDC Core sections 6.1 and 7.2.1).
    for (name, code) in [("request", "request_not_supported"), ("request_uri", "request_uri_not_supported"), ("registration", "registration_not_supported")] {
        if params.contains(name) {
            return Err(OAuthError::other(code, "this parameter is not supported"));
        }
    }
    match params.get("response_type") {
        Some("code") => {}
        None => return Err(OAuthError::invalid_request("response_type is missing")),
        Some(_) => return Err(OAuthError::other("unsupported_response_type", "only response_type=code is supported")),
    }
    if params.contains("response_mode") && params.get("response_mode").and_then(ResponseMode::parse).is_none() {
        return Err(OAuthError::invalid_request("response_mode must be query, fragment or form_post"));
    }
    if !metadata.may_use(GrantType::AuthorizationCode) {
        return Err(OAuthError::unauthorized_client());
    }
    let state = params.get("state");
    if state.is_some_and(|state| state.len() > MAX_STATE_BYTES) {
        return Err(OAuthError::invalid_request("state is too long"));
    }
    let nonce = params.get("nonce");
    if nonce.is_some_and(|nonce| nonce.len() > MAX_NONCE_BYTES) {
        return Err(OAuthError::invalid_request("nonce is too long"));
    }
    let prompt = read_prompt(params.get("prompt"))?;
    let (single, demands) = match params.get("claims") {
        None => (ClaimsRequest::default(), Demands::default()),
        Some(text) => claims::parse_request(text).ok_or(OAuthError::invalid_request("claims is not a claims request"))?,
    };
    let expected_subjects = match (params.get("id_token_hint"), demands.subjects.clone()) {
        (None, demanded) => demanded,
        (Some(hint), demanded) => {
            let hinted = hinted(hint).ok_or(OAuthError::invalid_request("id_token_hint is not a token that this client got from us"))?;
            if demanded.is_some_and(|demanded| !demanded.contains(&hinted)) {
                return Err(OAuthError::invalid_request("id_token_hint and claims name different subjects"));
            }
            Some(vec![hinted])
        }
    };
    if expected_subjects.as_ref().is_some_and(Vec::is_empty) {
        return Err(OAuthError::invalid_request("claims names different subjects"));
    }
    let purchase = read_purchase(params.get("authorization_details"), client)?;
    let mut requirement = read_requirement(params, client, prompt, &demands, now)?;
    if purchase.is_some() {
        // What was shown before says nothing about this purchase.
        requirement.after = Some(now);
    }
    Ok(AuthorizationRequest {
        client_id: client.id.clone(),
        redirect_uri: reply.redirect_uri.as_str().to_owned(),
        response_mode: reply.response_mode,
        scope: read_scope(params.get("scope"), client)?,
        state: state.map(str::to_owned),
        nonce: nonce.map(str::to_owned),
        code_challenge: read_challenge(params, metadata.require_pkce)?,
        prompt,
        requirement,
        login_hint: params.get("login_hint").filter(|hint| hint.len() <= 254 && !hint.chars().any(char::is_control)).map(str::to_owned),
        expected_subjects,
        claims: single.within(&metadata.scope),
        ui_locales: params.get("ui_locales").unwrap_or_default().split(' ').filter(|tag| !tag.is_empty() && tag.len() <= 35).take(10).map(str::to_owned).collect(),
        guest_hash: guest_hash(params.get("guest_token"))?,
        is_account_chosen: false,
        purchase,
        pause: Pause::Ahead,
    })
}

/// Reads `authorization_details` (RFC 9396 section 5): what is not understood in full is refused, never passed over.
fn read_purchase(text: Option<&str>, client: &Client) -> Result<Option<Purchase>, OAuthError> {
    let Some(text) = text else { return Ok(None) };
    if !client.metadata.authorization_details_types.iter().any(|registered| registered == purchase::TYPE) {
        return Err(OAuthError::invalid_authorization_details("the client is not registered for this type in authorization_details_types"));
    }
    Purchase::parse(text).map(Some).map_err(OAuthError::invalid_authorization_details)
}

/// The longest token of a guest.
const MAX_GUEST_BYTES: usize = 128;

fn guest_hash(text: Option<&str>) -> Result<Option<Vec<u8>>, OAuthError> {
    match text {
        Some(token) if token.len() > MAX_GUEST_BYTES => Err(OAuthError::invalid_request("guest_token is too long")),
        token => Ok(token.map(|token| Secret::new(token.to_owned()).hash().as_bytes().to_vec())),
    }
}

fn read_scope(text: Option<&str>, client: &Client) -> Result<Scope, OAuthError> {
    let registered = &client.metadata.scope;
    let asked = Scope::parse(text.unwrap_or_default()).ok_or(OAuthError::invalid_scope())?.understood(registered);
    // Without refresh tokens there is nothing that could outlive the session: the wish is passed over (OIDC Core section 11).
    let may_stay = client.metadata.may_use(GrantType::RefreshToken) && registered.contains("offline_access");
    let asked = if may_stay { asked } else { asked.without("offline_access") };
    // Without any scope a client gets what RFC 6749 section 3.3 leaves to us: nothing but its default, which is an error here, since it could not even ask who it is.
    if asked.is_empty() || !asked.is_within(registered) {
        return Err(OAuthError::invalid_scope());
    }
    Ok(asked)
}

fn read_challenge(params: &Params, is_required: bool) -> Result<Option<String>, OAuthError> {
    match (params.get("code_challenge"), params.get("code_challenge_method")) {
        (None, None) if params.contains("code_challenge") => Err(OAuthError::invalid_request("code_challenge is empty")),
        (None, None) if is_required => Err(OAuthError::invalid_request("code_challenge is missing: PKCE with S256 is required")),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(OAuthError::invalid_request("code_challenge_method came without code_challenge")),
        (Some(challenge), Some("S256")) if is_challenge(challenge) => Ok(Some(challenge.to_owned())),
        (Some(_), Some("S256")) => Err(OAuthError::invalid_request("code_challenge is not 43 base64url characters")),
        (Some(_), _) => Err(OAuthError::invalid_request("code_challenge_method must be S256")),
    }
}

fn read_prompt(text: Option<&str>) -> Result<Prompt, OAuthError> {
    let mut prompt = Prompt::default();
    let values: Vec<&str> = text.unwrap_or_default().split(' ').filter(|value| !value.is_empty()).collect();
    for value in &values {
        match *value {
            "none" => prompt.none = true,
            "login" => prompt.login = true,
            "consent" => prompt.consent = true,
            "select_account" => prompt.select_account = true,
            "create" => prompt.create = true,
            _ => return Err(OAuthError::invalid_request("prompt has a value that is not supported")),
        }
    }
    if prompt.none && values.len() > 1 {
        return Err(OAuthError::invalid_request("prompt=none stands alone"));
    }
    Ok(prompt)
}

fn read_requirement(params: &Params, client: &Client, prompt: Prompt, demands: &Demands, now: UnixMicros) -> Result<Requirement, OAuthError> {
    let max_age = match params.get("max_age") {
        None => client.metadata.default_max_age,
        Some(text) => Some(text.parse::<u32>().map_err(|_| OAuthError::invalid_request("max_age is not a number of seconds"))?),
    };
    // An essential acr that is not on our ladder can never be met; a wished one that is not is passed over.
    let known = |values: &[String]| values.iter().filter_map(|value| Acr::parse(value)).min();
    let unmet = OAuthError::other("unmet_authentication_requirements", "none of the essential acr values is supported");
    let essential = demands.essential_acr.iter().map(|values| known(values).ok_or(unmet)).collect::<Result<Vec<_>, _>>()?.into_iter().max();
    let wished: Vec<String> = params.get("acr_values").unwrap_or_default().split(' ').take(10).map(str::to_owned).collect();
    Ok(Requirement {
        acr: essential.max(known(&wished)),
        policy_acr: client.metadata.required_acr,
        is_strict: false,
        max_age_seconds: max_age,
        after: (prompt.login || max_age == Some(0)).then_some(now),
        requested_at: Some(now),
    })
}
