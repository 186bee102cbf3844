//! `POST /password-strength`: changes nothing, keeps nothing, and tells nothing that the list of known passwords and the grade do not.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::identity::factors::password::policy::context_words;
use crate::identity::factors::password::{PasswordRules, Weighed};
use crate::identity::signin::gate::SigninState;
use crate::platform::http::page::PageView;
use crate::platform::http::{body, csrf};

/// The page's address.
pub const PAGE: &str = "/password-strength";

/// The routes.
pub(in crate::identity::signin) fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::post().to(tell));
}

fn refuse(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status).insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store"))).finish()
}

/// The grade, and a sentence: what it is, what is weak, and what would help.
fn said(view: &PageView, weighed: &Weighed) -> (u8, String) {
    if weighed.is_breached {
        return (0, view.t("password-breached"));
    }
    let strength = weighed.strength;
    let more = [strength.warning, strength.advice].into_iter().flatten().filter(|_| strength.score < 4).map(|key| view.t(key));
    let sentence = std::iter::once(view.t(&format!("password-grade-{}", strength.score))).chain(more).collect::<Vec<_>>().join(" ");
    (strength.score, sentence)
}

async fn tell(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    // No other site is to have our processor work for it.
    if !csrf::is_same_origin(&request, state.http.issuer.as_str()) {
        return refuse(StatusCode::FORBIDDEN);
    }
    let form = match body::read_form(&request, &mut payload.into_inner()).await {
        Ok(form) if !form.has_repeated() => form,
        Ok(_) => return refuse(StatusCode::BAD_REQUEST),
        Err(refused) => return refuse(StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::BAD_REQUEST)),
    };
    let view = PageView::new(&state.http, &request, &form.get("language").map(str::to_owned).into_iter().collect::<Vec<_>>());
    let context = context_words(form.get("username").filter(|name| name.len() <= 254));
    match PasswordRules::weigh(&state.passwords, &state.tools.clock, form.get("password").unwrap_or_default(), &context).await {
        Ok(Some(weighed)) => {
            let (score, sentence) = said(&view, &weighed);
            HttpResponse::Ok().insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store"))).json(json!({ "score": score, "sentence": sentence }))
        }
        // Others are being told: the next letter asks again.
        Ok(None) => refuse(StatusCode::SERVICE_UNAVAILABLE),
        Err(_) => refuse(StatusCode::BAD_REQUEST),
    }
}
