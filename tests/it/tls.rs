//! TLS of our own: what is negotiated, certificates that are replaced under open connections, certificates from an ACME server, and browsers that come by plain http.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::kit::process::free_port;
use crate::kit::{Backend, Kit, Place};
use crate::on_both;
use claviger::app::config::RawConfig;
use claviger::app::server;
use claviger::app::worker::certificates::look_at_files;
use claviger::base::time::{Clock, ManualClock, SystemClock};
use claviger::platform::tls::CertificateFacts;
use claviger::platform::tls::acme::Challenge;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};

/// An authority of our own.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.distinguished_name.push(rcgen::DnType::CommonName, "Test authority");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Self { issuer: CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap() }
    }

    /// A chain and its key for `localhost`, in PEM.
    pub fn certify(&self) -> (String, String) {
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        parameters.distinguished_name.push(rcgen::DnType::CommonName, "localhost");
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.use_authority_key_identifier_extension = true;
        let now = time::OffsetDateTime::now_utc();
        (parameters.not_before, parameters.not_after) = (now - time::Duration::days(1), now + time::Duration::days(90));
        let key = KeyPair::generate().unwrap();
        (parameters.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    pub fn pem(&self) -> String {
        self.issuer.pem()
    }
}

/// A connection that trusts nobody in particular, since what it looks at is what was shown.
struct Line {
    connection: ClientConnection,
    socket: TcpStream,
}

impl Line {
    fn open(port: u16, trust: &str) -> Result<Self, String> {
        use rustls_pki_types::pem::PemObject;
        let mut roots = RootCertStore::empty();
        roots.add(rustls_pki_types::CertificateDer::from_pem_slice(trust.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth();
        let mut connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
        let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
        while connection.is_handshaking() {
            connection.complete_io(&mut socket).map_err(|error| error.to_string())?;
        }
        Ok(Self { connection, socket })
    }

    fn shown(&self) -> CertificateFacts {
        CertificateFacts::of(self.connection.peer_certificates().unwrap().first().unwrap()).unwrap()
    }

    /// The first line of the answer to a request.
    fn ask(&mut self, path: &str) -> String {
        let port = self.socket.peer_addr().unwrap().port();
        let mut stream = Stream::new(&mut self.connection, &mut self.socket);
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\n\r\n").unwrap();
        let mut read = [0; 4_096];
        let count = stream.read(&mut read).unwrap();
        String::from_utf8_lossy(&read[..count]).lines().next().unwrap_or_default().to_owned()
    }
}

fn real_clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(SystemClock::new().now()))
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn port_of(kit: &Kit) -> u16 {
    kit.issuer.rsplit(':').next().unwrap().parse().unwrap()
}

async fn kit_with_tls(authority: &Authority) -> Kit {
    let place = Arc::new(Place::new(Backend::Sqlite));
    let (chain, key) = authority.certify();
    let folder = place.folder.path().to_owned();
    std::fs::write(folder.join("chain.pem"), chain).unwrap();
    std::fs::write(folder.join("key.pem"), key).unwrap();
    Kit::start_with(place, real_clock(), |raw| {
        raw.server.tls_certificate_file = folder.join("chain.pem").display().to_string();
        raw.server.tls_key_file = folder.join("key.pem").display().to_string();
    })
    .await
}

#[test]
fn certificates_are_replaced_under_open_connections_and_the_key_exchange_is_hybrid() {
    actix_web::rt::System::new().block_on(async {
        let authority = Authority::new();
        let kit = kit_with_tls(&authority).await;
        let (port, trust) = (port_of(&kit), authority.pem());
        let open = async || {
            apart({
                let trust = trust.clone();
                move || Line::open(port, &trust)
            })
            .await
            .unwrap()
        };
        let mut first = open().await;
        assert_eq!(first.connection.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
        assert_eq!(first.connection.negotiated_key_exchange_group().unwrap().name(), rustls::NamedGroup::X25519MLKEM768);
        let before = first.shown();
        // The next one is there, but its key is not yet.
        let (chain, key) = authority.certify();
        let folder = kit.place.folder.path().to_owned();
        std::fs::write(folder.join("chain.pem"), chain).unwrap();
        look_at_files(&kit.node);
        assert_eq!(open().await.shown(), before);
        std::fs::write(folder.join("key.pem"), key).unwrap();
        look_at_files(&kit.node);
        let after = open().await.shown();
        assert_ne!(after, before);
        let said = apart(move || first.ask("/jwks")).await;
        assert!(said.contains("200"), "a connection from before goes on: {said}");
        let text = kit.node.http.metrics.encode(kit.node.hashes.statistics(), kit.node.base.db.statistics());
        assert!(text.contains(&format!("claviger_tls_certificate_not_after_seconds {}", after.not_after.0)), "{text}");
    });
}

/// sslyze, held against Mozilla's intermediate configuration.
#[test]
fn a_scanner_has_nothing_to_say() {
    let scanner = std::env::var("TEST_SSLYZE").unwrap_or_else(|_| panic!("TEST_SSLYZE is not set; scripts/test sets it"));
    actix_web::rt::System::new().block_on(async {
        let authority = Authority::new();
        let kit = kit_with_tls(&authority).await;
        let folder = kit.place.folder.path().to_owned();
        std::fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
        let (port, to) = (port_of(&kit), folder.join("scan.json"));
        let mut command = Command::new(scanner);
        command.args(["--mozilla_config", "intermediate", "--certinfo_ca_file"]).arg(folder.join("ca.pem")).arg(format!("--json_out={}", to.display()));
        command.args(["--early_data", "--sni", "localhost"]).arg(format!("127.0.0.1:{port}"));
        let output = apart(move || command.output().unwrap()).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        // Somebody who cannot be reached complies, too.
        let told: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("scan.json")).unwrap()).unwrap();
        let result = &told["server_scan_results"][0];
        assert_eq!((&result["connectivity_status"], &result["scan_status"]), (&"COMPLETED".into(), &"COMPLETED".into()), "{said}");
        assert!(output.status.success() && said.contains("Compliant"), "{said}");
        let of = |name: &str| result["scan_result"][name]["result"].clone();
        for version in ["ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1"] {
            assert_eq!(of(&format!("{version}_cipher_suites"))["accepted_cipher_suites"], serde_json::json!([]), "{version}");
        }
        assert_eq!(of("heartbleed")["is_vulnerable_to_heartbleed"], false);
        assert_eq!(of("tls_1_3_early_data")["supports_early_data"], false);
        assert_eq!(of("tls_fallback_scsv")["supports_fallback_scsv"], true);
    });
}

/// Pebble, an ACME server for tests, which looks at these ports.
struct Pebble {
    child: Child,
    directory: String,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Pebble {
    fn start(place: &Place, authority: &Authority, (http, tls): (u16, u16)) -> Self {
        let folder = place.folder.path();
        let (chain, key) = authority.certify();
        let (listen, management) = (free_port(), free_port());
        for (name, text) in [("pebble.pem", &chain), ("pebble.key", &key), ("ca.pem", &authority.pem())] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let config = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{listen}"), "managementListenAddress": format!("127.0.0.1:{management}"), "certificate": folder.join("pebble.pem"), "privateKey": folder.join("pebble.key"),
            "httpPort": http, "tlsPort": tls, "ocspResponderURL": "", "externalAccountBindingRequired": false, "certificateValidityPeriod": 9_000,
        } });
        std::fs::write(folder.join("pebble.json"), config.to_string()).unwrap();
        let mut command = Command::new("pebble");
        command.arg("-config").arg(folder.join("pebble.json")).arg("-strict").envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_AUTHZREUSE", "0")]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", listen)).is_err() {
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Self { child, directory: format!("https://localhost:{listen}/dir") }
    }
}

