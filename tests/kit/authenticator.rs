//! An authenticator in software that can be bent: every part of its answers can be made wrong.

use std::collections::BTreeMap;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use claviger::base::encoding::sha256;
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};

use super::{Browser, Reply};

pub const PRESENT: u8 = 0x01;
pub const VERIFIED: u8 = 0x04;
pub const ELIGIBLE: u8 = 0x08;
pub const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}

/// One key pair and what it says of itself.
pub struct Authenticator {
    pub key: EcdsaKeyPair,
    pub id: Vec<u8>,
    pub flags: u8,
    pub counter: u32,
    pub aaguid: [u8; 16],
    pub handle: Option<Vec<u8>>,
    pub origin: Option<String>,
    pub rp_id: Option<String>,
    pub client_data: BTreeMap<String, Value>,
    pub breaks_signature: bool,
}

impl Authenticator {
    /// One that verifies its user and copies its key between devices, as a phone does.
    pub fn new() -> Self {
        let rng = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref()).unwrap();
        let id = sha256(key.public_key().as_ref()).to_vec();
        Self {
            key,
            id,
            flags: PRESENT | VERIFIED | ELIGIBLE | BACKED_UP,
            counter: 0,
            aaguid: [0; 16],
            handle: None,
            origin: None,
            rp_id: None,
            client_data: BTreeMap::new(),
            breaks_signature: false,
        }
    }

    /// A security key without a PIN: touched, no more; and it counts.
    pub fn security_key() -> Self {
        Self { flags: PRESENT, counter: 1, ..Self::new() }
    }

    fn client_data(&self, kind: &str, challenge: &Value, issuer: &str) -> Vec<u8> {
        let mut data = json!({ "type": kind, "challenge": challenge, "origin": self.origin.as_deref().unwrap_or(issuer), "crossOrigin": false });
        for (name, value) in &self.client_data {
            data[name] = value.clone();
        }
        serde_json::to_vec(&data).unwrap()
    }

    fn head(&self, rp_id: &str, flags: u8) -> Vec<u8> {
        let mut data = sha256(self.rp_id.as_deref().unwrap_or(rp_id).as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The answer to `navigator.credentials.create`.
    pub fn create(&mut self, options: &Value, issuer: &str) -> String {
        let options = &options["publicKey"];
        self.handle = Some(decode(&options["user"]["id"]));
        let mut data = self.head(options["rp"]["id"].as_str().unwrap(), self.flags | ATTESTED);
        data.extend(self.aaguid);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        let point = self.key.public_key().as_ref();
        let cose = [(1, Cbor::Integer(2)), (3, Cbor::Integer(-7)), (-1, Cbor::Integer(1)), (-2, Cbor::Bytes(point[1..33].to_vec())), (-3, Cbor::Bytes(point[33..].to_vec()))];
        let cose: BTreeMap<Cbor, Cbor> = cose.into_iter().map(|(name, value)| (Cbor::Integer(name), value)).collect();
        data.extend(serde_cbor_2::to_vec(&Cbor::Map(cose)).unwrap());
        let object: BTreeMap<Cbor, Cbor> = [("fmt", Cbor::Text("none".into())), ("attStmt", Cbor::Map(BTreeMap::new())), ("authData", Cbor::Bytes(data))]
            .into_iter()
            .map(|(name, value)| (Cbor::Text(name.into()), value))
            .collect();
        let client_data = self.client_data("webauthn.create", &options["challenge"], issuer);
        json!({
            "id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key",
            "response": { "clientDataJSON": encode(&client_data), "attestationObject": encode(&serde_cbor_2::to_vec(&Cbor::Map(object)).unwrap()), "transports": ["internal"] },
            "clientExtensionResults": { "credProps": { "rk": true } },
        })
        .to_string()
    }

    /// The answer to `navigator.credentials.get`.
    pub fn get(&mut self, options: &Value, issuer: &str) -> String {
        let options = &options["publicKey"];
        if self.counter > 0 {
            self.counter += 1;
        }
        let data = self.head(options["rpId"].as_str().unwrap(), self.flags);
        let client_data = self.client_data("webauthn.get", &options["challenge"], issuer);
        let signed = [data.as_slice(), &sha256(&client_data)].concat();
        let mut signature = self.key.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec();
        if self.breaks_signature {
            let last = signature.len() - 1;
            signature[last] ^= 1;
        }
        json!({
            "id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key",
            "response": { "clientDataJSON": encode(&client_data), "authenticatorData": encode(&data), "signature": encode(&signature), "userHandle": self.handle.as_ref().map(|handle| encode(handle)) },
            "clientExtensionResults": {},
        })
        .to_string()
    }
}

/// The options and the secret of a ceremony that the form `id` on `page` begins.
pub async fn begin(browser: &Browser, page: &Reply, id: &str) -> (Value, String) {
    let reply = begin_raw(browser, page, id).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let begun = reply.json();
    (begun["options"].clone(), begun["ceremony"].as_str().unwrap().to_owned())
}

/// The same, whatever is answered.
pub async fn begin_raw(browser: &Browser, page: &Reply, id: &str) -> Reply {
    let marker = format!("id=\"{id}\"");
    let kind = if id == "add-security-key" { "security_key" } else { "passkey" };
    browser.submit(&format!("{}/begin", page.action(&marker)), &[("csrf", &page.hidden(&marker, "csrf")), ("kind", kind)]).await
}

/// Sends the answer of an authenticator to the form `id` on `page`.
pub async fn answer(browser: &Browser, page: &Reply, id: &str, ceremony: &str, credential: &str) -> Reply {
    let marker = format!("id=\"{id}\"");
    let kind = if id == "add-security-key" { "security_key" } else { "passkey" };
    browser.submit(&page.action(&marker), &[("csrf", &page.hidden(&marker, "csrf")), ("kind", kind), ("ceremony", ceremony), ("credential", credential)]).await
}

/// A whole ceremony at a sign-in page or a challenge.
pub async fn show(browser: &Browser, page: &Reply, authenticator: &mut Authenticator) -> Reply {
    show_at(browser, page, "passkey", authenticator).await
}

/// A whole ceremony at the form `id`.
pub async fn show_at(browser: &Browser, page: &Reply, id: &str, authenticator: &mut Authenticator) -> Reply {
    let (options, ceremony) = begin(browser, page, id).await;
    let credential = authenticator.get(&options, &browser.issuer());
    answer(browser, page, id, &ceremony, &credential).await
}

/// A whole enrolment on the security page.
pub async fn enrol(browser: &Browser, page: &Reply, id: &str, authenticator: &mut Authenticator) -> Reply {
    let (options, ceremony) = begin(browser, page, id).await;
    let credential = authenticator.create(&options, &browser.issuer());
    answer(browser, page, id, &ceremony, &credential).await
}
