//! Who is staff: invitations, roles, and leaving.

pub mod web;

use serde::{Deserialize, Serialize};

use super::access::rules::{BrandScope, Role};
use super::access::store::{self, Invitation, NewInvitation};
use super::cases;
use super::operations::{AdminState, Answer, Call, Ran, Refused};
use crate::base::contact::EmailAddress;
use crate::base::ids::CustomerId;
use crate::base::secret::Secret;
use crate::identity::customers::{self, CustomerRole};
use crate::identity::factors::{passkey, password};
use crate::identity::sessions::store as sessions;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::new_password::{Kept, end_everything};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

/// Somebody was invited.
pub const ADMIN_INVITED: EventSpec = EventSpec::new("admin_invited", "Somebody was invited to be staff, or an invitation was taken back.");
/// Somebody became staff.
pub const ADMIN_JOINED: EventSpec = EventSpec::new("admin_joined", "Somebody took an invitation and is staff from now on.");
/// Roles were changed.
pub const ADMIN_CHANGED: EventSpec = EventSpec::new("admin_changed", "The roles or brands of a member of staff were changed.");
/// Somebody is staff no longer.
pub const ADMIN_REMOVED: EventSpec = EventSpec::new("admin_removed", "A member of staff lost every role; their sessions ended.");

/// A member of staff.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AdminView {
    /// Their own account.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The brands that they act for; none for all.
    pub brands: Vec<String>,
    /// Since when, in Unix seconds.
    pub since: i64,
    /// How many passkeys and security keys they have.
    pub keys: i64,
}

/// An invitation that waits.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct InvitationView {
    /// Its short name.
    pub name: String,
    /// For whom.
    pub email: String,
    /// With which roles.
    pub roles: Vec<Role>,
    /// Until when, in Unix seconds.
    pub expires_at: i64,
}

/// All staff.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StaffView {
    /// Who is.
    pub admins: Vec<AdminView>,
    /// Who was asked to be.
    pub invitations: Vec<InvitationView>,
}

/// Lists all staff.
///
/// # Errors
/// [`StoreError`].
pub fn list_admins(connection: &mut DbConnection, state: &AdminState, _: &Call) -> Ran {
    let tools = state.tools();
    let mut admins = Vec::new();
    for admin in store::list_admins(connection)? {
        let Some(person) = customers::store::find_customer(connection, &tools.ring, &admin.customer)? else { continue };
        admins.push(AdminView {
            id: admin.customer.to_string(),
            name: person.display_name().to_owned(),
            email: person.email.as_str().to_owned(),
            roles: admin.roles,
            brands: admin.brands.brands(),
            since: admin.created_at.0,
            keys: passkey::store::count_passkeys(connection, &admin.customer)?,
        });
    }
    let invitations = store::list_invitations(connection, tools)?;
    let view = |invitation: Invitation| InvitationView { name: invitation.name, email: invitation.email, roles: invitation.roles, expires_at: invitation.expires_at.0 };
    Answer::of(&StaffView { admins, invitations: invitations.into_iter().map(view).collect() }).map(Ok)
}

/// Roles and brands.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// One role or more.
    #[schemars(length(min = 1, max = 6))]
    pub roles: Vec<Role>,
    /// The brands; none for all.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub brands: Vec<String>,
}

/// Who is invited.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAdmin {
    /// Their address.
    #[schemars(length(min = 3, max = 254))]
    pub email: String,
    /// One role or more.
    #[schemars(length(min = 1, max = 6))]
    pub roles: Vec<Role>,
    /// The brands; none for all.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub brands: Vec<String>,
}

/// What an invitation is given by.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Invited {
    /// The link. It is shown once; whoever has it and the mailbox becomes staff.
    pub link: String,
    /// Until when, in Unix seconds.
    pub expires_at: i64,
}

/// Roles without doubles, and brands that there are; or what is wrong with them.
fn judged(state: &SigninState, roles: &[Role], brands: &[String]) -> Result<(Vec<Role>, BrandScope), Refused> {
    let mut roles = roles.to_vec();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        return Err(Refused::Malformed("roles: at least one".to_owned()));
    }
    let is_known = |brand: &String| brand == BrandScope::DEFAULT || state.http.brands.others.contains_key(brand);
    if brands.len() > 50 || !brands.iter().all(is_known) {
        return Err(Refused::Malformed("brands: only those of the configuration, and default".to_owned()));
    }
    Ok((roles, BrandScope::of(brands.iter().cloned())))
}

