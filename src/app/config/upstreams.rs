//! Other providers and the way out in the configuration.

use ipnet::IpNet;
use url::Url;

use super::checked::{Faults, read_secret};
use super::raw::{RawConfig, UpstreamEntry};
use crate::base::uri::is_endpoint;
use crate::identity::factors::upstream::{Upstream, Upstreams};
use crate::identity::imports::hook::MigrationHook;
use crate::platform::outgoing::{Outgoing, OutgoingPolicy};

/// The most providers: each is a button on the sign-in page.
const MAX_PROVIDERS: usize = 8;

/// The guarded client.
fn check_outgoing(raw: &RawConfig, faults: &mut Faults) -> Option<Outgoing> {
    let section = &raw.outgoing;
    let allowed: Vec<IpNet> = section.allowed_networks.iter().filter_map(|text| faults.take("outgoing.allowed_networks", text.parse::<IpNet>())).collect();
    let roots = if section.ca_file.is_empty() {
        Vec::new()
    } else {
        let read = faults.take("outgoing.ca_file", std::fs::read(&section.ca_file).map_err(|error| format!("{}: {error}", section.ca_file)))?;
        faults.unless(String::from_utf8_lossy(&read).contains("-----BEGIN CERTIFICATE-----"), "outgoing.ca_file: certificates in PEM");
        read
    };
    faults.take("outgoing", Outgoing::new(OutgoingPolicy { allowed }, &roots))
}

fn check_one(entry: &UpstreamEntry, has_plain: bool, faults: &mut Faults) -> Option<Upstream> {
    let key = |what: &str| format!("upstreams.providers, {}: {what}", entry.id);
    let is_name = (1..=32).contains(&entry.id.len()) && entry.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    faults.unless(is_name, "upstreams.providers: an id has 1 to 32 small letters, digits and dashes");
    faults.unless((1..=40).contains(&entry.name.chars().count()) && !entry.name.chars().any(char::is_control), &key("a name has 1 to 40 characters"));
    faults.unless((1..=255).contains(&entry.client_id.len()), &key("a client_id has 1 to 255 characters"));
    let issuer = faults.take(&key("issuer"), Url::parse(&entry.issuer))?;
    // Over plain http anybody on the way could be the provider: for trials on networks that were allowed by name.
    let is_fit = (issuer.scheme() == "https" || (issuer.scheme() == "http" && has_plain)) && issuer.query().is_none() && issuer.fragment().is_none();
    faults.unless(is_fit, &key("issuer: an https address without query"));
    let is_scope = |scope: &String| !scope.is_empty() && scope.len() <= 64 && scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
    faults.unless(entry.scopes.len() <= 10 && entry.scopes.iter().all(is_scope), &key("scopes: at most 10, of printable letters"));
    let secret = if entry.client_secret_file.is_empty() { None } else { Some(faults.take(&key("client_secret_file"), read_secret(&entry.client_secret_file))?) };
    let (id, name) = (entry.id.clone(), entry.name.clone());
    faults.take(&key("issuer"), Upstream::new(id, name, &entry.issuer, entry.client_id.clone(), secret, entry.scopes.clone()))
}

/// The hook of a migration.
fn check_migration(raw: &RawConfig, outgoing: Option<Outgoing>, faults: &mut Faults) -> Option<MigrationHook> {
    let section = &raw.migration;
    if section.hook_url.is_empty() {
        faults.unless(section.hook_secret_file.is_empty(), "migration.hook_url: set it, or leave migration.hook_secret_file empty");
        return None;
    }
    let calls = faults.within("migration.hook_calls", i64::from(section.hook_calls), 1..=100);
    let url = faults.take("migration.hook_url", Url::parse(&section.hook_url));
    let secret = faults.take("migration.hook_secret_file", read_secret(&section.hook_secret_file));
    let (url, secret) = (url?, secret?);
    // Passwords go there: plain http only within networks that were allowed by name.
    let is_fit = url.scheme() == "https" || (url.scheme() == "http" && !raw.outgoing.allowed_networks.is_empty());
    faults.unless(is_fit && url.fragment().is_none(), "migration.hook_url: an https address");
    faults.unless(secret.expose().len() >= 32, "migration.hook_secret_file: at least 32 characters");
    Some(MigrationHook::new(url, secret, outgoing?, usize::try_from(calls).unwrap_or(1)))
}

/// The providers that customers may sign in with, the old shop, and the way to all of them.
pub(super) fn check(raw: &RawConfig, faults: &mut Faults) -> (Option<Upstreams>, Option<MigrationHook>, Option<Outgoing>) {
    faults.unless(raw.audit.heads_url.is_empty() || is_endpoint(&raw.audit.heads_url), "audit.heads_url: an http or https address without user, password and fragment");
    let outgoing = check_outgoing(raw, faults);
    let migration = check_migration(raw, outgoing.clone(), faults);
    (check_providers(raw, outgoing.clone(), faults), migration, outgoing)
}

