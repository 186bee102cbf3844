//! `claviger demo`: the whole of it on one machine, with plain http on loopback, seeded people, an example shop and a mailbox page. The only place where such conveniences exist.

mod issuer;
mod mailbox;
mod seed;
#[path = "../../examples/storefront/shop.rs"]
mod storefront;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::cli::say;
use super::config::{self, Config, LevelRule};
use super::server::{self, ListenOptions, Listeners};
use super::setup;
use crate::base::random::OsEntropy;
use crate::base::time::SystemClock;
use crate::identity::factors::policy::ADMINS;
use crate::platform::mail::Mailer;
use crate::platform::sms::TextSender;
use crate::platform::telemetry::logging::{self, LogFormat};

/// Flags of the demo.
#[derive(Args)]
pub struct DemoArguments {
    /// Throws the demo's data away and starts afresh.
    #[arg(long)]
    reset: bool,
    /// Port of Claviger; the shop and the mailbox take the next two, metrics the one after.
    #[arg(long, default_value_t = 8_080)]
    port: u16,
    /// Where the demo keeps its data.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
}

/// A file that only the demo makes, so that `--reset` never removes a folder of somebody else's.
const MARKER: &str = "demo.json";

fn reset(data: &Path) -> Result<(), String> {
    if !data.exists() {
        return Ok(());
    }
    if !data.join(MARKER).exists() {
        return Err(format!("{} holds no demo; it is left alone", data.display()));
    }
    std::fs::remove_dir_all(data).map_err(|error| format!("{}: {error}", data.display()))
}

/// Runs the demo until a signal, with `settings` (`section.key`, value) to try.
///
/// # Errors
/// A sentence for whoever started it.
pub fn run(arguments: &DemoArguments, settings: &[(String, String)]) -> Result<(), String> {
    logging::start(LogFormat::Human, "warn,claviger=info", None)?;
    let data = &arguments.data;
    if arguments.reset {
        reset(data)?;
    }
    std::fs::create_dir_all(data).map_err(|error| format!("{}: {error}", data.display()))?;
    let ports: Vec<u16> = (0..4).map(|offset| arguments.port.checked_add(offset)).collect::<Option<_>>().ok_or("--port is too high")?;
    let [port, shop_port, mailbox_port, operations_port] = ports.as_slice() else { return Err("--port is too high".to_owned()) };
    let on = |port: &u16| SocketAddr::from((Ipv4Addr::LOCALHOST, *port));
    let shop_url = format!("http://localhost:{shop_port}");

    let mut raw = config::load(None, &[], settings).map_err(|faults| faults.join("\n"))?.raw;
    raw.server.issuer = format!("http://localhost:{port}");
    raw.server.listen = on(port).to_string();
    raw.server.operations_listen = on(operations_port).to_string();
    raw.database.url = format!("sqlite:{}", data.join("claviger.db").display());
    raw.keys.master_key_file = data.join("keys/master.key").display().to_string();
    raw.codes.email = true;
    // Whoever has admin rights needs a second factor: shows what a rule does.
    raw.assurance.groups = vec![LevelRule { name: ADMINS.to_owned(), acr: "second-factor".to_owned(), from: None }];
    // The shop is told of sessions that end, and stands on this machine.
    raw.outgoing.allowed_networks = vec!["127.0.0.0/8".to_owned(), "::1/128".to_owned()];
    // The bank of the demo's cards stands beside the mailbox.
    let issuer_key = seed::issuer_key(&data.join("issuer.key"))?;
    raw.avs.issuer_url = format!("http://localhost:{mailbox_port}{}", issuer::PATH);
    raw.avs.issuer_key_file = data.join("issuer.key").display().to_string();
    raw.avs.checks_per_hour = 100;
    raw.brand.name = "Claviger demo".to_owned();
    let mut config = Config::check(&raw, true).map_err(|faults| faults.join("\n"))?;
    let mails = data.join("mailbox");
    config.mailer = Some(Mailer::folder(&raw.mail.from, mails.clone())?);
    // The mailbox page is the phone, too.
    config.texter = Some(TextSender::folder(mails.clone()));
    config.factors.has_sms_codes = true;
    let options = ListenOptions { workers: 0, shutdown_seconds: 5, leave_seconds: 0 };
    let (public, operations) = (server::bind(config.listen, "--port")?, server::bind(config.operations_listen, "--port")?);
    let (shop_listener, mailbox_listener) = (server::bind(on(shop_port), "--port")?, server::bind(on(mailbox_port), "--port")?);
    let issuer = raw.server.issuer.clone();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();

    actix_web::rt::System::new().block_on(async move {
        let node = Box::pin(setup::assemble(config, Arc::new(SystemClock::new()), Arc::new(OsEntropy))).await?;
        let seeded = seed::plant(&node, &data.join(MARKER), &shop_url).await?;
        let accounts: Vec<String> = seeded.people.iter().map(|person| format!("{}  {}", person.email, person.password)).collect();
        let settings = storefront::Settings {
            issuer: issuer.clone(),
            client_id: seeded.client_id.clone(),
            client_secret: seeded.client_secret.clone(),
            base_url: shop_url.clone(),
            judges_orders: true,
            notes: vec!["Passwords of the demo's people were printed where the demo was started.".to_owned()],
        };
        let shop = storefront::Storefront::new(settings).map_err(|error| error.to_string())?.serve(shop_listener).map_err(|error| error.to_string())?;
        let mailbox = mailbox::serve(mails, issuer_key, mailbox_listener).map_err(|error| error.to_string())?;
        let (shop_handle, mailbox_handle) = (shop.handle(), mailbox.handle());
        actix_web::rt::spawn(shop);
        actix_web::rt::spawn(mailbox);
        say(&format!("\n  Shop      {shop_url}\n  Claviger  {issuer}\n  Mailbox   http://localhost:{mailbox_port}\n"));
        for (person, account) in seeded.people.iter().zip(&accounts) {
            say(&format!("  {:<9} {account}", person.role));
        }
        if let Some(admin) = seeded.people.iter().find(|person| person.role == "Admin") {
            let link = seed::invite(&node, &admin.email).await?;
            say(&format!("\n  Console   {issuer}/admin, once the admin has taken this invitation, with a passkey that is added on the way:\n            {issuer}{link}"));
        }
        say("\n  Put something into the basket, go to the checkout, and sign in.\n  Stop with Ctrl-C; `claviger demo --reset` starts afresh.\n");
        let ended = server::serve(node, Listeners { public, operations, redirect: None }, &options, (server::hangups()?, |_: &setup::Node| {})).await;
        shop_handle.stop(false).await;
        mailbox_handle.stop(false).await;
        ended
    })
}
