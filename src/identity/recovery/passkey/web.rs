//! `/recovery/{id}/passkey`: what the browser is to ask the authenticator for, and its answer.

use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::{is_offered, owner};
use crate::base::secret::Secret;
use crate::identity::factors::passkey::{self, Answer};
use crate::identity::recovery::Given;
use crate::identity::recovery::ladder::{Evidence, Next};
use crate::identity::recovery::web::{answer_shown, read};
use crate::identity::signin::gate::SigninState;
use crate::platform::db::WriteTx;
use crate::platform::http::page::{ErrorKind, PageError, error_page, problem};

/// The routes.
pub(in crate::identity::recovery) fn routes(config: &mut ServiceConfig) {
    config.route("/recovery/{id}/passkey", web::post().to(finish)).route("/recovery/{id}/passkey/begin", web::post().to(begin));
}

async fn begin(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, _) = read(&state, &request, &path, payload).await?;
        if !matches!(pending.next(&state), Next::More | Next::MayWait(_)) {
            return Err(PageError::new(ErrorKind::SigninExpired));
        }
        let (at_work, recovery) = (state.clone(), pending.recovery.clone());
        let begun = state.db.write_again(move |tx: &mut WriteTx<'_>| {
            let (Some(party), Some(customer)) = (&at_work.passkeys, &recovery.customer) else { return Ok(None) };
            if !is_offered(tx, &at_work, &recovery)? {
                return Ok(None);
            }
            let held: Vec<_> = passkey::store::list_passkeys(tx, &at_work.tools, customer)?.into_iter().map(|passkey| passkey.credential).collect();
            let Ok((options, ceremony)) = party.begin_challenge(&held) else { return Ok(None) };
            Ok(Some((options, passkey::store::begin_ceremony(tx, &at_work.tools, &owner(&recovery), &ceremony)?)))
        });
        let (options, secret) = begun.await?.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        Ok(HttpResponse::Ok().content_type("application/json").body(serde_json::json!({ "options": options, "ceremony": secret.expose() }).to_string()))
    };
    work.await.unwrap_or_else(|error: PageError| problem(&state.http, &request, &error))
}

async fn finish(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, form) = read(&state, &request, &path, payload).await?;
        let answer = Answer {
            ceremony: Secret::new(form.get("ceremony").unwrap_or_default().to_owned()),
            credential: form.get("credential").unwrap_or_default().to_owned(),
        };
        answer_shown(&state, &request, &pending, Evidence::Passkey, Given::Passkey(answer)).await
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
