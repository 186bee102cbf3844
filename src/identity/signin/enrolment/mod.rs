//! Adding a factor, in a sign-in that the rules demand one in, or from the account page: the steps that both share, each in one transaction.

mod qr;
pub mod web;

use serde_json::Value;

use super::gate::SigninState;
use crate::base::ids::{AuthenticatorId, CustomerId, SessionId};
use crate::base::secret::{Secret, SecretHash};
use crate::identity::Proof;
use crate::identity::attempts::rules::{AttemptPolicy, Throttled};
use crate::identity::attempts::store as attempts;
use crate::identity::customers::{self, Customer, CustomerRole};
use crate::identity::factors::passkey::ceremony::{KeyKind, Registrant};
use crate::identity::factors::passkey::{self, Answer, PasskeyRefused};
use crate::identity::factors::sent_code::rules::{TextLane, notice_lanes};
use crate::identity::factors::totp::{self, Seed};
use crate::identity::factors::{self, CodeRefused, trusted_device};
use crate::identity::messages::{self, Desk, Notice};
use crate::identity::sessions::store as session_store;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::vault::blind_index;

/// A customer added an authenticator.
pub const AUTHENTICATOR_ADDED: EventSpec = EventSpec::new("authenticator_added", "A customer added an authenticator, confirmed by a first use.");
/// A passkey or security key was not added.
pub const AUTHENTICATOR_REFUSED: EventSpec =
    EventSpec::new("authenticator_refused", "A passkey or security key was not added: its answer did not hold, or policy does not accept it.");

/// Who adds a factor, and from where.
#[derive(Clone)]
pub struct Enroller {
    /// The customer.
    pub customer: CustomerId,
    /// The credential generation that the customer was checked under.
    pub generation: i64,
    /// The session that it is done in; none while signing in.
    pub session: Option<SessionId>,
    /// Whether the customer wants to be signed out everywhere else.
    pub ends_others: bool,
    /// The browser that it is done in, which stays known.
    pub device: Option<SecretHash>,
    /// Where the request came from.
    pub origin: Origin,
}

impl Enroller {
    fn entry(&self, spec: EventSpec) -> Entry {
        let entry = Entry::success(spec, Actor::Customer(self.customer.to_string()), format!("customer:{}", self.customer), &self.origin);
        match &self.session {
            Some(session) => entry.with_session(session.as_str()),
            None => entry,
        }
    }
}

/// An app that waits for its first code.
#[derive(Clone)]
pub struct WaitingApp {
    /// Its id.
    pub id: AuthenticatorId,
    /// What the app is given.
    pub seed: Seed,
    /// The account's name in the app.
    pub email: String,
}

/// Begins to add an app called `name`; none when the customer has as many as one can have.
///
/// # Errors
/// [`StoreError`].
pub fn begin_app(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, name: &str) -> Result<Option<AuthenticatorId>, StoreError> {
    let held = totp::store::list_authenticators(tx, &state.tools, customer)?.len();
    if i64::try_from(held).unwrap_or(i64::MAX) >= totp::store::MAX_AUTHENTICATORS {
        return Ok(None);
    }
    totp::store::begin_enrolment(tx, &state.tools, customer, &Seed::generate(state.tools.entropy()), name).map(Some)
}

/// The app that waits for its first code.
///
/// # Errors
/// [`StoreError`].
pub fn find_app(connection: &mut DbConnection, state: &SigninState, customer: &CustomerId, id: &AuthenticatorId) -> Result<Option<WaitingApp>, StoreError> {
    let Some(seed) = totp::store::find_enrolment(connection, &state.tools, customer, id)? else { return Ok(None) };
    let customer = customers::store::find_customer(connection, &state.tools.ring, customer)?;
    Ok(customer.map(|customer| WaitingApp { id: id.clone(), seed, email: customer.email.as_str().to_owned() }))
}

/// Why an app was not added.
#[derive(Debug, Clone, Copy)]
pub enum AppRefused {
    /// The code.
    Code(CodeRefused),
    /// Too many tries.
    Throttled(Throttled),
    /// It was added, or replaced, meanwhile.
    Gone,
}

