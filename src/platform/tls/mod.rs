//! TLS as a server: TLS 1.2 and up (RFC 9325), the hybrid X25519MLKEM768 before all other key exchanges, and certificates that are replaced while connections go on.

pub mod acme;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::base::encoding::sha256;
use crate::base::time::UnixSeconds;

/// What the protocol of challenges calls itself (RFC 8737, section 3).
const ACME_PROTOCOL: &[u8] = b"acme-tls/1";

/// What stands in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CertificateFacts {
    /// From when it holds.
    pub not_before: UnixSeconds,
    /// Until when.
    pub not_after: UnixSeconds,
    /// The names that it is for.
    pub names: Vec<String>,
    /// Of which kind its key is.
    pub key: &'static str,
    /// SHA-256 over the certificate, in hexadecimal.
    pub fingerprint: String,
}

impl CertificateFacts {
    /// Reads them.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn of(certificate: &[u8]) -> Result<Self, String> {
        let (_, parsed) = X509Certificate::from_der(certificate).map_err(|error| format!("the certificate does not read: {error}"))?;
        let validity = parsed.validity();
        let names = match parsed.subject_alternative_name() {
            Ok(Some(found)) => found.value.general_names.iter().filter_map(name_of).collect(),
            _ => Vec::new(),
        };
        let key = match parsed.public_key().algorithm.algorithm.to_id_string().as_str() {
            "1.2.840.113549.1.1.1" => "RSA",
            "1.2.840.10045.2.1" => "EC",
            "1.3.101.112" => "Ed25519",
            _ => "other",
        };
        let fingerprint = sha256(certificate).iter().fold(String::new(), |mut text, byte| {
            use std::fmt::Write;
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Self { not_before: UnixSeconds(validity.not_before.timestamp()), not_after: UnixSeconds(validity.not_after.timestamp()), names, key, fingerprint })
    }

    /// Whether it is for `host` (RFC 9525: the whole name, or any name in the place of the first label).
    pub fn is_for(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.names.iter().any(|name| {
            let name = name.to_ascii_lowercase();
            name == host || name.strip_prefix("*.").is_some_and(|rest| host.split_once('.').is_some_and(|(first, others)| !first.is_empty() && others == rest))
        })
    }
}

fn name_of(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match *bytes {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            bytes => <[u8; 16]>::try_from(bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string()),
        },
        _ => None,
    }
}

/// A chain with its key, and what stands in the first certificate of it.
pub struct Shown {
    key: Arc<CertifiedKey>,
    /// What stands in it.
    pub facts: CertificateFacts,
    /// A hash over what it was read from.
    digest: [u8; 32],
}

impl Shown {
    /// Reads a chain and its key, both in PEM.
    ///
    /// # Errors
    /// A sentence for the operator, which names `chain_name` or `key_name`.
    fn parse((chain_name, chain): (&str, &[u8]), (key_name, key): (&str, &[u8])) -> Result<Self, String> {
        let mut digested = chain.to_vec();
        digested.extend_from_slice(key);
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>().map_err(|error| format!("{chain_name}: {error}"))?;
        let first = chain.first().ok_or_else(|| format!("{chain_name} holds no certificate"))?;
        let facts = CertificateFacts::of(first).map_err(|error| format!("{chain_name}: {error}"))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| format!("{key_name}: {error}"))?;
        let key = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(|error| format!("{chain_name}, {key_name}: {error}"))?;
        Ok(Self { key: Arc::new(key), facts, digest: sha256(&digested) })
    }
}

/// The certificate that whoever connects is shown, and answers to challenges. It is replaced whole: connections that are open keep what they were shown, new ones get the new one.
pub struct Certificates {
    files: Option<(PathBuf, PathBuf)>,
    shown: RwLock<Option<Arc<Shown>>>,
    answers: RwLock<BTreeMap<String, Arc<CertifiedKey>>>,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificates({:?})", self.files)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

impl Certificates {
    /// Reads the chain and the key from files, which are looked at again by [`Self::refresh`].
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn open(certificate: &Path, key: &Path) -> Result<Self, String> {
        let made = Self { files: Some((certificate.to_owned(), key.to_owned())), shown: RwLock::default(), answers: RwLock::default() };
        made.refresh()?;
        Ok(made)
    }

    /// Has no certificate yet: it will come by [`Self::take`].
    pub fn awaited() -> Self {
        Self { files: None, shown: RwLock::default(), answers: RwLock::default() }
    }

    /// What is shown; none while it is awaited.
    pub fn shown(&self) -> Option<Arc<Shown>> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the files again; true when something else is shown from now on.
    ///
    /// # Errors
    /// A sentence for the operator; what was shown before still is.
    pub fn refresh(&self) -> Result<bool, String> {
        let Some((certificate, key)) = &self.files else { return Ok(false) };
        let (chain_name, key_name) = (certificate.display().to_string(), key.display().to_string());
        Ok(self.replace(Shown::parse((&chain_name, &read(certificate)?), (&key_name, &read(key)?))?))
    }

