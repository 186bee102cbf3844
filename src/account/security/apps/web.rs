//! Adding an authenticator app: a name, a QR code, and a first code before it counts.

use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{PAGE, enroller, finish, proven, read_form, with_cookies};
use crate::base::ids::AuthenticatorId;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::enrolment::web::{AppPlace, app_page, name_of};
use crate::identity::signin::enrolment::{self, WaitingApp};
use crate::identity::signin::gate::{self, SigninState};
use crate::platform::db::WriteTx;
use crate::platform::http::page::{ErrorKind, PageError, see_other};

/// Where an app is added.
pub const ADD: &str = "/account/security/totp";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(ADD, web::post().to(begin))
        .route("/account/security/totp/{authenticator}", web::get().to(show))
        .route("/account/security/totp/{authenticator}", web::post().to(confirm));
}

async fn begin(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, ADD, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let name = name_of(&form);
        if name.is_empty() {
            return Err(PageError::new(ErrorKind::Request).with_detail("name is missing"));
        }
        let (at_work, customer) = (state.clone(), signed_in.customer().clone());
        let begun = state.db.write(move |tx| enrolment::begin_app(tx, &at_work, &customer, &name)).await?;
        Ok(see_other(&begun.map_or_else(|| format!("{PAGE}?full"), |id| format!("{ADD}/{id}"))))
    };
    finish(&state, &request, work).await
}

async fn find(state: &Data<SigninState>, signed_in: &SignedIn, path: &str) -> Result<Option<WaitingApp>, PageError> {
    let id: AuthenticatorId = path.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
    let (at_work, customer) = (state.clone(), signed_in.customer().clone());
    Ok(state.db.read(move |connection| enrolment::find_app(connection, &at_work, &customer, &id)).await?)
}

fn place(id: &str) -> AppPlace<'static> {
    AppPlace { action: format!("{ADD}/{id}"), cancel: PAGE, has_session: true }
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (Some(app), Some(browser)) = (find(&state, &signed_in, &path).await?, state.known_browser(&request)) else { return Ok(see_other(PAGE)) };
        Ok(app_page(&state, &request, &browser, &app, &place(&path), None))
    };
    finish(&state, &request, work).await
}

async fn confirm(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, browser) = read_form(&state, &request, &format!("{ADD}/{}", path.as_str()), payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let Some(app) = find(&state, &signed_in, &path).await? else { return Ok(see_other(PAGE)) };
        let again = app.clone();
        let enroller = enroller(&state, &signed_in, &form, &request);
        let (at_work, typed) = (state.clone(), form.get("code").unwrap_or_default().to_owned());
        // The app counts from now on, and this session has shown it.
        let work = move |tx: &mut WriteTx<'_>| match enrolment::add_app(tx, &at_work, &enroller, &app, &typed)? {
            Ok(proof) => gate::extend_session(tx, &at_work.tools, &signed_in.session, &proof).map(Ok),
            Err(refused) => Ok(Err(refused)),
        };
        Ok(match state.db.write(work).await? {
            Ok(opened) => with_cookies(&state, &request, see_other(&format!("{PAGE}?added")), opened.as_ref()),
            Err(refused) => app_page(&state, &request, &browser, &again, &place(&path), Some(refused)),
        })
    };
    finish(&state, &request, work).await
}
