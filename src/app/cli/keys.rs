//! `claviger keys`.

use std::time::Duration;

use clap::Subcommand;
use serde_json::json;

use super::{Context, Failure, complain, say, say_json};
use crate::app::config::Config;
use crate::app::setup::{self, Base};
use crate::base::random::OsEntropy;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::crypto::jws::SigningAlgorithm;
use crate::platform::crypto::master_key;
use crate::platform::crypto::signing_keys::rules::{KeyAction, KeyState};
use crate::platform::crypto::signing_keys::store;
use crate::platform::db::{DbConnection, WriteTx, facts, scrub};
use crate::platform::tls::acme;
use crate::platform::vault;

/// The master key was renewed.
pub const MASTER_KEY_RENEWED: EventSpec = EventSpec::new("master_key_renewed", "The master key got a new generation, and every data key was wrapped by it.");

#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Lists the signing keys.
    #[command(after_help = "Example:\n  claviger keys list --json")]
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Makes a new key; it is published now and signs after keys.publish_ahead_seconds.
    #[command(
        after_help = "Example:\n  claviger keys rotate --algorithm RS256\n  claviger keys rotate --algorithm ES256 --now   (relying parties that cache the JWKS may fail for a while)"
    )]
    Rotate {
        /// RS256, ES256, EdDSA or PS256.
        #[arg(long)]
        algorithm: String,
        /// Lets the new key sign as soon as every node publishes it, six seconds later, as after a leak.
        #[arg(long)]
        now: bool,
    },
    /// Makes a master key into a file, for nodes that are given it from outside. A node on its own makes one at its first start.
    #[command(after_help = "Example:\n  claviger keys make-master --to master.key")]
    MakeMaster {
        /// The file; it must not exist yet.
        #[arg(long, value_name = "FILE")]
        to: std::path::PathBuf,
    },
    /// Renews the master key: a new generation is added to the master key file, and every customer's data key is wrapped anew, while the service goes on. What was begun and killed goes on where it was.
    #[command(after_help = "Examples:\n  claviger keys rotate-master\n  claviger keys rotate-master --only-add   (then give the file to every node, and run it again)")]
    RotateMaster {
        /// Only adds the generation to the file of this machine.
        #[arg(long)]
        only_add: bool,
    },
    /// Takes a pending or retiring key out of the JWKS: its tokens no longer verify.
    #[command(after_help = "Example:\n  claviger keys retire <kid>")]
    Retire {
        /// The key's id.
        kid: String,
    },
}

pub(super) fn execute(context: &Context, command: KeysCommand) -> Result<(), Failure> {
    if let KeysCommand::MakeMaster { to } = &command {
        if to.exists() {
            return Err(Failure::Refused(format!("{} is there already", to.display())));
        }
        master_key::load(to, true, &OsEntropy).map_err(|error| Failure::Refused(error.to_string()))?;
        say(&format!("{}: keep a copy apart from every backup of the database", to.display()));
        return Ok(());
    }
    context.with_base(|config, base| async move {
        match command {
            KeysCommand::MakeMaster { .. } => Ok(()),
            KeysCommand::RotateMaster { only_add } => rotate_master(&config, &base, only_add).await,
            KeysCommand::List { json } => {
                let keys = base.db.read(store::list_keys).await?;
                if json {
                    let rows = keys.iter().map(|key| {
                        let facts = &key.facts;
                        json!({ "kid": facts.kid, "algorithm": facts.algorithm, "state": facts.state, "created_at": facts.created_at, "activated_at": facts.activated_at, "retiring_at": facts.retiring_at })
                    });
                    say_json(&rows.collect());
                } else {
                    keys.iter().for_each(|key| say(&format!("{}  {:<6} {:<9} made {}", key.facts.kid, key.facts.algorithm.as_str(), key.facts.state.as_str(), key.facts.created_at)));
                }
                Ok(())
            }
            KeysCommand::Rotate { algorithm, now } => {
                let algorithm = SigningAlgorithm::parse(&algorithm).ok_or_else(|| Failure::Refused(format!("{algorithm} is not RS256, ES256, EdDSA or PS256")))?;
                rotate(&base, algorithm, now).await
            }
            KeysCommand::Retire { kid } => {
                let (tools, wanted) = (base.tools.clone(), kid.clone());
                let done = base.db.write(move |tx| setup::apply(tx, &tools, &KeyAction::Retire(wanted.clone()), &Origin::internal("command-line"), Actor::Operator)).await?;
                if done { Ok(()) } else { Err(Failure::Refused(format!("{kid} is not a pending or retiring key; rotate first"))) }
            }
        }
    })
}

