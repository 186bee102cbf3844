//! What only the provider of the accounts knows of who orders: how sure the sign-in was, and what was changed a moment ago.

use crate::base::assurance::{Acr, Authentication};
use crate::base::ids::CustomerId;
use crate::base::page::PageRequest;
use crate::base::time::UnixSeconds;
use crate::identity::customers::address_book::AddressEntry;
use crate::identity::customers::{Customer, Standing};
use crate::identity::factors::{passkey, password, totp};
use crate::identity::sessions::{Session, store as sessions};
use crate::identity::{contacts, customers};
use crate::oauth::claims;
use crate::oauth::state::OAuthState;
use crate::platform::db::{StoreError, WriteTx};
use crate::risk::avs::letters::Part;
use crate::risk::avs::matching::{Compared, compare};
use crate::risk::decisions::store::{Wanted, find_labels, list_decisions};
use crate::risk::decisions::{Decision, Kind, Outcome, counts};
use crate::risk::login::record::SigninRecord;
use crate::risk::purchase::features::Account;
use crate::risk::purchase::order::{Address, Checked};

/// How long after an account was made what is added still belongs to making it, in seconds.
const JOINING_SECONDS: i64 = 900;
/// How far back contacts are looked at, in seconds.
const LATELY_SECONDS: i64 = 86_400;

/// Who orders, with what is known of them.
pub struct Orderer {
    /// The customer.
    pub customer: Customer,
    /// What the model looks at.
    pub account: Account,
    /// The session that orders.
    pub session: Option<Session>,
    /// When the password was last changed.
    pub password_changed_at: Option<UnixSeconds>,
}

/// Looks up who orders; none where the account is gone.
///
/// # Errors
/// [`StoreError`].
pub fn find_orderer(tx: &mut WriteTx<'_>, state: &OAuthState, client: &str, id: &CustomerId, checked: &Checked) -> Result<Option<Orderer>, StoreError> {
    let tools = &state.tools;
    let (Some(customer), Some(standing)) = (customers::store::find_customer(tx, &tools.ring, id)?, customers::store::find_standing(tx, id)?) else { return Ok(None) };
    let session = match &checked.order.device.sid {
        Some(sid) => find_session(tx, state, client, &standing, sid)?,
        None => None,
    };
    let made_at = customers::details::store::find_created_at(tx, id)?;
    let password_changed_at = password::store::find_updated_at(tx, id)?;
    let newest_key = passkey::store::find_ages(tx, id)?.map(|(_, newest)| newest);
    let newest_app = totp::store::list_authenticators(tx, tools, id)?.into_iter().map(|app| app.created_at).max();
    let made_with = made_at.map_or(UnixSeconds(0), |at| at.plus(JOINING_SECONDS));
    let credentials_changed_at = [password_changed_at, newest_key, newest_app].into_iter().flatten().filter(|at| *at > made_with).max();
    let lately = checked.at.plus(-LATELY_SECONDS);
    let contact_changed_at = contacts::store::has_changed_since(tx, id, lately)?.then_some(checked.at);
    let (signin, record) = find_signin(tx, id, session.as_ref())?.unzip();
    let to = checked.order.shipping.as_ref().and_then(|shipping| shipping.address.as_ref());
    let own = to.and_then(|address| own_address(&customer, address));
    let acr = session.as_ref().and_then(|session| Authentication::from_shown(&session.shown)).map(|authentication| authentication.acr);
    let account = Account {
        made_at,
        has_session: session.is_some(),
        is_known_device: record.as_ref().and_then(|record| record.evidence.facts.is_known_device),
        acr: acr.and_then(|acr| Acr::LADDER.iter().position(|level| *level == acr)).and_then(|at| u8::try_from(at).ok()).unwrap_or_default(),
        // The first sign-in of all was compared with nothing.
        signin_score: signin.filter(|_| record.as_ref().is_some_and(|record| record.evidence.own.logins > 0)).map(|decision| decision.score),
        credentials_changed_at,
        contact_changed_at,
        is_own_address: own.is_some(),
        address_added_at: own.filter(|at| *at > made_with),
        is_frozen: customer.frozen_until.is_some_and(|until| until > tools.now()),
    };
    Ok(Some(Orderer { customer, account, session, password_changed_at }))
}

/// Sign-ins of a day that are looked at.
const SIGNINS: u32 = 100;

/// The sign-in that this order may come from: of those within a day before the session was opened the strangest that nobody said was the customer's own, since whoever came in strangely is known the next time; else the latest.
fn find_signin(tx: &mut WriteTx<'_>, id: &CustomerId, session: Option<&Session>) -> Result<Option<(Decision, SigninRecord)>, StoreError> {
    let passed = Wanted { kind: Some(Kind::Signin), customer: Some(id.clone()), outcome: Some(Outcome::Passed), ..Wanted::default() };
    let read = |decision: Decision| serde_json::from_str::<SigninRecord>(&decision.record).ok().map(|record| (decision, record));
    let Some(session) = session else { return Ok(list_decisions(tx, &passed, &PageRequest::first(1))?.items.into_iter().find_map(read)) };
    // A decision is made while the session is opened: a second more, as the clock is read twice.
    let opened = session.created_at.plus(1);
    let lately = list_decisions(tx, &Wanted { since: Some(session.created_at.plus(-LATELY_SECONDS)), ..passed.clone() }, &PageRequest::first(SIGNINS))?.items;
    let labels = find_labels(tx, &lately.iter().map(|decision| decision.id.as_str()).collect::<Vec<_>>())?;
    let is_own = |decision: &Decision| labels.get(decision.id.as_str()).and_then(|labels| counts(labels)) == Some(false);
    let known: Vec<_> = lately.into_iter().filter(|decision| decision.at <= opened && !is_own(decision)).filter_map(read).collect();
    let strange = |record: &SigninRecord| (record.evidence.facts.is_known_device != Some(true), record.score);
    match known.into_iter().max_by_key(|(_, record)| strange(record)) {
        Some(found) => Ok(Some(found)),
        // A session that is older than a day: by the latest before it.
        None => Ok(list_decisions(tx, &passed, &PageRequest::first(SIGNINS))?.items.into_iter().filter(|decision| decision.at <= opened).find_map(read)),
    }
}

/// The session that a client knows by this `sid`.
fn find_session(tx: &mut WriteTx<'_>, state: &OAuthState, client: &str, standing: &Standing, sid: &str) -> Result<Option<Session>, StoreError> {
    let living = sessions::list_sessions(tx, &standing.id, standing.generation, &state.signin.sessions, state.tools.now())?;
    Ok(living.into_iter().find(|session| claims::session_name(&state.tools.ring, session.id.as_str(), client) == sid))
}

/// Since when an address is one of the customer's; none where it is not.
fn own_address(customer: &Customer, address: &Address) -> Option<UnixSeconds> {
    let typed = Compared { street: &address.street_address, postal: &address.postal_code, name: None };
    let is_it = |entry: &&AddressEntry| {
        let on_file = Compared {
            street: entry.address.street_address.as_deref().unwrap_or_default(),
            postal: entry.address.postal_code.as_deref().unwrap_or_default(),
            name: None,
        };
        let reading = compare(&typed, &on_file, &address.country);
        entry.address.country.as_deref() == Some(address.country.as_str()) && reading.street == Part::Match && reading.postal == Part::Match
    };
    customer.addresses.entries().iter().find(is_it).map(|entry| entry.since)
}