/// The providers that customers may sign in with.
fn check_providers(raw: &RawConfig, outgoing: Option<Outgoing>, faults: &mut Faults) -> Option<Upstreams> {
    let entries = &raw.upstreams.providers;
    faults.unless(entries.len() <= MAX_PROVIDERS, "upstreams.providers: at most 8");
    let is_twice = |entry: &UpstreamEntry| entries.iter().filter(|other| other.id == entry.id || other.issuer == entry.issuer).count() > 1;
    faults.unless(!entries.iter().any(is_twice), "upstreams.providers: an id and an issuer stand once");
    let has_plain = !raw.outgoing.allowed_networks.is_empty();
    let list = entries.iter().filter_map(|entry| check_one(entry, has_plain, faults)).collect();
    Some(Upstreams::new(list, outgoing?))
}

#[cfg(test)]
mod tests {
    use super::super::checked::Config;
    use super::*;

    fn config(providers: &str, outgoing: &str) -> Result<Config, Vec<String>> {
        let text = format!("[server]\nissuer = \"https://login.shop.example\"\nbehind_tls_proxy = true\n[upstreams]\nproviders = [{providers}]\n[outgoing]\n{outgoing}\n");
        let raw: RawConfig = toml::from_str(&text).unwrap();
        Config::check(&raw, false)
    }

    #[test]
    fn providers_are_read_and_faults_are_told() {
        let one = r#"{ id = "big", name = "Big", issuer = "https://big.example", client_id = "shop" }"#;
        let config_of_one = config(one, "").map_err(|faults| faults.join("\n")).unwrap();
        assert_eq!(config_of_one.upstreams.iter().map(|upstream| upstream.name.as_str()).collect::<Vec<_>>(), ["Big"]);
        assert!(config_of_one.upstreams.find("big").is_some() && config_of_one.upstreams.find("other").is_none());
        assert_eq!(config(&format!("{one}, {one}"), "").map(|_| ()).unwrap_err().len(), 1);
        let plain = r#"{ id = "big", name = "Big", issuer = "http://10.0.0.7", client_id = "shop" }"#;
        assert!(config(plain, "").is_err());
        assert!(config(plain, "allowed_networks = [\"10.0.0.0/8\"]").is_ok());
        for bad in [
            r#"{ id = "Big", name = "Big", issuer = "https://big.example", client_id = "shop" }"#,
            r#"{ id = "big", name = "", issuer = "https://big.example", client_id = "shop" }"#,
            r#"{ id = "big", name = "Big", issuer = "big.example", client_id = "shop" }"#,
            r#"{ id = "big", name = "Big", issuer = "https://big.example?x", client_id = "shop" }"#,
            r#"{ id = "big", name = "Big", issuer = "https://big.example", client_id = "shop", client_secret_file = "/nowhere" }"#,
            r#"{ id = "big", name = "Big", issuer = "https://big.example", client_id = "shop", scopes = ["two words"] }"#,
        ] {
            assert_eq!(config(bad, "").map(|_| ()).unwrap_err().len(), 1, "{bad}");
        }
        assert!(config(one, "allowed_networks = [\"here\"]").is_err());
        assert!(config(one, "ca_file = \"/nowhere\"").is_err());
    }

    #[test]
    fn the_hook_of_a_migration_is_signed_and_goes_over_tls() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let (long, short) = (file("long", &"s".repeat(32)), file("short", "secret"));
        let config = |migration: &str, outgoing: &str| {
            let text = format!("[server]\nissuer = \"https://login.shop.example\"\nbehind_tls_proxy = true\n[migration]\n{migration}\n[outgoing]\n{outgoing}\n");
            Config::check(&toml::from_str::<RawConfig>(&text).unwrap(), false).map(|config| config.migration.is_some())
        };
        assert_eq!(config("", ""), Ok(false));
        let fine = format!("hook_url = \"https://old.shop.example/check\"\nhook_secret_file = \"{long}\"");
        assert_eq!(config(&fine, ""), Ok(true));
        let plain = fine.replace("https", "http");
        assert_eq!(config(&plain, "allowed_networks = [\"10.0.0.0/8\"]"), Ok(true));
        for bad in [
            plain,
            fine.replace(&long, &short),
            fine.replace(&long, "/nowhere"),
            format!("{fine}\nhook_calls = 0"),
            format!("hook_secret_file = \"{long}\""),
            fine.replace("https", "ftp"),
        ] {
            assert!(config(&bad, "").is_err(), "{bad}");
        }
    }
}