/// Checks the first code of an app and adds it. The try counts, also when it fails.
///
/// # Errors
/// [`StoreError`].
pub fn add_app(tx: &mut WriteTx<'_>, state: &SigninState, enroller: &Enroller, app: &WaitingApp, typed: &str) -> Result<Result<Proof, AppRefused>, StoreError> {
    let (tools, lanes) = (&state.tools, AttemptPolicy::code_lanes(enroller.customer.as_str(), Some("enrolment")));
    // Locked, or under other credentials, since the page was judged.
    if !customers::store::hold_upheld(tx, &enroller.customer, enroller.generation)? {
        return Ok(Err(AppRefused::Gone));
    }
    if let Err(throttled) = attempts::count_in_each(tx, &lanes, tools.now())? {
        return Ok(Err(AppRefused::Throttled(throttled)));
    }
    let step = match totp::rules::judge(&app.seed, typed, None, tools.now()) {
        Ok(step) => step,
        Err(refused) => {
            let about = format!("customer:{}", enroller.customer);
            audit::record(tx, tools, &Entry::refusal(AUTHENTICATOR_REFUSED, Actor::Customer(enroller.customer.to_string()), about, "wrong", &enroller.origin))?;
            return Ok(Err(AppRefused::Code(refused)));
        }
    };
    let Some(proof) = totp::confirm(tx, tools, &enroller.customer, enroller.generation, &app.id, step)? else { return Ok(Err(AppRefused::Gone)) };
    attempts::return_tries(tx, &lanes)?;
    settle(tx, state, enroller, &app.id, &proof)?;
    Ok(Ok(proof))
}

/// What the browser is to ask an authenticator for, and the secret of the ceremony of `owner`; none where there are no passkeys.
///
/// # Errors
/// [`StoreError`].
pub fn begin_key(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, owner: &str, kind: KeyKind) -> Result<Option<(Value, Secret)>, StoreError> {
    let tools = &state.tools;
    let (Some(party), Some(customer)) = (state.passkeys.as_ref(), customers::store::find_customer(tx, &tools.ring, id)?) else { return Ok(None) };
    let held = passkey::store::list_passkeys(tx, tools, id)?;
    let registrant = Registrant {
        handle: passkey::handle(id),
        name: customer.email.as_str(),
        display_name: customer.profile.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(customer.email.as_str()),
        held: held.into_iter().map(|passkey| passkey.credential.cred_id).collect(),
    };
    let policy = party.policy(customer.role == CustomerRole::Admin);
    let Ok((options, ceremony)) = party.begin_registration(&registrant, kind, policy) else { return Ok(None) };
    let secret = passkey::store::begin_ceremony(tx, tools, owner, &ceremony)?;
    Ok(Some((options, secret)))
}

/// A key to be added.
pub struct NewKey {
    /// What the authenticator answered.
    pub answer: Answer,
    /// The name that the customer gave; empty for that of the model.
    pub name: String,
    /// The name when neither is known.
    pub default_name: String,
}

/// Checks the answer of an authenticator and adds it. The error is the page's word for the refusal.
///
/// # Errors
/// [`StoreError`].
pub fn add_key(tx: &mut WriteTx<'_>, state: &SigninState, enroller: &Enroller, owner: &str, key: &NewKey) -> Result<Result<Proof, &'static str>, StoreError> {
    let Some(party) = state.passkeys.as_ref() else { return Ok(Err("refused")) };
    let (tools, customer) = (&state.tools, &enroller.customer);
    if !customers::store::hold_upheld(tx, customer, enroller.generation)? {
        return Ok(Err("expired"));
    }
    if i64::try_from(passkey::store::list_passkeys(tx, tools, customer)?.len()).unwrap_or(i64::MAX) >= passkey::store::MAX_PASSKEYS {
        return Ok(Err("full"));
    }
    let registrant = passkey::Registrant { customer, generation: enroller.generation, name: &key.name, default_name: &key.default_name };
    match passkey::register(tx, tools, party, owner, &key.answer, &registrant)? {
        Ok((id, proof)) => {
            settle(tx, state, enroller, &id, &proof)?;
            Ok(Ok(proof))
        }
        Err(refused) => {
            let about = format!("customer:{customer}");
            audit::record(tx, tools, &Entry::refusal(AUTHENTICATOR_REFUSED, Actor::Customer(customer.to_string()), about, refused.word(), &enroller.origin))?;
            Ok(Err(word(refused)))
        }
    }
}

/// The page's word for a refusal.
pub const fn word(refused: PasskeyRefused) -> &'static str {
    match refused {
        PasskeyRefused::Taken => "taken",
        PasskeyRefused::Model => "model",
        PasskeyRefused::Unverified => "unverified",
        PasskeyRefused::Expired => "expired",
        _ => "refused",
    }
}

