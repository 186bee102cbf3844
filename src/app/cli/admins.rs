//! `claviger admins`.

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::admin::access::rules::{BrandScope, Role};
use crate::admin::access::store::{self, NewInvitation};
use crate::admin::people::{ADMIN_CHANGED, ADMIN_REMOVED, make_invitation};
use crate::base::contact::EmailAddress;
use crate::base::ids::CustomerId;
use crate::identity::customers::{self, CustomerRole};
use crate::identity::sessions::store as sessions;
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{DbConnection, WriteTx};

/// A role, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum RoleArgument {
    /// Helps customers.
    Support,
    /// Leads the desk.
    SupportLead,
    /// Looks after clients.
    ClientManager,
    /// Watches over abuse.
    Security,
    /// Looks, and changes nothing.
    Auditor,
    /// Everything.
    Owner,
}

impl RoleArgument {
    const fn role(self) -> Role {
        match self {
            Self::Support => Role::Support,
            Self::SupportLead => Role::SupportLead,
            Self::ClientManager => Role::ClientManager,
            Self::Security => Role::Security,
            Self::Auditor => Role::Auditor,
            Self::Owner => Role::Owner,
        }
    }
}

#[derive(Subcommand)]
pub(super) enum AdminsCommand {
    /// Invites somebody to be staff, and prints the link: it works once, for whoever proves this address and signs in with a passkey or a security key. There is no default password.
    #[command(
        after_help = "Examples:\n  claviger admins invite --email eva@shop.example --role owner\n  claviger admins invite --email max@shop.example --role support --brand tea"
    )]
    Invite {
        /// The address.
        #[arg(long)]
        email: String,
        /// A role; may be given several times.
        #[arg(long, value_enum, required = true)]
        role: Vec<RoleArgument>,
        /// A brand of the configuration, or `default`; may be given several times. All when absent.
        #[arg(long)]
        brand: Vec<String>,
    },
    /// Lists staff.
    #[command(after_help = "Example:\n  claviger admins list --json")]
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Gives a member of staff these roles and no others.
    #[command(after_help = "Example:\n  claviger admins set-roles eva@shop.example --role support_lead --role auditor")]
    SetRoles {
        /// E-mail address.
        email: String,
        /// A role; may be given several times.
        #[arg(long, value_enum, required = true)]
        role: Vec<RoleArgument>,
        /// A brand; may be given several times. All when absent.
        #[arg(long)]
        brand: Vec<String>,
    },
    /// Takes every role from a member of staff.
    #[command(after_help = "Example:\n  claviger admins remove max@shop.example")]
    Remove {
        /// E-mail address.
        email: String,
    },
}

fn address(text: &str) -> Result<EmailAddress, Failure> {
    EmailAddress::parse(text).map_err(|refused| Failure::Refused(format!("--email {refused}")))
}

fn roles_of(arguments: &[RoleArgument]) -> Vec<Role> {
    let mut roles: Vec<Role> = arguments.iter().map(|role| role.role()).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

pub(super) fn execute(context: &Context, command: AdminsCommand) -> Result<(), Failure> {
    context.with_base(|config, base| async move {
        let tools = base.tools.clone();
        let origin = Origin::internal("command-line");
        let is_known = |brand: &String| brand == BrandScope::DEFAULT || config.brands.contains_key(brand);
        let brands_of = |brands: &[String]| match brands.iter().find(|brand| !is_known(brand)) {
            Some(unknown) => Err(Failure::Refused(format!("--brand {unknown}: there is no such brand in the configuration"))),
            None => Ok(BrandScope::of(brands.iter().cloned())),
        };
        let ring = tools.ring.clone();
        let find = move |connection: &mut DbConnection, email: &EmailAddress| {
            customers::store::find_standing_by_email(connection, &ring, email).map(|found| found.map(|standing| standing.id))
        };
        match command {
            AdminsCommand::Invite { email, role, brand } => {
                let (email, roles, brands, seconds) = (address(&email)?, roles_of(&role), brands_of(&brand)?, config.admin.invitation_seconds);
                let work = move |tx: &mut WriteTx<'_>| {
                    let new = NewInvitation { email: &email, roles: &roles, brands: &brands, by: "operator", seconds };
                    make_invitation(tx, &tools, &new, Actor::Operator, &origin)
                };
                let secret = base.db.write(work).await?;
                say(&config.issuer.at(&format!("/admin/join/{}", secret.expose())));
                say(&format!("(works once, for {} hours)", seconds / 3_600));
                Ok(())
            }
            AdminsCommand::List { json } => {
                let ring = tools.ring.clone();
                let work = move |connection: &mut DbConnection| {
                    let admins = store::list_admins(connection)?;
                    admins.into_iter().map(|admin| Ok((customers::store::find_customer(connection, &ring, &admin.customer)?, admin))).collect::<Result<Vec<_>, _>>()
                };
                let all = base.db.read(work).await?;
                let line = |(person, admin): &(Option<customers::Customer>, store::Admin)| {
                    let email = person.as_ref().map(|person| person.email.as_str().to_owned()).unwrap_or_default();
                    json!({ "id": admin.customer, "email": email, "roles": admin.roles, "brands": admin.brands.brands(), "since": admin.created_at.rfc3339() })
                };
                if json {
                    say_json(&all.iter().map(line).collect());
                } else {
                    all.iter().map(line).for_each(|line| {
                        let roles = line.get("roles").and_then(|roles| roles.as_array()).into_iter().flatten().filter_map(|role| role.as_str()).collect::<Vec<_>>().join(" ");
                        say(&format!("{:<40} {roles}", line.get("email").and_then(|email| email.as_str()).unwrap_or_default()));
                    });
                }
                Ok(())
            }
            AdminsCommand::SetRoles { email, role, brand } => {
                let (wanted, roles, brands) = (address(&email)?, roles_of(&role), brands_of(&brand)?);
                let work = move |tx: &mut WriteTx<'_>| {
                    let Some(id) = find(tx, &wanted)? else { return Ok(None::<CustomerId>) };
                    if store::find_admin(tx, &id)?.is_none() {
                        return Ok(None);
                    }
                    store::keep_admin(tx, &id, &roles, &brands, "operator", tools.now())?;
                    sessions::end_sessions_of(tx, &id, "roles_changed", tools.now())?;
                    let entry = Entry::success(ADMIN_CHANGED, Actor::Operator, format!("customer:{id}"), &origin);
                    audit::record(tx, &tools, &entry.with_detail(json!({ "roles": roles, "brands": brands.brands() })))?;
                    Ok(Some(id))
                };
                base.db.write(work).await?.map(|_| ()).ok_or_else(|| Failure::Refused(format!("{email} is not staff")))
            }
            AdminsCommand::Remove { email } => {
                let wanted = address(&email)?;
                let work = move |tx: &mut WriteTx<'_>| {
                    let Some(id) = find(tx, &wanted)? else { return Ok(false) };
                    if !store::remove_admin(tx, &id)? {
                        return Ok(false);
                    }
                    customers::details::store::keep_role(tx, &id, CustomerRole::Customer, tools.now())?;
                    customers::store::bump_generation(tx, &id, tools.now())?;
                    sessions::end_sessions_of(tx, &id, "staff_left", tools.now())?;
                    audit::record(tx, &tools, &Entry::success(ADMIN_REMOVED, Actor::Operator, format!("customer:{id}"), &origin))?;
                    Ok(true)
                };
                if base.db.write(work).await? { Ok(()) } else { Err(Failure::Refused(format!("{email} is not staff"))) }
            }
        }
    })
}
