//! The page that says so, and the ways that are left.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::identity::signin::gate::SigninState;
use crate::identity::signin::model::SigninFlow;
use crate::identity::signin::web::{load, policy_of};
use crate::platform::http::page::{PageError, PageView, error_page, respond, see_other};

/// The route.
pub(in crate::identity::signin) fn routes(config: &mut ServiceConfig) {
    config.route("/signin/{flow}/stopped", web::get().to(show));
}

#[derive(Template)]
#[template(path = "identity/signin/pages/stopped.html")]
struct StoppedPage<'a> {
    page: &'a PageView,
    flow: &'a SigninFlow,
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let (flow, _, _) = load(&state, &request, &path).await?;
        if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
            return Ok(see_other(flow.return_to.as_str()));
        }
        let view = PageView::new(&state.http, &request, &flow.request.ui_locales);
        Ok(respond(StatusCode::FORBIDDEN, &view, &StoppedPage { page: &view, flow: &flow }, &policy_of(&flow, false)))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