/// The sentence for such a word.
pub fn sentence(word: &str) -> Option<&'static str> {
    match word {
        "taken" => Some("key-taken"),
        "model" => Some("key-model"),
        "unverified" => Some("key-unverified"),
        "expired" => Some("passkey-expired"),
        "full" => Some("security-full"),
        "needed" | "last" => Some("security-needed"),
        "upstream-taken" => Some("upstream-taken"),
        "unproven" => Some("security-unproven"),
        "throttled" => Some("security-throttled"),
        "refused" => Some("key-refused"),
        _ => None,
    }
}

/// What every addition brings: no device is trusted any longer, other sessions end if that is wanted, the customer is told, and it is written down.
fn settle(tx: &mut WriteTx<'_>, state: &SigninState, enroller: &Enroller, id: &AuthenticatorId, proof: &Proof) -> Result<(), StoreError> {
    trusted_device::store::remove_devices_of(tx, &enroller.customer)?;
    factors::settle_debts(tx, &enroller.customer)?;
    // Browsers that were known before there was a second factor have no lanes of their own for guessing it.
    if factors::find_enrolled_authenticators(tx, &enroller.customer)? <= 1 {
        session_store::end_other_devices(tx, &enroller.customer, enroller.device.as_ref())?;
    }
    let ended = match &enroller.session {
        Some(session) if enroller.ends_others => session_store::end_other_sessions(tx, &enroller.customer, session, "authenticator_added", state.tools.now())?,
        _ => 0,
    };
    tell(tx, state, &enroller.customer, Notice::AuthenticatorAdded)?;
    let detail = serde_json::json!({ "kind": proof.shown().kind, "authenticator": id, "other_sessions_ended": ended });
    audit::record(tx, &state.tools, &enroller.entry(AUTHENTICATOR_ADDED).with_detail(detail))
}

/// Tells a customer by mail, and by text message where those go out and the number is proven.
///
/// # Errors
/// [`StoreError`].
pub fn tell(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, notice: Notice) -> Result<(), StoreError> {
    let Some(customer) = customers::store::find_customer(tx, &state.tools.ring, customer)? else { return Ok(()) };
    messages::send_notice(tx, &Desk::of(&state.http), notice, &customer)?;
    tell_by_text(tx, state, &customer, notice)
}

/// Tells a customer by text message that the ways to sign in changed, where those go out and the number is proven.
///
/// # Errors
/// [`StoreError`].
pub fn tell_by_text(tx: &mut WriteTx<'_>, state: &SigninState, customer: &Customer, notice: Notice) -> Result<(), StoreError> {
    let desk = Desk::of(&state.http);
    if !state.factors.has_sms_codes || !customer.is_phone_verified {
        return Ok(());
    }
    // Counted with the codes, so that nobody has messages sent by adding and removing.
    let index = customer.phone.as_ref().map(|phone| blind_index(&state.tools.ring, "phone", phone.as_str())).unwrap_or_default();
    let Some(lane) = customer.phone.as_ref().map(|phone| TextLane { phone, index: &index, source: "notice", caps: state.sms_caps }) else { return Ok(()) };
    let now = state.tools.now();
    match attempts::count_in_each(tx, &notice_lanes(&lane), now)? {
        Ok(()) => messages::send_text_notice(tx, &desk, notice, customer, now.plus(86_400)),
        Err(_) => Ok(()),
    }
}
