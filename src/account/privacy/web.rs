//! `/account/privacy`.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::export::{gather, pack};
use crate::account::security::web::{entry, finish, is_current, proven_for, read_form, seen_for};
use crate::identity::signin::gate::SigninState;
use crate::identity::{customers, erasure};
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};

/// A customer took an archive of their data.
pub const DATA_EXPORTED: EventSpec = EventSpec::new("data_exported", "A customer downloaded an archive of everything that is kept about them.");

const PAGE: &str = "/account/privacy";
const EXPORT: &str = "/account/privacy/export";
const ERASE: &str = "/account/privacy/erase";
const KEEP: &str = "/account/privacy/keep";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(EXPORT, web::post().to(export)).route(ERASE, web::post().to(erase)).route(KEEP, web::post().to(keep));
}

#[derive(Template)]
#[template(path = "account/privacy/pages/privacy.html")]
struct PrivacyPage<'a> {
    page: &'a PageView,
    csrf: [String; 3],
    /// Days until it is erased, when that was asked for.
    days_left: Option<i64>,
    grace_days: i64,
    /// Why it is not erased, as a key.
    problem: Option<&'static str>,
}

async fn page(state: &Data<SigninState>, request: &HttpRequest, id: crate::base::ids::CustomerId, problem: Option<&'static str>) -> Result<HttpResponse, PageError> {
    let erase_at = state.db.read(move |connection: &mut DbConnection| customers::details::store::find_erasure(connection, &id)).await?;
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let now = state.tools.now();
    let template = PrivacyPage {
        page: &view,
        csrf: [EXPORT, ERASE, KEEP].map(|purpose| csrf::token(&state.tools.ring, &browser, purpose)),
        days_left: erase_at.map(|at| (at.since(now).max(0) + 86_399).div_euclid(86_400)),
        grace_days: state.erasure_grace_seconds.div_euclid(86_400),
        problem,
    };
    let mut response = respond(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    Ok(response)
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => page(&state, &request, signed_in.customer().clone(), None).await,
            Err(elsewhere) => Ok(elsewhere),
        }
    };
    finish(&state, &request, work).await
}

/// The archive. It holds everything, so it asks for a fresh proof of the strongest factor.
async fn export(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        read_form(&state, &request, EXPORT, payload).await?;
        let signed_in = match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, id, generation) = (state.clone(), signed_in.customer().clone(), signed_in.session.generation);
        let everything = state.db.read(move |connection: &mut DbConnection| gather(connection, &at_work, &id, generation)).await?;
        let archive = everything.and_then(|everything| pack(&PageView::new(&state.http, &request, &[]), &everything)).ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        state.db.write(move |tx: &mut WriteTx<'_>| audit::record(tx, &at_work.tools, &entry(DATA_EXPORTED, &signed_in, &origin))).await?;
        Ok(HttpResponse::Ok()
            .content_type("application/zip")
            .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"account.zip\""))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(archive))
    };
    finish(&state, &request, work).await
}

async fn erase(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, ERASE, payload).await?;
        let signed_in = match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        if form.get("sure") != Some("yes") {
            return page(&state, &request, signed_in.customer().clone(), Some("privacy-unticked")).await;
        }
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let (id, work) =
            (signed_in.customer().clone(), move |tx: &mut WriteTx<'_>| if is_current(tx, &signed_in)? { erasure::ask(tx, &at_work, &signed_in, &origin) } else { Ok(true) });
        if !state.db.write(work).await? {
            let asked = id.clone();
            let standing = state.db.read(move |connection: &mut DbConnection| customers::store::find_standing(connection, &asked)).await?;
            let why = if standing.is_some_and(|standing| standing.facts.is_admin) { "privacy-staff" } else { "privacy-frozen" };
            return page(&state, &request, id, Some(why)).await;
        }
        let mut response = see_other("/signed-out");
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&state.signed_out_cookie());
        Ok(response)
    };
    finish(&state, &request, work).await
}

async fn keep(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        read_form(&state, &request, KEEP, payload).await?;
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, origin) = (state.clone(), origin_of(&request));
        state.db.write(move |tx: &mut WriteTx<'_>| erasure::cancel(tx, &at_work, &signed_in, &origin)).await?;
        Ok(see_other(PAGE))
    };
    finish(&state, &request, work).await
}