    /// Shows this chain and key from now on; false when they are shown already.
    ///
    /// # Errors
    /// A sentence for the operator; what was shown before still is.
    pub fn take(&self, chain: &[u8], key: &[u8]) -> Result<bool, String> {
        Ok(self.replace(Shown::parse(("the kept certificate", chain), ("its key", key))?))
    }

    fn replace(&self, shown: Shown) -> bool {
        let mut kept = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|kept| kept.digest == shown.digest) {
            return false;
        }
        *kept = Some(Arc::new(shown));
        true
    }

    /// Answers challenges about these names with these certificates, and about no others.
    pub fn answer(&self, answers: BTreeMap<String, Arc<CertifiedKey>>) {
        *self.answers.write().unwrap_or_else(PoisonError::into_inner) = answers;
    }

    /// How to speak TLS with them.
    ///
    /// # Errors
    /// A sentence when the library refuses.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(|error| error.to_string())?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Self>::clone(self));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        if self.files.is_none() {
            config.alpn_protocols.push(ACME_PROTOCOL.to_vec());
        }
        Ok(config)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // Whoever asks a challenge speaks nothing else (RFC 8737, section 3).
        if hello.alpn().is_some_and(|mut protocols| protocols.next() == Some(ACME_PROTOCOL) && protocols.next().is_none()) {
            let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
            return answers.get(hello.server_name()?).cloned();
        }
        self.shown().map(|shown| Arc::clone(&shown.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(names: &[&str], days: i64) -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        parameters.not_before = time::OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        parameters.not_after = parameters.not_before + time::Duration::days(days);
        (parameters.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    #[test]
    fn files_are_read_again_and_what_does_not_fit_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
        assert!(Certificates::open(&certificate, &key).unwrap_err().contains("c.pem"));
        let (first, second) = (made(&["login.shop.example", "*.brands.example", "192.0.2.7"], 90), made(&["login.shop.example"], 30));
        std::fs::write(&certificate, &first.0).unwrap();
        std::fs::write(&key, &first.1).unwrap();
        let certificates = Certificates::open(&certificate, &key).unwrap();
        let facts = certificates.shown().unwrap().facts.clone();
        assert_eq!((facts.not_before, facts.not_after, facts.key), (UnixSeconds(1_800_000_000), UnixSeconds(1_800_000_000 + 90 * 86_400), "EC"));
        for (host, is_for) in [
            ("LOGIN.shop.example", true),
            ("shop.example", false),
            ("a.brands.example", true),
            ("a.b.brands.example", false),
            (".brands.example", false),
            ("192.0.2.7", true),
        ] {
            assert_eq!(facts.is_for(host), is_for, "{host}");
        }
        assert!(!certificates.refresh().unwrap(), "nothing new");
        // The certificate is there before its key: neither is taken.
        std::fs::write(&certificate, &second.0).unwrap();
        assert!(certificates.refresh().is_err());
        assert_eq!(certificates.shown().unwrap().facts, facts);
        std::fs::write(&key, &second.1).unwrap();
        assert!(certificates.refresh().unwrap());
        assert_ne!(certificates.shown().unwrap().facts, facts);
        for broken in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&certificate, broken).unwrap();
            assert!(certificates.refresh().unwrap_err().contains("c.pem"));
        }
    }

    #[test]
    fn the_library_is_the_one_that_was_asked_for() {
        let (folder, made) = (tempfile::tempdir().unwrap(), made(&["login.shop.example"], 90));
        let (certificate, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
        std::fs::write(&certificate, &made.0).unwrap();
        std::fs::write(&key, &made.1).unwrap();
        let config = Arc::new(Certificates::open(&certificate, &key).unwrap()).server_config().unwrap();
        let is_fips = cfg!(feature = "fips");
        assert_eq!((config.fips(), config.require_ems), (is_fips, is_fips));
        assert_eq!(config.crypto_provider().kx_groups[0].name(), rustls::NamedGroup::X25519MLKEM768);
        assert_eq!(crate::platform::crypto::library(), if is_fips { "AWS-LC FIPS" } else { "AWS-LC" });
    }

    #[test]
    fn one_that_is_awaited_comes_later() {
        let certificates = Arc::new(Certificates::awaited());
        assert!(certificates.shown().is_none() && !certificates.refresh().unwrap());
        let (chain, key) = made(&["login.shop.example"], 90);
        assert!(certificates.take(chain.as_bytes(), key.as_bytes()).unwrap() && !certificates.take(chain.as_bytes(), key.as_bytes()).unwrap());
        assert!(certificates.shown().is_some());
        assert_eq!(certificates.server_config().unwrap().alpn_protocols, [b"http/1.1".to_vec(), ACME_PROTOCOL.to_vec()]);
    }
}
