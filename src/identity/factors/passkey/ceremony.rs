//! The relying party of WebAuthn (Level 3, sections 7.1 and 7.2): what a browser is asked for, and what its answer proves. Knows no database.
//!
//! webauthn-rs does the cryptography. What it leaves to us is here: discoverable credentials are asked for, an assertion from within somebody else's frame is refused, a user handle must be that of the customer, and the AAGUID is read.

use serde_json::{Value, json};
use webauthn_rs::prelude::{
    AttestationCaList, AttestedPasskeyRegistration, AuthenticationResult, Credential, CredentialID, DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, SecurityKey, SecurityKeyAuthentication, SecurityKeyRegistration, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::foreign;

/// How long a ceremony may take, in seconds.
pub const CEREMONY_SECONDS: i64 = 300;
/// The longest answer of a browser that is looked at, in bytes: an attestation with its certificates has a few thousand.
pub const MAX_ANSWER_BYTES: usize = 16_384;

/// Why an answer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyRefused {
    /// Not the JSON of a credential.
    #[error("that is not the answer of an authenticator")]
    Malformed,
    /// There is no such ceremony, it took too long, or it was taken before.
    #[error("the ceremony is over")]
    Expired,
    /// Nobody here has this credential.
    #[error("the credential is not known")]
    Unknown,
    /// From another origin, another relying party, or somebody else's frame.
    #[error("the answer is for another origin")]
    Origin,
    /// The authenticator did not check who used it, and had to.
    #[error("the user was not verified")]
    Unverified,
    /// Nobody touched the authenticator.
    #[error("the user was not present")]
    Absent,
    /// The signature counter went back: there may be a copy of the key.
    #[error("the key may have been copied")]
    Cloned,
    /// The credential is registered already.
    #[error("the credential is registered already")]
    Taken,
    /// The model of authenticator is not one of those that are accepted.
    #[error("this model of authenticator is not accepted")]
    Model,
    /// Anything else that does not hold: challenge, signature, flags.
    #[error("the answer does not hold")]
    Invalid,
}

impl PasskeyRefused {
    /// A fixed word for the audit log and for the pages' texts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
            Self::Origin => "origin",
            Self::Unverified => "unverified",
            Self::Absent => "absent",
            Self::Cloned => "cloned",
            Self::Taken => "taken",
            Self::Model => "model",
            Self::Invalid => "invalid",
        }
    }
}

impl From<WebauthnError> for PasskeyRefused {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash | WebauthnError::CredentialCrossOrigin => Self::Origin,
            WebauthnError::UserNotVerified => Self::Unverified,
            WebauthnError::UserNotPresent => Self::Absent,
            WebauthnError::CredentialPossibleCompromise => Self::Cloned,
            WebauthnError::CredentialNotFound => Self::Unknown,
            WebauthnError::AttestationNotVerifiable
            | WebauthnError::AttestationUntrustedAaguid
            | WebauthnError::AttestationFormatMissingAaguid
            | WebauthnError::AttestationChainNotTrusted(_)
            | WebauthnError::AttestationNotSupported
            | WebauthnError::AttestationLeafCertMissing
            | WebauthnError::CredentialMayNotBeHardwareBound => Self::Model,
            _ => Self::Invalid,
        }
    }
}

/// What kind of credential a customer wants to add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// Signs in by itself where it can: discoverable, on this device, a phone, or in a password manager.
    Passkey,
    /// A separate key beside the password: it keeps nothing on itself.
    SecurityKey,
}

impl KeyKind {
    /// The stored form, and that of the form field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::SecurityKey => "security_key",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Passkey, Self::SecurityKey].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What an enrolment demands of the authenticator.
#[derive(Debug, Clone)]
pub enum EnrolmentPolicy {
    /// Any authenticator; user verification where it can.
    Preferred,
    /// Any authenticator that verifies its user.
    Verified,
    /// Only models whose attestation leads to one of these roots, and which verify their user.
    Attested(AttestationCaList),
}

/// A ceremony between its two steps. Kept on our side, see `store`.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub enum Ceremony {
    /// A passkey is added under [`EnrolmentPolicy::Preferred`].
    Register(KeyKind, SecurityKeyRegistration),
    /// … under [`EnrolmentPolicy::Verified`].
    RegisterVerified(KeyKind, PasskeyRegistration),
    /// … under [`EnrolmentPolicy::Attested`].
    RegisterAttested(KeyKind, AttestedPasskeyRegistration),
    /// Whoever it is signs in.
    Discover(DiscoverableAuthentication),
    /// A known customer shows a second factor.
    Challenge(SecurityKeyAuthentication),
}

