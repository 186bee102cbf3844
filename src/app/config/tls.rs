//! TLS in the configuration: from files, from an ACME server, or from a proxy in front.

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use super::checked::Faults;
use super::raw::RawConfig;
use crate::base::uri::Issuer;
use crate::platform::tls::acme::{AcmePolicy, Challenge};

/// Where certificates come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsSource {
    /// A chain and its key, in PEM.
    Files(PathBuf, PathBuf),
    /// An ACME server.
    Acme(AcmePolicy),
}

/// The plain listener.
pub(super) fn check_redirect(raw: &RawConfig, faults: &mut Faults) -> Option<SocketAddr> {
    let text = &raw.server.redirect_listen;
    faults.unless(text.is_empty() || !raw.server.behind_tls_proxy, "server.redirect_listen: the proxy that ends TLS sends browsers to https");
    if text.is_empty() { None } else { faults.take("server.redirect_listen", text.parse::<SocketAddr>()) }
}

/// Where certificates come from.
pub(super) fn check(raw: &RawConfig, issuer: Option<&Issuer>, is_demo: bool, faults: &mut Faults) -> Option<TlsSource> {
    let (server, acme) = (&raw.server, &raw.acme);
    let files = (!server.tls_certificate_file.is_empty(), !server.tls_key_file.is_empty());
    faults.unless(files.0 == files.1, "server.tls_certificate_file and server.tls_key_file: set both");
    let has_acme = !acme.directory_url.is_empty();
    let ways = [files.0 && files.1, has_acme, server.behind_tls_proxy].into_iter().filter(|way| *way).count();
    faults.unless(
        ways == 1 || (ways == 0 && is_demo),
        "server.tls_certificate_file and server.tls_key_file, acme.directory_url, or server.behind_tls_proxy = true when a proxy ends TLS: set one of the three",
    );
    if files.0 && files.1 {
        return Some(TlsSource::Files(PathBuf::from(&server.tls_certificate_file), PathBuf::from(&server.tls_key_file)));
    }
    if !has_acme {
        return None;
    }
    faults.unless(acme.terms_agreed, "acme.terms_agreed: read the server's terms of service, and say true");
    faults.unless(Url::parse(&acme.directory_url).is_ok_and(|url| url.scheme() == "https"), "acme.directory_url: an https address");
    faults.unless(
        acme.challenge != Challenge::Http01 || !server.redirect_listen.is_empty(),
        "server.redirect_listen: acme.challenge http-01 is answered there; set it, or acme.challenge = \"tls-alpn-01\"",
    );
    let is_name = |name: &String| name.len() <= 253 && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte));
    faults.unless(acme.names.iter().all(is_name) && acme.names.len() <= 100, "acme.names: at most 100 host names in small letters, without *");
    let host = issuer.and_then(|issuer| Some(Url::parse(issuer.as_str()).ok()?.host_str()?.to_owned())).unwrap_or_default();
    faults.unless(acme.names.is_empty() || acme.names.contains(&host), "acme.names: the issuer's own name has to be among them");
    faults.unless(acme.contact.is_empty() || acme.contact.contains('@'), "acme.contact: an e-mail address");
    Some(TlsSource::Acme(AcmePolicy {
        directory: acme.directory_url.clone(),
        contact: (!acme.contact.is_empty()).then(|| acme.contact.clone()),
        names: if acme.names.is_empty() { vec![host] } else { acme.names.clone() },
        challenge: acme.challenge,
    }))
}

#[cfg(test)]
mod tests {
    use crate::app::config::Config;

    fn faults(more: &str) -> Vec<String> {
        let text = format!("[server]\nissuer = \"https://login.shop.example\"\n{more}");
        Config::check(&toml::from_str(&text).unwrap(), false).err().unwrap_or_default()
    }

    #[test]
    fn certificates_come_from_one_place() {
        let acme = "[acme]\ndirectory_url = \"https://acme.example/directory\"\nterms_agreed = true\n";
        assert_eq!(faults(&format!("redirect_listen = \"0.0.0.0:80\"\n{acme}")), [] as [String; 0]);
        assert_eq!(faults(&format!("{acme}challenge = \"tls-alpn-01\"\n")), [] as [String; 0]);
        for (more, word) in [
            (String::new(), "set one of the three"),
            ("tls_key_file = \"k\"\n".to_owned(), "set both"),
            (format!("behind_tls_proxy = true\n{acme}challenge = \"tls-alpn-01\"\n"), "set one of the three"),
            ("behind_tls_proxy = true\nredirect_listen = \"0.0.0.0:80\"\n".to_owned(), "server.redirect_listen"),
            (acme.to_owned(), "http-01 is answered there"),
            (format!("{}challenge = \"tls-alpn-01\"\n", acme.replace("true", "false")), "acme.terms_agreed"),
            (format!("{}challenge = \"tls-alpn-01\"\n", acme.replace("https", "http")), "acme.directory_url"),
            (format!("{acme}challenge = \"tls-alpn-01\"\nnames = [\"*.shop.example\"]\n"), "acme.names"),
            (format!("{acme}challenge = \"tls-alpn-01\"\nnames = [\"other.example\"]\n"), "own name"),
        ] {
            let found = faults(&more);
            assert!(found.iter().any(|fault| fault.contains(word)), "{more}: {found:?}");
        }
    }
}
