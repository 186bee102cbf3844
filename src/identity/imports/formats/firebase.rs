//! Accounts of Firebase Authentication, as `firebase auth:export` writes them, and the hash parameters of their project.

use serde::Deserialize;

use super::{Draft, LeftBehind, RecordRefused, filled, from_millis, json};
use crate::identity::factors::password::foreign::{FirebaseProject, ForeignHash, ForeignRefused};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    local_id: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    password_hash: Option<String>,
    salt: Option<String>,
    display_name: Option<String>,
    created_at: Option<Millis>,
    phone_number: Option<String>,
    disabled: Option<bool>,
}

/// Milliseconds, as a text or a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Millis {
    Text(String),
    Number(i64),
}

pub(super) fn read(record: &[u8], project: Option<&FirebaseProject>) -> Result<Draft, RecordRefused> {
    let account: Account = json(record)?;
    let password = filled(account.password_hash).map(|hash| {
        let project = project.ok_or(LeftBehind::NoParameters)?;
        Ok(ForeignHash::Firebase(project.hash(&account.salt.unwrap_or_default(), &hash)?))
    });
    let millis = account.created_at.and_then(|millis| match millis {
        Millis::Text(text) => text.parse().ok(),
        Millis::Number(number) => Some(number),
    });
    Ok(Draft {
        id: account.local_id,
        email: account.email,
        is_email_verified: Some(account.email_verified.unwrap_or(false)),
        // An administrator may have set it: whether its owner proved it is not said.
        phone: account.phone_number,
        name: account.display_name,
        created_at: millis.map(from_millis),
        is_locked: account.disabled == Some(true),
        password,
        ..Draft::default()
    })
}

/// Reads the parameters as the console shows them, or as JSON with the same names.
///
/// # Errors
/// [`ForeignRefused`].
pub fn read_project(text: &str) -> Result<FirebaseProject, ForeignRefused> {
    let pairs = text.split([',', '\n', '{', '}', ';']).filter_map(|line| line.split_once(':'));
    let plain = |text: &str| text.trim().trim_matches('"').trim().to_owned();
    let (mut signer, mut separator, mut rounds, mut memory) = (None, None, None, None);
    for (name, value) in pairs.map(|(name, value)| (plain(name), plain(value))) {
        match name.as_str() {
            "base64_signer_key" => signer = Some(value),
            "base64_salt_separator" => separator = Some(value),
            "rounds" => rounds = value.parse().ok(),
            "mem_cost" => memory = value.parse().ok(),
            "algorithm" if value != "SCRYPT" => return Err(ForeignRefused::Unknown),
            _ => {}
        }
    }
    let (Some(signer), Some(separator), Some(rounds), Some(memory)) = (signer, separator, rounds, memory) else { return Err(ForeignRefused::Malformed) };
    FirebaseProject::new(&signer, &separator, rounds, memory)
}
