//! `/signin/{flow}/join/passkey`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::base::assurance::FactorKind;
use crate::base::ids::{CustomerId, FlowId};
use crate::identity::factors::passkey::ceremony::{EnrolmentPolicy, KeyKind, Registrant as KeyOwner};
use crate::identity::factors::passkey::{self, Registrant};
use crate::identity::signin::enrolment::{self, sentence as key_sentence, web::key_of, word};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::store as flows;
use crate::identity::signup::rules::{JoinStep, Joining};
use crate::identity::signup::web::{Told, address, at_step, enter, page};
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::WriteTx;
use crate::platform::http::page::{ErrorKind, PageError, PageView, error_page, problem, see_other};

/// The routes.
pub(in crate::identity::signup) fn routes(config: &mut ServiceConfig) {
    config.route("/signin/{flow}/join/passkey", web::post().to(submit_passkey)).route("/signin/{flow}/join/passkey/begin", web::post().to(begin_passkey));
}

/// Whose ceremony it is.
fn key_ceremony(flow: &FlowId, customer: &CustomerId) -> String {
    format!("join:{flow}:{customer}")
}

async fn begin_passkey(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let Ok((pending, _)) = at_step(&state, &request, &path, payload, JoinStep::Credential, "/passkey").await? else { return Err(PageError::new(ErrorKind::SigninExpired)) };
        let id = pending.joining.customer.clone().unwrap_or_else(|| CustomerId::generate(state.tools.now_micros(), state.tools.entropy()));
        let at_work = state.clone();
        let work = move |tx: &mut WriteTx<'_>| {
            let Some(party) = at_work.passkeys.as_ref() else { return Ok(None) };
            let (name, details) = (pending.joining.email.clone().unwrap_or_default(), pending.joining.details.clone().unwrap_or_default());
            let key_owner = KeyOwner { handle: passkey::handle(&id), name: &name, display_name: &details.name, held: Vec::new() };
            // It is the only factor, so it has to say who it is: it is to verify its user.
            let policy = match party.policy(false) {
                EnrolmentPolicy::Preferred => &EnrolmentPolicy::Verified,
                stricter => stricter,
            };
            let Ok((options, ceremony)) = party.begin_registration(&key_owner, KeyKind::Passkey, policy) else { return Ok(None) };
            let secret = passkey::store::begin_ceremony(tx, &at_work.tools, &key_ceremony(&pending.flow.id, &id), &ceremony)?;
            flows::keep_joining(tx, &at_work.tools, &pending.flow.id, &Joining { customer: Some(id.clone()), ..pending.joining.clone() })?;
            Ok(Some((options, secret)))
        };
        let (options, secret) = state.db.write_again(work).await?.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        Ok(HttpResponse::Ok().content_type("application/json").body(serde_json::json!({ "options": options, "ceremony": secret.expose() }).to_string()))
    };
    work.await.unwrap_or_else(|error: PageError| problem(&state.http, &request, &error))
}

async fn submit_passkey(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, form) = match at_step(&state, &request, &path, payload, JoinStep::Credential, "/passkey").await? {
            Ok(here) => here,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let view = PageView::new(&state.http, &request, &pending.flow.request.ui_locales);
        let (Some(id), true) = (pending.joining.customer.clone(), state.passkeys.is_some()) else { return Ok(see_other(&address(&pending.flow.id))) };
        let (key, ceremony_owner) = (key_of(&form, &view), key_ceremony(&pending.flow.id, &id));
        let add = move |tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, origin: &Origin| {
            let Some(party) = state.passkeys.as_ref() else { return Ok(Err("refused")) };
            let registrant = Registrant { customer: id, generation: 1, name: &key.name, default_name: &key.default_name };
            match passkey::register(tx, &state.tools, party, &ceremony_owner, &key.answer, &registrant)? {
                Ok((authenticator, proof)) => {
                    let detail = serde_json::json!({ "kind": FactorKind::Passkey, "authenticator": authenticator });
                    let entry = Entry::success(enrolment::AUTHENTICATOR_ADDED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin);
                    audit::record(tx, &state.tools, &entry.with_detail(detail))?;
                    Ok(Ok(proof))
                }
                Err(refused) => Ok(Err(word(refused))),
            }
        };
        let entered = enter(&state, &request, &pending, (id, FactorKind::Passkey), add).await?;
        Ok(entered.unwrap_or_else(|refused| {
            let problem = view.t(key_sentence(refused).unwrap_or("key-refused"));
            page(&state, &request, &pending, &Told::problem(StatusCode::UNPROCESSABLE_ENTITY, problem))
        }))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
