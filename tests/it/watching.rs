//! What operators look at: checks, the doctor, the configuration read again, compliance reports, and the files for their tools.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use crate::kit::process::{claviger_on, claviger_on_with};
use crate::kit::{Backend, Kit, Place};
use crate::on_both;
use claviger::app::checks::NAMES;
use claviger::app::{reload, worker};
use claviger::base::time::{Clock, ManualClock, SystemClock};
use claviger::platform::db::dump::run_anywhere;
use serde_json::Value;

async fn wrong(kit: &Kit) -> Vec<&'static str> {
    // The database's clock does not stand still.
    kit.advance(SystemClock::new().now().since(kit.node.base.tools.now()).max(0));
    let found = worker::checks::look(&kit.node).await.unwrap();
    // How full this machine's disk is, is no matter here.
    found.into_iter().filter(|check| !check.is_sound() && check.name != "disk").map(|check| check.name).collect()
}

async fn change(kit: &Kit, statement: &'static str) {
    assert!(kit.node.base.db.write(move |tx| run_anywhere(tx, statement)).await.unwrap() > 0, "{statement}");
}

fn metric(kit: &Kit, line: &str) -> bool {
    kit.node.http.metrics.encode(kit.node.hashes.statistics(), kit.node.base.db.statistics()).lines().any(|found| found == line)
}

