//! The kinds of authenticator. Each folder holds one: its rules, its table, its check. A check that holds yields a [`crate::identity::Proof`].

pub mod passkey;
pub mod password;
pub mod policy;
pub mod recovery_code;
pub mod sent_code;
pub mod totp;
pub mod trusted_device;
pub mod upstream;

use crate::base::assurance::{Acr, Authentication, FactorKind, ShownFactor};
use crate::base::ids::{AuthenticatorId, CustomerId};
use crate::base::time::UnixSeconds;
use crate::identity::customers::{self, FactorFacts, Standing};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

pub use policy::FactorPolicy;

/// Why a typed code is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    /// Not of the form of a code.
    #[error("that is not the form of a code")]
    Malformed,
    /// Not a code that counts now.
    #[error("that code does not count")]
    Wrong,
    /// It was, and was used.
    #[error("the code was used before")]
    Used,
}

/// What a customer has to show, and what the rules demand of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Means {
    /// The kinds beside the password that the customer has: the one used last first, then the strongest, and recovery codes at the end.
    pub enrolled: Vec<FactorKind>,
    /// What can be asked of whoever has nothing else, when a level is demanded: a code to the proven address.
    pub on_demand: Vec<FactorKind>,
    /// The same, when a sign-in looks strange.
    pub on_risk: Vec<FactorKind>,
    /// The least level of a sign-in by the rules of the installation, or by the customer's own wish.
    pub floor: Option<Acr>,
    /// Whether passkeys can be added here.
    pub may_add_passkeys: bool,
    /// Whether the password has to be replaced before it opens anything.
    pub has_flagged_password: bool,
    /// Whether it is an account of the staff: what opens their room is not added or replaced by less than what opens it.
    pub is_staff: bool,
}

/// The kinds beside the password that a customer has, as in [`Means::enrolled`].
///
/// # Errors
/// [`StoreError`].
pub fn find_enrolled(connection: &mut DbConnection, customer: &CustomerId, facts: &FactorFacts) -> Result<Vec<FactorKind>, StoreError> {
    let mut kinds = Vec::new();
    if passkey::store::is_enrolled(connection, customer)? {
        kinds.push(FactorKind::Passkey);
    }
    if totp::store::is_enrolled(connection, customer)? {
        kinds.push(FactorKind::Totp);
    }
    kinds.extend(facts.has_email_codes.then_some(FactorKind::EmailCode));
    kinds.extend(facts.has_sms_codes.then_some(FactorKind::SmsCode));
    kinds.sort_by_key(|kind| Some(*kind) != facts.preferred);
    let had_any = !kinds.is_empty();
    // What the password was replaced by is not a second factor beside it.
    kinds.retain(|kind| !facts.recovered_by.contains(kind));
    // They stand in for another factor, and are none by themselves.
    let has_codes =
        (had_any || facts.is_factor_suspended) && recovery_code::store::count_left(connection, customer)? > 0 && !facts.recovered_by.contains(&FactorKind::RecoveryCode);
    // Asked for also where nothing is left to show: such an account is not opened by a password; its owner recovers it.
    if has_codes || (kinds.is_empty() && (had_any || facts.is_factor_suspended)) {
        kinds.push(FactorKind::RecoveryCode);
    }
    Ok(kinds)
}

/// What the customer of `standing` has to show, and what `policy` demands of them at `now`.
///
/// # Errors
/// [`StoreError`].
pub fn find_means(connection: &mut DbConnection, policy: &FactorPolicy, standing: &Standing, now: UnixSeconds) -> Result<Means, StoreError> {
    let facts = FactorFacts {
        // A channel that was turned off since does not count.
        has_email_codes: standing.facts.has_email_codes && policy.has_email_codes,
        has_sms_codes: standing.facts.has_sms_codes && policy.has_sms_codes,
        ..standing.facts.clone()
    };
    let enrolled = find_enrolled(connection, &standing.id, &facts)?;
    // What the password was replaced by is not another thing to show.
    let is_apart = !facts.recovered_by.contains(&FactorKind::EmailCode);
    let mailbox = |is_on: bool| if is_on && enrolled.is_empty() && facts.is_email_verified && is_apart { vec![FactorKind::EmailCode] } else { Vec::new() };
    let (on_demand, on_risk) = (mailbox(policy.has_email_codes), mailbox(policy.has_email_codes || policy.mails_on_risk));
    Ok(Means {
        on_demand,
        on_risk,
        floor: policy.floor(&facts, now),
        may_add_passkeys: policy.has_passkeys,
        has_flagged_password: facts.has_flagged_password,
        is_staff: facts.is_admin,
        enrolled,
    })
}

