//! Certificates from an ACME server (RFC 8555): asked for by one node, kept sealed in the database, shown by all. Challenges: HTTP-01 at the plain listener, or TLS-ALPN-01 (RFC 8737) at the one that customers use.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, BodyWrapper, BytesResponse, ChallengeType, HttpClient, Identifier, NewAccount, NewOrder, OrderStatus, RetryPolicy,
};
use rustls::crypto::aws_lc_rs;
use rustls::sign::CertifiedKey;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::{Deserialize, Serialize};

use super::{CertificateFacts, Certificates};
use crate::base::encoding::{base64url, sha256};
use crate::base::time::UnixSeconds;
use crate::platform::db::{Db, DbConnection, StoreError, WriteTx, facts, lease};
use crate::platform::outgoing::Outgoing;
use crate::platform::tools::Tools;

const ACCOUNT: &str = "acme_account";
const CERTIFICATE: &str = "acme_certificate";
const ANSWERS: &str = "acme_answers";
const LEASE: &str = "acme";
/// How long a node asks alone, and how long it waits after a failure, in seconds. Servers limit how often they are asked in vain.
const LEASE_SECONDS: i64 = 600;
/// How long the server is given for each of its steps.
const STEP: Duration = Duration::from_secs(90);
/// How long the other nodes have to take up an answer that they keep in memory.
const SPREAD: Duration = Duration::from_secs(5);

/// How the server is shown that a name is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Challenge {
    /// A file at port 80 (RFC 8555, section 8.3).
    #[default]
    #[serde(rename = "http-01")]
    Http01,
    /// A certificate at port 443 (RFC 8737).
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn01,
}

/// What is asked for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcmePolicy {
    /// The server's directory.
    pub directory: String,
    /// Whom the server may write to.
    pub contact: Option<String>,
    /// The names that the certificate is for.
    pub names: Vec<String>,
    /// How the server is shown that they are ours.
    pub challenge: Challenge,
}

impl AcmePolicy {
    /// Whether another certificate is due: there is none, it is for other names, or a third of its life is left.
    pub fn is_due(&self, shown: Option<&CertificateFacts>, now: UnixSeconds) -> bool {
        shown.is_none_or(|facts| {
            let life = facts.not_after.since(facts.not_before);
            facts.not_after.since(now) < life / 3 || !self.names.iter().all(|name| facts.is_for(name))
        })
    }
}

/// Why no certificate came.
#[derive(Debug, thiserror::Error)]
pub enum AcmeFailed {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server, or the way to it.
    #[error("the ACME server: {0}")]
    Server(#[from] instant_acme::Error),
    /// Something else, in a sentence.
    #[error("{0}")]
    Other(String),
}

/// An answer to a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Answer {
    name: String,
    token: String,
    /// The key authorization (RFC 8555, section 8.1).
    authorization: String,
}

#[derive(Serialize, Deserialize)]
struct KeptAccount {
    directory: String,
    credentials: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
struct KeptCertificate {
    chain: String,
    key: String,
    /// Of which server.
    directory: String,
}

/// Our one way out, as the library wants it.
struct Way(Outgoing);

impl HttpClient for Way {
    fn request(&self, request: openidconnect::http::Request<BodyWrapper<Bytes>>) -> Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>> {
        let outgoing = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(|error| instant_acme::Error::Other(Box::new(error)))?.to_bytes();
            let answer = outgoing.call(openidconnect::http::Request::from_parts(parts, body.to_vec())).await.map_err(|error| instant_acme::Error::Other(Box::new(error)))?;
            let (parts, body) = answer.into_parts();
            Ok(BytesResponse { parts, body: Box::new(Bytes::from(body)) })
        })
    }
}

/// Where the facts of this lie, and whom they are asked of.
#[derive(Clone)]
pub struct Acme {
    /// The database.
    pub db: Db,
    /// Clock, randomness, keys.
    pub tools: Tools,
    /// The way out.
    pub outgoing: Outgoing,
    /// What is asked for.
    pub policy: AcmePolicy,
    /// What is shown.
    pub certificates: Arc<Certificates>,
}

fn place(name: &str) -> String {
    format!("facts|value|{name}")
}

fn corrupt(name: &str) -> StoreError {
    StoreError::corrupt("facts", "value", name)
}

fn open<T: serde::de::DeserializeOwned>(connection: &mut DbConnection, tools: &Tools, name: &str) -> Result<Option<T>, StoreError> {
    let Some(sealed) = facts::find_fact(connection, name)? else { return Ok(None) };
    let plain = tools.ring.signing_keys.open(&sealed, &place(name)).map_err(|_| corrupt(name))?;
    serde_json::from_slice(&plain).map(Some).map_err(|_| corrupt(name))
}

fn keep<T: Serialize>(tx: &mut WriteTx<'_>, tools: &Tools, name: &str, value: &T) -> Result<(), StoreError> {
    let plain = serde_json::to_vec(value).map_err(|_| corrupt(name))?;
    let sealed = tools.ring.signing_keys.seal(&plain, &place(name), tools.entropy()).map_err(|_| corrupt(name))?;
    facts::replace_fact(tx, name, &sealed)
}

