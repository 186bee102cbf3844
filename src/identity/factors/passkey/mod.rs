//! Passkeys and security keys (WebAuthn Level 3): a key pair bound to our domain. Alone, when the authenticator verifies its user; or beside a password.

pub mod ceremony;
pub mod foreign;
pub mod providers;
pub mod store;

use webauthn_rs::prelude::Uuid;

use crate::base::assurance::ShownFactor;
use crate::base::ids::{AuthenticatorId, CustomerId};
use crate::base::secret::Secret;
use crate::identity::Proof;
use crate::identity::customers::{self, CustomerStatus};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

pub use ceremony::{PasskeyParty, PasskeyRefused};

use ceremony::{Assertion, Ceremony};

/// The user handle of a customer (WebAuthn L3 section 14.6.1): opaque, and the same for ever.
pub fn handle(customer: &CustomerId) -> Uuid {
    Uuid::from_u128(customer.as_u128())
}

/// What an authenticator answered, and to which ceremony.
pub struct Answer {
    /// The ceremony's secret.
    pub ceremony: Secret,
    /// The credential as JSON.
    pub credential: String,
}

/// A refused answer, and whose it claimed to be, where that is known.
pub struct Refusal {
    /// Why.
    pub refused: PasskeyRefused,
    /// The customer whose credential was named.
    pub customer: Option<CustomerId>,
}

/// Checks an answer in a sign-in `owner`. `expected` is the customer whose second factor is asked for; without one, whoever has the credential is meant, if they may sign in.
///
/// The ceremony is taken first, and whatever the answer says is stored only when it holds.
///
/// # Errors
/// [`StoreError`].
pub fn check(
    tx: &mut WriteTx<'_>,
    tools: &Tools,
    party: &PasskeyParty,
    owner: &str,
    answer: &Answer,
    expected: Option<(&CustomerId, i64)>,
) -> Result<Result<Proof, Refusal>, StoreError> {
    let refusal = |refused, customer: Option<&CustomerId>| Ok(Err(Refusal { refused, customer: customer.cloned().or_else(|| expected.map(|(customer, _)| customer.clone())) }));
    let Some(ceremony) = store::take_ceremony(tx, tools, owner, &answer.ceremony)? else { return refusal(PasskeyRefused::Expired, None) };
    let is_fitting = matches!((&ceremony, expected), (Ceremony::Discover(_), None) | (Ceremony::Challenge(_), Some(_)));
    if !is_fitting {
        return refusal(PasskeyRefused::Expired, None);
    }
    let assertion = match Assertion::parse(&answer.credential) {
        Ok(assertion) => assertion,
        Err(refused) => return refusal(refused, None),
    };
    let Some((customer, passkey)) = store::find_by_credential(tx, tools, assertion.credential_id())? else { return refusal(PasskeyRefused::Unknown, None) };
    let generation = match expected {
        Some((expected, generation)) if *expected == customer => generation,
        Some(_) => return refusal(PasskeyRefused::Unknown, None),
        None => match customers::store::find_standing(tx, &customer)? {
            Some(standing) if standing.status == CustomerStatus::Active => standing.generation,
            _ => return refusal(PasskeyRefused::Invalid, Some(&customer)),
        },
    };
    let ours = handle(&customer);
    let expected_handle = passkey.foreign_handle.as_deref().unwrap_or(ours.as_bytes());
    let result = match party.finish_assertion(ceremony, &assertion, &passkey.credential, expected_handle) {
        Ok(result) => result,
        Err(refused) => return refusal(refused, Some(&customer)),
    };
    if !store::note_use(tx, tools, &customer, &passkey, &result)? {
        return refusal(PasskeyRefused::Cloned, Some(&customer));
    }
    let shown = ShownFactor::passkey(tools.now_micros(), result.user_verified(), result.backup_eligible());
    Ok(Ok(Proof::new(customer, generation, shown)))
}

/// Adds the credential of an answer to `customer`, whose session `owner` began it. It was just shown, so it proves itself too.
///
/// # Errors
/// [`StoreError`].
pub fn register(
    tx: &mut WriteTx<'_>,
    tools: &Tools,
    party: &PasskeyParty,
    owner: &str,
    answer: &Answer,
    registrant: &Registrant<'_>,
) -> Result<Result<(AuthenticatorId, Proof), PasskeyRefused>, StoreError> {
    let Some(ceremony) = store::take_ceremony(tx, tools, owner, &answer.ceremony)? else { return Ok(Err(PasskeyRefused::Expired)) };
    let new = match party.finish_registration(&ceremony, &answer.credential) {
        Ok(new) => new,
        Err(refused) => return Ok(Err(refused)),
    };
    // Asked first: on PostgreSQL a conflict would end the transaction, and with it the taking of the ceremony.
    if store::is_taken(tx, &new.credential.cred_id)? {
        return Ok(Err(PasskeyRefused::Taken));
    }
    let name = match registrant.name {
        "" => new.aaguid.and_then(providers::find).map_or(registrant.default_name, |provider| provider.name),
        given => given,
    };
    let shown = ShownFactor::passkey(tools.now_micros(), new.credential.user_verified, new.credential.backup_eligible);
    let id = store::insert_passkey(tx, tools, registrant.customer, new, name)?;
    Ok(Ok((id, Proof::new(registrant.customer.clone(), registrant.generation, shown))))
}

/// Whose credential is added, and what it is to be called.
pub struct Registrant<'a> {
    /// The customer.
    pub customer: &'a CustomerId,
    /// The credential generation of the session.
    pub generation: i64,
    /// The name that the customer gave; empty for that of the model.
    pub name: &'a str,
    /// The name when neither is known.
    pub default_name: &'a str,
}
