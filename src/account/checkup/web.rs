//! `/account/checkup`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::card;
use super::findings::{Found, find};
use crate::account::security::web::{entry, finish, is_current, read_form, seen_for};
use crate::account::shops::web::SHARING_ENDED;
use crate::identity::care::rules::CheckItem;
use crate::identity::care::store as care;
use crate::identity::care::{CHECKUP_SEEN, DEVICES_REVIEWED};
use crate::identity::signin::gate::SigninState;
use crate::oauth::authorize::store as consents;
use crate::oauth::grant::store as grants;
use crate::platform::audit;
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};

const PAGE: &str = "/account/checkup";
const DEVICES: &str = "/account/checkup/devices";
const SHOPS: &str = "/account/checkup/shops";
/// How long a look at the same score is not noted again, in seconds.
const SEEN_SECONDS: i64 = 86_400;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(DEVICES, web::post().to(review)).route(SHOPS, web::post().to(disconnect));
    card::web::routes(config);
}

/// A line of the check-up.
struct Line {
    word: &'static str,
    weight: u8,
    is_well: bool,
    /// Where its button leads; a form of this page where it starts with one.
    link: &'static str,
    /// The token of the form; empty for a link.
    csrf: String,
}

impl Line {
    fn key(&self, part: &str) -> String {
        format!("checkup-{}-{part}", self.word)
    }

    fn is_form(&self) -> bool {
        !self.csrf.is_empty()
    }
}

#[derive(Template)]
#[template(path = "account/checkup/pages/checkup.html")]
struct CheckupPage<'a> {
    page: &'a PageView,
    score: u8,
    lines: Vec<Line>,
    devices: usize,
}

impl CheckupPage<'_> {
    /// What the score means, as a key.
    const fn verdict(&self) -> &'static str {
        match self.score {
            90.. => "checkup-verdict-best",
            60..90 => "checkup-verdict-good",
            30..60 => "checkup-verdict-fair",
            _ => "checkup-verdict-poor",
        }
    }

    fn dash(&self) -> String {
        format!("{} 100", self.score)
    }
}

const fn remedy(item: CheckItem) -> &'static str {
    match item {
        CheckItem::Password => "/account/password",
        CheckItem::Passkey | CheckItem::SecondFactor => "/account/security",
        CheckItem::RecoveryCodes => "/account/security/recovery-codes",
        CheckItem::SecondMailbox => "/account/contact",
        CheckItem::Devices => DEVICES,
        CheckItem::OldShops => SHOPS,
        CheckItem::Phrase => "/account/phrase",
    }
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, by) = (state.clone(), signed_in.clone());
        let found: Option<Found> = state.db.read(move |connection: &mut DbConnection| find(connection, &at_work, &by)).await?;
        let found = found.ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        let (score, now) = (found.findings.score(), state.tools.now());
        let is_noted = found.state.checkup.is_some_and(|(at, before)| before == i64::from(score) && now.since(at) < SEEN_SECONDS);
        if !is_noted {
            let (at_work, origin) = (state.clone(), origin_of(&request));
            let work = move |tx: &mut WriteTx<'_>| {
                if !is_current(tx, &signed_in)? {
                    return Ok(());
                }
                care::note_checkup(tx, signed_in.customer(), score, now)?;
                audit::record(tx, &at_work.tools, &entry(CHECKUP_SEEN, &signed_in, &origin).with_detail(serde_json::json!({ "score": score })))
            };
            state.db.write(work).await?;
        }
        let view = PageView::new(&state.http, &request, &[]);
        let (browser, cookie) = state.browser(&request);
        let line = |item: CheckItem| {
            let link = remedy(item);
            let csrf = if matches!(item, CheckItem::Devices | CheckItem::OldShops) { csrf::token(&state.tools.ring, &browser, link) } else { String::new() };
            Line { word: item.word(), weight: item.weight(), is_well: found.findings.is_well(item), link, csrf }
        };
        // What is to be done comes first.
        let mut lines: Vec<Line> = CheckItem::ALL.into_iter().map(line).collect();
        lines.sort_by_key(|line| line.is_well);
        let template = CheckupPage { page: &view, score, lines, devices: found.devices };
        let mut response = respond(StatusCode::OK, &view, &template, &PagePolicy::default());
        if let Some(cookie) = cookie {
            // A cookie of ours is always a valid header.
            let _ = response.add_cookie(&cookie);
        }
        Ok(response)
    };
    finish(&state, &request, work).await
}

/// "These are all mine."
async fn review(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        read_form(&state, &request, DEVICES, payload).await?;
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if !is_current(tx, &signed_in)? {
                return Ok(());
            }
            care::note_review(tx, signed_in.customer(), at_work.tools.now())?;
            audit::record(tx, &at_work.tools, &entry(DEVICES_REVIEWED, &signed_in, &origin))
        };
        state.db.write(work).await?;
        Ok(see_other(PAGE))
    };
    finish(&state, &request, work).await
}

/// Disconnects the shops that were not used for a year.
async fn disconnect(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        read_form(&state, &request, SHOPS, payload).await?;
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if !is_current(tx, &signed_in)? {
                return Ok(());
            }
            let Some(found) = find(tx, &at_work, &signed_in)? else { return Ok(()) };
            for client in found.old_shops {
                let ended = grants::end_grants_of(tx, signed_in.customer(), &client, "sharing_ended", at_work.tools.now())?;
                if consents::remove_consent(tx, signed_in.customer(), &client)? || ended > 0 {
                    let detail = serde_json::json!({ "grants_ended": ended });
                    audit::record(tx, &at_work.tools, &entry(SHARING_ENDED, &signed_in, &origin).with_client(client.as_str()).with_detail(detail))?;
                }
            }
            Ok(())
        };
        state.db.write(work).await?;
        Ok(see_other(PAGE))
    };
    finish(&state, &request, work).await
}
