//! Credentials that were made at another product, for the same domain. What it knew of them beyond id, key and counter does not come along: whether they are copied between devices is learnt from their first assertion here.

use serde_json::{Value, json};
use webauthn_rs::prelude::{AuthenticationResult, COSEKey, COSEKeyType, Credential, SecurityKeyAuthentication, Uuid};

use super::ceremony::{KeyKind, NewCredential};
use crate::base::encoding::base64url;

/// The policy that a credential from elsewhere carries until its first assertion; no ceremony of ours registers under it.
const UNKNOWN: &str = "discouraged";
/// The policy of one that was used here, as of every second factor.
const KNOWN: &str = "preferred";
/// The longest credential id (WebAuthn Level 3 section 4).
const MAX_ID_BYTES: usize = 1_023;
/// The longest public key that is looked at.
const MAX_KEY_BYTES: usize = 2_048;
/// The longest user handle (WebAuthn Level 3 section 5.4.3).
const MAX_HANDLE_BYTES: usize = 64;

/// Where the flags stand in authenticator data, and the one that says that there may be copies (WebAuthn Level 3 section 6.1).
const FLAGS_AT: usize = 32;
const BACKUP_ELIGIBLE: u8 = 0x08;

/// What another product knows of copies of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copies {
    /// There may be copies.
    pub may_be: bool,
    /// There are.
    pub are: bool,
}

/// What another product says of a credential.
pub struct ForeignKey {
    /// The credential id.
    pub id: Vec<u8>,
    /// The public key in COSE form.
    pub public_key: Vec<u8>,
    /// The signature counter.
    pub counter: u32,
    /// The model.
    pub aaguid: Option<Uuid>,
    /// The user handle that authenticators keep with it.
    pub handle: Vec<u8>,
    /// Whether there are copies of it, where that is known.
    pub copies: Option<Copies>,
}

/// The credential as ours, a second factor; none when it cannot be one.
pub fn read(key: &ForeignKey) -> Option<NewCredential> {
    let is_bounded = (1..=MAX_ID_BYTES).contains(&key.id.len()) && key.public_key.len() <= MAX_KEY_BYTES && (1..=MAX_HANDLE_BYTES).contains(&key.handle.len());
    if !is_bounded {
        return None;
    }
    let cbor: serde_cbor_2::Value = serde_cbor_2::from_slice(&key.public_key).ok()?;
    let public = COSEKey::try_from(&cbor).ok()?;
    let copies = key.copies.unwrap_or(Copies { may_be: false, are: false });
    let credential = json!({
        "cred_id": base64url(&key.id),
        "cred": serde_json::to_value(&public).ok()?,
        "counter": key.counter,
        "transports": null,
        "user_verified": false,
        "backup_eligible": copies.may_be,
        "backup_state": copies.may_be && copies.are,
        "registration_policy": if key.copies.is_some() { KNOWN } else { UNKNOWN },
        "extensions": {},
        "attestation": { "data": "None", "metadata": "None" },
        "attestation_format": "none",
    });
    let credential: Credential = serde_json::from_value(credential).ok()?;
    Some(NewCredential { credential, kind: KeyKind::SecurityKey, aaguid: key.aaguid, is_discoverable: None, foreign_handle: Some(key.handle.clone()) })
}

/// The public key of a credential in COSE form, for whoever leaves with it; none when it is of a kind that has no such form here.
pub fn public_key(credential: &Credential) -> Option<Vec<u8>> {
    use serde_cbor_2::Value as Cbor;
    let COSEKey { type_, key } = &credential.cred;
    // The names are those of RFC 9052 section 7 and RFC 9053 section 7: 1 the kind, 3 the algorithm, the others by kind.
    let (kind, mut members) = match key {
        COSEKeyType::EC_OKP(key) => (1, vec![(-1, Cbor::Integer(key.curve.clone() as i128)), (-2, Cbor::Bytes(key.x.clone()))]),
        COSEKeyType::EC_EC2(key) => (2, vec![(-1, Cbor::Integer(key.curve.clone() as i128)), (-2, Cbor::Bytes(key.x.clone())), (-3, Cbor::Bytes(key.y.clone()))]),
        COSEKeyType::RSA(key) => (3, vec![(-1, Cbor::Bytes(key.n.clone())), (-2, Cbor::Bytes(key.e.to_vec()))]),
    };
    members.extend([(1, Cbor::Integer(kind)), (3, Cbor::Integer(*type_ as i128))]);
    serde_cbor_2::to_vec(&Cbor::Map(members.into_iter().map(|(name, value)| (Cbor::Integer(name), value)).collect())).ok()
}

/// Whether a credential came from elsewhere and has not been used here yet.
pub fn is_foreign(credential: &Credential) -> bool {
    serde_json::to_value(credential.registration_policy).is_ok_and(|policy| policy == UNKNOWN)
}

/// Has a challenge take what the first assertion of a credential from elsewhere says of copies: its signature, which covers that, is checked next. The library has no option for it. `None` when something has another shape.
pub(super) fn learning(state: SecurityKeyAuthentication, credential: &Credential, authenticator_data: &[u8]) -> Option<SecurityKeyAuthentication> {
    let flags = *authenticator_data.get(FLAGS_AT)?;
    let mut plain = serde_json::to_value(state).ok()?;
    let id = Value::String(base64url(&credential.cred_id));
    let mine = plain.pointer_mut("/ast/credentials")?.as_array_mut()?.iter_mut().find(|known| known.get("cred_id") == Some(&id))?;
    *mine.get_mut("backup_eligible")? = Value::Bool(flags & BACKUP_ELIGIBLE != 0);
    serde_json::from_value(plain).ok()
}

/// A credential from elsewhere as its first assertion without a name says that it is: whether there may be copies stands under the signature, which is checked next.
pub(super) fn learnt(credential: &Credential, authenticator_data: &[u8]) -> Option<Credential> {
    let flags = *authenticator_data.get(FLAGS_AT)?;
    Some(Credential { backup_eligible: flags & BACKUP_ELIGIBLE != 0, ..credential.clone() })
}

/// Keeps what the first assertion said of a credential from elsewhere.
pub(super) fn settle(credential: &mut Credential, result: &AuthenticationResult) {
    if is_foreign(credential) {
        credential.backup_eligible = result.backup_eligible();
        credential.registration_policy = serde_json::from_value(json!(KNOWN)).unwrap_or(credential.registration_policy);
    }
}
