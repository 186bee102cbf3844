//! Adding a passkey or a security key: what the browser is to ask the authenticator for, and its answer.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{PAGE, enroller, finish, proven, read_form, with_cookies};
use crate::base::ids::SessionId;
use crate::identity::factors::passkey::ceremony::KeyKind;
use crate::identity::signin::enrolment;
use crate::identity::signin::enrolment::web::key_of;
use crate::identity::signin::gate::{self, SigninState};
use crate::platform::db::WriteTx;
use crate::platform::http::page::{ErrorKind, PageError, PageView, problem, see_other};

/// Where a key is added.
pub const ADD: &str = "/account/security/passkeys";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(ADD, web::post().to(add)).route("/account/security/passkeys/begin", web::post().to(begin));
}

/// Whose ceremony it is.
fn owner(session: &SessionId) -> String {
    format!("session:{session}")
}

async fn begin(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, ADD, payload).await?;
        let kind = form.get("kind").and_then(KeyKind::parse).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("kind is passkey or security_key"))?;
        // The page is loaded again, and asks for the proof.
        let Ok(signed_in) = proven(&state, &request).await? else { return Err(PageError::new(ErrorKind::Forbidden)) };
        let at_work = state.clone();
        let begun = state.db.write(move |tx| enrolment::begin_key(tx, &at_work, signed_in.customer(), &owner(signed_in.session_id()), kind)).await?;
        let (options, secret) = begun.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        Ok(HttpResponse::Ok().content_type("application/json").body(serde_json::json!({ "options": options, "ceremony": secret.expose() }).to_string()))
    };
    work.await.unwrap_or_else(|error: PageError| problem(&state.http, &request, &error))
}

async fn add(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, ADD, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let key = key_of(&form, &PageView::new(&state.http, &request, &[]));
        let (at_work, enroller) = (state.clone(), enroller(&signed_in, &form, &request));
        let work = move |tx: &mut WriteTx<'_>| match enrolment::add_key(tx, &at_work, &enroller, &owner(signed_in.session_id()), &key)? {
            Ok(proof) => gate::extend_session(tx, &at_work.tools, &signed_in.session, &proof).map(Ok),
            Err(word) => Ok(Err(word)),
        };
        Ok(match state.db.write(work).await? {
            Ok(opened) => with_cookies(&state, &request, see_other(&format!("{PAGE}?added")), opened.as_ref()),
            Err(word) => see_other(&format!("{PAGE}?{word}")),
        })
    };
    finish(&state, &request, work).await
}
