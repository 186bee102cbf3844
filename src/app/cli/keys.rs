//! `claviger keys`.

use clap::Subcommand;
use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::app::setup;
use crate::platform::audit::{Actor, Origin};
use crate::platform::crypto::jws::SigningAlgorithm;
use crate::platform::crypto::signing_keys::rules::{KeyAction, KeyState};
use crate::platform::crypto::signing_keys::store;

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
        /// Lets the new key sign at once, as after a leak.
        #[arg(long)]
        now: bool,
    },
    /// Takes a pending or retiring key out of the JWKS: its tokens no longer verify.
    #[command(after_help = "Example:\n  claviger keys retire <kid>")]
    Retire {
        /// The key's id.
        kid: String,
    },
}

pub(super) fn execute(context: &Context, command: KeysCommand) -> Result<(), Failure> {
    context.with_base(|_, base| async move {
        match command {
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
                let tools = base.tools.clone();
                let made = base
                    .db
                    .write(move |tx| {
                        let origin = Origin::internal("command-line");
                        let before: Vec<String> = store::list_keys(tx)?.into_iter().map(|key| key.facts.kid).collect();
                        setup::apply(tx, &tools, &KeyAction::MakePending(algorithm), &origin, Actor::Operator)?;
                        let made = store::list_keys(tx)?.into_iter().map(|key| key.facts).find(|facts| facts.state == KeyState::Pending && !before.contains(&facts.kid));
                        if let (Some(made), true) = (&made, now) {
                            setup::apply(tx, &tools, &KeyAction::Activate(made.kid.clone()), &origin, Actor::Operator)?;
                        }
                        Ok(made.map(|made| made.kid))
                    })
                    .await?;
                say(&format!("{} {}", made.unwrap_or_default(), if now { "signs now" } else { "is published and will sign later" }));
                Ok(())
            }
            KeysCommand::Retire { kid } => {
                let (tools, wanted) = (base.tools.clone(), kid.clone());
                let done = base.db.write(move |tx| setup::apply(tx, &tools, &KeyAction::Retire(wanted.clone()), &Origin::internal("command-line"), Actor::Operator)).await?;
                if done { Ok(()) } else { Err(Failure::Refused(format!("{kid} is not a pending or retiring key; rotate first"))) }
            }
        }
    })
}
