//! Client credentials (RFC 6749 section 4.4): a token of the client's own.

use std::sync::Arc;

use actix_web::web::Data;

use super::CLIENT_TOKEN;
use crate::oauth::clients::Client;
use crate::oauth::clients::metadata::AccessTokenFormat;
use crate::oauth::error::OAuthError;
use crate::oauth::issue::Approved;
use crate::oauth::scope::{STANDARD, Scope};
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::http::params::Params;
use crate::platform::telemetry::metrics::Event;

pub(super) async fn redeem(state: &Data<OAuthState>, client: &Arc<Client>, params: &Params, origin: &Origin) -> Result<Approved, OAuthError> {
    let registered = &client.metadata.scope;
    // Scopes about a customer mean nothing without one.
    let own = Scope::from(registered.iter().filter(|value| !STANDARD.contains(value)).collect::<Vec<_>>().join(" "));
    let scope = match params.get("scope") {
        None => own,
        Some(text) => Scope::parse(text).filter(|wanted| wanted.is_within(&own)).ok_or(OAuthError::invalid_scope())?,
    };
    let entry = Entry::success(CLIENT_TOKEN, Actor::Client(client.id.to_string()), format!("client:{}", client.id), origin).with_client(client.id.as_str());
    let (at_work, client) = (state.clone(), Arc::clone(client));
    let approved = if client.metadata.access_token_format == AccessTokenFormat::Opaque {
        let stored = state.db.write(move |tx| {
            let mut approved = Approved::for_client(&at_work, Arc::clone(&client), scope.clone());
            approved.store_opaque(tx, &at_work)?;
            audit::record(tx, &at_work.tools, &entry)?;
            Ok(approved)
        });
        stored.await?
    } else {
        let approved = Approved::for_client(&at_work, client, scope);
        // A signed token changes nothing in the database, so its record need not be waited for.
        state.db.write_later(move |tx| audit::record(tx, &at_work.tools, &entry))?;
        approved
    };
    state.http.metrics.count(Event::client_token);
    Ok(approved)
}
