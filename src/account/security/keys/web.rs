//! Adding a passkey or a security key: what the browser is to ask the authenticator for, and its answer.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{AUTHENTICATOR_ADDED, PAGE, entry, finish, name_of, proven, read_form, tell};
use crate::base::ids::SessionId;
use crate::base::secret::Secret;
use crate::identity::customers::{self, CustomerRole};
use crate::identity::factors::passkey::ceremony::{KeyKind, Registrant};
use crate::identity::factors::passkey::{self, Answer, PasskeyRefused};
use crate::identity::notices::Notice;
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as session_store;
use crate::identity::signin::gate::{self, Opened, SigninState};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PageView, problem, see_other};

/// A passkey or security key was not added.
pub const AUTHENTICATOR_REFUSED: EventSpec =
    EventSpec::new("authenticator_refused", "A passkey or security key was not added: its answer did not hold, or policy does not accept it.");

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
        let work = move |tx: &mut WriteTx<'_>| {
            let (tools, id) = (&at_work.tools, signed_in.customer());
            let (Some(party), Some(customer)) = (at_work.passkeys.as_ref(), customers::store::find_customer(tx, &tools.ring, id)?) else { return Ok(None) };
            let held = passkey::store::list_passkeys(tx, tools, id)?;
            let registrant = Registrant {
                handle: passkey::handle(id),
                name: customer.email.as_str(),
                display_name: customer.profile.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(customer.email.as_str()),
                held: held.into_iter().map(|passkey| passkey.credential.cred_id).collect(),
            };
            let policy = party.policy(customer.role == CustomerRole::Admin);
            let Ok((options, ceremony)) = party.begin_registration(&registrant, kind, policy) else { return Ok(None) };
            let secret = passkey::store::begin_ceremony(tx, tools, &owner(signed_in.session_id()), &ceremony)?;
            Ok(Some((options, secret)))
        };
        let (options, secret) = state.db.write(work).await?.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
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
        let view = PageView::new(&state.http, &request, &[]);
        let is_separate = form.get("kind").and_then(KeyKind::parse) == Some(KeyKind::SecurityKey);
        let adding = Adding {
            answer: Answer {
                ceremony: Secret::new(form.get("ceremony").unwrap_or_default().to_owned()),
                credential: form.get("credential").unwrap_or_default().to_owned(),
            },
            name: name_of(&form),
            default_name: view.t(if is_separate { "key-default-name" } else { "passkey-default-name" }),
            ends_others: form.get("elsewhere") == Some("yes"),
            origin: origin_of(&request),
        };
        let opened = match register(&state, signed_in, adding).await? {
            Ok(opened) => opened,
            Err(word) => return Ok(see_other(&format!("{PAGE}?{word}"))),
        };
        let mut response = see_other(&format!("{PAGE}?added"));
        if let (Some(opened), Some(device)) = (opened, state.device(&request)) {
            for cookie in state.signed_in_cookies(&opened.session, &opened.secret, &device) {
                let _ = response.add_cookie(&cookie);
            }
        }
        Ok(response)
    };
    finish(&state, &request, work).await
}

struct Adding {
    answer: Answer,
    name: String,
    default_name: String,
    ends_others: bool,
    origin: Origin,
}

/// The page's word for a refusal.
const fn word(refused: PasskeyRefused) -> &'static str {
    match refused {
        PasskeyRefused::Taken => "taken",
        PasskeyRefused::Model => "model",
        PasskeyRefused::Unverified => "unverified",
        PasskeyRefused::Expired => "expired",
        _ => "refused",
    }
}

/// Checks the answer and adds the credential, in one transaction. The error is the page's word for it.
async fn register(state: &Data<SigninState>, signed_in: SignedIn, adding: Adding) -> Result<Result<Option<Opened>, &'static str>, StoreError> {
    let at_work = state.clone();
    let work = move |tx: &mut WriteTx<'_>| {
        let Some(party) = at_work.passkeys.as_ref() else { return Ok(Err("refused")) };
        let (tools, customer) = (&at_work.tools, signed_in.customer());
        if i64::try_from(passkey::store::list_passkeys(tx, tools, customer)?.len()).unwrap_or(i64::MAX) >= passkey::store::MAX_PASSKEYS {
            return Ok(Err("full"));
        }
        let registrant = passkey::Registrant { customer, generation: signed_in.session.generation, name: &adding.name, default_name: &adding.default_name };
        let (id, proof) = match passkey::register(tx, tools, party, &owner(signed_in.session_id()), &adding.answer, &registrant)? {
            Ok(registered) => registered,
            Err(refused) => {
                let about = format!("customer:{customer}");
                let entry = Entry::refusal(AUTHENTICATOR_REFUSED, Actor::Customer(customer.to_string()), about, refused.word(), &adding.origin);
                audit::record(tx, tools, &entry.with_session(signed_in.session_id().as_str()))?;
                return Ok(Err(word(refused)));
            }
        };
        let opened = gate::extend_session(tx, tools, &signed_in.session, &proof)?;
        let ended = if adding.ends_others { session_store::end_other_sessions(tx, customer, signed_in.session_id(), "authenticator_added", tools.now())? } else { 0 };
        tell(tx, &at_work, &signed_in, Notice::AuthenticatorAdded)?;
        let detail = serde_json::json!({ "kind": proof.shown().kind, "authenticator": id, "other_sessions_ended": ended });
        audit::record(tx, tools, &entry(AUTHENTICATOR_ADDED, &signed_in, &adding.origin).with_detail(detail))?;
        Ok(Ok(opened))
    };
    state.db.write(work).await
}
