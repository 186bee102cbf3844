//! Refresh token (RFC 6749 section 6, RFC 9700 section 4.14.2): rotated at each use; see `grant/rules` for what a second use means.

use std::sync::Arc;

use actix_web::web::Data;

use super::code::{Granted, approve};
use super::{REFRESH_REFUSED, REFRESH_REUSED, REFRESHED};
use crate::base::ids::GrantId;
use crate::oauth::clients::Client;
use crate::oauth::error::OAuthError;
use crate::oauth::grant::Grant;
use crate::oauth::grant::rules::{Family, Verdict, judge};
use crate::oauth::grant::{refresh_token, store};
use crate::oauth::issue::Approved;
use crate::oauth::scope::Scope;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::params::Params;
use crate::platform::telemetry::metrics::Event;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// With the word for the audit log.
    Grant(&'static str),
    Reused,
    Scope,
}

pub(super) async fn redeem(state: &Data<OAuthState>, client: &Arc<Client>, params: &Params, origin: &Origin) -> Result<Approved, OAuthError> {
    let token = params.get("refresh_token").ok_or(OAuthError::invalid_request("refresh_token is missing"))?;
    let scope = params.get("scope").map(|scope| Scope::parse(scope).ok_or(OAuthError::invalid_scope())).transpose()?;
    let (grant, number) = refresh_token::decode(&state.tools.ring, token).ok_or(OAuthError::invalid_grant())?;
    let (at_work, client, origin) = (state.clone(), Arc::clone(client), origin.clone());
    let outcome = state.db.write(move |tx| rotate(tx, &at_work, &client, &Shown { grant: &grant, number, scope: scope.as_ref(), origin: &origin })).await?;
    match outcome {
        Ok(approved) => {
            state.http.metrics.count(Event::refreshed);
            Ok(approved)
        }
        Err(Refused::Reused) => {
            state.http.metrics.count(Event::refresh_reused);
            state.access.forget_all();
            Err(OAuthError::invalid_grant())
        }
        Err(Refused::Grant(_)) => Err(OAuthError::invalid_grant()),
        Err(Refused::Scope) => Err(OAuthError::invalid_scope()),
    }
}

struct Shown<'a> {
    grant: &'a GrantId,
    number: i64,
    scope: Option<&'a Scope>,
    origin: &'a Origin,
}

/// Rotates, and writes down what was refused.
fn rotate(tx: &mut WriteTx<'_>, state: &OAuthState, client: &Arc<Client>, shown: &Shown<'_>) -> Result<Result<Approved, Refused>, StoreError> {
    let outcome = try_rotate(tx, state, client, shown)?;
    let reason = match outcome {
        Ok(_) | Err(Refused::Reused) => return Ok(outcome),
        Err(Refused::Grant(reason)) => reason,
        Err(Refused::Scope) => "scope",
    };
    let entry = Entry::refusal(REFRESH_REFUSED, Actor::Client(client.id.to_string()), format!("grant:{}", shown.grant), reason, shown.origin);
    let owner = store::find_grant(tx, shown.grant)?.and_then(|grant| owner(client, &grant));
    let entry = entry.owned_by(owner.as_deref());
    audit::record(tx, &state.tools, &entry.with_client(client.id.as_str()))?;
    Ok(outcome)
}

/// A public client runs in the customer's browser: where it asks from is theirs.
fn owner(client: &Client, grant: &Grant) -> Option<String> {
    client.metadata.is_public().then(|| grant.customer.to_string())
}

fn try_rotate(tx: &mut WriteTx<'_>, state: &OAuthState, client: &Arc<Client>, shown: &Shown<'_>) -> Result<Result<Approved, Refused>, StoreError> {
    let now = state.tools.now();
    loop {
        let Some(grant) = store::find_grant(tx, shown.grant)? else { return Ok(Err(Refused::Grant("unknown"))) };
        if grant.client_id != client.id {
            return Ok(Err(Refused::Grant("other_client")));
        }
        if !store::is_standing(tx, &grant, now)? {
            return Ok(Err(Refused::Grant("ended")));
        }
        let family = Family { rotation: grant.rotation, rotated_at: grant.rotated_at, is_ended: grant.ended_at.is_some(), expires_at: grant.expires_at };
        let next = match judge(family, shown.number, state.policy.refresh_retry_seconds, now) {
            Verdict::Refused => return Ok(Err(Refused::Grant("expired"))),
            Verdict::Reused => {
                store::end_grant(tx, &grant.id, "refresh_token_reused", now)?;
                let about = format!("grant:{}", grant.id);
                let entry = Entry::refusal(REFRESH_REUSED, Actor::Client(client.id.to_string()), about, "reused", shown.origin).with_client(client.id.as_str());
                let entry = entry.owned_by(owner(client, &grant).as_deref());
                audit::record(tx, &state.tools, &entry)?;
                return Ok(Err(Refused::Reused));
            }
            // A used token is found out whatever else the request says; one that is good is not rotated for a wrong scope.
            Verdict::Repeat | Verdict::Rotate if shown.scope.is_some_and(|scope| !scope.is_within(&grant.scope)) => return Ok(Err(Refused::Scope)),
            Verdict::Repeat => grant.rotation,
            // Another request rotated in between: judge again, now as a retry.
            Verdict::Rotate if !store::rotate_grant(tx, &grant.id, grant.rotation, now)? => continue,
            Verdict::Rotate => grant.rotation + 1,
        };
        let about = format!("grant:{}", grant.id);
        let entry = Entry::success(REFRESHED, Actor::Client(client.id.to_string()), about, shown.origin).with_client(client.id.as_str()).with_session(&grant.session_id);
        let entry = entry.owned_by(owner(client, &grant).as_deref());
        audit::record(tx, &state.tools, &entry)?;
        let refresh_token = refresh_token::encode(&state.tools.ring, &grant.id, next);
        // What the client may no longer ask for, it no longer gets.
        let scope = shown.scope.unwrap_or(&grant.scope).intersection(&client.metadata.scope);
        let granted = Granted { grant, scope, nonce: None, refresh_token, purchase: None };
        return Ok(approve(tx, state, Arc::clone(client), granted)?.map_err(|_| Refused::Grant("ended")));
    }
}