/// Seals what is kept of this by the newest generation of the master key; how many values that were.
///
/// # Errors
/// [`StoreError`].
pub fn reseal(tx: &mut WriteTx<'_>, tools: &Tools) -> Result<usize, StoreError> {
    let mut done = 0;
    for name in [ACCOUNT, CERTIFICATE] {
        let Some(sealed) = facts::find_fact(tx, name)? else { continue };
        if let Some(anew) = tools.ring.signing_keys.reseal(&sealed, &place(name), tools.entropy()).map_err(|_| corrupt(name))? {
            facts::replace_fact(tx, name, &anew)?;
            done += 1;
        }
    }
    Ok(done)
}

fn answers(connection: &mut DbConnection) -> Result<Vec<Answer>, StoreError> {
    let kept = facts::find_fact(connection, ANSWERS)?;
    kept.map_or_else(|| Ok(Vec::new()), |kept| serde_json::from_slice(&kept).map_err(|_| corrupt(ANSWERS)))
}

/// What is answered to an HTTP-01 challenge with this token; none when nobody is waiting for one.
///
/// # Errors
/// [`StoreError`].
pub fn find_answer(connection: &mut DbConnection, token: &str) -> Result<Option<String>, StoreError> {
    Ok(answers(connection)?.into_iter().find(|answer| answer.token == token).map(|answer| answer.authorization))
}

/// The certificate that answers a TLS-ALPN-01 challenge (RFC 8737, section 3).
fn certificate_of(answer: &Answer) -> Result<Arc<CertifiedKey>, String> {
    let told = |error: rcgen::Error| error.to_string();
    let mut parameters = rcgen::CertificateParams::new(vec![answer.name.clone()]).map_err(told)?;
    parameters.custom_extensions = vec![rcgen::CustomExtension::new_acme_identifier(&sha256(answer.authorization.as_bytes()))];
    let key = rcgen::KeyPair::generate().map_err(told)?;
    let certificate = parameters.self_signed(&key).map_err(told)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    // Not held against the certificate, which nobody but the ACME server can read: its one extension is critical.
    let key = aws_lc_rs::default_provider().key_provider.load_private_key(key).map_err(|error| error.to_string())?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], key)))
}

impl Acme {
    /// Takes up what another node has got or wants answered.
    ///
    /// # Errors
    /// [`AcmeFailed`].
    pub async fn follow(&self) -> Result<(), AcmeFailed> {
        let tools = self.tools.clone();
        let (kept, answers) = self.db.read(move |connection| Ok((open::<KeptCertificate>(connection, &tools, CERTIFICATE)?, answers(connection)?))).await?;
        // One of another server, such as one for trying, is replaced, and not shown.
        if let Some(kept) = kept.filter(|kept| kept.directory == self.policy.directory)
            && self.certificates.take(kept.chain.as_bytes(), kept.key.as_bytes()).map_err(AcmeFailed::Other)?
        {
            tracing::info!("another certificate is shown from now on");
        }
        self.show(&answers)
    }

    fn show(&self, answers: &[Answer]) -> Result<(), AcmeFailed> {
        if self.policy.challenge == Challenge::TlsAlpn01 {
            let made: Result<BTreeMap<_, _>, String> = answers.iter().map(|answer| Ok((answer.name.clone(), certificate_of(answer)?))).collect();
            self.certificates.answer(made.map_err(AcmeFailed::Other)?);
        }
        Ok(())
    }

    /// Asks for another certificate when one is due, on one node at a time; true when one came.
    ///
    /// # Errors
    /// [`AcmeFailed`]; it is tried again after ten minutes.
    pub async fn renew(&self, holder: &str) -> Result<bool, AcmeFailed> {
        let is_due = || self.policy.is_due(self.certificates.shown().as_ref().map(|shown| &shown.facts), self.tools.now());
        if !is_due() {
            return Ok(false);
        }
        let (tools, holder) = (self.tools.clone(), format!("{holder}-{}", base64url(crate::base::random::bytes::<9>(self.tools.entropy()))));
        // Held by this one try: neither this node nor another one tries again before it is over.
        let lease = move |tx: &mut WriteTx<'_>| lease::take_lease(tx, LEASE, &holder, tools.now(), tools.now().plus(LEASE_SECONDS));
        match self.db.write(lease).await {
            Err(StoreError::Conflict) | Ok(false) => return Ok(false),
            settled => settled?,
        };
        // Somebody may have been done a moment ago.
        self.follow().await?;
        if !is_due() {
            return Ok(false);
        }
        let outcome = self.order().await;
        let forgotten = self.db.write(|tx| facts::drop_fact(tx, ANSWERS)).await;
        let (chain, key) = outcome?;
        forgotten?;
        let kept = KeptCertificate { chain, key, directory: self.policy.directory.clone() };
        self.certificates.take(kept.chain.as_bytes(), kept.key.as_bytes()).map_err(AcmeFailed::Other)?;
        let tools = self.tools.clone();
        self.db.write(move |tx| keep(tx, &tools, CERTIFICATE, &kept)).await?;
        self.show(&[])?;
        Ok(true)
    }