/// Makes an invitation; its link.
///
/// # Errors
/// [`StoreError`].
pub fn make_invitation(tx: &mut WriteTx<'_>, tools: &Tools, new: &NewInvitation<'_>, actor: Actor, origin: &Origin) -> Result<Secret, StoreError> {
    let secret = store::insert_invitation(tx, tools, new)?;
    let detail = serde_json::json!({ "what": "invited", "roles": new.roles, "brands": new.brands.brands() });
    audit::record(tx, tools, &Entry::success(ADMIN_INVITED, actor, "staff", origin).with_detail(detail))?;
    Ok(secret)
}

/// Invites somebody.
///
/// # Errors
/// [`StoreError`].
pub fn invite_admin(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: NewAdmin = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    let (roles, brands) = match judged(&state.signin, &input.roles, &input.brands) {
        Ok(judged) => judged,
        Err(refused) => return Ok(Err(refused)),
    };
    let email = match EmailAddress::parse(&input.email) {
        Ok(email) => email,
        Err(refused) => return Ok(Err(Refused::Malformed(format!("email: {refused}")))),
    };
    if !call.staff.brands.includes(&brands) {
        return Ok(Err(Refused::Forbidden("You cannot give what is beyond your own brands.")));
    }
    let (tools, seconds, by) = (state.tools(), state.policy.invitation_seconds, call.staff.key());
    let secret = make_invitation(tx, tools, &NewInvitation { email: &email, roles: &roles, brands: &brands, by: &by, seconds }, call.staff.actor(), &call.origin)?;
    Answer::of(&Invited { link: link_of(&state.signin, &secret), expires_at: tools.now().plus(seconds).0 }).map(Ok)
}

/// The link of an invitation.
pub fn link_of(state: &SigninState, secret: &Secret) -> String {
    state.http.issuer.at(&format!("/admin/join/{}", secret.expose()))
}

/// Takes an invitation back.
///
/// # Errors
/// [`StoreError`].
pub fn remove_invitation(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    if !store::remove_invitation(tx, state.tools(), &call.subject)? {
        return Ok(Err(Refused::NotFound));
    }
    audit::record(tx, state.tools(), &call.staff.entry(ADMIN_INVITED, "staff", &call.origin).with_detail(serde_json::json!({ "what": "taken_back" })))?;
    Ok(Ok(Answer::EMPTY))
}

/// Whether nobody would be left who may say who is staff.
fn is_last_owner(tx: &mut WriteTx<'_>, but: &CustomerId) -> Result<bool, StoreError> {
    let find = |tx: &mut WriteTx<'_>| {
        let owners = store::list_admins(tx)?.into_iter().filter(|admin| admin.roles.contains(&Role::Owner) && admin.brands.is_all());
        let mut owners: Vec<CustomerId> = owners.map(|admin| admin.customer).collect();
        owners.sort_unstable();
        Ok::<_, StoreError>(owners)
    };
    // Held in one order, then read again: of two owners who remove each other at once, one stays.
    for owner in find(tx)? {
        customers::store::hold_row(tx, &owner)?;
    }
    let owners = find(tx)?;
    Ok(owners.contains(but) && owners.len() == 1)
}

/// Gives a member of staff other roles.
///
/// # Errors
/// [`StoreError`].
pub fn change_admin(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: Grant = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    let (roles, brands) = match judged(&state.signin, &input.roles, &input.brands) {
        Ok(judged) => judged,
        Err(refused) => return Ok(Err(refused)),
    };
    let Ok(id) = call.subject.parse::<CustomerId>() else { return Ok(Err(Refused::NotFound)) };
    let Some(before) = store::find_admin(tx, &id)? else { return Ok(Err(Refused::NotFound)) };
    if !call.staff.brands.includes(&brands) || !call.staff.brands.includes(&before.brands) {
        return Ok(Err(Refused::Forbidden("You cannot give what is beyond your own brands.")));
    }
    let keeps_owner = roles.contains(&Role::Owner) && brands.is_all();
    if !keeps_owner && is_last_owner(tx, &id)? {
        return Ok(Err(Refused::Conflict("last_owner", "There has to be an owner of everything: make another one first.".to_owned())));
    }
    store::keep_admin(tx, &id, &roles, &brands, &call.staff.key(), state.tools().now())?;
    end_what_was_planted(tx, state, &id)?;
    // What was open under the old roles ends.
    sessions::end_sessions_of(tx, &id, "roles_changed", state.tools().now())?;
    let detail = serde_json::json!({ "roles": roles, "brands": brands.brands(), "before": before.roles });
    audit::record(tx, state.tools(), &call.staff.entry(ADMIN_CHANGED, format!("customer:{id}"), &call.origin).with_detail(detail))?;
    Ok(Ok(Answer::EMPTY))
}

