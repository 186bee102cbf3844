//! `GET /account`: who is signed in, how and since when.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::base::assurance::{Acr, FactorKind, Requirement};
use crate::identity::customers::{self, Customer};
use crate::identity::signin;
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::ReturnTo;
use crate::platform::db::DbConnection;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond};

/// The routes of the account pages.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/account", web::get().to(show));
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
    /// Days until a second factor is demanded; none when it is not.
    days: Option<i64>,
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        // Also a session that another factor is asked of since shows nothing yet.
        let signed_in = state.signed_in(&request).await?;
        let step = gate::judge(signed_in.as_ref(), &Requirement::default(), state.tools.now());
        let (Step::Done, Some(signed_in)) = (step, signed_in) else {
            return signin::web::start(&state, &request, ReturnTo::page("/account"), Requirement::default()).await;
        };
        let (ring, id) = (state.tools.ring.clone(), signed_in.customer().clone());
        let (policy, now) = (Arc::clone(&state.factors), state.tools.now());
        let find = move |connection: &mut DbConnection| {
            let announced = customers::store::find_standing(connection, &id)?.and_then(|standing| policy.announced(&standing.facts, now));
            Ok((customers::store::find_customer(connection, &ring, &id)?, announced))
        };
        let (customer, announced) = state.db.read(find).await?;
        let customer = customer.ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        let view = PageView::new(&state.http, &request, &[]);
        let minutes = state.tools.now().since(signed_in.authentication.auth_time()).div_euclid(60).max(0);
        let since = view.t1("account-minutes-ago", "minutes", &minutes.to_string());
        let how = view.t(if signed_in.authentication.acr > Acr::Password { "account-how-second-factor" } else { "account-how-password" });
        let offers_passkey = state.passkeys.is_some() && !signed_in.means.enrolled.contains(&FactorKind::Passkey);
        let days = announced.filter(|(acr, _)| *acr > signed_in.authentication.acr).map(|(_, from)| from.since(state.tools.now()).div_euclid(86_400).max(1));
        let page = HomePage { offers_passkey, days, page: &view, customer: &customer, since, how, host: state.http.issuer.authority() };
        Ok(respond(StatusCode::OK, &view, &page, &PagePolicy::default()))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
