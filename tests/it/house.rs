//! The laws of the house, over file names and `crate::` paths: see `docs/ARCHITECTURE.md`.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn house() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(Path::new("src"), &mut found);
    found.into_iter().map(|path| (path.strip_prefix("src").unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())).collect()
}

const FLOORS: [&[&str]; 7] = [&["base"], &["platform"], &["risk"], &["identity"], &["oauth"], &["shop", "account", "admin"], &["app"]];

fn floor_of(name: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&name))
}

fn room_of(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap()
}

#[test]
fn imports_go_down_only() {
    for (path, text) in house() {
        let Some(floor) = floor_of(room_of(&path)) else { continue };
        for used in text.split("crate::").skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap()) {
            if let Some(other) = floor_of(used) {
                assert!(other < floor || used == room_of(&path), "{path} (floor {floor}) uses crate::{used} (floor {other})");
            }
        }
        // `use crate::{a, b}` would hide from this test.
        assert!(!text.contains("use crate::{") || path == "app/features.rs", "{path}: write one path a line");
    }
}

#[test]
fn diesel_lives_in_stores_and_actix_at_the_edge() {
    // One-file features that speak actix, by name.
    const EDGE: [&str; 9] = [
        "oauth/mod.rs",
        "oauth/userinfo.rs",
        "oauth/introspection.rs",
        "oauth/revocation.rs",
        "oauth/discovery.rs",
        "oauth/cors.rs",
        "oauth/access.rs",
        "oauth/state.rs",
        "account/home.rs",
    ];
    const SPEAKERS: [&str; 6] =
        ["identity/signin/gate.rs", "oauth/clients/authentication.rs", "oauth/authorize/answer.rs", "oauth/error.rs", "oauth/token/code.rs", "oauth/token/refresh.rs"];
    for (path, text) in house() {
        let (speaks_diesel, speaks_actix) = (text.contains("diesel::"), text.contains("actix_web::"));
        let is_store = path.starts_with("platform/db/") || path.ends_with("/store.rs");
        assert!(!speaks_diesel || is_store, "{path} speaks diesel");
        let is_edge = path.starts_with("platform/http/")
            || path.starts_with("app")
            || path.ends_with("/web.rs")
            || EDGE.contains(&path.as_str())
            || SPEAKERS.contains(&path.as_str())
            || path == "oauth/token/client_credentials.rs";
        assert!(!speaks_actix || is_edge, "{path} speaks actix");
        assert!(!(speaks_actix && speaks_diesel), "{path} speaks both");
    }
}

#[test]
fn a_table_belongs_to_one_file() {
    let mut owners = std::collections::BTreeMap::new();
    for (path, text) in house() {
        for table in text.split("diesel::table! {").skip(1) {
            let name = table.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//")).unwrap().split(' ').next().unwrap().to_owned();
            assert!(text.contains("mod tables {"), "{path}: the table is not private");
            if let Some(other) = owners.insert(name.clone(), path.clone()) {
                panic!("{name} belongs to {other} and {path}");
            }
        }
    }
    // Ours, and the one that diesel keeps of its migrations.
    assert_eq!(owners.len(), 73, "{owners:?}");
}

#[test]
fn files_stay_short_and_say_what_they_are() {
    for (path, text) in house() {
        let code = text.split("#[cfg(test)]").next().unwrap().lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//")).count();
        assert!(code <= 400, "{path} has {code} lines of code");
        assert!(text.starts_with("//!") || path.ends_with("_tests.rs"), "{path} does not say what lives in it");
    }
}

#[test]
fn secrets_are_not_compared_with_equals() {
    for (path, text) in house() {
        for line in text.lines().filter(|line| line.contains("expose()")) {
            assert!(!line.contains("expose() ==") && !line.contains("== *secret"), "{path}: {line}");
        }
    }
}

/// The files that use `function`, beside the store that holds it and its tests.
fn users(function: &str) -> Vec<String> {
    let is_user = |path: &str, text: &str| text.contains(function) && !path.ends_with("/store.rs") && !path.ends_with("_tests.rs");
    house().into_iter().filter(|(path, text)| is_user(path, text)).map(|(path, _)| path).collect()
}

#[test]
fn precious_things_have_one_door() {
    for (function, owner) in [
        ("insert_session(", "identity/signin/gate.rs"),
        ("insert_code(", "oauth/authorize/approve.rs"),
        ("TokenType::AccessToken, &claims", "oauth/issue.rs"),
        ("TokenType::IdToken, &claims", "oauth/issue.rs"),
    ] {
        assert_eq!(users(function), [owner], "{function}");
    }
    // Only a factor's own check says that it was shown.
    for user in users("Proof::new(") {
        assert!(user.starts_with("identity/factors/") && user.ends_with("/mod.rs"), "{user} makes proofs");
    }
}

