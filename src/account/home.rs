//! `GET /account`: who is signed in, how and since when.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::checkup::card;
use crate::account::security::web::{finish, read_form};
use crate::base::assurance::{Acr, FactorKind, Requirement};
use crate::identity::customers::{self, Customer};
use crate::identity::recovery;
use crate::identity::signin;
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::ReturnTo;
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};

/// Where a recovery that waits is stopped.
const STOP: &str = "/account/stop-recovery";

/// The routes of the account pages.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/account", web::get().to(show)).route(STOP, web::post().to(stop_recovery));
}

#[derive(Template)]
#[template(path = "account/pages/home.html")]
struct HomePage<'a> {
    page: &'a PageView,
    customer: &'a Customer,
    since: String,
    how: String,
    host: &'a str,
    /// Whether a passkey could be added and there is none.
    offers_passkey: bool,
    /// The token that stops a recovery which waits; none when none does.
    stop_csrf: Option<String>,
    /// Days until a second factor is demanded; none when it is not.
    days: Option<i64>,
    /// The card of this session, with the token that answers it.
    card: Option<(&'static str, String)>,
    /// Whether the account will be erased.
    is_leaving: bool,
    /// Hours for which the account stands still.
    frozen_hours: Option<i64>,
}

/// A customer who is signed in says no to a recovery.
async fn stop_recovery(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        read_form(&state, &request, STOP, payload).await?;
        if let Some(signed_in) = state.signed_in(&request).await? {
            let (at_work, origin) = (state.clone(), origin_of(&request));
            let work = move |tx: &mut WriteTx<'_>| match recovery::store::find_waiting(tx, &at_work.tools, signed_in.customer())? {
                Some(waiting) => recovery::stop(tx, &at_work, signed_in.customer(), &waiting.id, "session", &origin),
                None => Ok(false),
            };
            state.db.write(work).await?;
        }
        Ok(see_other("/account"))
    };
    finish(&state, &request, work).await
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        // Also a session that another factor is asked of since shows nothing yet.
        let signed_in = state.signed_in(&request).await?;
        let step = gate::judge(signed_in.as_ref(), &Requirement::default(), state.tools.now());
        let (Step::Done, Some(signed_in)) = (step, signed_in) else {
            return signin::web::start(&state, &request, ReturnTo::page("/account"), Requirement::default()).await;
        };
        let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
        let (policy, now) = (Arc::clone(&state.factors), state.tools.now());
        let find = move |connection: &mut DbConnection| {
            let announced = customers::store::find_standing(connection, &id)?.and_then(|standing| policy.announced(&standing.facts, now));
            let is_recovering = recovery::store::find_waiting(connection, &tools, &id)?.is_some();
            let is_leaving = customers::details::store::find_erasure(connection, &id)?.is_some();
            Ok((customers::store::find_customer(connection, &tools.ring, &id)?, announced, is_recovering, is_leaving))
        };
        let (customer, announced, is_recovering, is_leaving) = state.db.read(find).await?;
        let customer = customer.ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        let view = PageView::new(&state.http, &request, &[]);
        let minutes = state.tools.now().since(signed_in.authentication.auth_time()).div_euclid(60).max(0);
        let since = view.t1("account-minutes-ago", "minutes", &minutes.to_string());
        let how = view.t(if signed_in.authentication.acr > Acr::Password { "account-how-second-factor" } else { "account-how-password" });
        let offers_passkey = state.passkeys.is_some() && !signed_in.means.enrolled.contains(&FactorKind::Passkey);
        let days = announced.filter(|(acr, _)| *acr > signed_in.authentication.acr).map(|(_, from)| from.since(state.tools.now()).div_euclid(86_400).max(1));
        let browser = state.known_browser(&request);
        let card = card::web::next(&state, &request, &signed_in, customer.created_at).await?;
        let card = card.zip(browser.as_ref()).map(|(card, browser)| (card.word(), csrf::token(&state.tools.ring, browser, card::web::PAGE)));
        let frozen_hours = customer.frozen_until.map(|until| until.since(state.tools.now())).filter(|left| *left > 0).map(|left| (left + 3_599).div_euclid(3_600));
        let stop_csrf = browser.filter(|_| is_recovering).map(|browser| csrf::token(&state.tools.ring, &browser, STOP));
        let page = HomePage {
            card,
            is_leaving,
            frozen_hours,
            stop_csrf,
            offers_passkey,
            days,
            page: &view,
            customer: &customer,
            since,
            how,
            host: state.http.issuer.authority(),
        };
        Ok(respond(StatusCode::OK, &view, &page, &PagePolicy::default()))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