/// What somebody invited, asked for or decided goes with their roles.
fn end_what_was_planted(tx: &mut WriteTx<'_>, state: &AdminState, id: &CustomerId) -> Result<(), StoreError> {
    let key = Actor::Staff(id.to_string()).to_string();
    store::remove_invitations_of(tx, &key)?;
    cases::store::end_open(tx, Err(&key), state.tools().now())?;
    Ok(())
}

/// Takes every role from a member of staff.
///
/// # Errors
/// [`StoreError`].
pub fn remove_admin(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let Ok(id) = call.subject.parse::<CustomerId>() else { return Ok(Err(Refused::NotFound)) };
    let Some(before) = store::find_admin(tx, &id)? else { return Ok(Err(Refused::NotFound)) };
    if !call.staff.brands.includes(&before.brands) {
        return Ok(Err(Refused::Forbidden("They act for brands beyond your own.")));
    }
    if is_last_owner(tx, &id)? {
        return Ok(Err(Refused::Conflict("last_owner", "There has to be an owner of everything: make another one first.".to_owned())));
    }
    let now = state.tools().now();
    store::remove_admin(tx, &id)?;
    end_what_was_planted(tx, state, &id)?;
    customers::details::store::keep_role(tx, &id, CustomerRole::Customer, now)?;
    end_everything(tx, &state.signin, &id, "staff_left", &Kept::default())?;
    audit::record(tx, state.tools(), &call.staff.entry(ADMIN_REMOVED, format!("customer:{id}"), &call.origin).with_detail(serde_json::json!({ "before": before.roles })))?;
    state.oauth.access.forget_all();
    Ok(Ok(Answer::EMPTY))
}

/// Makes the person who is signed in staff, by an invitation for their proven address. A password that was chosen under the rules for customers has to be replaced.
///
/// # Errors
/// [`StoreError`].
pub fn join(
    tx: &mut WriteTx<'_>,
    state: &SigninState,
    signed_in: &crate::identity::sessions::SignedIn,
    secret: &Secret,
    origin: &Origin,
) -> Result<Result<(), &'static str>, StoreError> {
    let (tools, id, now) = (&state.tools, signed_in.customer(), state.tools.now());
    customers::store::hold_row(tx, id)?;
    let Some(invitation) = store::find_invitation(tx, tools, &secret.hash())? else { return Ok(Err("expired")) };
    let Some(person) = customers::store::find_customer(tx, &tools.ring, id)? else { return Ok(Err("expired")) };
    if !person.is_email_verified || person.email.as_str() != invitation.email {
        return Ok(Err("other"));
    }
    if store::redeem_invitation(tx, tools, &secret.hash())?.is_none() {
        return Ok(Err("expired"));
    }
    // Whoever is staff already keeps what they had: an invitation gives, and takes nothing.
    let (mut roles, mut brands) = (invitation.roles.clone(), invitation.brands.clone());
    if let Some(before) = store::find_admin(tx, id)? {
        roles.extend(before.roles);
        roles.sort_unstable();
        roles.dedup();
        let is_all = brands.is_all() || before.brands.is_all();
        brands = if is_all { BrandScope::ALL } else { BrandScope::of(brands.brands().into_iter().chain(before.brands.brands())) };
    }
    store::keep_admin(tx, id, &roles, &brands, &invitation.created_by, now)?;
    store::vouch(tx, id, now)?;
    if person.role != CustomerRole::Admin {
        customers::details::store::keep_role(tx, id, CustomerRole::Admin, now)?;
        if password::store::has_password(tx, id)? {
            customers::store::flag_password(tx, id, Some("staff"))?;
        }
    }
    // What was open before has nothing to do with the new roles.
    sessions::end_other_sessions(tx, id, signed_in.session_id(), "staff_joined", now)?;
    let entry = Entry::success(ADMIN_JOINED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin).with_session(signed_in.session_id().as_str());
    audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "roles": invitation.roles, "brands": invitation.brands.brands(), "invited_by": invitation.created_by })))?;
    Ok(Ok(()))
}
