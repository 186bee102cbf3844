//! Users of a Keycloak realm, as `kc.sh export` writes them. What a credential is stands as JSON within texts.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Draft, ImportedApp, ImportedKey, LeftBehind, RecordRefused, from_millis, hash, json, label, seed_of};
use crate::base::encoding::from_any_base64;
use crate::identity::factors::passkey::foreign::ForeignKey;
use crate::identity::factors::password::foreign::{ForeignHash, ForeignRefused};
use crate::identity::factors::totp::Seed;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: Option<String>,
    username: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    enabled: Option<bool>,
    first_name: Option<String>,
    last_name: Option<String>,
    created_timestamp: Option<i64>,
    attributes: Option<BTreeMap<String, Value>>,
    credentials: Option<Vec<Credential>>,
    required_actions: Option<Vec<String>>,
    service_account_client_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    #[serde(rename = "type")]
    kind: String,
    user_label: Option<String>,
    secret_data: Option<String>,
    credential_data: Option<String>,
}

#[derive(Deserialize)]
struct Secret {
    value: Option<String>,
    salt: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PasswordData {
    hash_iterations: u64,
    algorithm: String,
    #[serde(alias = "algorithmData")]
    additional_parameters: Option<BTreeMap<String, Vec<String>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OtpData {
    sub_type: Option<String>,
    digits: Option<u32>,
    period: Option<u32>,
    algorithm: Option<String>,
    secret_encoding: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyData {
    aaguid: Option<String>,
    credential_id: String,
    counter: Option<u32>,
    credential_public_key: String,
}

pub(super) fn read(record: &[u8]) -> Result<Draft, RecordRefused> {
    let user: User = json(record)?;
    if user.service_account_client_id.is_some() {
        return Err(RecordRefused::NoPerson);
    }
    // A realm may have the address as the name, and nowhere else.
    let own = user.email.filter(|email| !email.is_empty());
    let is_proved = own.is_some() && user.email_verified == Some(true);
    let email = own.or(user.username.filter(|name| name.contains('@')));
    let attribute = |name: &str| match user.attributes.as_ref()?.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(texts) => texts.first()?.as_str().map(str::to_owned),
        _ => None,
    };
    let mut draft = Draft {
        email,
        // What is said of the address is not said of the name.
        is_email_verified: Some(is_proved),
        // Users may edit their attributes: nothing there proves anything.
        phone: attribute("phoneNumber"),
        locale: attribute("locale"),
        given_name: user.first_name,
        family_name: user.last_name,
        created_at: user.created_timestamp.map(from_millis),
        is_locked: user.enabled == Some(false),
        must_replace_password: user.required_actions.unwrap_or_default().iter().any(|action| action == "UPDATE_PASSWORD"),
        ..Draft::default()
    };
    for credential in user.credentials.unwrap_or_default() {
        match credential.kind.as_str() {
            "password" if draft.password.is_none() => draft.password = Some(password(&credential)),
            "otp" | "totp" => draft.apps.push(app(&credential)),
            "webauthn" | "webauthn-passwordless" => draft.keys.push(user.id.as_deref().and_then(|id| key(&credential, id))),
            // Old passwords, and recovery codes, which are given anew here.
            _ => {}
        }
    }
    draft.id = user.id;
    Ok(draft)
}

fn parts<T: serde::de::DeserializeOwned>(text: Option<&String>) -> Option<T> {
    serde_json::from_str(text?).ok()
}

fn password(credential: &Credential) -> Result<ForeignHash, LeftBehind> {
    let (secret, data): (Option<Secret>, Option<PasswordData>) = (parts(credential.secret_data.as_ref()), parts(credential.credential_data.as_ref()));
    let (Some(Secret { value: Some(value), salt }), Some(data)) = (secret, data) else { return Err(ForeignRefused::Malformed.into()) };
    let salt = salt.unwrap_or_default();
    match data.algorithm.as_str() {
        "argon2" => {
            let more = |name: &str| data.additional_parameters.as_ref()?.get(name)?.first().map(String::as_str);
            let (Some(kind), Some(memory), Some(lanes)) = (more("type"), more("memory"), more("parallelism")) else { return Err(ForeignRefused::Malformed.into()) };
            let version = if more("version") == Some("1.0") { 16 } else { 19 };
            hash(&format!("$argon2{kind}$v={version}$m={memory},t={},p={lanes}${salt}${value}", data.hash_iterations))
        }
        "bcrypt" => hash(&value),
        pbkdf2 => Ok(ForeignHash::pbkdf2(pbkdf2, data.hash_iterations, &salt, &value)?),
    }
}

fn app(credential: &Credential) -> Option<ImportedApp> {
    let (secret, data): (Secret, OtpData) = (parts(credential.secret_data.as_ref())?, parts(credential.credential_data.as_ref())?);
    let is_usual = data.sub_type.as_deref() == Some("totp")
        && data.digits == Some(6)
        && data.period == Some(30)
        && data.algorithm.as_deref().is_none_or(|algorithm| algorithm.eq_ignore_ascii_case("HmacSHA1"));
    let value = secret.value.filter(|_| is_usual)?;
    // The seed is the text itself, unless the export says otherwise.
    let seed = if data.secret_encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("BASE32")) { seed_of(&value) } else { Seed::from_bytes(value.as_bytes()) };
    Some(ImportedApp { seed: seed?, name: label(credential.user_label.as_deref()) })
}

/// Authenticators keep the text of the user's id as the handle.
fn key(credential: &Credential, user: &str) -> Option<ImportedKey> {
    let data: KeyData = parts(credential.credential_data.as_ref())?;
    let key = ForeignKey {
        id: from_any_base64(&data.credential_id)?,
        public_key: from_any_base64(&data.credential_public_key)?,
        counter: data.counter.unwrap_or(0),
        aaguid: data.aaguid.and_then(|aaguid| aaguid.parse().ok()),
        handle: user.as_bytes().to_vec(),
        copies: None,
    };
    Some(ImportedKey { key, name: label(credential.user_label.as_deref()) })
}
