//! Connecting an account at another provider, and disconnecting it.

use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{PAGE, entry, finish, is_current, proven, read_form};
use crate::base::assurance::FactorKind;
use crate::identity::factors::upstream::{self, UPSTREAM_DISCONNECTED, store};
use crate::identity::factors::{self, Removal};
use crate::identity::messages::Notice;
use crate::identity::sessions::store as sessions;
use crate::identity::signin::enrolment;
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::model::{ReturnTo, SigninRequest};
use crate::platform::audit;
use crate::platform::db::WriteTx;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, see_other};

/// Where one is disconnected.
pub const REMOVE: &str = "/account/security/upstreams/remove";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(REMOVE, web::post().to(remove)).route("/account/security/upstreams/{upstream}", web::get().to(add));
}

/// To the provider, in a sign-in of its own that leads back here. A link, since what is connected is asked for after it: nothing is until the customer says so there.
async fn add(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let provider = state.upstreams.find(&path).ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        if let Err(elsewhere) = proven(&state, &request).await? {
            return Ok(elsewhere);
        }
        let (browser, cookie) = state.browser(&request);
        let (hash, at_work) = (browser.hash(), state.clone());
        let wanted = SigninRequest { requirement: crate::base::assurance::Requirement::default(), login_hint: None, ui_locales: Vec::new(), visitor: None };
        let flow = state.db.write(move |tx: &mut WriteTx<'_>| gate::ask(tx, &at_work, &hash, &ReturnTo::page(PAGE), &wanted)).await?;
        let mut response = see_other(&format!("/signin/{flow}/upstream/{}?connect", provider.id));
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
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let name = form.get("link").unwrap_or_default().to_owned();
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if !is_current(tx, &signed_in)? {
                return Ok("expired");
            }
            let customer = signed_in.customer();
            let links = store::list_links(tx, &at_work.tools, customer)?;
            let Some(link) = links.iter().find(|link| upstream::link_name(&link.index) == name) else { return Ok("removed") };
            if factors::is_last_way(tx, &at_work.tools, customer, Removal::Link(&link.index))? {
                return Ok("last");
            }
            if store::remove_link(tx, customer, &link.index)? {
                // What it opened elsewhere goes with it.
                sessions::end_opened_by(tx, customer, FactorKind::Upstream, signed_in.session_id(), at_work.tools.now())?;
                enrolment::tell(tx, &at_work, customer, Notice::AuthenticatorRemoved)?;
                audit::record(
                    tx,
                    &at_work.tools,
                    &entry(UPSTREAM_DISCONNECTED, &signed_in, &origin).with_detail(serde_json::json!({ "upstream": link.upstream, "cause": "customer" })),
                )?;
            }
            Ok("removed")
        };
        let word = state.db.write(work).await?;
        Ok(see_other(&format!("{PAGE}?{word}")))
    };
    finish(&state, &request, work).await
}
