//! Users of Auth0: the users export and the file of password hashes, a value a line each; and the schema of its own bulk import.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::records::Records;
use super::{Draft, Format, ImportedApp, Reading, RecordRefused, filled, hash, json, label, seed_of};
use crate::base::time::UnixSeconds;

#[derive(Deserialize)]
struct User {
    user_id: Option<String>,
    #[serde(rename = "_id")]
    object_id: Option<ObjectId>,
    alt_id: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    phone_number: Option<String>,
    phone_verified: Option<bool>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    nickname: Option<String>,
    created_at: Option<Value>,
    blocked: Option<bool>,
    user_metadata: Option<Value>,
    #[serde(rename = "passwordHash")]
    hash: Option<String>,
    password_hash: Option<String>,
    custom_password_hash: Option<Custom>,
    mfa_factors: Option<Vec<Factor>>,
    identifiers: Option<Vec<Identifier>>,
}

#[derive(Deserialize)]
struct ObjectId {
    #[serde(rename = "$oid")]
    oid: String,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

#[derive(Deserialize)]
struct Custom {
    algorithm: String,
    hash: CustomValue,
    salt: Option<Value>,
}

#[derive(Deserialize)]
struct CustomValue {
    value: String,
}

#[derive(Deserialize)]
struct Factor {
    totp: Option<TotpFactor>,
}

#[derive(Deserialize)]
struct TotpFactor {
    secret: String,
}

impl User {
    /// The old id. The file of hashes has it in parts; its identities are all of Auth0's own database.
    fn id(&self) -> Option<String> {
        let kept = || filled(self.alt_id.clone()).or_else(|| Some(self.object_id.as_ref()?.oid.clone()));
        filled(self.user_id.clone()).or_else(|| kept().map(|id| if id.starts_with(DATABASE) { id } else { format!("{DATABASE}{id}") }))
    }

    fn email(&self) -> Option<&str> {
        let named = || self.identifiers.as_ref()?.iter().find(|identifier| identifier.kind == "email").map(|identifier| identifier.value.as_str());
        self.email.as_deref().filter(|email| !email.is_empty()).or_else(named)
    }

    /// The hash; of the bulk import's own forms those that carry all they need in one text.
    fn hash(&self) -> Option<String> {
        let custom = || {
            let custom = self.custom_password_hash.as_ref()?;
            let is_whole = custom.salt.is_none() && ["bcrypt", "argon2", "pbkdf2"].contains(&custom.algorithm.as_str());
            // Any other is refused by name.
            Some(if is_whole { custom.hash.value.clone() } else { format!("${}$", custom.algorithm) })
        };
        filled(self.hash.clone()).or_else(|| filled(self.password_hash.clone())).or_else(custom)
    }
}

/// What the ids of Auth0's own database begin with.
const DATABASE: &str = "auth0|";

fn moment(value: Option<Value>) -> Option<UnixSeconds> {
    match value? {
        Value::String(text) => UnixSeconds::parse_rfc3339(&text),
        Value::Object(date) => UnixSeconds::parse_rfc3339(date.get("$date")?.as_str()?),
        _ => None,
    }
}

pub(super) fn read(record: &[u8], reading: &Reading) -> Result<Draft, RecordRefused> {
    let user: User = json(record)?;
    let email = user.email().map(str::to_owned);
    let id = user.id();
    // By the id alone: several identities may have one address, and whoever made the last of them may not own it.
    let apart = || reading.passwords.get(id.as_deref()?).cloned();
    let password = user.hash().or_else(apart).map(|text| hash(&text));
    let apps = user.mfa_factors.unwrap_or_default().into_iter().filter_map(|factor| factor.totp);
    Ok(Draft {
        id,
        is_email_verified: user.email_verified,
        phone: user.phone_number,
        is_phone_verified: user.phone_verified == Some(true),
        // Where nobody gave a name, Auth0 shows the address.
        name: user.name.filter(|name| Some(name) != email.as_ref()),
        given_name: user.given_name,
        family_name: user.family_name,
        nickname: user.nickname,
        locale: user.user_metadata.as_ref().and_then(|metadata| metadata.get("locale")?.as_str().map(str::to_owned)),
        created_at: moment(user.created_at),
        is_locked: user.blocked == Some(true),
        password,
        apps: apps.map(|factor| Some(ImportedApp { seed: seed_of(&factor.secret)?, name: label(None) })).collect(),
        email,
        ..Draft::default()
    })
}

/// The file of password hashes: by the old id. What is no such line, or has the id of an earlier one, is passed over; how many were.
///
/// # Errors
/// [`std::io::Error`].
pub fn read_passwords(input: impl std::io::BufRead) -> std::io::Result<(HashMap<String, String>, u64)> {
    let (mut hashes, mut passed_over) = (HashMap::new(), 0);
    let mut records = Records::new(input, Format::Auth0.layout());
    while let Some((_, record)) = records.advance()? {
        let user = record.ok().and_then(|record| json::<User>(record).ok());
        match user.and_then(|user| Some((user.id()?, user.hash()?))) {
            Some((id, hash)) if !hashes.contains_key(&id) => drop(hashes.insert(id, hash)),
            _ => passed_over += 1,
        }
    }
    Ok((hashes, passed_over))
}