on_both! {
    async fn a_node_looks_at_everything_and_tells(bare: Kit) {
        let place = Arc::new(Place::new(bare.place.backend));
        let kit = Kit::start_with(place, Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        kit.customer("ada").await;
        worker::sign_audit(&kit.node).await.unwrap();
        worker::place_new(&kit.node).await.unwrap();
        assert_eq!(wrong(&kit).await, ["backup"], "nobody made one");
        assert_eq!(claviger_on(&kit.place, &["backup", "report", "--tool", "x"]).0, 0);
        assert_eq!(wrong(&kit).await, [""; 0]);
        worker::checks::watch(&kit.node).await.unwrap();
        assert!(NAMES.iter().filter(|name| **name != "disk").all(|name| metric(&kit, &format!("claviger_check_failed{{check=\"{name}\"}} 0"))));
        // The master key becomes readable by others, and back.
        let key = kit.place.folder.path().join("keys/master.key");
        for (mode, expected) in [(0o644, vec!["master_key"]), (0o600, vec![])] {
            std::fs::set_permissions(&key, PermissionsExt::from_mode(mode)).unwrap();
            assert_eq!(wrong(&kit).await, expected);
            worker::checks::watch(&kit.node).await.unwrap();
            assert!(metric(&kit, &format!("claviger_check_failed{{check=\"master_key\"}} {}", i32::from(mode == 0o644))));
        }
        // Somebody writes into the log, before it has its place.
        kit.customer("eve").await;
        change(&kit, "UPDATE audit_events SET about = 'customer:nobody' WHERE position IS NULL").await;
        assert_eq!(wrong(&kit).await, ["audit_log"]);
        change(&kit, "DELETE FROM audit_events WHERE position IS NULL").await;
        change(&kit, "UPDATE signing_keys SET state = 'retired' WHERE algorithm = 'RS256'").await;
        assert_eq!(wrong(&kit).await, ["signing_keys"]);
        let (status, said) = claviger_on(&kit.place, &["doctor"]);
        assert!(status == 3 && said.contains("WRONG signing_keys") && said.contains("claviger keys rotate") && said.contains(" disk: ") == (kit.node.base.db.kind() == "sqlite"), "{said}");
    }

    async fn the_configuration_is_read_again(kit: Kit) {
        let before = kit.place.config(&kit.issuer);
        let mut after = before.clone();
        after.log.filter = "warn".to_owned();
        after.server.workers = 3;
        assert_eq!(reload::changed(&before, &after), ["log.filter", "server.workers"]);
        // Whatever it says, the server goes on.
        reload::take_up(&kit.node, &before, Ok(after));
        reload::take_up(&kit.node, &before, Err(vec!["server.listen: no".to_owned()]));
        assert_eq!(kit.browser().get("/jwks").await.status, 200);
    }

    async fn a_compliance_report_says_what_is_met_and_what_is_not(kit: Kit) {
        let ada = kit.customer("ada").await;
        let owner = kit.colleague("grace", &[claviger::admin::access::rules::Role::Owner]).await;
        let report = || {
            let (status, said) = claviger_on(&kit.place, &["compliance", "report", "--form", "json"]);
            let from = said.find('{').unwrap_or_else(|| panic!("{said}"));
            let told: Value = serde_json::Deserializer::from_str(&said[from..]).into_iter::<Value>().next().unwrap().unwrap();
            (status, told)
        };
        let standing = |told: &Value, id: &str| told["rows"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap()["standing"].as_str().unwrap().to_owned();
        let (status, told) = report();
        assert_eq!(status, 3, "no backups, no feed: somebody has to do something");
        for id in ["8.3.4", "8.3.6", "8.3.7", "8.4.2", "8.2.2", "8.2.6", "3.2.1", "10.3.4", "10.5.1", "3.1.1.2 length", "6.2.12", "12.3.3"] {
            assert_eq!(standing(&told, id), "met", "{id}: {told}");
        }
        for id in ["6.3.3", "10.3.3", "12.10.1"] {
            assert_eq!(standing(&told, id), "not_met", "{id}");
        }
        for (id, expected) in [("10.2.2", "built_in"), ("11.4", "yours"), ("1", "yours")] {
            assert_eq!(standing(&told, id), expected);
        }
        assert_eq!(told["keys"].as_array().unwrap().len(), 5);
        assert_eq!(kit.audited("compliance_reported", "").await, 1);
        // A card number in the database, staff without a key, and a log that somebody wrote into.
        change(&kit, "INSERT INTO leases (name, holder, expires_at) VALUES ('x', 'card 4111 1111 1111 1111', 0)").await;
        let tools = kit.node.base.tools.clone();
        let id = ada.id.clone();
        kit.node.base.db.write(move |tx| claviger::identity::customers::details::store::keep_phrase(tx, &tools, &id, Some("pay with 5500 0000 0000 0004"))).await.unwrap();
        change(&kit, "DELETE FROM passkeys").await;
        change(&kit, "UPDATE audit_events SET about = 'customer:nobody' WHERE id = (SELECT min(id) FROM audit_events)").await;
        let (_, told) = report();
        for id in ["3.2.1", "8.4.2", "10.3.4"] {
            assert_eq!(standing(&told, id), "not_met", "{id}");
        }
        assert!(told.to_string().contains("leases.holder of x") && told.to_string().contains(&format!("customers of {}", ada.id)), "{told}");
        assert!(!told.to_string().contains("1111") && !told.to_string().contains("5500"), "{told}");
        // Another configuration.
        let (_, said) = claviger_on_with(&kit.place, &["compliance", "report", "--form", "json"], &[("CLAVIGER_ATTEMPTS_ACCOUNT_LIMIT", "50"), ("CLAVIGER_AUDIT_HEADS_URL", "https://heads.example/")]);
        let told: Value = serde_json::Deserializer::from_str(&said[said.find('{').unwrap()..]).into_iter::<Value>().next().unwrap().unwrap();
        assert_eq!((standing(&told, "8.3.4"), standing(&told, "10.3.3")), ("not_met".to_owned(), "met".to_owned()));
        // As a page, into a file that its owner alone reads; never over another one.
        let page = kit.place.folder.path().join("report.html");
        claviger_on(&kit.place, &["compliance", "report", "--out", page.to_str().unwrap()]);
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(text.contains("Compliance report") && text.contains("stay with you") && !text.contains("4111"), "{text}");
        assert_eq!(std::fs::metadata(&page).unwrap().permissions().mode() & 0o777, 0o600);
        let (status, said) = claviger_on(&kit.place, &["compliance", "report", "--out", page.to_str().unwrap()]);
        assert!(status == 3 && said.contains("report.html"), "{said}");
        drop(owner);
    }
}

/// X18: pages that were overwritten are found.
#[test]
fn x18_a_damaged_file_is_found() {
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(Backend::Sqlite));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        for number in 0..30 {
            kit.customer(&format!("c{number}")).await;
        }
        worker::checks::look_within(&kit.node).await.unwrap();
        assert!(!wrong(&kit).await.contains(&"integrity"));
        kit.handle.stop(true).await;
        drop(kit);
        let (_, said) = claviger_on(&place, &["doctor"]);
        assert!(said.contains("ok    integrity"), "{said}");
        let file = place.folder.path().join("test.db");
        let mut bytes = std::fs::read(&file).unwrap();
        // Every fifth page from the tenth on.
        for page in (10..bytes.len() / 4_096).step_by(5) {
            bytes[page * 4_096..page * 4_096 + 200].fill(0x5a);
        }
        std::fs::write(&file, bytes).unwrap();
        let (status, said) = claviger_on(&place, &["doctor"]);
        assert!(status != 0 && said.contains("WRONG integrity"), "{said}");
    });
}