async fn certified_by_acme(bare: Kit, challenge: Challenge) {
    let place = Arc::new(Place::new(bare.place.backend));
    let (authority, plain) = (Authority::new(), free_port());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let pebble = Pebble::start(&place, &authority, (plain, port));
    let (folder, directory) = (place.folder.path().to_owned(), pebble.directory.clone());
    let adjust = move |raw: &mut RawConfig| {
        raw.acme.directory_url.clone_from(&directory);
        raw.acme.terms_agreed = true;
        raw.acme.contact = "ops@shop.example".to_owned();
        raw.acme.challenge = challenge;
        raw.server.redirect_listen = format!("127.0.0.1:{plain}");
        raw.outgoing.allowed_networks = vec!["127.0.0.0/8".to_owned(), "::1/128".to_owned()];
        raw.outgoing.ca_file = folder.join("ca.pem").display().to_string();
    };
    let kit = Kit::start_on(listener, format!("http://localhost:{port}"), Arc::clone(&place), real_clock(), adjust.clone()).await;
    let acme = kit.node.acme.as_ref().unwrap();
    assert!(acme.certificates.shown().is_none());
    if challenge == Challenge::Http01 {
        // Nobody answers at the plain port: it fails, and is not tried again at once.
        let error = acme.renew("one").await.unwrap_err();
        assert!(error.to_string().contains("ACME"), "{error}");
        assert!(!acme.renew("one").await.unwrap());
        kit.advance(601);
        let listener = server::bind(format!("127.0.0.1:{plain}").parse().unwrap(), "x").unwrap();
        actix_web::rt::spawn(server::start_redirect(Arc::clone(&kit.node), listener).unwrap());
    }
    assert!(acme.renew("one").await.unwrap());
    let first = acme.certificates.shown().unwrap().facts.clone();
    assert!(first.is_for("localhost") && !acme.renew("one").await.unwrap(), "{first:?}");
    // Another node shows the same, also one that starts later.
    let (other, _, handle) = kit.second_node_with(adjust).await;
    assert_eq!(other.acme.as_ref().unwrap().certificates.shown().unwrap().facts, first);
    // A third of its life before its end it is replaced, by whichever node comes first.
    kit.advance(6_100);
    let other = other.acme.as_ref().unwrap();
    let renewed = std::cell::Cell::new(false);
    let renewing = async {
        assert!(other.renew("two").await.unwrap());
        renewed.set(true);
    };
    // The node that the server comes to takes up the answer meanwhile.
    let following = async {
        while !renewed.get() {
            acme.follow().await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::join!(renewing, following);
    acme.follow().await.unwrap();
    let second = acme.certificates.shown().unwrap().facts.clone();
    assert!(second != first && second == other.certificates.shown().unwrap().facts);
    handle.stop(false).await;
    drop(pebble);
}

on_both! {
    async fn a_certificate_comes_from_an_acme_server_by_http(kit: Kit) {
        certified_by_acme(kit, Challenge::Http01).await;
    }

    async fn a_certificate_comes_from_an_acme_server_by_tls(kit: Kit) {
        certified_by_acme(kit, Challenge::TlsAlpn01).await;
    }
}

crate::on_one! {
    async fn browsers_that_come_by_plain_http_are_sent_to_our_own_https(kit: Kit) {
        let listener = server::bind("127.0.0.1:0".parse().unwrap(), "x").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        actix_web::rt::spawn(server::start_redirect(Arc::clone(&kit.node), listener).unwrap());
        let client = crate::kit::browser::http();
        for path in ["/", "/account?x=1&y=%2F", "//evil.example/x", "/.well-known/openid-configuration"] {
            let reply = client.get(format!("{address}{path}")).header("host", "evil.example").send().await.unwrap();
            assert_eq!((reply.status().as_u16(), reply.headers()["location"].to_str().unwrap()), (308, format!("{}{path}", kit.issuer).as_str()));
        }
        assert_eq!(client.post(format!("{address}/token")).send().await.unwrap().status(), 403);
        assert_eq!(client.get(format!("{address}/.well-known/acme-challenge/x")).send().await.unwrap().status(), 404);
    }
}
