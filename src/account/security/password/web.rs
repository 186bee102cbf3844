//! `/account/password`: the customer sets a password, or a new one.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{PAGE, finish, is_current, proven_for, read_form, with_cookies};
use crate::identity::customers;
use crate::identity::factors::password;
use crate::identity::factors::password::Owner;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::new_password::web::{NewPasswordPage, respond_with, status_of};
use crate::identity::signin::new_password::{Kept, find_owner, replace, sentence};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PageView, see_other};

/// The page.
pub const CHANGE: &str = "/account/password";

/// The routes; the well-known one is where password managers look (W3C, "A Well-Known URL for Changing Passwords").
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(CHANGE, web::get().to(show))
        .route(CHANGE, web::post().to(submit))
        .route("/.well-known/change-password", web::get().to(|| async { see_other(CHANGE) }));
}

struct Held {
    owner: Owner,
    email: String,
    has_password: bool,
}

async fn gather(state: &Data<SigninState>, signed_in: &SignedIn) -> Result<Held, PageError> {
    let (at_work, id) = (state.clone(), signed_in.customer().clone());
    let find = move |connection: &mut DbConnection| {
        let Some(standing) = customers::store::find_standing(connection, &id)? else { return Ok(None) };
        let owner = find_owner(connection, &at_work, &standing)?;
        let has_password = password::store::has_password(connection, &id)?;
        let customer = customers::store::find_customer(connection, &at_work.tools.ring, &id)?;
        Ok(customer.map(|customer| Held { owner, email: customer.email.as_str().to_owned(), has_password }))
    };
    state.db.read(find).await?.ok_or_else(|| PageError::new(ErrorKind::Internal))
}

fn page(state: &SigninState, request: &HttpRequest, held: &Held, problem: Option<(StatusCode, String)>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let token = csrf::token(&state.tools.ring, &browser, CHANGE);
    let template = NewPasswordPage {
        page: &view,
        title: if held.has_password { "password-change-title" } else { "password-set-title" },
        lead: view.t(if held.has_password { "password-change-lead" } else { "password-set-lead" }),
        action: CHANGE,
        csrf: &token,
        email: &held.email,
        least: state.passwords.policy(held.owner.is_admin).minimum(held.owner.has_second_factor),
        code: None,
        problem: problem.as_ref().map(|(_, sentence)| sentence.clone()),
        cancel: Some(PAGE),
    };
    let mut response = respond_with(&template, problem.map_or(StatusCode::OK, |(status, _)| status));
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match proven_for(&state, &request, CHANGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        Ok(page(&state, &request, &gather(&state, &signed_in).await?, None))
    };
    finish(&state, &request, work).await
}

async fn submit(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, CHANGE, payload).await?;
        let signed_in = match proven_for(&state, &request, CHANGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let held = gather(&state, &signed_in).await?;
        let hash = match state.hasher.accept(&state.passwords, form.get("new_password").unwrap_or_default(), &held.owner).await {
            Ok(hash) => hash,
            Err(refused) => {
                let sentence = sentence(&PageView::new(&state.http, &request, &[]), refused);
                return Ok(page(&state, &request, &held, Some((status_of(refused), sentence))));
            }
        };
        let (at_work, origin, device) = (state.clone(), origin_of(&request), state.device(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            // Somebody else may have changed the credentials since the proof was judged; from here on nobody does.
            if !is_current(tx, &signed_in)? {
                return Ok(None);
            }
            let kept = Kept { session: Some(signed_in.session_id()), device: device.as_ref() };
            match replace(tx, &at_work, signed_in.customer(), &hash, "own_wish", &kept, &origin)? {
                Some(proof) => gate::renew_session(tx, &at_work.tools, &signed_in.session, &proof),
                None => Ok(None),
            }
        };
        let opened = state.db.write(work).await?;
        Ok(with_cookies(&state, &request, see_other(&format!("{PAGE}?password")), opened.as_ref()))
    };
    finish(&state, &request, work).await
}
