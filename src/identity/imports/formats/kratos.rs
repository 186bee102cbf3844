//! Identities of Ory Kratos with their credentials, as its admin API gives and takes them.

use serde::Deserialize;
use serde_json::Value;

use super::{Draft, ImportedApp, ImportedKey, RecordRefused, filled, hash, json, label, seed_of};
use crate::base::encoding::from_any_base64;
use crate::base::time::UnixSeconds;
use crate::identity::factors::passkey::foreign::{Copies, ForeignKey};

#[derive(Deserialize)]
struct Identity {
    id: Option<String>,
    state: Option<String>,
    traits: Option<Value>,
    verifiable_addresses: Option<Vec<Address>>,
    created_at: Option<String>,
    credentials: Option<Credentials>,
}

#[derive(Deserialize)]
struct Address {
    value: String,
    verified: bool,
    via: String,
}

#[derive(Deserialize)]
struct Credentials {
    password: Option<Credential<PasswordConfig>>,
    totp: Option<Credential<TotpConfig>>,
    webauthn: Option<Credential<KeyConfig>>,
    passkey: Option<Credential<KeyConfig>>,
}

#[derive(Deserialize)]
struct Credential<T> {
    identifiers: Option<Vec<String>>,
    config: Option<T>,
}

#[derive(Deserialize)]
struct PasswordConfig {
    hashed_password: Option<String>,
}

#[derive(Deserialize)]
struct TotpConfig {
    totp_url: Option<String>,
}

#[derive(Deserialize)]
struct KeyConfig {
    credentials: Option<Vec<Key>>,
    user_handle: Option<String>,
}

#[derive(Deserialize)]
struct Key {
    id: String,
    public_key: String,
    authenticator: Option<Authenticator>,
    display_name: Option<String>,
    flags: Option<Flags>,
}

#[derive(Deserialize)]
struct Authenticator {
    aaguid: Option<String>,
    sign_count: Option<u32>,
}

#[derive(Deserialize)]
struct Flags {
    backup_eligible: bool,
    backup_state: bool,
}

pub(super) fn read(record: &[u8]) -> Result<Draft, RecordRefused> {
    let identity: Identity = json(record)?;
    let traits = identity.traits.unwrap_or_default();
    let text = |pointer: &str| traits.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let addresses = identity.verifiable_addresses.unwrap_or_default();
    let proved = |value: &Option<String>, via: &str| addresses.iter().any(|address| address.via == via && address.verified && Some(&address.value) == value.as_ref());
    let credentials = identity.credentials.as_ref();
    let identifier = || credentials?.password.as_ref()?.identifiers.as_ref()?.iter().find(|identifier| identifier.contains('@')).cloned();
    let email = text("/email").or_else(|| addresses.iter().find(|address| address.via == "email").map(|address| address.value.clone())).or_else(identifier);
    let phone = text("/phone").or_else(|| text("/phone_number"));
    let password = credentials.and_then(|all| filled(all.password.as_ref()?.config.as_ref()?.hashed_password.clone()));
    let address = credentials.and_then(|all| filled(all.totp.as_ref()?.config.as_ref()?.totp_url.clone()));
    let keys = credentials.into_iter().flat_map(|all| all.webauthn.iter().chain(&all.passkey)).filter_map(|credential| credential.config.as_ref());
    Ok(Draft {
        is_email_verified: Some(proved(&email, "email")),
        is_phone_verified: proved(&phone, "sms"),
        name: text("/name").or_else(|| text("/full_name")),
        given_name: text("/name/first").or_else(|| text("/given_name")).or_else(|| text("/first_name")),
        family_name: text("/name/last").or_else(|| text("/family_name")).or_else(|| text("/last_name")),
        locale: text("/locale"),
        created_at: identity.created_at.as_deref().and_then(UnixSeconds::parse_rfc3339),
        is_locked: identity.state.as_deref() == Some("inactive"),
        password: password.map(|text| hash(&text)),
        apps: address.iter().map(|address| app(address)).collect(),
        keys: keys.flat_map(|config| config.credentials.iter().flatten().map(|one| key(one, config.user_handle.as_deref()))).collect(),
        id: identity.id,
        email,
        phone,
        ..Draft::default()
    })
}

/// The seed of an `otpauth` address of the usual kind.
fn app(address: &str) -> Option<ImportedApp> {
    let url = url::Url::parse(address).ok()?;
    let value = |name: &str| url.query_pairs().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned());
    let is_one_of = |name: &str, usual: &str| value(name).is_none_or(|value| value.eq_ignore_ascii_case(usual));
    let is_usual = url.scheme() == "otpauth" && url.host_str() == Some("totp") && is_one_of("algorithm", "SHA1") && is_one_of("digits", "6") && is_one_of("period", "30");
    Some(ImportedApp { seed: seed_of(&value("secret").filter(|_| is_usual)?)?, name: label(value("issuer").as_deref()) })
}

fn key(key: &Key, handle: Option<&str>) -> Option<ImportedKey> {
    let authenticator = key.authenticator.as_ref();
    let aaguid = authenticator.and_then(|authenticator| from_any_base64(authenticator.aaguid.as_deref()?));
    let foreign = ForeignKey {
        id: from_any_base64(&key.id)?,
        public_key: from_any_base64(&key.public_key)?,
        counter: authenticator.and_then(|authenticator| authenticator.sign_count).unwrap_or(0),
        aaguid: aaguid.and_then(|bytes| webauthn_rs::prelude::Uuid::from_slice(&bytes).ok()).filter(|aaguid| !aaguid.is_nil()),
        handle: from_any_base64(handle?)?,
        copies: key.flags.as_ref().map(|flags| Copies { may_be: flags.backup_eligible, are: flags.backup_state }),
    };
    Some(ImportedKey { key: foreign, name: label(key.display_name.as_deref()) })
}