/// Names of metrics in a text, without what Prometheus adds to them.
fn metrics_in(text: &str) -> std::collections::BTreeSet<String> {
    let names = text.split(|letter: char| !(letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')).filter(|word| word.starts_with("claviger_"));
    let bare = |name: &str| ["_total", "_bucket"].iter().fold(name.to_owned(), |name, ending| name.strip_suffix(ending).map_or(name.clone(), str::to_owned));
    names.map(bare).collect()
}

/// Alert rules and the dashboard ask for metrics that there are, and the page lists all of them.
#[test]
fn what_is_watched_exists_and_is_written_down() {
    // Families without a member yet are not in a scrape; so the names are taken from where they are registered.
    let source = std::fs::read_to_string("src/platform/telemetry/metrics.rs").unwrap();
    let registered = ["registry.register(", "gauge("]
        .into_iter()
        .flat_map(|call| source.split(call).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()));
    let there: std::collections::BTreeSet<String> = registered.map(|name| format!("claviger_{name}")).collect();
    assert!(there.len() > 20, "{there:?}");
    for file in ["deploy/prometheus/alerts.yaml", "deploy/grafana/claviger.json"] {
        let asked = metrics_in(&std::fs::read_to_string(file).unwrap());
        assert!(asked.len() > 10 && asked.is_subset(&there), "{file}: {:?}", asked.difference(&there).collect::<Vec<_>>());
    }
    let page = std::fs::read_to_string("docs/operations/monitoring.md").unwrap();
    let missing: Vec<_> = there.iter().filter(|name| !page.contains(&format!("`{name}"))).collect();
    assert!(missing.is_empty(), "docs/operations/monitoring.md lacks {missing:?}");
}

/// Alert rules are tested by promtool.
#[test]
fn alert_rules_do_what_they_say() {
    let program = std::env::var("TEST_PROMTOOL").unwrap_or_else(|_| panic!("TEST_PROMTOOL is not set; scripts/test sets it"));
    for arguments in [["check", "rules", "alerts.yaml"], ["test", "rules", "alerts_test.yaml"]] {
        let output = std::process::Command::new(&program).args(arguments).current_dir("deploy/prometheus").output().unwrap();
        assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
}

/// Manifests, compose file, unit and Dockerfile pass the linters of their kind.
#[test]
fn deployment_files_pass_their_linters() {
    let programs = std::env::var("TEST_LINT").unwrap_or_else(|_| panic!("TEST_LINT is not set; scripts/test sets it"));
    let run = |program: &str, arguments: &[&str]| {
        let output = std::process::Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {said}");
        said
    };
    let said = run(&format!("{programs}/kubernetes-validate"), &["--strict", "deploy/kubernetes/claviger.yaml"]);
    // A kind that it does not know is no error to it.
    assert!(said.matches(" passed for resource ").count() == 7 && !said.contains("WARN"), "{said}");
    run(&format!("{programs}/check-jsonschema"), &["--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml"]);
    run(&format!("{programs}/hadolint"), &["Dockerfile"]);
    // The unit names a program that is not on every machine.
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("claviger.service");
    let text = std::fs::read_to_string("deploy/systemd/claviger.service").unwrap();
    std::fs::write(&unit, text.replace("/usr/local/bin/claviger", "/bin/true")).unwrap();
    let unit = unit.to_str().unwrap();
    run("systemd-analyze", &["verify", "--man=no", "--recursive-errors=yes", unit]);
    run("systemd-analyze", &["security", "--offline=yes", "--threshold=30", unit]);
}

/// Settings in the files for compose and Kubernetes are ones that this version understands.
#[test]
fn deployment_files_hold_settings_that_are_understood() {
    use claviger::app::config::{self, Config};
    let faults = |file: Option<&std::path::Path>, variables: &[(String, String)]| match config::load(file, variables, &[]) {
        Ok(loaded) => Config::check(&loaded.raw, false).err().unwrap_or_default(),
        Err(faults) => faults,
    };
    // What they name is not on this machine.
    let real = |all: Vec<String>| all.into_iter().filter(|fault| !fault.contains("No such file")).collect::<Vec<_>>();
    let compose = std::fs::read_to_string("deploy/compose.yaml").unwrap();
    let settings = compose.lines().filter_map(|line| line.trim().strip_prefix("CLAVIGER_")?.split_once(": ")).map(|(name, value)| {
        let value = if value.starts_with("${") { "https://login.shop.example" } else { value.trim_matches('"') };
        (format!("CLAVIGER_{name}"), value.to_owned())
    });
    let settings: Vec<(String, String)> = settings.collect();
    assert!(settings.len() >= 5);
    // What compose is given lies beside the sources, and goes neither into their history nor into the image.
    let secrets = compose.lines().find_map(|line| line.split_once("file: ")?.1.trim_start_matches("./").split('/').next()).unwrap();
    for name in [".gitignore", ".dockerignore"] {
        let ignored = std::fs::read_to_string(name).unwrap();
        assert!(ignored.lines().any(|line| line.trim_end_matches('/') == format!("deploy/{secrets}")), "{name}: {secrets}");
    }
    assert_eq!(real(faults(None, &settings)), Vec::<String>::new());
    let manifest = std::fs::read_to_string("deploy/kubernetes/claviger.yaml").unwrap();
    let block = manifest.split("claviger.toml: |\n").nth(1).unwrap();
    let text: Vec<&str> = block.lines().take_while(|line| line.is_empty() || line.starts_with("    ")).map(str::trim).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("claviger.toml");
    std::fs::write(&file, text.join("\n")).unwrap();
    assert_eq!(real(faults(Some(&file), &[])), Vec::<String>::new());
}

/// Licences, banned crates and sources of what is built in are as `deny.toml` wants them. Advisories are looked at where they can be fetched.
#[test]
fn what_is_built_in_is_as_the_policy_wants_it() {
    let programs = std::env::var("TEST_LINT").unwrap_or_else(|_| panic!("TEST_LINT is not set; scripts/test sets it"));
    let output = std::process::Command::new(format!("{programs}/cargo-deny")).args(["--locked", "check", "licenses", "bans", "sources"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
}