/// Who adds a credential.
pub struct Registrant<'a> {
    /// The user handle: opaque, no personal data.
    pub handle: Uuid,
    /// What the password manager shows; the e-mail address.
    pub name: &'a str,
    /// The same for people.
    pub display_name: &'a str,
    /// What the customer has, so that one authenticator is not added twice.
    pub held: Vec<CredentialID>,
}

/// A credential that was just proven.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// The credential.
    pub credential: Credential,
    /// What it was added as.
    pub kind: KeyKind,
    /// The model, as the authenticator says.
    pub aaguid: Option<Uuid>,
    /// Whether it can be found without a name, where the browser told.
    pub is_discoverable: Option<bool>,
    /// The user handle that another product gave it; none for ours.
    pub foreign_handle: Option<Vec<u8>>,
}

/// The relying party.
pub struct PasskeyParty {
    webauthn: Webauthn,
    id: String,
    origins: Vec<String>,
    customers: EnrolmentPolicy,
    admins: EnrolmentPolicy,
}

/// What a relying party is made from.
pub struct PartySettings {
    /// The relying party id: a domain. Credentials are bound to it for ever.
    pub id: String,
    /// The name that authenticators show.
    pub name: String,
    /// The origin of our pages.
    pub origin: Url,
    /// Further origins that may use the credentials (related origin requests, WebAuthn L3 section 5.11).
    pub related_origins: Vec<Url>,
    /// What enrolment demands of customers.
    pub customers: EnrolmentPolicy,
    /// What enrolment demands of admins.
    pub admins: EnrolmentPolicy,
}

impl PasskeyParty {
    /// Makes the relying party.
    ///
    /// # Errors
    /// A sentence when the id is not a domain that the origin lies in, or is not a domain at all.
    pub fn new(settings: PartySettings) -> Result<Self, String> {
        let PartySettings { id, name, origin, related_origins, customers, admins } = settings;
        let builder = WebauthnBuilder::new(&id, &origin).map_err(|_| format!("“{id}” is not the domain of {origin}, nor one above it"))?;
        let timeout = std::time::Duration::from_secs(CEREMONY_SECONDS.unsigned_abs());
        let builder = related_origins.iter().fold(builder.rp_name(&name).timeout(timeout), WebauthnBuilder::append_allowed_origin);
        let webauthn = builder.build().map_err(|error| error.to_string())?;
        let origins = std::iter::once(&origin).chain(&related_origins).map(|origin| origin.origin().ascii_serialization()).collect();
        Ok(Self { webauthn, id, origins, customers, admins })
    }

    /// The relying party id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Every origin that may use the credentials, ours first.
    pub fn origins(&self) -> &[String] {
        &self.origins
    }

    /// What enrolment demands: of admins, or of customers.
    pub fn policy(&self, is_admin: bool) -> &EnrolmentPolicy {
        if is_admin { &self.admins } else { &self.customers }
    }