#[test]
fn the_migrations_come_in_pairs() {
    let names = |backend: &str| {
        let mut names: Vec<String> = fs::read_dir(format!("migrations/{backend}")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn the_configuration_reference_is_fresh() {
    let printed = claviger::app::config::markdown();
    let kept = fs::read_to_string("docs/reference/configuration.md").unwrap();
    assert_eq!(kept.trim_end(), printed.trim_end(), "run: cargo run -- config reference > docs/reference/configuration.md");
}

#[test]
fn what_the_pages_say_of_roles_calls_and_events_is_so() {
    use claviger::admin::access::rules::{Permission, Role};
    let page = |name: &str| fs::read_to_string(format!("docs/{name}.md")).unwrap();
    let word = |permission: &Permission| serde_json::to_value(permission).unwrap().as_str().unwrap().to_owned();
    let staff = page("staff");
    for permission in Permission::ALL {
        let begin = format!("| `{}` |", word(&permission));
        let line = staff.lines().find(|line| line.starts_with(&begin)).unwrap_or_else(|| panic!("{begin} has no line in docs/staff.md"));
        let cells: Vec<bool> = line.trim_end_matches('|').split('|').skip(3).map(|cell| cell.trim() == "yes").collect();
        assert_eq!(cells, Role::ALL.map(|role| role.permissions().contains(&permission)), "{line}");
    }
    let api = page("api");
    for operation in claviger::admin::operations::list::operations() {
        let line = format!("| `{} {}` | {} | `{}` |", operation.method.word(), operation.path, operation.summary, word(&operation.permission));
        assert!(api.contains(&line), "docs/api.md lacks: {line}");
    }
    for kind in claviger::oauth::events::rules::KINDS {
        assert!(claviger::app::features::EVENTS.iter().any(|event| event.kind == kind), "shops are told of {kind}, which nobody records");
    }
    let events = page("audit-events");
    for event in claviger::app::features::EVENTS {
        assert!(events.contains(&format!("`{}`", event.kind)), "docs/audit-events.md lacks {}", event.kind);
    }
}

/// The last migration that was written before the rule: nobody runs anything older.
const BASELINE: &str = "20261130170000";

/// What a migration does that a node of the version before could not bear, by statement; none of it is let through but where the file says since which version nothing uses it any longer (`-- contract since 0.2.0: …`).
fn unbearable(text: &str) -> Vec<String> {
    if text.lines().any(|line| line.starts_with("-- contract since ")) {
        return Vec::new();
    }
    let bare: String = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    let statements = bare.split(';').map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase()).filter(|statement| !statement.is_empty());
    let is_bearable = |statement: &String| {
        let adds_column = statement.starts_with("ALTER TABLE ") && statement.contains(" ADD COLUMN ") && (!statement.contains(" NOT NULL") || statement.contains(" DEFAULT "));
        let makes = ["CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX ", "INSERT INTO ", "UPDATE "].iter().any(|word| statement.starts_with(word));
        // A unique key on rows that old nodes write may refuse them.
        let is_unique_on_old = statement.starts_with("CREATE UNIQUE INDEX ")
            && !bare
                .to_ascii_uppercase()
                .contains(&format!("CREATE TABLE {} ", statement.split(" ON ").nth(1).unwrap_or_default().split([' ', '(']).next().unwrap_or_default()));
        (adds_column || makes) && !is_unique_on_old
    };
    statements.filter(|statement| !is_bearable(statement)).collect()
}

#[test]
fn migrations_only_add_so_that_the_version_before_goes_on() {
    for (text, count) in [
        ("CREATE TABLE t (a TEXT); CREATE UNIQUE INDEX i ON t (a); -- DROP TABLE x;", 0),
        ("ALTER TABLE t ADD COLUMN b TEXT; UPDATE t SET b = 'x';\nCREATE INDEX i ON t (b)", 0),
        ("ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT ''", 0),
        ("ALTER TABLE t ADD COLUMN b TEXT NOT NULL", 1),
        ("ALTER TABLE t DROP COLUMN b; ALTER TABLE t RENAME TO u; DROP TABLE v; DELETE FROM w", 4),
        ("CREATE UNIQUE INDEX i ON t (a)", 1),
        ("-- contract since 0.2.0: nothing reads b\nALTER TABLE t DROP COLUMN b", 0),
    ] {
        assert_eq!(unbearable(text).len(), count, "{text}: {:?}", unbearable(text));
    }
    for folder in ["migrations/sqlite", "migrations/postgres"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.as_str() > BASELINE && !name.starts_with(BASELINE) {
                let wrong = unbearable(&fs::read_to_string(path.join("up.sql")).unwrap());
                assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
            }
        }
    }
}

#[test]
fn the_tables_that_are_ours_are_those_of_the_migrations() {
    let mut made = std::collections::BTreeSet::new();
    for entry in fs::read_dir("migrations/sqlite").unwrap() {
        let text = fs::read_to_string(entry.unwrap().path().join("up.sql")).unwrap();
        made.extend(text.split("CREATE TABLE ").skip(1).map(|rest| rest.split([' ', '(']).next().unwrap().to_owned()));
    }
    let listed: std::collections::BTreeSet<String> = claviger::platform::db::tables::TABLES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(listed, made);
}