/// How many passkeys and apps the customer has.
///
/// # Errors
/// [`StoreError`].
pub fn find_enrolled_authenticators(connection: &mut DbConnection, customer: &CustomerId) -> Result<i64, StoreError> {
    Ok(passkey::store::count_passkeys(connection, customer)? + totp::store::count_authenticators(connection, customer)?)
}

/// Whether the customer has a second factor, but no recovery codes that are known to be kept: losing the one would be losing the account.
///
/// # Errors
/// [`StoreError`].
pub fn owes_recovery_codes(connection: &mut DbConnection, customer: &CustomerId) -> Result<bool, StoreError> {
    let has_factor = passkey::store::is_enrolled(connection, customer)? || totp::store::is_enrolled(connection, customer)?;
    Ok(has_factor && !recovery_code::store::are_confirmed(connection, customer)?)
}

/// Whether a password and this kind together reach `acr`, at the best that the kind can do.
pub fn reaches_with_password(kind: FactorKind, acr: Acr) -> bool {
    let at = crate::base::time::UnixMicros(0);
    let best = ShownFactor { is_user_verified: kind.properties().is_phishing_resistant, ..ShownFactor::new(kind, at) };
    Authentication::from_shown(&[ShownFactor::new(FactorKind::Password, at), best]).is_some_and(|authentication| authentication.acr >= acr)
}

