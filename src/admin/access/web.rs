//! Who is asking: a person by their session, a program by its access token.

use actix_web::HttpRequest;

use super::rules::{BrandScope, Role, SCOPE_PREFIX};
use super::staff::{Staff, Who};
use super::store::{find_admin, vouch};
use crate::admin::operations::AdminState;
use crate::base::assurance::{Acr, Requirement};
use crate::identity::customers;
use crate::identity::factors::passkey;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate;
use crate::identity::signin::machine::Step;
use crate::oauth::access::{self, bearer_of};
use crate::platform::db::{DbConnection, StoreError, WriteTx};

/// What every session of staff has to rest on: a factor that a look-alike page gains nothing by.
pub fn requirement() -> Requirement {
    Requirement { policy_acr: Some(Acr::PhishingResistant), ..Requirement::default() }
}

/// A person who is signed in, as far as the console is concerned.
pub enum Person {
    /// Nobody is, or not strongly enough.
    Unknown,
    /// Somebody who is no staff.
    Customer(SignedIn),
    /// Staff whose keys nobody vouches for: those of the invitation are gone, and a password may have been enough to add others.
    Unvouched,
    /// Staff.
    Staff(Staff),
}

/// Who is asking in a browser.
///
/// # Errors
/// [`StoreError`].
pub async fn person(state: &AdminState, request: &HttpRequest) -> Result<Person, StoreError> {
    let signed_in = state.signin.signed_in(request).await?;
    let now = state.tools().now();
    let (Step::Done, Some(signed_in)) = (gate::judge(signed_in.as_ref(), &requirement(), now), signed_in) else { return Ok(Person::Unknown) };
    let (ring, id) = (state.tools().ring.clone(), signed_in.customer().clone());
    let find = move |connection: &mut DbConnection| {
        Ok((find_admin(connection, &id)?, customers::store::find_customer(connection, &ring, &id)?, passkey::store::find_ages(connection, &id)?))
    };
    let (Some(admin), Some(account), ages) = state.signin.db.read(find).await? else { return Ok(Person::Customer(signed_in)) };
    let Some((_, newest)) = ages.filter(|(oldest, _)| *oldest <= admin.vouched_at) else { return Ok(Person::Unvouched) };
    // A key that is there beside one that counts was added with it.
    if newest > admin.vouched_at {
        let id = signed_in.customer().clone();
        state.signin.db.write(move |tx: &mut WriteTx<'_>| vouch(tx, &id, now)).await?;
    }
    Ok(Person::Staff(Staff {
        who: Who::Person {
            id: signed_in.customer().clone(),
            session: signed_in.session_id().clone(),
            name: account.profile.name.as_deref().or(account.profile.given_name.as_deref()).unwrap_or("Support").to_owned(),
        },
        roles: admin.roles,
        brands: admin.brands,
        proven_at: crate::base::assurance::surely_identified_at(&signed_in.session.shown).seconds(),
    }))
}

/// Why a program is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoProgram {
    /// There is no token.
    NoToken,
    /// It does not hold, or is a customer's.
    InvalidToken,
}

/// Which program is asking. A token of a customer's never counts, whatever its scope says.
///
/// # Errors
/// [`StoreError`].
pub async fn program(state: &AdminState, request: &HttpRequest) -> Result<Result<Staff, NoProgram>, StoreError> {
    let token = match bearer_of(request) {
        Ok(Some(token)) => token,
        Ok(None) => return Ok(Err(NoProgram::NoToken)),
        Err(_) => return Ok(Err(NoProgram::InvalidToken)),
    };
    let Some(access) = access::verify(&state.oauth, &token).await?.filter(|access| access.grant.is_none()) else { return Ok(Err(NoProgram::InvalidToken)) };
    let Some(client) = state.oauth.clients.find(&access.client_id).await? else { return Ok(Err(NoProgram::InvalidToken)) };
    // What the client may have now, not what it had when the token was made.
    let roles = access.scope.iter().filter(|scope| client.metadata.scope.contains(scope)).filter_map(|scope| Role::parse(scope.strip_prefix(SCOPE_PREFIX)?));
    Ok(Ok(Staff {
        who: Who::Machine(access.client_id.clone()),
        roles: roles.collect(),
        brands: client.metadata.brand.clone().map_or(BrandScope::ALL, |brand| BrandScope::of([brand])),
        proven_at: access.issued_at,
    }))
}
