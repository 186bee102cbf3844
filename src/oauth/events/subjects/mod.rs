//! Which customers a client knows, by which sessions, and how far the log was looked through.

pub mod store;

use crate::identity::customers;
use crate::identity::sessions::SignedIn;
use crate::oauth::claims;
use crate::oauth::clients::Client;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

/// Notes that a client knows a customer from now on, and is to hear when this session ends.
///
/// # Errors
/// [`StoreError`].
pub fn note(tx: &mut WriteTx<'_>, tools: &Tools, client: &Client, signed_in: &SignedIn) -> Result<(), StoreError> {
    let Some(subject) = customers::store::find_subject(tx, signed_in.customer())? else { return Ok(()) };
    let told = claims::subject(&tools.ring, &subject, &client.metadata);
    if store::is_noted(tx, &client.id, signed_in.customer(), &told)? && store::is_session_noted(tx, signed_in.session_id(), &client.id)? {
        return Ok(());
    }
    // Held, so that of two sign-ins at once one makes the rows.
    customers::store::hold_row(tx, signed_in.customer())?;
    store::note_session(tx, signed_in.session_id(), &client.id)?;
    store::note_subject(tx, &client.id, signed_in.customer(), (&subject, &told), tools.now())
}
