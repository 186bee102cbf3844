//! `claviger customers`.

use std::io::Read;
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{CUSTOMER_ADDED, CUSTOMER_CHANGED, Context, Failure, say, say_json};
use crate::app::config::Config;
use crate::app::setup::Base;
use crate::base::assurance::Acr;
use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::ids::CustomerId;
use crate::base::secret::Secret;
use crate::identity::attempts::store as attempts;
use crate::identity::customers::{self, Customer, CustomerRole, CustomerStatus, NewCustomer, Profile};
use crate::identity::factors;
use crate::identity::factors::password::{self, NormalPassword, PasswordHasher, PhcHash};
use crate::identity::messages::{self, Desk, Notice};
use crate::identity::sessions::store as sessions;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::crypto::hash_pool::HashPool;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::page::Brands;
use crate::platform::texts::Texts;
use crate::platform::tools::Tools;

#[derive(Subcommand)]
pub(super) enum CustomersCommand {
    /// Adds a customer with a generated password, which is printed once.
    #[command(after_help = "Example:\n  claviger customers add --email ada@example.com --name \"Ada Lovelace\" --email-verified")]
    Add(AddArguments),
    /// Makes many made-up customers with one password, for rehearsals of load and of restores. Not where real customers are.
    #[command(after_help = "Example:\n  claviger customers seed --count 1000000")]
    Seed(super::seeding::SeedArguments),
    /// Shows a customer.
    #[command(after_help = "Example:\n  claviger customers show ada@example.com")]
    Show {
        /// E-mail or customer id.
        who: String,
    },
    /// Sets a password, read from standard input or generated; every session and grant ends.
    #[command(after_help = "Example:\n  claviger customers set-password ada@example.com --generate\n  claviger customers set-password ada@example.com < password.txt")]
    SetPassword {
        /// E-mail or customer id.
        who: String,
        /// Makes one up and prints it.
        #[arg(long)]
        generate: bool,
    },
    /// Removes the authenticator apps and recovery codes of somebody who has lost them all, and signs them out everywhere.
    #[command(after_help = "Example:\n  claviger customers remove-authenticators ada@example.com")]
    RemoveAuthenticators {
        /// E-mail address or id.
        who: String,
    },
    /// Puts somebody into these groups and no others; `[assurance]` in the configuration says what a group must show.
    #[command(after_help = "Example:\n  claviger customers set-groups ada@example.com staff wholesale")]
    SetGroups {
        /// E-mail address or id.
        who: String,
        /// The groups; none takes the customer out of all.
        groups: Vec<String>,
    },
    /// Locks an account: no sign-in, and every session and token is void at once.
    #[command(after_help = "Example:\n  claviger customers lock ada@example.com")]
    Lock {
        /// E-mail or customer id.
        who: String,
    },
    /// Unlocks an account and forgets its failed sign-ins.
    #[command(after_help = "Example:\n  claviger customers unlock ada@example.com")]
    Unlock {
        /// E-mail or customer id.
        who: String,
    },
}

#[derive(Args)]
pub(super) struct AddArguments {
    /// E-mail address.
    #[arg(long)]
    email: String,
    /// Full name.
    #[arg(long)]
    name: Option<String>,
    /// Telephone in international form.
    #[arg(long)]
    phone: Option<String>,
    /// The mailbox is known to be theirs.
    #[arg(long)]
    email_verified: bool,
    /// The telephone is known to be theirs.
    #[arg(long, requires = "phone")]
    phone_verified: bool,
    /// Staff with admin rights.
    #[arg(long)]
    admin: bool,
    /// Reads the password from standard input instead of making one up.
    #[arg(long)]
    password_stdin: bool,
}

/// Adds a customer with a password, in the transaction of the audit event.
///
/// # Errors
/// [`StoreError::Conflict`] when e-mail or phone is taken.
pub(in crate::app) fn enrol(tx: &mut WriteTx<'_>, tools: &Tools, new: &NewCustomer, hash: &PhcHash) -> Result<CustomerId, StoreError> {
    let id = customers::store::insert_customer(tx, tools, new)?;
    password::store::replace_hash(tx, &id, hash, tools.now())?;
    record(tx, tools, CUSTOMER_ADDED, &id, "added")?;
    Ok(id)
}

fn record(tx: &mut WriteTx<'_>, tools: &Tools, spec: EventSpec, id: &CustomerId, what: &str) -> Result<(), StoreError> {
    audit::record(tx, tools, &Entry::success(spec, Actor::Operator, format!("customer:{id}"), &Origin::internal("command-line")).with_detail(json!({ "what": what })))
}

fn hasher(config: &Config, tools: &Tools) -> Result<PasswordHasher, Failure> {
    let pool = HashPool::start(config.hash_pool, Arc::clone(&tools.clock)).map_err(|error| error.to_string())?;
    Ok(PasswordHasher::new(pool, tools.clone(), config.hash_cost))
}

