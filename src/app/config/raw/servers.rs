//! Sections about other people's servers: providers to sign in with, the way out, and the old shop.

use crate::platform::tls::acme::Challenge;
use serde::{Deserialize, Serialize};

/// Another OpenID Provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamEntry {
    /// Its id here: small letters, digits and dashes. It is part of the redirect address that the provider has to know.
    pub id: String,
    /// What customers know it as.
    pub name: String,
    /// Its issuer, to the letter.
    pub issuer: String,
    /// Our client id there.
    pub client_id: String,
    /// A file with our client secret there; none for a public client.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_secret_file: String,
    /// Scopes beside `openid`.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
}

fn usual_scopes() -> Vec<String> {
    vec!["email".to_owned(), "profile".to_owned()]
}

section! {
    /// Other OpenID Providers that customers may sign in with: see docs/upstream.md.
    UpstreamsSection {
        /// Each of them, such as `[{ id = "google", name = "Google", issuer = "https://accounts.google.com", client_id = "…", client_secret_file = "keys/google.secret" }]`; `scopes` is `["email", "profile"]` unless it says otherwise.
        providers: Vec<UpstreamEntry> = Vec::new(),
    }
}

section! {
    /// Requests to servers of other people: see docs/outgoing.md.
    OutgoingSection {
        /// Networks that are reached although they are not public, with plain http too, such as 10.20.0.0/16.
        allowed_networks: Vec<String> = Vec::new(),
        /// Further root certificates in PEM, beside those of the web.
        ca_file: String = String::new(),
    }
}

section! {
    /// Coming from elsewhere: the old shop is asked about whoever signs in and is not known here.
    MigrationSection {
        /// Where it is asked; empty for not. See docs/migrating.md.
        hook_url: String = String::new(),
        /// File that holds the secret that calls are signed with, at least 32 characters.
        hook_secret_file: String = String::new(),
        /// Calls that may be under way, 1 to 100; whoever comes then is asked to try again.
        hook_calls: u32 = 8,
    }
}

section! {
    /// Backups that `claviger backup make` makes.
    BackupSection {
        /// Whom they are sealed for: the public half that `claviger backup key` prints. The private half belongs on another machine.
        recipient: String = String::new(),
        /// The folder that they are put into.
        folder: String = String::new(),
        /// How many stay in it, 1 to 1000; the oldest leave.
        keep: u32 = 14,
    }
}

section! {
    /// Certificates from an ACME server (RFC 8555), in place of files. All nodes show the one that is kept in the database.
    AcmeSection {
        /// The server's directory, such as `https://acme-v02.api.letsencrypt.org/directory`; empty for none. A server of your own on a private network needs `outgoing.allowed_networks`, and `outgoing.ca_file` when its root is private, too.
        directory_url: String = String::new(),
        /// True once you have read the server's terms of service and agree.
        terms_agreed: bool = false,
        /// An e-mail address that the server may write to; none when empty.
        contact: String = String::new(),
        /// The names that the certificate is for; that of the issuer when empty.
        names: Vec<String> = Vec::new(),
        /// `http-01`: the server looks at port 80 (see `server.redirect_listen`); `tls-alpn-01`: at port 443.
        challenge: Challenge = Challenge::Http01,
    }
}

section! {
    /// Traces: what requests spend their time on, told to an OpenTelemetry collector.
    TracesSection {
        /// Where they go, by OTLP over HTTP in protobuf, such as `http://collector.internal:4318/v1/traces`; empty for none. One on a private network needs `outgoing.allowed_networks`.
        otlp_url: String = String::new(),
        /// The share of requests that are traced, 0 to 1. What a trusted proxy says in `traceparent` goes before.
        ratio: f64 = 0.1,
        /// A file with headers that the collector asks for, `name: value` in each line.
        headers_file: String = String::new(),
    }
}

section! {
    /// News of this program.
    UpdatesSection {
        /// A file with the signed feed of releases and advisories, which you mirror from wherever releases come from: nothing is fetched from here. Looked at every minute. Empty watches none.
        feed_file: String = String::new(),
        /// The key that signs the feed: the `x` of an Ed25519 key, 43 characters.
        feed_key: String = String::new(),
    }
}
