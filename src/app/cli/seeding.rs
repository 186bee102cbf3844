//! `claviger customers seed`: many made-up customers, for rehearsals of load and of restores.

use clap::Args;

use super::customers::hash_of;
use super::{CUSTOMER_ADDED, Failure, complain, say};
use crate::app::config::Config;
use crate::app::setup::Base;
use crate::base::contact::EmailAddress;
use crate::identity::customers::address_book::as_claims;
use crate::identity::customers::{self, CustomerRole, NewCustomer, Profile};
use crate::identity::factors::password;
use crate::platform::audit::{self, Actor, Entry, Origin};

/// Customers that are made in one transaction: whoever else writes waits no longer than that.
const BATCH: u32 = 500;

#[derive(Args)]
pub(super) struct SeedArguments {
    /// How many.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    count: u32,
    /// The number of the first; what was begun and stopped goes on with the next one.
    #[arg(long, default_value_t = 1)]
    from: u32,
    /// The part of their addresses before the number.
    #[arg(long, default_value = "seeded")]
    prefix: String,
    /// The part after the @; one that nobody has.
    #[arg(long, default_value = "customers.example")]
    domain: String,
}

/// The made-up customer of a number.
fn person(arguments: &SeedArguments, number: u32) -> Result<NewCustomer, Failure> {
    let text = format!("{}{number:08}@{}", arguments.prefix, arguments.domain);
    let email = EmailAddress::parse(&text).map_err(|refused| Failure::Refused(format!("{text}: {refused}")))?;
    let address = crate::base::postal::TypedAddress {
        street: format!("{} High Street", number % 900 + 1),
        postal_code: format!("SW1A {}AA", number % 9 + 1),
        locality: "London".to_owned(),
        region: String::new(),
        country: "GB".to_owned(),
    };
    Ok(NewCustomer {
        email,
        is_email_verified: true,
        phone: None,
        is_phone_verified: false,
        role: CustomerRole::Customer,
        profile: Profile { name: Some(format!("Customer {number}")), locale: Some("en".to_owned()), ..Profile::default() },
        address: Some(as_claims(&address)),
        birth_date: None,
    })
}

/// Makes them.
///
/// # Errors
/// [`Failure`] when an address is taken, or the database fails.
pub(super) async fn seed(config: &Config, base: &Base, arguments: SeedArguments) -> Result<(), Failure> {
    person(&arguments, arguments.from)?;
    // One password and one hash for all of them: a million hashes would take hours, and nobody is behind them.
    let chosen = password::generate(&base.tools);
    let hash = hash_of(config, base, chosen.expose()).await?;
    let last = arguments.from.saturating_add(arguments.count - 1);
    let (mut next, mut shown) = (arguments.from, 0);
    while next <= last {
        let until = last.min(next.saturating_add(BATCH - 1));
        let people = (next..=until).map(|number| person(&arguments, number)).collect::<Result<Vec<_>, _>>()?;
        let (tools, hash) = (base.tools.clone(), hash.clone());
        let work = base.db.write(move |tx| {
            for new in &people {
                let id = customers::store::insert_customer(tx, &tools, new)?;
                password::store::replace_hash(tx, &id, &hash, tools.now())?;
            }
            let detail = serde_json::json!({ "what": "seeded", "customers": people.len() });
            audit::record(tx, &tools, &Entry::success(CUSTOMER_ADDED, Actor::Operator, "customers", &Origin::internal("command-line")).with_detail(detail))
        });
        work.await.map_err(|error| match error {
            crate::platform::db::StoreError::Conflict => {
                Failure::Refused(format!("some of the customers {next} to {until} are there already; go on with a higher --from, or another --prefix"))
            }
            other => other.into(),
        })?;
        next = until.saturating_add(1);
        let percent = (until - arguments.from + 1).saturating_mul(100) / arguments.count.max(1);
        if percent > shown {
            shown = percent;
            complain(&format!("{percent:>3} %  {} of {}", until - arguments.from + 1, arguments.count));
        }
    }
    say(&format!("{} customers; all have the password {}", arguments.count, chosen.expose()));
    Ok(())
}