/// The password from standard input, or a fresh one.
fn new_password(is_generated: bool, tools: &Tools) -> Result<(NormalPassword, Option<Secret>), Failure> {
    let secret = if is_generated {
        password::generate(tools)
    } else {
        let mut text = String::new();
        std::io::stdin().take(4_096).read_to_string(&mut text).map_err(|error| error.to_string())?;
        Secret::new(text.trim_end_matches(['\r', '\n']).to_owned())
    };
    let normal = NormalPassword::for_new_credential(secret.expose()).map_err(|refused| Failure::Refused(refused.to_string()))?;
    Ok((normal, is_generated.then_some(secret)))
}

async fn find(base: &Base, who: &str) -> Result<Customer, Failure> {
    let (ring, text) = (base.tools.ring.clone(), who.to_owned());
    let found = base.db.read(move |connection| match (text.parse::<CustomerId>(), EmailAddress::parse(&text)) {
        (Ok(id), _) => customers::store::find_customer(connection, &ring, &id),
        (Err(_), Ok(email)) => customers::store::find_by_email(connection, &ring, &email),
        (Err(_), Err(_)) => Ok(None),
    });
    found.await?.ok_or_else(|| Failure::Refused(format!("there is no customer {who}")))
}

pub(super) fn execute(context: &Context, command: CustomersCommand) -> Result<(), Failure> {
    context.with_base(|config, base| async move {
        match command {
            CustomersCommand::Add(arguments) => add(&config, &base, &arguments).await,
            CustomersCommand::Seed(arguments) => super::seeding::seed(&config, &base, arguments).await,
            CustomersCommand::Show { who } => {
                let customer = find(&base, &who).await?;
                let (id, policy, now) = (customer.id.clone(), config.factors, base.tools.now());
                let work = move |connection: &mut DbConnection| match customers::store::find_standing(connection, &id)? {
                    Some(standing) => Ok((factors::find_means(connection, &policy, &standing, now)?, standing.facts.groups)),
                    None => Ok(Default::default()),
                };
                let (means, groups) = base.db.read(work).await?;
                say_json(&json!({
                    "id": customer.id, "sub": customer.subject, "status": customer.status, "role": customer.role,
                    "email": customer.email.as_str(), "email_verified": customer.is_email_verified,
                    "phone": customer.phone.as_ref().map(PhoneNumber::as_str), "name": customer.profile.name, "groups": groups, "factors": means.enrolled, "required_acr": means.floor.map(Acr::as_str), "created_at": customer.created_at,
                }));
                Ok(())
            }
            CustomersCommand::SetPassword { who, generate } => set_password(&config, &base, &who, generate).await,
            CustomersCommand::RemoveAuthenticators { who } => remove_authenticators(&config, &base, &who).await,
            CustomersCommand::SetGroups { who, groups } => set_groups(&base, &who, groups).await,
            CustomersCommand::Lock { who } => change_status(&config, &base, &who, CustomerStatus::Locked).await,
            CustomersCommand::Unlock { who } => change_status(&config, &base, &who, CustomerStatus::Active).await,
        }
    })
}

/// The brands that write to customers.
fn brands_of(config: &Config) -> Brands {
    let others = config.brands.iter().map(|(name, brand)| (name.clone(), Arc::new(brand.clone()))).collect();
    Brands { usual: Arc::new(config.brand.clone()), others }
}

/// The hash of a password that was made up.
pub(super) async fn hash_of(config: &Config, base: &Base, password: &str) -> Result<PhcHash, Failure> {
    let normal = NormalPassword::for_new_credential(password).map_err(|refused| Failure::Failed(refused.to_string()))?;
    hasher(config, &base.tools)?.hash(&normal).await.map_err(|error| Failure::Failed(error.to_string()))
}

async fn add(config: &Config, base: &Base, arguments: &AddArguments) -> Result<(), Failure> {
    let email = EmailAddress::parse(&arguments.email).map_err(|refused| Failure::Refused(format!("--email {refused}")))?;
    let phone = arguments.phone.as_deref().map(PhoneNumber::parse).transpose().map_err(|refused| Failure::Refused(format!("--phone {refused}")))?;
    let (normal, shown) = new_password(!arguments.password_stdin, &base.tools)?;
    let hash = hasher(config, &base.tools)?.hash(&normal).await.map_err(|error| error.to_string())?;
    let new = NewCustomer {
        email,
        is_email_verified: arguments.email_verified,
        phone,
        is_phone_verified: arguments.phone_verified,
        role: if arguments.admin { CustomerRole::Admin } else { CustomerRole::Customer },
        profile: Profile { name: arguments.name.clone(), ..Profile::default() },
        address: None,
        birth_date: None,
    };
    let tools = base.tools.clone();
    match base.db.write(move |tx| enrol(tx, &tools, &new, &hash)).await {
        Err(StoreError::Conflict) => return Err(Failure::Refused("that e-mail or telephone number belongs to a customer already".to_owned())),
        settled => say(&format!("customer  {}", settled?)),
    }
    shown.into_iter().for_each(|secret| say(&format!("password  {}   (shown once; only its hash is kept)", secret.expose())));
    Ok(())
}