/// Makes a signing key. It is published first, even when there is haste: what one node signs, the others verify, and relying parties ask any of them for it.
async fn rotate(base: &Base, algorithm: SigningAlgorithm, now: bool) -> Result<(), Failure> {
    let tools = base.tools.clone();
    let work = move |tx: &mut WriteTx<'_>| {
        let before: Vec<String> = store::list_keys(tx)?.into_iter().map(|key| key.facts.kid).collect();
        setup::apply(tx, &tools, &KeyAction::MakePending(algorithm), &Origin::internal("command-line"), Actor::Operator)?;
        let made = store::list_keys(tx)?.into_iter().map(|key| key.facts).find(|facts| facts.state == KeyState::Pending && !before.contains(&facts.kid));
        Ok(made.map(|made| made.kid))
    };
    let made = base.db.write(work).await?.ok_or_else(|| Failure::Failed("no key was made".to_owned()))?;
    if !now {
        say(&format!("{made} is published and will sign later"));
        return Ok(());
    }
    tokio::time::sleep(SIGHT).await;
    let (tools, kid) = (base.tools.clone(), made.clone());
    let done = base.db.write(move |tx| setup::apply(tx, &tools, &KeyAction::Activate(kid.clone()), &Origin::internal("command-line"), Actor::Operator)).await?;
    if !done {
        return Err(Failure::Refused(format!("{made} was published, and somebody has changed it since; see claviger keys list")));
    }
    say(&format!("{made} signs now"));
    Ok(())
}

/// Data keys that are wrapped anew in one transaction: sign-ins go on between them.
const REWRAP_LIMIT: i64 = 200;

/// The fact that a renewal is under way: one that was killed goes on with its generation.
const UNDER_WAY: &str = "master_renewal";
/// How long after a key was changed every node has seen it.
const SIGHT: Duration = Duration::from_secs(6);

/// Adds a generation, unless one waits to be used, and wraps every data key by the newest.
async fn rotate_master(config: &Config, base: &Base, only_add: bool) -> Result<(), Failure> {
    let path = config.master_key_file.display().to_string();
    if let Some(missing) = setup::recognise_generations(&base.db, &base.tools.ring, &path).await.map_err(Failure::Refused)? {
        return Err(Failure::Refused(format!("{path} lacks generation {missing}, which this database knows: take the file from the node where the master key was renewed")));
    }
    let newest = base.tools.ring.generations().newest();
    let work = move |connection: &mut DbConnection| Ok(facts::find_fact(connection, UNDER_WAY)?.is_some() || vault::has_older_generation(connection, newest)?);
    let is_under_way = newest > 0 && base.db.read(work).await?;
    if is_under_way {
        say(&format!("generation {newest} of the master key is in the file already; going on with it"));
    } else {
        let made = master_key::renew(&config.master_key_file, base.tools.entropy()).map_err(|error| Failure::Refused(error.to_string()))?;
        base.tools.ring.generations().reload();
        setup::recognise_generations(&base.db, &base.tools.ring, &path).await.map_err(Failure::Refused)?;
        base.db.write(move |tx| facts::keep_fact(tx, UNDER_WAY, &made.to_be_bytes())).await?;
        say(&format!("generation {made} of the master key was added to {}; back that file up now", config.master_key_file.display()));
    }
    if only_add {
        say("give the file to every node, and run this again without --only-add");
        return Ok(());
    }
    // These first: whoever is killed from here on finds data keys of the older generation.
    let tools = base.tools.clone();
    let reseal = move |tx: &mut WriteTx<'_>| Ok(store::reseal_keys(tx, &tools.ring.signing_keys, tools.entropy())? + acme::reseal(tx, &tools)?);
    let mut signing = base.db.write(reseal.clone()).await?;
    let total = base.db.read(vault::count_data_keys).await?;
    let mut all = 0;
    // Nodes look for a new generation every few seconds, and wrap by the old one until then: so rounds go on until one that began after that finds none.
    let mut has_waited = false;
    loop {
        let done = rewrap_round(base, total).await?;
        all += done;
        if done == 0 && has_waited {
            break;
        }
        if done == 0 {
            tokio::time::sleep(SIGHT).await;
            has_waited = true;
        }
    }
    signing += base.db.write(reseal).await?;
    base.db.read(scrub).await?;
    let tools = base.tools.clone();
    let work = base.db.write(move |tx| {
        facts::drop_fact(tx, UNDER_WAY)?;
        let detail = json!({ "master_generation": tools.ring.generations().newest(), "data_keys": all, "signing_keys": signing });
        audit::record(tx, &tools, &Entry::success(MASTER_KEY_RENEWED, Actor::Operator, "master-key", &Origin::internal("command-line")).with_detail(detail))
    });
    work.await?;
    say(&format!("{all} data keys and {signing} signing keys are sealed by generation {}", base.tools.ring.generations().newest()));
    Ok(())
}

/// One round over all data keys; how many were wrapped anew.
async fn rewrap_round(base: &Base, total: i64) -> Result<usize, Failure> {
    let (mut after, mut seen, mut done, mut shown) = (String::new(), 0, 0, -1);
    loop {
        let (tools, from) = (base.tools.clone(), after.clone());
        let step = base.db.write(move |tx| vault::rewrap_data_keys(tx, &tools, &from, REWRAP_LIMIT)).await?;
        let Some((last, count)) = step else { break };
        after = last;
        done += count;
        seen = total.min(seen + REWRAP_LIMIT);
        let percent = seen * 100 / total.max(1);
        if percent > shown && done > 0 {
            shown = percent;
            let filled = usize::try_from(percent / 4).unwrap_or_default();
            complain(&format!("[{:<25}] {percent:>3} %  {seen} of {total}", "#".repeat(filled)));
        }
    }
    Ok(done)
}