    /// Begins to add a credential: the options for `navigator.credentials.create`, and what to keep.
    ///
    /// # Errors
    /// [`PasskeyRefused::Invalid`] when the registrant has no name.
    pub fn begin_registration(&self, registrant: &Registrant<'_>, kind: KeyKind, policy: &EnrolmentPolicy) -> Result<(Value, Ceremony), PasskeyRefused> {
        let Registrant { handle, name, display_name, held } = registrant;
        let held = Some(held.clone());
        let (options, ceremony) = match policy {
            EnrolmentPolicy::Preferred => {
                let (options, state) = self.webauthn.start_securitykey_registration(*handle, name, display_name, held, None, None)?;
                (options, Ceremony::Register(kind, state))
            }
            EnrolmentPolicy::Verified => {
                let (options, state) = self.webauthn.start_passkey_registration(*handle, name, display_name, held)?;
                (options, Ceremony::RegisterVerified(kind, state))
            }
            EnrolmentPolicy::Attested(roots) => {
                let (options, state) = self.webauthn.start_attested_passkey_registration(*handle, name, display_name, held, roots.clone(), None)?;
                (options, Ceremony::RegisterAttested(kind, state))
            }
        };
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyRefused::Invalid)?;
        adjust(&mut options, kind);
        Ok((options, ceremony))
    }

    /// Checks the answer to [`Self::begin_registration`].
    ///
    /// # Errors
    /// [`PasskeyRefused`]; nothing is stored then.
    pub fn finish_registration(&self, ceremony: &Ceremony, answer: &str) -> Result<NewCredential, PasskeyRefused> {
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let (kind, credential) = match ceremony {
            Ceremony::Register(kind, state) => (*kind, self.webauthn.finish_securitykey_registration(&answer, state)?.into()),
            Ceremony::RegisterVerified(kind, state) => (*kind, self.webauthn.finish_passkey_registration(&answer, state)?.into()),
            Ceremony::RegisterAttested(kind, state) => (*kind, self.webauthn.finish_attested_passkey_registration(&answer, state)?.into()),
            Ceremony::Discover(_) | Ceremony::Challenge(_) => return Err(PasskeyRefused::Expired),
        };
        let is_discoverable = answer.extensions.cred_props.as_ref().and_then(|properties| properties.rk);
        Ok(NewCredential { credential, kind, aaguid: aaguid(&answer.response.attestation_object), is_discoverable, foreign_handle: None })
    }

    /// Begins a sign-in of whoever it is: the browser offers the passkeys that it knows of us. User verification is demanded, since nothing else is shown.
    ///
    /// # Errors
    /// [`PasskeyRefused::Invalid`], never in practice.
    pub fn begin_discovery(&self) -> Result<(Value, Ceremony), PasskeyRefused> {
        let (options, state) = self.webauthn.start_discoverable_authentication()?;
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyRefused::Invalid)?;
        // Whether it is offered in a field or asked for by a button is the page's to say.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        Ok((options, Ceremony::Discover(state)))
    }

    /// Begins the challenge of a customer who has `credentials`.
    ///
    /// # Errors
    /// [`PasskeyRefused::Invalid`], never in practice.
    pub fn begin_challenge(&self, credentials: &[Credential]) -> Result<(Value, Ceremony), PasskeyRefused> {
        let keys: Vec<SecurityKey> = credentials.iter().cloned().map(SecurityKey::from).collect();
        let (options, state) = self.webauthn.start_securitykey_authentication(&keys)?;
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyRefused::Invalid)?;
        // The hint would make browsers hide phones and password managers.
        if let Some(options) = options.pointer_mut("/publicKey").and_then(Value::as_object_mut) {
            options.remove("hints");
        }
        Ok((options, Ceremony::Challenge(state)))
    }

    /// Checks the answer to [`Self::begin_discovery`] or [`Self::begin_challenge`] against `credential` of the customer with this `handle`.
    ///
    /// # Errors
    /// [`PasskeyRefused`]; nothing is stored then.
    pub fn finish_assertion(&self, ceremony: Ceremony, answer: &Assertion, credential: &Credential, handle: &[u8]) -> Result<AuthenticationResult, PasskeyRefused> {
        let answer = &answer.0;
        if answer.get_user_unique_id().is_some_and(|shown| shown != handle) {
            return Err(PasskeyRefused::Unknown);
        }
        // Level 3 section 7.2 step 13: webauthn-rs looks at this only at registration.
        if is_framed(&answer.response.client_data_json) {
            return Err(PasskeyRefused::Origin);
        }
        match ceremony {
            Ceremony::Discover(state) if answer.get_user_unique_id().is_none() => {
                drop(state);
                Err(PasskeyRefused::Unknown)
            }
            Ceremony::Discover(state) if foreign::is_foreign(credential) => {
                let learnt = foreign::learnt(credential, &answer.response.authenticator_data).ok_or(PasskeyRefused::Invalid)?;
                Ok(self.webauthn.finish_discoverable_authentication_v2(answer, state, &learnt)?)
            }
            Ceremony::Discover(state) => Ok(self.webauthn.finish_discoverable_authentication_v2(answer, state, credential)?),
            Ceremony::Challenge(state) if foreign::is_foreign(credential) => {
                let state = foreign::learning(state, credential, &answer.response.authenticator_data).ok_or(PasskeyRefused::Invalid)?;
                Ok(self.webauthn.finish_securitykey_authentication(answer, &state)?)
            }
            Ceremony::Challenge(state) => Ok(self.webauthn.finish_securitykey_authentication(answer, &state)?),
            Ceremony::Register(..) | Ceremony::RegisterVerified(..) | Ceremony::RegisterAttested(..) => Err(PasskeyRefused::Expired),
        }
    }
}

