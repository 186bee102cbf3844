//! Authorization code (RFC 6749 section 4.1.3): single use, bound to client, redirect URI, PKCE and session.

use std::sync::Arc;

use actix_web::web::Data;

use super::{CODE_REDEEMED, CODE_REFUSED, CODE_REUSED, pkce};
use crate::base::purchase::Purchase;
use crate::base::secret::SecretHash;
use crate::identity::{customers, sessions};
use crate::oauth::claims;
use crate::oauth::clients::Client;
use crate::oauth::clients::metadata::GrantType;
use crate::oauth::error::OAuthError;
use crate::oauth::grant::{Grant, purchase, refresh_token, store};
use crate::oauth::issue::{Approved, ForCustomer};
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::params::Params;
use crate::platform::telemetry::metrics::Event;

/// What a code is shown with.
#[derive(Clone)]
struct Shown {
    hash: SecretHash,
    redirect_uri: Option<String>,
    verifier: Option<String>,
}

pub(super) async fn redeem(state: &Data<OAuthState>, client: &Arc<Client>, params: &Params, origin: &Origin) -> Result<Approved, OAuthError> {
    let code = params.get("code").ok_or(OAuthError::invalid_request("code is missing"))?;
    let shown = Shown {
        hash: SecretHash::of(code),
        redirect_uri: params.get("redirect_uri").map(str::to_owned),
        verifier: params.get("code_verifier").map(str::to_owned),
    };
    let (at_work, client, origin) = (state.clone(), Arc::clone(client), origin.clone());
    let outcome = state.db.write(move |tx| redeem_in(tx, &at_work, &client, &shown, &origin)).await?;
    match outcome {
        Ok(approved) => {
            state.http.metrics.count(Event::code_redeemed);
            Ok(approved)
        }
        Err(reason) => {
            if reason == "reused" {
                state.http.metrics.count(Event::code_reused);
                state.access.forget_all();
            }
            Err(OAuthError::invalid_grant())
        }
    }
}

/// In one transaction: whatever is refused, what was learned of it stays written.
fn redeem_in(tx: &mut WriteTx<'_>, state: &OAuthState, client: &Arc<Client>, shown: &Shown, origin: &Origin) -> Result<Result<Approved, &'static str>, StoreError> {
    let now = state.tools.now();
    let about = |grant: &Grant| format!("grant:{}", grant.id);
    // A public client runs in the customer's browser: where it asks from is theirs.
    let owner = |grant: &Grant| client.metadata.is_public().then(|| grant.customer.to_string());
    let refuse = |tx: &mut WriteTx<'_>, grant: Option<&Grant>, reason: &'static str| -> Result<Result<Approved, &'static str>, StoreError> {
        let entry = Entry::refusal(CODE_REFUSED, Actor::Client(client.id.to_string()), grant.map(about).unwrap_or_default(), reason, origin).with_client(client.id.as_str());
        let entry = entry.owned_by(grant.and_then(owner).as_deref());
        audit::record(tx, &state.tools, &entry)?;
        Ok(Err(reason))
    };
    let Some(code) = store::find_code(tx, &shown.hash)? else { return refuse(tx, None, "unknown") };
    let Some(grant) = store::find_grant(tx, &code.grant)? else { return refuse(tx, None, "unknown") };
    // Another client's code: that client's own redemption is not spoilt by it.
    if code.client_id != client.id.as_str() {
        return refuse(tx, Some(&grant), "other_client");
    }
    // Taken before anything else is looked at, so that a failed try burns it, and of parallel ones a single one goes on.
    if code.is_used || !store::redeem_code(tx, &shown.hash, now)? {
        store::end_grant(tx, &grant.id, "code_reused", now)?;
        let entry = Entry::refusal(CODE_REUSED, Actor::Client(client.id.to_string()), about(&grant), "reused", origin)
            .with_client(client.id.as_str())
            .owned_by(owner(&grant).as_deref());
        audit::record(tx, &state.tools, &entry)?;
        return Ok(Err("reused"));
    }
    if now >= code.expires_at {
        return refuse(tx, Some(&grant), "expired");
    }
    if shown.redirect_uri.as_deref() != Some(code.redirect_uri.as_str()) {
        return refuse(tx, Some(&grant), "other_redirect_uri");
    }
    if !pkce::fits(code.code_challenge.as_deref(), shown.verifier.as_deref()) {
        return refuse(tx, Some(&grant), "pkce");
    }
    // The code is bound to the session, whatever its grant will outlive.
    if !store::is_standing(tx, &grant, now)? || !sessions::store::is_standing(tx, &grant.session_id, now)? {
        return refuse(tx, Some(&grant), "stale");
    }
    let refresh_token =
        if client.metadata.may_use(GrantType::RefreshToken) && store::rotate_grant(tx, &grant.id, 0, now)? { refresh_token::encode(&state.tools.ring, &grant.id, 1) } else { None };
    let entry = Entry::success(CODE_REDEEMED, Actor::Client(client.id.to_string()), about(&grant), origin).with_client(client.id.as_str()).with_session(&grant.session_id);
    let entry = entry.owned_by(owner(&grant).as_deref());
    audit::record(tx, &state.tools, &entry)?;
    let scope = grant.scope.clone();
    let bought = match &code.purchase {
        Some(sealed) => Some(purchase::open(tx, &state.tools, &grant.customer, (purchase::OF_CODE, &shown.hash), sealed)?),
        None => None,
    };
    approve(tx, state, Arc::clone(client), Granted { grant, scope, nonce: code.nonce, refresh_token, purchase: bought })
}

/// What was granted, on its way to become tokens.
pub(super) struct Granted {
    pub grant: Grant,
    pub scope: crate::oauth::scope::Scope,
    pub nonce: Option<String>,
    pub refresh_token: Option<crate::base::secret::Secret>,
    /// What was bought: told once, with the code, and never again with a refresh token.
    pub purchase: Option<Purchase>,
}

/// Turns what was granted into an approval, opening the customer only when the ID token is to say more than who it is.
pub(super) fn approve(tx: &mut WriteTx<'_>, state: &OAuthState, client: Arc<Client>, granted: Granted) -> Result<Result<Approved, &'static str>, StoreError> {
    let Granted { grant, scope, nonce, refresh_token, purchase } = granted;
    let metadata = &client.metadata;
    let wants_claims = scope.contains("openid") && (metadata.claims_in_id_token || !grant.claims.id_token.is_empty());
    let (subject, id_token_claims) = if wants_claims {
        let Some(customer) = customers::store::find_customer(tx, &state.tools.ring, &grant.customer)? else { return Ok(Err("stale")) };
        let by_scope = if metadata.claims_in_id_token { scope.clone() } else { crate::oauth::scope::Scope::default() };
        let claims = claims::select(&customer, &by_scope, &grant.claims.id_token, state.tools.now());
        (customer.subject, claims)
    } else {
        let Some(subject) = customers::store::find_subject(tx, &grant.customer)? else { return Ok(Err("stale")) };
        (subject, serde_json::Map::new())
    };
    let subject = claims::subject(&state.tools.ring, &subject, metadata);
    Approved::for_customer(tx, state, ForCustomer { client, grant, scope, subject, nonce, id_token_claims, refresh_token, purchase }).map(Ok)
}
