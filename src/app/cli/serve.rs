//! `claviger serve` and `claviger migrate`.

use std::sync::Arc;

use super::{Context, Failure, listed, say};
use crate::app::config::{self, Config};
use crate::app::reload;
use crate::app::server::{self, ListenOptions, Listeners};
use crate::app::setup::{self, Node};
use crate::base::encoding::base64url;
use crate::base::random::{self, OsEntropy};
use crate::base::time::SystemClock;
use crate::platform::db;
use crate::platform::telemetry::{logging, traces};

pub(super) fn serve(context: &Context) -> Result<(), Failure> {
    let started = context.load()?.raw;
    let config = Config::check(&started, false).map_err(|faults| Failure::Refused(listed(&faults)))?;
    let options = ListenOptions { workers: config.workers, shutdown_seconds: config.shutdown_seconds, leave_seconds: config.leave_seconds };
    let public = server::bind(config.listen, "server.listen")?;
    let operations = server::bind(config.operations_listen, "server.operations_listen")?;
    let redirect = config.redirect_listen.map(|address| server::bind(address, "server.redirect_listen")).transpose()?;
    let (file, flags) = (context.file.clone(), context.flags.clone());
    let again = move || config::load(file.as_deref(), &config::variables(), &flags).map(|loaded| loaded.raw);
    actix_web::rt::System::new().block_on(async {
        // One that comes while the node starts is done then.
        let hangups = server::hangups()?;
        // On this runtime, which carries traces until the end.
        let name = base64url(random::bytes::<9>(&OsEntropy));
        let traces = config.traces.clone().map(|settings| (settings, config.outgoing.clone(), name));
        logging::start(config.log_format, &config.log_filter, traces)?;
        let node = Box::pin(setup::assemble(config, Arc::new(SystemClock::new()), Arc::new(OsEntropy))).await?;
        let on_hangup = move |node: &Node| reload::take_up(node, &started, again());
        let ended = server::serve(node, Listeners { public, operations, redirect }, &options, (hangups, on_hangup)).await;
        traces::finish().await;
        ended
    })?;
    Ok(())
}

pub(super) fn migrate(context: &Context, check: bool) -> Result<(), Failure> {
    let config = context.config()?;
    let address = &config.database.address;
    if check {
        let state = db::inspect_migrations(address)?;
        for version in &state.pending {
            say(&format!("pending  {version}"));
        }
        for version in &state.unknown {
            say(&format!("unknown  {version}  (a newer release was here)"));
        }
        return match (state.pending.len(), state.unknown.len()) {
            (0, 0) => Ok(()),
            (pending, 0) => Err(Failure::Refused(format!("{pending} migrations are pending"))),
            _ => Err(Failure::Refused("a newer release has changed this database; run that one".to_owned())),
        };
    }
    for version in db::run_migrations(address)? {
        say(&format!("applied  {version}"));
    }
    Ok(())
}