    async fn account(&self) -> Result<Account, AcmeFailed> {
        let builder = || Account::builder_with_http(Box::new(Way(self.outgoing.clone())));
        let tools = self.tools.clone();
        let kept = self.db.read(move |connection| open::<KeptAccount>(connection, &tools, ACCOUNT)).await?;
        // At another server it is nobody.
        if let Some(kept) = kept.filter(|kept| kept.directory == self.policy.directory) {
            let credentials: AccountCredentials = serde_json::from_value(kept.credentials).map_err(|error| AcmeFailed::Other(error.to_string()))?;
            return Ok(builder().from_credentials(credentials).await?);
        }
        let contact = self.policy.contact.as_ref().map(|address| format!("mailto:{address}"));
        let contacts: Vec<&str> = contact.iter().map(String::as_str).collect();
        let new = NewAccount { contact: &contacts, terms_of_service_agreed: true, only_return_existing: false };
        let (account, credentials) = builder().create(&new, self.policy.directory.clone(), None).await?;
        let credentials = serde_json::to_value(&credentials).map_err(|error| AcmeFailed::Other(error.to_string()))?;
        let (tools, kept) = (self.tools.clone(), KeptAccount { directory: self.policy.directory.clone(), credentials });
        self.db.write(move |tx| keep(tx, &tools, ACCOUNT, &kept)).await?;
        Ok(account)
    }

    async fn order(&self) -> Result<(String, String), AcmeFailed> {
        let account = self.account().await?;
        let names: Vec<Identifier> = self.policy.names.iter().map(|name| name.parse().map_or_else(|_| Identifier::Dns(name.clone()), Identifier::Ip)).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        let kind = match self.policy.challenge {
            Challenge::Http01 => ChallengeType::Http01,
            Challenge::TlsAlpn01 => ChallengeType::TlsAlpn01,
        };
        let mut answers = Vec::new();
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            match authorization.status {
                AuthorizationStatus::Valid => continue,
                AuthorizationStatus::Pending => {}
                status => return Err(AcmeFailed::Other(format!("the ACME server says of a name that it is {status:?}"))),
            }
            let mut challenge = authorization.challenge(kind.clone()).ok_or_else(|| AcmeFailed::Other("the ACME server offers another kind of challenge".to_owned()))?;
            let name = challenge.identifier().to_string();
            answers.push(Answer { name, token: challenge.token.clone(), authorization: challenge.key_authorization().as_str().to_owned() });
            let written = serde_json::to_vec(&answers).map_err(|error| AcmeFailed::Other(error.to_string()))?;
            self.db.write(move |tx| facts::replace_fact(tx, ANSWERS, &written)).await?;
            self.show(&answers)?;
            if self.policy.challenge == Challenge::TlsAlpn01 {
                tokio::time::sleep(SPREAD).await;
            }
            challenge.set_ready().await?;
        }
        let patience = RetryPolicy::new().initial_delay(Duration::from_millis(500)).timeout(STEP);
        match order.poll_ready(&patience).await? {
            OrderStatus::Ready => {}
            status => return Err(AcmeFailed::Other(format!("the ACME server did not come to see that the names are ours: {status:?}"))),
        }
        let key = order.finalize().await?;
        let chain = order.poll_certificate(&patience).await?;
        Ok((chain, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_of_its_life_before_it_ends_another_is_due() {
        let policy = AcmePolicy { directory: String::new(), contact: None, names: vec!["login.shop.example".to_owned()], challenge: Challenge::Http01 };
        let facts = |names: &[&str]| CertificateFacts {
            not_before: UnixSeconds(0),
            not_after: UnixSeconds(90 * 86_400),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            key: "EC",
            fingerprint: String::new(),
        };
        assert!(policy.is_due(None, UnixSeconds(0)));
        let ours = facts(&["login.shop.example"]);
        assert!(!policy.is_due(Some(&ours), UnixSeconds(60 * 86_400)) && policy.is_due(Some(&ours), UnixSeconds(60 * 86_400 + 1)));
        assert!(policy.is_due(Some(&facts(&["other.example"])), UnixSeconds(1)));
    }

    #[test]
    fn a_challenge_is_answered_for_its_own_name() {
        let answer = Answer { name: "login.shop.example".to_owned(), token: "t".to_owned(), authorization: "t.k".to_owned() };
        let certified = certificate_of(&answer).unwrap();
        let facts = CertificateFacts::of(certified.cert.first().unwrap()).unwrap();
        assert_eq!(facts.names, ["login.shop.example"]);
        // The digest stands in the extension of RFC 8737, section 3.
        let der = certified.cert.first().unwrap().to_vec();
        assert!(der.windows(32).any(|window| window == sha256(b"t.k")));
    }
}