/// What a browser answered to a demand for an assertion; nothing of it is proven yet.
pub struct Assertion(PublicKeyCredential);

impl Assertion {
    /// Reads the JSON of a `PublicKeyCredential` (WebAuthn L3 section 5.1, `toJSON`).
    ///
    /// # Errors
    /// [`PasskeyRefused::Malformed`].
    pub fn parse(answer: &str) -> Result<Self, PasskeyRefused> {
        read(answer).map(Self)
    }

    /// The credential that it claims to be.
    pub fn credential_id(&self) -> &[u8] {
        self.0.get_credential_id()
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: &str) -> Result<T, PasskeyRefused> {
    if answer.len() > MAX_ANSWER_BYTES {
        return Err(PasskeyRefused::Malformed);
    }
    serde_json::from_str(answer).map_err(|_| PasskeyRefused::Malformed)
}

/// webauthn-rs discourages discoverable credentials, which a sign-in without a name needs, and hints at security keys.
fn adjust(options: &mut Value, kind: KeyKind) {
    let Some(options) = options.pointer_mut("/publicKey").and_then(Value::as_object_mut) else { return };
    let (resident, hints) = match kind {
        KeyKind::Passkey => ("preferred", json!([])),
        KeyKind::SecurityKey => ("discouraged", json!(["security-key"])),
    };
    options.insert("hints".into(), hints);
    if let Some(selection) = options.get_mut("authenticatorSelection").and_then(Value::as_object_mut) {
        selection.insert("residentKey".into(), resident.into());
        selection.insert("requireResidentKey".into(), false.into());
        if kind == KeyKind::SecurityKey {
            selection.insert("authenticatorAttachment".into(), "cross-platform".into());
        }
    }
    // A key without a PIN that obeys "verification required" could never be used again.
    if let Some(extensions) = options.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.remove("credentialProtectionPolicy");
        extensions.remove("enforceCredentialProtectionPolicy");
    }
}

/// Whether the client data say that the page was in a frame of another origin. What cannot be read is not our concern here: it fails later.
fn is_framed(client_data: &[u8]) -> bool {
    let Ok(data) = serde_json::from_slice::<Value>(client_data) else { return false };
    data.get("crossOrigin").is_some_and(|value| value != &Value::Bool(false)) || data.get("topOrigin").is_some()
}

/// The AAGUID of an attestation object: behind the hash, the flags and the counter (WebAuthn L3 sections 6.1 and 6.5.1).
fn aaguid(attestation_object: &[u8]) -> Option<Uuid> {
    use serde_cbor_2::Value as Cbor;
    let Ok(Cbor::Map(object)) = serde_cbor_2::from_slice::<Cbor>(attestation_object) else { return None };
    let Some(Cbor::Bytes(data)) = object.get(&Cbor::Text("authData".into())) else { return None };
    Uuid::from_slice(data.get(37..53)?).ok().filter(|aaguid| !aaguid.is_nil())
}

#[cfg(test)]
#[path = "ceremony_tests.rs"]
mod tests;
