//! `claviger clients`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{CLIENT_CHANGED, Context, Failure, say, say_json};
use crate::base::encoding::base64url;
use crate::base::ids::ClientId;
use crate::base::page::PageRequest;
use crate::base::random;
use crate::base::secret::Secret;
use crate::base::uri::RedirectUri;
use crate::oauth::clients::metadata::{AuthMethod, ConsentPolicy, GrantType};
use crate::oauth::clients::store;
use crate::oauth::clients::{Client, ClientMetadata};
use crate::oauth::scope::Scope;
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

#[derive(Subcommand)]
pub(super) enum ClientsCommand {
    /// Registers a client and prints its secret, once.
    #[command(
        after_help = "Examples:\n  claviger clients add --name \"Bean & Leaf\" --redirect-uri https://shop.example/callback --post-logout-redirect-uri https://shop.example/\n  claviger clients add --metadata client.json   (names as in RFC 7591; see docs/clients.md)"
    )]
    Add(AddArguments),
    /// Lists the clients.
    #[command(after_help = "Example:\n  claviger clients list --json")]
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Shows what a client registered.
    #[command(after_help = "Example:\n  claviger clients show shop")]
    Show {
        /// The client's id.
        id: ClientId,
    },
    /// Makes a new secret and prints it, once. The one before works for a while.
    #[command(after_help = "Example:\n  claviger clients rotate-secret shop --overlap-seconds 86400")]
    RotateSecret {
        /// The client's id.
        id: ClientId,
        /// How long the secret before still works, in seconds.
        #[arg(long, default_value_t = 86_400)]
        overlap_seconds: i64,
    },
    /// Removes a client, with everything that was granted to it.
    #[command(after_help = "Example:\n  claviger clients remove shop")]
    Remove {
        /// The client's id.
        id: ClientId,
    },
}

#[derive(Args)]
pub(super) struct AddArguments {
    /// The client's id; made up when absent.
    #[arg(long)]
    id: Option<ClientId>,
    /// Everything in one JSON file, instead of the flags below.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "redirect_uri"])]
    metadata: Option<PathBuf>,
    /// The name that customers see.
    #[arg(long, required_unless_present = "metadata")]
    name: Option<String>,
    /// Where codes may go; may be given several times.
    #[arg(long)]
    redirect_uri: Vec<String>,
    /// Where people may go after sign-out; may be given several times.
    #[arg(long)]
    post_logout_redirect_uri: Vec<String>,
    /// The client's home page.
    #[arg(long)]
    home: Option<String>,
    /// client_secret_basic, client_secret_post or none.
    #[arg(long, default_value = "client_secret_basic")]
    auth_method: String,
    /// Ask customers before data is shared: for apps of other parties.
    #[arg(long)]
    ask_consent: bool,
    /// Let the client get tokens of its own, for these scopes.
    #[arg(long, value_name = "SCOPES")]
    client_credentials: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

fn metadata_from(arguments: &AddArguments) -> Result<ClientMetadata, Failure> {
    if let Some(file) = &arguments.metadata {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        return serde_json::from_str(&text).map_err(|error| Failure::Refused(format!("{}: {error}", file.display())));
    }
    let uris = |texts: &[String]| -> Result<Vec<RedirectUri>, Failure> {
        texts.iter().map(|text| RedirectUri::parse(text).map_err(|refused| Failure::Refused(format!("{text} {refused}")))).collect()
    };
    let method = AuthMethod::ALL.into_iter().find(|method| method.as_str() == arguments.auth_method && *method != AuthMethod::PrivateKeyJwt);
    let method = method.ok_or_else(|| Failure::Refused("--auth-method: client_secret_basic, client_secret_post or none; private_key_jwt needs --metadata".to_owned()))?;
    let mut metadata = ClientMetadata::new(arguments.name.as_deref().unwrap_or_default(), method, uris(&arguments.redirect_uri)?);
    metadata.post_logout_redirect_uris = uris(&arguments.post_logout_redirect_uri)?;
    metadata.client_uri.clone_from(&arguments.home);
    if arguments.ask_consent {
        metadata.consent = ConsentPolicy::Explicit;
    }
    if let Some(scopes) = &arguments.client_credentials {
        metadata.grant_types.push(GrantType::ClientCredentials);
        metadata.scope = metadata.scope.union(&Scope::from(scopes.clone()));
    }
    Ok(metadata)
}

/// Registers a client in the transaction of its audit event.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub(in crate::app) fn register(tx: &mut WriteTx<'_>, tools: &Tools, id: &ClientId, metadata: &ClientMetadata, secret: Option<&Secret>) -> Result<(), StoreError> {
    store::insert_client(tx, id, metadata, secret.map(Secret::hash).as_ref(), tools.now())?;
    record(tx, tools, id, "registered")
}