async fn set_password(config: &Config, base: &Base, who: &str, is_generated: bool) -> Result<(), Failure> {
    let customer = find(base, who).await?;
    let (normal, shown) = new_password(is_generated, &base.tools)?;
    let hash = hasher(config, &base.tools)?.hash(&normal).await.map_err(|error| error.to_string())?;
    let (texts, issuer, brands) = (Texts::load()?, config.issuer.clone(), brands_of(config));
    let (tools, id) = (base.tools.clone(), customer.id.clone());
    base.db
        .write(move |tx| {
            let now = tools.now();
            password::store::replace_hash(tx, &id, &hash, now)?;
            customers::store::bump_generation(tx, &id, now)?;
            sessions::end_sessions_of(tx, &id, "ended_by_staff", now)?;
            sessions::end_devices_of(tx, &id)?;
            factors::upstream::disconnect_all(tx, &tools, &id, "operator", &Origin::internal("command-line"))?;
            messages::send_notice(tx, &Desk { texts: &texts, issuer: &issuer, brands: &brands, tools: &tools }, Notice::PasswordChanged, &customer)?;
            record(tx, &tools, CUSTOMER_CHANGED, &id, "password_set")
        })
        .await?;
    shown.into_iter().for_each(|secret| say(&format!("password  {}   (shown once; only its hash is kept)", secret.expose())));
    Ok(())
}

async fn remove_authenticators(config: &Config, base: &Base, who: &str) -> Result<(), Failure> {
    let customer = find(base, who).await?;
    let (texts, issuer, brands) = (Texts::load()?, config.issuer.clone(), brands_of(config));
    let (tools, id) = (base.tools.clone(), customer.id.clone());
    let removed = base
        .db
        .write(move |tx| {
            let now = tools.now();
            let removed = factors::remove_all(tx, &id)? + factors::upstream::disconnect_all(tx, &tools, &id, "operator", &Origin::internal("command-line"))?;
            if removed > 0 {
                customers::store::bump_generation(tx, &id, now)?;
                sessions::end_sessions_of(tx, &id, "factors_removed", now)?;
                messages::send_notice(tx, &Desk { texts: &texts, issuer: &issuer, brands: &brands, tools: &tools }, Notice::AuthenticatorRemoved, &customer)?;
                record(tx, &tools, CUSTOMER_CHANGED, &id, "authenticators_removed")?;
            }
            Ok(removed)
        })
        .await?;
    if removed > 0 { Ok(()) } else { Err(Failure::Refused(format!("{who} has no authenticator beside the password"))) }
}

async fn set_groups(base: &Base, who: &str, mut groups: Vec<String>) -> Result<(), Failure> {
    groups.sort();
    groups.dedup();
    let is_fine = |group: &String| (1..=64).contains(&group.len()) && group.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if groups.len() > 20 || !groups.iter().all(is_fine) {
        return Err(Failure::Refused("a group has 1 to 64 letters, digits, dashes, dots and underscores; there are at most 20".to_owned()));
    }
    let (tools, id) = (base.tools.clone(), find(base, who).await?.id);
    let work = move |tx: &mut WriteTx<'_>| {
        customers::store::replace_groups(tx, &id, &groups)?;
        record(tx, &tools, CUSTOMER_CHANGED, &id, "groups_set")
    };
    Ok(base.db.write(work).await?)
}

async fn change_status(config: &Config, base: &Base, who: &str, status: CustomerStatus) -> Result<(), Failure> {
    let customer = find(base, who).await?;
    let (texts, issuer, brands) = (Texts::load()?, config.issuer.clone(), brands_of(config));
    let (tools, id) = (base.tools.clone(), customer.id.clone());
    let done = base
        .db
        .write(move |tx| {
            let now = tools.now();
            let done = customers::store::change_status(tx, &id, status, now)?;
            match status {
                CustomerStatus::Locked if done => {
                    customers::store::bump_generation(tx, &id, now)?;
                    sessions::end_sessions_of(tx, &id, "locked", now)?;
                    messages::send_notice(tx, &Desk { texts: &texts, issuer: &issuer, brands: &brands, tools: &tools }, Notice::Locked, &customer)?;
                    record(tx, &tools, CUSTOMER_CHANGED, &id, "locked")?;
                }
                CustomerStatus::Active => {
                    attempts::clear_customer(tx, &id)?;
                    record(tx, &tools, CUSTOMER_CHANGED, &id, "unlocked")?;
                }
                CustomerStatus::Locked => {}
            }
            Ok(done)
        })
        .await?;
    if done || status == CustomerStatus::Active { Ok(()) } else { Err(Failure::Refused(format!("{who} is locked already"))) }
}
