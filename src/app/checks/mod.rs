//! What a node looks at all the time, and `claviger doctor` once: each a finding in a sentence, and how to mend it. The rules are pure.

pub mod looking;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde::Serialize;

use crate::base::time::{UnixMicros, UnixSeconds};
use crate::platform::crypto::jws::SigningAlgorithm;
use crate::platform::crypto::master_key;
use crate::platform::crypto::signing_keys::rules::{KeyFacts, KeyState, RotationPolicy};
use crate::platform::db::DatabaseAddress;

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What: a word, for metrics and programs.
    pub name: &'static str,
    /// What was found, in a sentence.
    pub found: String,
    /// How to mend it; none where it is as it should be.
    pub mend: Option<&'static str>,
}

impl Check {
    fn sound(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, found: found.into(), mend: None }
    }

    fn wrong(name: &'static str, found: impl Into<String>, mend: &'static str) -> Self {
        Self { name, found: found.into(), mend: Some(mend) }
    }

    /// Whether it is as it should be.
    pub const fn is_sound(&self) -> bool {
        self.mend.is_none()
    }
}

/// Every word that [`Check::name`] can be.
pub const NAMES: [&str; 10] = ["master_key", "database_file", "disk", "integrity", "signing_keys", "clock", "audit_log", "certificate", "backup", "schema"];

/// Bytes below which a disk is nearly full, whatever its size.
const LEAST_FREE: u64 = 512 << 20;
/// Of a hundred parts, those that are to be free.
const LEAST_PART: u64 = 5;

/// Whether a disk has room: half a gibibyte, and a twentieth of it.
pub fn disk(free: u64, total: u64) -> Check {
    let found = format!("{} MiB of {} MiB are free", free >> 20, total >> 20);
    if free < LEAST_FREE || free < total / 100 * LEAST_PART {
        Check::wrong("disk", found, "make room: when it is full, nothing that writes is answered, and every sign-in writes")
    } else {
        Check::sound("disk", found)
    }
}

/// How far apart two clocks may be, in microseconds: a second.
const APART_MICROS: i64 = 1_000_000;

/// How far this clock is from the database's, read between `before` and `after`.
pub fn clock(before: UnixMicros, theirs: UnixMicros, after: UnixMicros) -> Check {
    let (early, late) = (theirs.0 - after.0, theirs.0 - before.0);
    // What the way took is not known of each half of it.
    let apart = if early <= 0 && late >= 0 { 0 } else { early.abs().min(late.abs()) };
    let found = format!("{} ms from the database's", apart / 1_000);
    if apart > APART_MICROS {
        Check::wrong("clock", found, "set the clocks of all machines by one NTP source: codes of apps, tokens and waits go by them")
    } else {
        Check::sound("clock", found)
    }
}

/// Seconds by which the wall clock went another way than the time that passed, where that is more than clocks drift; `before` and `after` are (wall, monotonic) in seconds.
pub fn jump(before: (i64, i64), after: (i64, i64)) -> Option<i64> {
    /// Less is what a clock is set right by.
    const LEAST: i64 = 5;
    let jumped = (after.0 - before.0) - (after.1 - before.1);
    (jumped.abs() >= LEAST).then_some(jumped)
}

/// How long a key may be active beyond its time, in seconds: nodes rotate every few seconds.
const LATE_SECONDS: i64 = 3_600;

/// Whether each algorithm has one active key, which is not too old.
pub fn signing_keys(keys: &[KeyFacts], rotation: RotationPolicy, now: UnixSeconds) -> Check {
    let mut oldest = 0;
    for algorithm in SigningAlgorithm::ALL {
        let mut active = keys.iter().filter(|key| key.algorithm == algorithm && key.state == KeyState::Active);
        let (Some(key), None) = (active.next(), active.next()) else {
            return Check::wrong("signing_keys", format!("{} has no active key, or several", algorithm.as_str()), "run claviger keys list; claviger keys rotate makes a new one");
        };
        oldest = oldest.max(key.activated_at.map_or(0, |at| now.since(at)));
    }
    let found = format!("one active key for each algorithm, the oldest of {} days", oldest / 86_400);
    if oldest > rotation.rotation_seconds + LATE_SECONDS {
        Check::wrong("signing_keys", found, "keys are not rotated: look for errors of the job \"keys\" in the log, and whether any node runs")
    } else {
        Check::sound("signing_keys", found)
    }
}

/// How long an event may wait for its place, in seconds.
const WAITS_SECONDS: i64 = 60;
/// How old the last signed head may be while there are events after it, in seconds.
const HEAD_SECONDS: i64 = 3_600;

