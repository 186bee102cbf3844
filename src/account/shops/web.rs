//! `/account/shops`.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::receipt;
use crate::account::security::web::{entry, finish, read_form, seen_for};
use crate::base::ids::ClientId;
use crate::identity::signin::gate::SigninState;
use crate::oauth::authorize::store as consents;
use crate::oauth::clients::store as clients;
use crate::oauth::grant::store as grants;
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};

/// A customer shares nothing with a client any longer.
pub const SHARING_ENDED: EventSpec = EventSpec::new("sharing_ended", "A customer took back what they shared with a client: its grants and tokens ended.");

const PAGE: &str = "/account/shops";
const REMOVE: &str = "/account/shops/remove";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(REMOVE, web::post().to(remove));
    receipt::web::routes(config);
}

/// A shop of the list.
struct Shop {
    id: ClientId,
    name: String,
    home: Option<String>,
    /// What is shared, in words.
    shares: Vec<String>,
    since: Option<String>,
    /// Whether it was agreed to, so that there is a receipt.
    has_receipt: bool,
}

#[derive(Template)]
#[template(path = "account/shops/pages/shops.html")]
struct ShopsPage<'a> {
    page: &'a PageView,
    shops: Vec<Shop>,
    csrf: &'a str,
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (id, generation, now) = (signed_in.customer().clone(), signed_in.session.generation, state.tools.now());
        let find = move |connection: &mut DbConnection| {
            let mut shops = BTreeMap::new();
            for (client, scope, at) in consents::list_consents(connection, &id)? {
                shops.insert(client, (scope, at, true));
            }
            for (client, scope, at, _) in grants::list_grants_of(connection, &id, generation, now)? {
                shops.entry(client).or_insert((scope, at, false));
            }
            let mut named = Vec::new();
            for (client, (scope, at, has_receipt)) in shops {
                if let Some(found) = clients::find_client(connection, &client)? {
                    named.push((client, found.metadata.client_name.clone(), found.metadata.client_uri.clone(), scope, at, has_receipt));
                }
            }
            Ok(named)
        };
        let found = state.db.read(find).await?;
        let view = PageView::new(&state.http, &request, &[]);
        let shops = found.into_iter().map(|(id, name, home, scope, at, has_receipt)| {
            let text = scope.to_text();
            let words = text.split(' ').filter(|scope| !scope.is_empty());
            let share = |scope: &str| {
                let key = format!("consent-scope-{scope}");
                if view.has(&key) { view.t(&key) } else { view.t1("consent-scope-other", "scope", scope) }
            };
            Shop { id, name, home, shares: words.map(share).collect(), since: Some(view.since(at, now)), has_receipt }
        });
        let (browser, cookie) = state.browser(&request);
        let token = csrf::token(&state.tools.ring, &browser, REMOVE);
        let mut response = respond(StatusCode::OK, &view, &ShopsPage { page: &view, shops: shops.collect(), csrf: &token }, &PagePolicy::default());
        if let Some(cookie) = cookie {
            // A cookie of ours is always a valid header.
            let _ = response.add_cookie(&cookie);
        }
        Ok(response)
    };
    finish(&state, &request, work).await
}

async fn remove(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, REMOVE, payload).await?;
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let client: ClientId = form.get("client").and_then(|id| id.parse().ok()).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("client is missing"))?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            let ended = grants::end_grants_of(tx, signed_in.customer(), &client, "sharing_ended", at_work.tools.now())?;
            if consents::remove_consent(tx, signed_in.customer(), &client)? || ended > 0 {
                let detail = serde_json::json!({ "grants_ended": ended });
                audit::record(tx, &at_work.tools, &entry(SHARING_ENDED, &signed_in, &origin).with_client(client.as_str()).with_detail(detail))?;
            }
            Ok(())
        };
        state.db.write(work).await?;
        Ok(see_other(PAGE))
    };
    finish(&state, &request, work).await
}
