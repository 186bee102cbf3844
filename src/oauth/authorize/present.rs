//! Who is signed in where an authorization request comes from, as its client knows them.

use super::store;
use crate::base::ids::ClientId;
use crate::identity::customers;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::Knock;
use crate::oauth::claims;
use crate::oauth::clients::Client;
use crate::oauth::scope::Scope;
use crate::oauth::state::OAuthState;
use crate::platform::db::{DbConnection, StoreError};

/// Who is signed in, their subject, and what they agreed to share with the client: looked up together.
pub(super) type Found = Option<(SignedIn, String, Scope)>;

pub(super) fn find_present(connection: &mut DbConnection, knock: &Knock, client: &ClientId) -> Result<Found, StoreError> {
    let Some(signed_in) = knock.find(connection)? else { return Ok(None) };
    let Some(subject) = customers::store::find_subject(connection, signed_in.customer())? else { return Ok(None) };
    let agreed = store::find_consent(connection, signed_in.customer(), client)?;
    Ok(Some((signed_in, subject, agreed)))
}

/// Who is signed in, as the client knows them.
pub(super) struct Present {
    pub signed_in: SignedIn,
    /// `sub` as the client knows it.
    pub subject: String,
    /// What they agreed to share with it before.
    pub agreed: Scope,
}

impl Present {
    pub fn of(state: &OAuthState, client: &Client, found: Found) -> Option<Self> {
        let (signed_in, subject, agreed) = found?;
        state.signin.notice(Some(&signed_in));
        Some(Self { subject: claims::subject(&state.tools.ring, &subject, &client.metadata), signed_in, agreed })
    }
}
