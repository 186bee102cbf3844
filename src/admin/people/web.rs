//! `/admin/join/{ticket}`: an invitation is taken by whoever is signed in, under the address that was invited, with a factor that staff need.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::join;
use crate::admin::access::rules::Role;
use crate::admin::access::store::find_invitation;
use crate::admin::access::web::requirement;
use crate::identity::customers;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::ReturnTo;
use crate::identity::signin::web::{read_genuine, start};
use crate::identity::tickets::secret_of;
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};

const JOIN: &str = "/admin/join/{ticket}";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(JOIN, web::get().to(show)).route(JOIN, web::post().to(act));
}

#[derive(Template)]
#[template(path = "admin/people/pages/join.html")]
struct JoinPage<'a> {
    page: &'a PageView,
    /// `ask`, `other` or `expired`.
    word: &'static str,
    email: String,
    own: String,
    roles: String,
    action: String,
    csrf: String,
}

/// Who is signed in strongly enough for staff, or the way there: whoever has no account makes one, whoever has no key adds one.
async fn strong(state: &Data<SigninState>, request: &HttpRequest) -> Result<Result<SignedIn, HttpResponse>, PageError> {
    let signed_in = state.signed_in(request).await?;
    match (gate::judge(signed_in.as_ref(), &requirement(), state.tools.now()), signed_in) {
        (Step::Done, Some(signed_in)) => Ok(Ok(signed_in)),
        _ => {
            let here = ReturnTo::parse(request.path()).ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
            Ok(Err(start(state, request, here, requirement()).await?))
        }
    }
}

async fn sheet(state: &Data<SigninState>, request: &HttpRequest, path: &str, told: Option<&'static str>) -> Result<HttpResponse, PageError> {
    let view = PageView::new(&state.http, request, &["en".to_owned()]);
    let plain = |word| JoinPage { page: &view, word, email: String::new(), own: String::new(), roles: String::new(), action: String::new(), csrf: String::new() };
    let Some(secret) = secret_of(path) else { return Ok(respond(StatusCode::NOT_FOUND, &view, &plain("expired"), &PagePolicy::default())) };
    let (tools, hash) = (state.tools.clone(), secret.hash());
    let found = state.db.read(move |connection: &mut DbConnection| find_invitation(connection, &tools, &hash)).await?;
    let Some(invitation) = found else { return Ok(respond(StatusCode::NOT_FOUND, &view, &plain("expired"), &PagePolicy::default())) };
    let signed_in = match strong(state, request).await? {
        Ok(signed_in) => signed_in,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (ring, id) = (state.tools.ring.clone(), signed_in.customer().clone());
    let person = state.db.read(move |connection: &mut DbConnection| customers::store::find_customer(connection, &ring, &id)).await?;
    let own = person.map(|person| person.email.as_str().to_owned()).unwrap_or_default();
    let action = format!("/admin/join/{}", secret.expose());
    let (browser, cookie) = state.browser(request);
    let page = JoinPage {
        word: told.unwrap_or(if own == invitation.email { "ask" } else { "other" }),
        roles: invitation.roles.iter().copied().map(Role::title).collect::<Vec<_>>().join(", "),
        email: invitation.email,
        csrf: csrf::token(&state.tools.ring, &browser, &action),
        action,
        own,
        page: &view,
    };
    let mut response = respond(StatusCode::OK, &view, &page, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    Ok(response)
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    sheet(&state, &request, &path, None).await.unwrap_or_else(|error| error_page(&state.http, &request, &error))
}

async fn act(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let Some(secret) = secret_of(&path) else { return Err(PageError::new(ErrorKind::NotFound)) };
        let browser = state.known_browser(&request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        read_genuine(&state, &request, payload, &browser, &format!("/admin/join/{}", secret.expose())).await?;
        let signed_in = match strong(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let joined = state.db.write(move |tx: &mut WriteTx<'_>| join(tx, &at_work, &signed_in, &secret, &origin)).await?;
        match joined {
            Ok(()) => Ok(see_other("/admin")),
            Err(word) => sheet(&state, &request, &path, Some(word)).await,
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
