//! `claviger export`: every customer in a file, for whoever leaves.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{CUSTOMERS_EXPORTED, Context, Failure, complain, say};
use crate::app::setup::Base;
use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::encoding::base64url;
use crate::base::page::PageRequest;
use crate::identity::customers::{self, Customer};
use crate::identity::factors::passkey::foreign::public_key;
use crate::identity::factors::password::foreign::store as foreign_passwords;
use crate::identity::factors::{passkey, totp};
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{DbConnection, StoreError};
use crate::platform::tools::Tools;

/// Customers that are read at a time.
const PAGE: u32 = 100;
/// How often it is told how far it is.
const TOLD_EVERY: u64 = 10_000;

#[derive(Args)]
pub(super) struct ExportArguments {
    /// The file to write; only its owner can read it. One that is there is not written over.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Also the secrets of authenticator apps, the public keys of passkeys, and password hashes of other products that were never used here. With them somebody could sign in.
    #[arg(long)]
    with_authenticators: bool,
}

/// What goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Data,
    DataAndAuthenticators,
}

/// Writes the file.
///
/// # Errors
/// [`Failure`].
pub(super) fn execute(context: &Context, arguments: &ExportArguments) -> Result<(), Failure> {
    let extent = if arguments.with_authenticators { Extent::DataAndAuthenticators } else { Extent::Data };
    context.with_base(|config, base| async move { write(&base, &arguments.file, extent, config.issuer.as_str()).await })
}

async fn write(base: &Base, path: &std::path::Path, extent: Extent, issuer: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file = file.map_err(|error| Failure::Refused(format!("--file {}: {error}", path.display())))?;
    let told = |error: std::io::Error| Failure::Failed(format!("{}: {error}", path.display()));
    let mut out = BufWriter::new(file);
    // Recorded before the first customer goes out: what was begun may have been copied.
    let tools = base.tools.clone();
    let record = move |tx: &mut crate::platform::db::WriteTx<'_>| {
        let detail = json!({ "with_authenticators": extent == Extent::DataAndAuthenticators });
        audit::record(tx, &tools, &Entry::success(CUSTOMERS_EXPORTED, Actor::Operator, "customers", &Origin::internal("command-line")).with_detail(detail))
    };
    base.db.write(record).await?;
    let (mut page, mut written) = (PageRequest::first(PAGE), 0_u64);
    loop {
        let (tools, asked, issuer) = (base.tools.clone(), page.clone(), issuer.to_owned());
        let (lines, next) = base
            .db
            .read(move |connection| {
                let found = customers::store::list_customers(connection, &tools.ring, &asked)?;
                let lines = found.items.iter().map(|customer| line(connection, &tools, customer, extent, &issuer)).collect::<Result<Vec<_>, _>>()?;
                Ok((lines, found.next))
            })
            .await?;
        for line in &lines {
            writeln!(out, "{line}").map_err(told)?;
            written += 1;
            if written.is_multiple_of(TOLD_EVERY) {
                complain(&format!("{written} customers"));
            }
        }
        page.after = next;
        if page.after.is_none() {
            break;
        }
    }
    out.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|file| file.sync_all()).map_err(told)?;
    say(&format!("{}: {written} customers", path.display()));
    Ok(())
}

/// A customer on a line.
fn line(connection: &mut DbConnection, tools: &Tools, customer: &Customer, extent: Extent, issuer: &str) -> Result<Value, StoreError> {
    let groups = customers::store::find_standing(connection, &customer.id)?.map(|standing| standing.facts.groups).unwrap_or_default();
    let mut line = json!({
        "subject": customer.subject, "status": customer.status, "role": customer.role, "groups": groups,
        "email": customer.email.as_str(), "email_verified": customer.is_email_verified, "second_mailbox": customer.backup_email.as_ref().map(EmailAddress::as_str),
        "phone": customer.phone.as_ref().map(PhoneNumber::as_str), "phone_verified": customer.is_phone_verified,
        "profile": customer.profile, "addresses": customer.addresses, "birth_date": customer.birth_date,
        "created_at": customer.created_at.rfc3339(), "updated_at": customer.updated_at.rfc3339(),
    });
    if extent == Extent::DataAndAuthenticators
        && let Some(members) = line.as_object_mut()
    {
        members.extend(authenticators(connection, tools, customer, issuer)?);
    }
    Ok(line)
}

/// What a customer signs in with, as far as another product can use it.
fn authenticators(connection: &mut DbConnection, tools: &Tools, customer: &Customer, issuer: &str) -> Result<Vec<(String, Value)>, StoreError> {
    let apps: Vec<Value> = totp::store::list_seeds(connection, tools, &customer.id)?
        .into_iter()
        .map(|(name, seed)| json!({ "name": name, "otpauth": seed.to_address(customer.email.as_str(), issuer).as_deref() }))
        .collect();
    let handle = passkey::handle(&customer.id);
    let keys: Vec<Value> = passkey::store::list_passkeys(connection, tools, &customer.id)?
        .into_iter()
        .map(|key| {
            json!({
                "name": key.name, "kind": key.kind.as_str(), "id": base64url(&key.credential.cred_id), "public_key": public_key(&key.credential).map(base64url),
                "counter": key.credential.counter, "aaguid": key.aaguid, "user_handle": base64url(key.foreign_handle.as_deref().unwrap_or(handle.as_bytes())),
                "user_verified": key.credential.user_verified, "backup_eligible": key.credential.backup_eligible, "backup_state": key.credential.backup_state,
            })
        })
        .collect();
    let password = foreign_passwords::find_foreign(connection, &tools.ring, &customer.id)?.map(|hash| hash.to_text());
    Ok(vec![("apps".to_owned(), apps.into()), ("passkeys".to_owned(), keys.into()), ("foreign_password".to_owned(), password.into())])
}
