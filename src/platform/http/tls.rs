//! TLS from files: certificate chain and key in PEM, TLS 1.2 and up (RFC 9325).

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// Reads a server configuration.
///
/// # Errors
/// A sentence for the operator.
pub fn load(certificate: &Path, key: &Path) -> Result<ServerConfig, String> {
    let name = certificate.display();
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(certificate).map_err(|error| format!("{name}: {error}"))?.collect::<Result<_, _>>().map_err(|error| format!("{name}: {error}"))?;
    if chain.is_empty() {
        return Err(format!("{name} holds no certificate"));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| format!("{}: {error}", key.display()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| format!("{name}: {error}"))
}
