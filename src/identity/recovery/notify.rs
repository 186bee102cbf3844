//! What the owner of an account hears of a recovery, on every channel there is.

use super::ladder::Evidence;
use super::store;
use crate::base::ids::{CustomerId, FlowId};
use crate::base::time::UnixSeconds;
use crate::identity::customers::{self, Customer};
use crate::identity::messages::{self, Addressee, Desk, Mail, Notice};
use crate::identity::signin::enrolment::{tell, tell_by_text};
use crate::identity::signin::gate::SigninState;
use crate::identity::tickets::Purpose;
use crate::identity::tickets::store::insert_ticket;
use crate::platform::db::{StoreError, WriteTx};

/// The mailboxes of a customer: that of the account, and the second one.
pub fn mailboxes<'a>(state: &SigninState, customer: &'a Customer) -> Vec<Addressee<'a>> {
    let first = Addressee::of(&state.http.texts, customer);
    let second = customer.backup_email.as_ref().map(|second| Addressee { email: second.as_str(), ..Addressee::of(&state.http.texts, customer) });
    std::iter::once(first).chain(second).collect()
}

/// Says on every channel that a recovery waits, with the link that stops it.
pub(super) fn tell_waiting(tx: &mut WriteTx<'_>, state: &SigninState, customer: &Customer, recovery: &FlowId, until: UnixSeconds) -> Result<(), StoreError> {
    let desk = Desk::of(&state.http);
    let hours = (until.since(state.tools.now()).max(0) + 1_800).div_euclid(3_600).to_string();
    for to in mailboxes(state, customer) {
        let secret = insert_ticket(tx, &state.tools, Purpose::Veto, &customer.id, recovery.as_str())?;
        let link = state.http.issuer.at(&format!("/recovery/stop/{}", secret.expose()));
        let mail = Mail {
            word: "recovery-waits",
            values: &[("link", &link), ("hours", &hours)],
            secrets: &[secret.expose()],
            after: None,
            last_line: None,
            expires_at: Some(until),
        };
        messages::send_mail(tx, &desk, &to, &mail)?;
    }
    tell_by_text(tx, state, customer, Notice::AuthenticatorRemoved)
}

/// Says that an account was recovered.
pub(super) fn tell_recovered(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, has_lost_factors: bool) -> Result<(), StoreError> {
    if has_lost_factors {
        tell(tx, state, id, Notice::Recovered)?;
    }
    let Some(customer) = customers::store::find_customer(tx, &state.tools.ring, id)? else { return Ok(()) };
    // That of the account has been told of the new password already.
    match &customer.backup_email {
        Some(second) => {
            let to = Addressee { email: second.as_str(), ..Addressee::of(&state.http.texts, &customer) };
            messages::send_notice_to(tx, &Desk::of(&state.http), Notice::Recovered, &customer, &to)
        }
        None => Ok(()),
    }
}

/// Says to those whose wait is over how to go on: by a link to a mailbox that they proved. How many were told.
///
/// # Errors
/// [`StoreError`].
pub fn tell_ready(tx: &mut WriteTx<'_>, state: &SigninState, limit: i64) -> Result<usize, StoreError> {
    let ready = store::take_ready(tx, &state.tools, limit)?;
    for recovery in &ready {
        let Some((customer, _)) = super::find_subject(tx, state, recovery)? else { continue };
        let proven = |evidence| recovery.progress.evidence.contains(&evidence);
        let address = match &customer.backup_email {
            _ if proven(Evidence::Mailbox) => customer.email.as_str(),
            Some(second) if proven(Evidence::SecondMailbox) => second.as_str(),
            // Whoever proved no mailbox goes on in the browser that they began in.
            _ => continue,
        };
        let secret = insert_ticket(tx, &state.tools, Purpose::Recover, &customer.id, recovery.id.as_str())?;
        let link = state.http.issuer.at(&format!("/recovery/go-on/{}", secret.expose()));
        let to = Addressee { email: address, ..Addressee::of(&state.http.texts, &customer) };
        let mail = Mail { word: "recovery-ready", values: &[("link", &link)], secrets: &[secret.expose()], after: None, last_line: None, expires_at: None };
        messages::send_mail(tx, &Desk::of(&state.http), &to, &mail)?;
    }
    Ok(ready.len())
}
