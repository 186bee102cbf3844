//! Who is signed in where an authorization request comes from, as its client knows them.

use super::store;
use crate::base::ids::{ClientId, FlowId};
use crate::identity::customers;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::Knock;
use crate::identity::signin::model::ReturnTo;
use crate::identity::signin::store as flows;
use crate::oauth::claims;
use crate::oauth::clients::Client;
use crate::oauth::scope::Scope;
use crate::oauth::state::OAuthState;
use crate::platform::db::{DbConnection, StoreError};

/// Who is signed in, their subject, what they agreed to share with the client, and whether they went through the sign-in of the request that waits: looked up together.
pub(super) type Found = Option<(SignedIn, String, Scope, bool)>;

pub(super) fn find_present(connection: &mut DbConnection, knock: &Knock, client: &ClientId, waiting: Option<&FlowId>) -> Result<Found, StoreError> {
    let Some(signed_in) = knock.find(connection)? else { return Ok(None) };
    let Some(subject) = customers::store::find_subject(connection, signed_in.customer())? else { return Ok(None) };
    let agreed = store::find_consent(connection, signed_in.customer(), client)?;
    let is_confirmed = match waiting {
        Some(request) => flows::was_finished_by(connection, &ReturnTo::flow("/authorize", request), signed_in.session_id())?,
        None => false,
    };
    Ok(Some((signed_in, subject, agreed, is_confirmed)))
}

/// Who is signed in, as the client knows them.
pub(super) struct Present {
    pub signed_in: SignedIn,
    /// `sub` as the client knows it.
    pub subject: String,
    /// What they agreed to share with it before.
    pub agreed: Scope,
    /// Whether they went through the sign-in of the request that waits.
    pub is_confirmed: bool,
}

impl Present {
    pub fn of(state: &OAuthState, client: &Client, found: Found) -> Option<Self> {
        let (signed_in, subject, agreed, is_confirmed) = found?;
        state.signin.notice(Some(&signed_in));
        Some(Self { subject: claims::subject(&state.tools.ring, &subject, &client.metadata), signed_in, agreed, is_confirmed })
    }
}