/// Whether the log is placed and signed: how long the oldest event waits for its place, and how old the last head is where events came after it.
pub fn audit_log(waits: Option<i64>, unsigned_since: Option<i64>, forged: usize) -> Check {
    if forged > 0 {
        return Check::wrong(
            "audit_log",
            format!("{forged} events were not recorded by this installation as they stand"),
            "somebody wrote into the database: see docs/operations/incident.md, and run claviger audit verify",
        );
    }
    match (waits, unsigned_since) {
        (Some(waits), _) if waits > WAITS_SECONDS => {
            Check::wrong("audit_log", format!("an event has waited {waits} s for its place"), "look for errors of the job \"audit log\" in the log, and whether any node runs")
        }
        (_, Some(age)) if age > HEAD_SECONDS => Check::wrong("audit_log", format!("nothing was signed for {age} s"), "look for errors of the job \"audit log\" in the log"),
        _ => Check::sound("audit_log", "every event has its place, and the last ones are signed"),
    }
}

/// Days before its end from which on a certificate is worth a word; of one that lives shortly a quarter of its life.
const SOON_DAYS: i64 = 14;

/// Whether the certificate that is shown holds for a while.
pub fn certificate((not_before, not_after): (UnixSeconds, UnixSeconds), is_for_us: bool, now: UnixSeconds) -> Check {
    let left = not_after.since(now);
    let days = left.div_euclid(86_400);
    let found = format!("until {} ({days} days)", not_after.rfc3339());
    if !is_for_us {
        Check::wrong("certificate", "the certificate that is shown is not for the issuer's name", "get one for the name in server.issuer")
    } else if left < (SOON_DAYS * 86_400).min(not_after.since(not_before) / 4) {
        Check::wrong("certificate", found, "put the next one in its place: it is read within a minute; with acme, look for the reason in the log")
    } else {
        Check::sound("certificate", found)
    }
}

/// Whether a backup was made lately.
pub fn backup(age_seconds: Option<i64>) -> Check {
    const MEND: &str = "run claviger backup make from a timer, and claviger backup verify once a month; or tell of your own with claviger backup report";
    match age_seconds {
        None => Check::wrong("backup", "no backup was ever made or reported", MEND),
        Some(age) if age > crate::admin::upkeep::OVERDUE_SECONDS => Check::wrong("backup", format!("the last one ended {} hours ago", age / 3_600), MEND),
        Some(age) => Check::sound("backup", format!("the last one ended {} hours ago", age / 3_600)),
    }
}

/// Whether the master key file is there, whole, and nobody else's.
pub fn master_key(path: &Path) -> Check {
    match master_key::read(path) {
        Ok(_) => Check::sound("master_key", format!("{} is whole, and its owner's alone", path.display())),
        Err(error) => Check::wrong("master_key", error.to_string(), "nodes go on with what they read at their start; mend it before one starts again"),
    }
}

/// Whether the database's own file is its owner's alone; nothing of one that is elsewhere.
pub fn database_file(address: &DatabaseAddress) -> Option<Check> {
    let DatabaseAddress::Sqlite(path) = address else { return None };
    let mode = std::fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777);
    Some(match mode {
        Ok(mode) if mode & 0o077 != 0 => Check::wrong("database_file", format!("others may read or write {} (mode {mode:o})", path.display()), "run chmod 600 on it"),
        Ok(_) => Check::sound("database_file", "its owner's alone"),
        Err(error) => Check::wrong("database_file", format!("{}: {error}", path.display()), "put it back: see docs/operations/backup.md"),
    })
}

/// Whether the disk has room that SQLite writes to; nothing of a database that is elsewhere.
pub fn database_disk(address: &DatabaseAddress) -> Option<Check> {
    let DatabaseAddress::Sqlite(path) = address else { return None };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(found) = rustix::fs::statvfs(folder) else { return Some(Check::wrong("disk", "it cannot be asked", "look whether it is mounted")) };
    Some(disk(found.f_bavail.saturating_mul(found.f_frsize), found.f_blocks.saturating_mul(found.f_frsize)))
}

/// What the database's own check of itself found.
pub fn integrity(found: Option<String>) -> Check {
    match found {
        None => Check::sound("integrity", "the database finds nothing wrong with itself"),
        Some(found) => Check::wrong("integrity", found, "the file is damaged: stop, keep a copy, and restore (docs/operations/backup.md)"),
    }
}