fn record(tx: &mut WriteTx<'_>, tools: &Tools, id: &ClientId, what: &str) -> Result<(), StoreError> {
    let entry = Entry::success(CLIENT_CHANGED, Actor::Operator, format!("client:{id}"), &Origin::internal("command-line"));
    audit::record(tx, tools, &entry.with_client(id.as_str()).with_detail(json!({ "what": what })))
}

fn described(client: &Client) -> serde_json::Value {
    json!({ "client_id": client.id.as_str(), "created_at": client.created_at, "is_disabled": client.disabled_at.is_some(), "metadata": client.metadata })
}

pub(super) fn execute(context: &Context, command: ClientsCommand) -> Result<(), Failure> {
    context.with_base(|_, base| async move {
        let tools = base.tools.clone();
        match command {
            ClientsCommand::Add(arguments) => {
                let metadata = metadata_from(&arguments)?;
                let faults = metadata.faults();
                if !faults.is_empty() {
                    return Err(Failure::Refused(format!("the client is refused:\n  - {}", faults.join("\n  - "))));
                }
                let made_up = || base64url(random::bytes::<12>(tools.entropy())).parse::<ClientId>();
                let id = match arguments.id {
                    Some(id) => id,
                    None => made_up().map_err(|error| error.to_string())?,
                };
                let secret = metadata.token_endpoint_auth_method.has_secret().then(|| Secret::generate(tools.entropy()));
                let (wanted, kept) = (id.clone(), secret.clone());
                match base.db.write(move |tx| register(tx, &tools, &wanted, &metadata, kept.as_ref())).await {
                    Err(StoreError::Conflict) => return Err(Failure::Refused(format!("there is a client {id} already"))),
                    settled => settled?,
                }
                let shown = secret.as_ref().map(Secret::expose);
                if arguments.json {
                    say_json(&json!({ "client_id": id.as_str(), "client_secret": shown }));
                } else {
                    say(&format!("client_id      {id}"));
                    shown.into_iter().for_each(|secret| say(&format!("client_secret  {secret}   (shown once; only its hash is kept)")));
                }
                Ok(())
            }
            ClientsCommand::List { json } => {
                let mut page = PageRequest::first(500);
                let mut rows = Vec::new();
                loop {
                    let wanted = page.clone();
                    let found = base.db.read(move |connection| store::list_clients(connection, &wanted)).await?;
                    rows.extend(found.items);
                    match found.next {
                        Some(next) => page.after = Some(next),
                        None => break,
                    }
                }
                if json {
                    say_json(&rows.iter().map(described).collect());
                } else {
                    rows.iter()
                        .for_each(|client| say(&format!("{:<32} {:<20} {}", client.id.as_str(), client.metadata.token_endpoint_auth_method.as_str(), client.metadata.client_name)));
                }
                Ok(())
            }
            ClientsCommand::Show { id } => {
                let wanted = id.clone();
                let client = base.db.read(move |connection| store::find_client(connection, &wanted)).await?;
                client.map(|client| say_json(&described(&client))).ok_or_else(|| Failure::Refused(format!("there is no client {id}")))
            }
            ClientsCommand::RotateSecret { id, overlap_seconds } => {
                let secret = Secret::generate(tools.entropy());
                let (wanted, hash) = (id.clone(), secret.hash());
                let done = base
                    .db
                    .write(move |tx| {
                        let client = store::find_client(tx, &wanted)?;
                        if !client.is_some_and(|client| client.metadata.token_endpoint_auth_method.has_secret()) {
                            return Ok(false);
                        }
                        store::replace_secret(tx, &wanted, &hash, tools.now().plus(overlap_seconds.clamp(0, 30 * 86_400)), tools.now())?;
                        record(tx, &tools, &wanted, "secret_rotated").map(|()| true)
                    })
                    .await?;
                if !done {
                    return Err(Failure::Refused(format!("there is no client {id} with a secret")));
                }
                say(&format!("client_secret  {}   (shown once; only its hash is kept)", secret.expose()));
                Ok(())
            }
            ClientsCommand::Remove { id } => {
                let wanted = id.clone();
                let done = base.db.write(move |tx| if store::remove_client(tx, &wanted)? { record(tx, &tools, &wanted, "removed").map(|()| true) } else { Ok(false) }).await?;
                if done { Ok(()) } else { Err(Failure::Refused(format!("there is no client {id}"))) }
            }
        }
    })
}