/// What is to be taken away from a customer.
#[derive(Debug, Clone, Copy)]
pub enum Removal<'a> {
    /// One authenticator, of whichever kind.
    Authenticator(&'a AuthenticatorId),
    /// Codes by e-mail or text message.
    Channel(FactorKind),
    /// An account at another provider, by its index.
    Link(&'a [u8]),
}

/// Whether what is left after `removal` still reaches the level that the rules, or the customer, demand. Holds the customer's row, so that two removals at once do not each count on what the other takes.
///
/// # Errors
/// [`StoreError`].
pub fn may_remove(tx: &mut WriteTx<'_>, tools: &Tools, policy: &FactorPolicy, customer: &CustomerId, removal: Removal<'_>) -> Result<bool, StoreError> {
    customers::store::hold_row(tx, customer)?;
    let Some(standing) = customers::store::find_standing(tx, customer)? else { return Ok(false) };
    let Some(floor) = policy.floor(&standing.facts, tools.now()).filter(|floor| *floor > Acr::Password) else { return Ok(true) };
    let (id, channel) = match removal {
        Removal::Authenticator(id) => (Some(id), None),
        Removal::Channel(kind) => (None, Some(kind)),
        // It is no second factor.
        Removal::Link(_) => return Ok(true),
    };
    let has_passkey = passkey::store::list_passkeys(tx, tools, customer)?.iter().any(|passkey| Some(&passkey.id) != id);
    let has_app = totp::store::list_authenticators(tx, tools, customer)?.iter().any(|app| Some(&app.id) != id);
    let left = [
        (FactorKind::Passkey, has_passkey),
        (FactorKind::Totp, has_app),
        (FactorKind::EmailCode, standing.facts.has_email_codes && channel != Some(FactorKind::EmailCode)),
        (FactorKind::SmsCode, standing.facts.has_sms_codes && channel != Some(FactorKind::SmsCode)),
    ];
    Ok(left.into_iter().any(|(kind, is_left)| is_left && reaches_with_password(kind, floor)))
}

/// Whether nothing would be left to sign in with after `removal`: no password, no passkey that signs in by itself, no account elsewhere. The customer's row is held.
///
/// # Errors
/// [`StoreError`].
pub fn is_last_way(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, removal: Removal<'_>) -> Result<bool, StoreError> {
    customers::store::hold_row(tx, customer)?;
    let (id, index) = match removal {
        Removal::Authenticator(id) => (Some(id), None),
        Removal::Link(index) => (None, Some(index)),
        Removal::Channel(_) => return Ok(false),
    };
    if password::store::has_password(tx, customer)? {
        return Ok(false);
    }
    let keys = passkey::store::list_passkeys(tx, tools, customer)?;
    // What is no way to sign in by itself can always go.
    if id.is_some_and(|id| !keys.iter().any(|key| key.id == *id && key.is_whole_sign_in())) {
        return Ok(false);
    }
    let has_key = keys.iter().any(|key| key.is_whole_sign_in() && Some(&key.id) != id);
    let has_link = upstream::store::list_links(tx, tools, customer)?.iter().any(|link| Some(link.index.as_slice()) != index);
    Ok(!has_key && !has_link)
}

/// Removes one authenticator of a customer, of whichever kind; with the last one go the recovery codes that stood in for it. False when there is no such.
///
/// # Errors
/// [`StoreError`].
pub fn remove(tx: &mut WriteTx<'_>, customer: &CustomerId, id: &AuthenticatorId) -> Result<bool, StoreError> {
    if !totp::store::remove_authenticator(tx, customer, id)? && !passkey::store::remove_passkey(tx, customer, id)? {
        return Ok(false);
    }
    if !passkey::store::is_enrolled(tx, customer)? && !totp::store::is_enrolled(tx, customer)? {
        recovery_code::store::delete_codes(tx, customer)?;
    }
    trusted_device::store::remove_devices_of(tx, customer)?;
    Ok(true)
}

/// How long after an account was made what is added still belongs to making it, in seconds.
const JOINING_SECONDS: i64 = 900;

/// Removes what was added at `since` or later: apps, passkeys, channels for codes, recovery codes. How many there were; where none of another kind is left, a second factor is owed from now on, so that what somebody else added does not become nothing.
///
/// # Errors
/// [`StoreError`].
pub fn remove_since(tx: &mut WriteTx<'_>, customer: &CustomerId, since: UnixSeconds, now: UnixSeconds) -> Result<usize, StoreError> {
    // What the account was made with is its owner's, however new: without it nobody could come back.
    let made_at = customers::details::store::find_created_at(tx, customer)?.unwrap_or(UnixSeconds(0));
    let since = since.max(made_at.plus(JOINING_SECONDS));
    let mut removed = passkey::store::remove_passkeys_since(tx, customer, since)? + totp::store::remove_authenticators_since(tx, customer, since)?;
    removed += customers::details::store::end_code_channels_since(tx, customer, since)?;
    let codes = recovery_code::store::delete_codes_since(tx, customer, since)?;
    if removed == 0 {
        return Ok(codes);
    }
    let facts = customers::store::find_standing(tx, customer)?.map(|standing| standing.facts).unwrap_or_default();
    let is_left = passkey::store::is_enrolled(tx, customer)? || totp::store::is_enrolled(tx, customer)? || facts.has_email_codes || facts.has_sms_codes;
    if !is_left {
        customers::details::store::keep_suspension(tx, customer, Some(now))?;
    }
    Ok(removed + codes)
}

/// A customer has a second factor that was shown a moment ago: none is owed any longer, and the password is proven beside it.
///
/// # Errors
/// [`StoreError`].
pub fn settle_debts(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<(), StoreError> {
    customers::details::store::keep_suspension(tx, customer, None)?;
    customers::details::store::keep_recovered_by(tx, customer, &[])
}

/// Removes every authenticator of a customer beside the password, and what is owed in the place of one; how many there were.
///
/// # Errors
/// [`StoreError`].
pub fn remove_all(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    remove_all_but(tx, customer, None)
}

/// The same, but for the passkey `kept`, which was just shown.
///
/// # Errors
/// [`StoreError`].
pub fn remove_all_but(tx: &mut WriteTx<'_>, customer: &CustomerId, kept: Option<&AuthenticatorId>) -> Result<usize, StoreError> {
    recovery_code::store::delete_codes(tx, customer)?;
    trusted_device::store::remove_devices_of(tx, customer)?;
    let owed = usize::from(customers::details::store::find_suspension(tx, customer)?.is_some());
    settle_debts(tx, customer)?;
    let facts = customers::store::find_standing(tx, customer)?.map(|standing| standing.facts).unwrap_or_default();
    let channels = usize::from(facts.has_email_codes) + usize::from(facts.has_sms_codes);
    for kind in [FactorKind::EmailCode, FactorKind::SmsCode] {
        customers::store::keep_code_channel(tx, customer, kind, None)?;
    }
    Ok(owed + channels + totp::store::remove_authenticators_of(tx, customer)? + passkey::store::remove_passkeys_of(tx, customer, kept)?)
}