/// Whether the tables are those of this version of the program.
pub fn schema(pending: usize, unknown: usize) -> Check {
    match (pending, unknown) {
        (0, 0) => Check::sound("schema", "that of this version"),
        (0, unknown) => Check::sound("schema", format!("{unknown} migrations of a newer version are there already: an upgrade is under way")),
        (pending, _) => Check::wrong("schema", format!("{pending} migrations are pending"), "run claviger migrate"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sound(check: &Check) -> bool {
        assert!(NAMES.contains(&check.name));
        check.is_sound()
    }

    #[test]
    fn a_disk_is_nearly_full_by_size_or_by_part() {
        for (free, total, sound) in [(600 << 20, 1 << 30, true), (500 << 20, 1 << 30, false), (4_u64 << 30, 100 << 30, false), (6_u64 << 30, 100 << 30, true), (0, 0, false)] {
            assert_eq!(is_sound(&disk(free, total)), sound, "{free} of {total}");
        }
    }

    #[test]
    fn clocks_may_be_a_second_apart_and_the_way_is_nobodys_fault() {
        let at = |millis: i64| UnixMicros(millis * 1_000);
        for (before, theirs, after, sound) in
            [(0, 500, 10, true), (0, 990, 10, true), (0, 1_100, 10, false), (0, -1_100, 10, false), (0, 2_000, 3_000, true), (5_000, 3_900, 5_001, false)]
        {
            assert_eq!(is_sound(&clock(at(before), at(theirs), at(after))), sound, "{before} {theirs} {after}");
        }
        assert_eq!(jump((100, 0), (101, 1)), None);
        assert_eq!(jump((100, 0), (104, 1)), None, "set right");
        assert_eq!((jump((100, 0), (3_701, 1)), jump((100, 0), (-7_099, 1))), (Some(3_600), Some(-7_200)));
        assert_eq!(jump((100, 0), (3_700, 3_600)), None, "a machine that slept");
    }

    #[test]
    fn each_algorithm_has_one_key_that_is_not_too_old() {
        let rotation = RotationPolicy { rotation_seconds: 90 * 86_400, publish_ahead_seconds: 86_400, longest_token_seconds: 7_200 };
        let now = UnixSeconds(200 * 86_400);
        let key = |algorithm: SigningAlgorithm, days: i64, state| KeyFacts {
            kid: format!("{}-{days}", algorithm.as_str()),
            algorithm,
            state,
            created_at: UnixSeconds(0),
            activated_at: Some(now.plus(-days * 86_400)),
            retiring_at: None,
        };
        let all = |days: i64| SigningAlgorithm::ALL.map(|algorithm| key(algorithm, days, KeyState::Active)).to_vec();
        assert!(is_sound(&signing_keys(&all(89), rotation, now)));
        assert!(!is_sound(&signing_keys(&all(91), rotation, now)));
        assert!(!is_sound(&signing_keys(&[], rotation, now)));
        let mut two = all(1);
        two.push(key(SigningAlgorithm::RS256, 2, KeyState::Active));
        assert!(!is_sound(&signing_keys(&two, rotation, now)));
    }

    #[test]
    fn the_log_is_placed_and_signed_in_time() {
        assert!(is_sound(&audit_log(None, None, 0)) && is_sound(&audit_log(Some(60), Some(3_600), 0)));
        assert!(!is_sound(&audit_log(Some(61), None, 0)) && !is_sound(&audit_log(None, Some(3_601), 0)) && !is_sound(&audit_log(None, None, 1)));
    }

    #[test]
    fn certificates_backups_and_schemas_are_looked_at() {
        let now = UnixSeconds(1_800_000_000);
        let until = |left: i64, life: i64| (now.plus(left - life), now.plus(left));
        let (day, life) = (86_400, 90 * 86_400);
        assert!(is_sound(&certificate(until(14 * day, life), true, now)) && is_sound(&certificate(until(day / 4, day), true, now)));
        assert!(!is_sound(&certificate(until(14 * day - 1, life), true, now)) && !is_sound(&certificate(until(day / 4 - 1, day), true, now)));
        assert!(!is_sound(&certificate(until(-1, life), true, now)) && !is_sound(&certificate(until(life, life), false, now)));
        assert!(is_sound(&backup(Some(26 * 3_600))) && !is_sound(&backup(Some(26 * 3_600 + 1))) && !is_sound(&backup(None)));
        assert!(is_sound(&integrity(None)) && !is_sound(&integrity(Some("row 7 missing from index".to_owned()))));
        assert!(is_sound(&schema(0, 0)) && is_sound(&schema(0, 2)) && !is_sound(&schema(1, 0)));
    }

    #[test]
    fn files_are_their_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claviger.db");
        let address = DatabaseAddress::Sqlite(file.clone());
        assert!(!is_sound(&database_file(&address).unwrap()));
        std::fs::write(&file, "").unwrap();
        for (mode, sound) in [(0o600, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
            assert_eq!(is_sound(&database_file(&address).unwrap()), sound, "{mode:o}");
        }
        assert!(database_disk(&address).is_some() && database_file(&DatabaseAddress::Postgres(String::new())).is_none());
        let key = folder.path().join("master.key");
        assert!(!is_sound(&master_key(&key)));
        master_key::load(&key, true, &crate::base::random::OsEntropy).unwrap();
        assert!(is_sound(&master_key(&key)));
        std::fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).unwrap();
        assert!(!is_sound(&master_key(&key)));
    }
}
