//! Making one.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::sealed::{Recipient, Sealing};
use super::{BackupFailed, Header, Part, ROWS, value_of};
use crate::app::config::Config;
use crate::base::time::UnixSeconds;
use crate::platform::db::dump::{Row, list_tables, open_snapshot, read_rows};
use crate::platform::db::{applied_migrations, facts};
use crate::platform::updates::own_version;

/// What was made.
#[derive(Debug, Clone, Serialize)]
pub struct Made {
    /// Where it is.
    pub file: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// As of when it is.
    pub made_at: UnixSeconds,
    /// Rows in it.
    pub rows: u64,
}

/// Where a backup of `now` lies: `to`, or in the folder `to` under a name of its own.
fn place(to: &Path, now: UnixSeconds) -> PathBuf {
    let stamp: String = now.rfc3339().chars().filter(char::is_ascii_alphanumeric).collect();
    if to.is_dir() { to.join(format!("claviger-{stamp}.backup")) } else { to.to_owned() }
}

/// The backups in a folder that have such names, the oldest first.
fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_ours = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("claviger-") && name.ends_with(".backup"));
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).filter(is_ours).collect();
    found.sort();
    Ok(found)
}

/// Makes a backup while the server runs: the whole of it as of one moment. Under another name until it is whole and on disk; in a folder, the oldest ones leave until `keep` are left. `progress` is told each table, and how many rows there were until then.
///
/// # Errors
/// [`BackupFailed`]; what was written is removed.
pub fn make(config: &Config, recipient: &Recipient, to: &Path, keep: Option<usize>, now: UnixSeconds, progress: &mut dyn FnMut(&str, u64)) -> Result<Made, BackupFailed> {
    let file = place(to, now);
    if file.exists() {
        return Err(BackupFailed::Refused(format!("{} is there already", file.display())));
    }
    let unfinished = file.with_extension("part");
    if unfinished.exists() {
        return Err(BackupFailed::Refused(format!("{} is there: another backup is being made, or one was broken off; then remove it", unfinished.display())));
    }
    let written = write(config, recipient, &unfinished, now, progress).and_then(|rows| {
        std::fs::rename(&unfinished, &file)?;
        // The name, too, is to outlive a power cut.
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(rows)
    });
    let rows = match written {
        Ok(rows) => rows,
        Err(error) => {
            let _ = std::fs::remove_file(&unfinished);
            return Err(error);
        }
    };
    if let (Some(keep), true) = (keep, to.is_dir()) {
        let mut found = listed(to)?;
        let surplus = found.len().saturating_sub(keep.max(1));
        for old in found.drain(..surplus) {
            std::fs::remove_file(old)?;
        }
    }
    Ok(Made { bytes: std::fs::metadata(&file)?.len(), file, made_at: now, rows })
}

fn write(config: &Config, recipient: &Recipient, to: &Path, now: UnixSeconds, progress: &mut dyn FnMut(&str, u64)) -> Result<u64, BackupFailed> {
    let mut connection = open_snapshot(&config.database.address)?;
    let fingerprint =
        facts::find_fact(&mut connection, crate::app::setup::FINGERPRINT)?.ok_or_else(|| BackupFailed::Refused("there is nothing in this database yet".to_owned()))?;
    let header = Header {
        version: own_version().to_string(),
        made_at: now,
        database: config.database.address.kind().to_owned(),
        issuer: config.issuer.as_str().to_owned(),
        migrations: applied_migrations(&mut connection)?,
        fingerprint,
        tables: list_tables(&mut connection)?,
    };
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    let mut out = GzEncoder::new(Sealing::new(BufWriter::new(file), recipient)?, Compression::fast());
    serde_cbor_2::to_writer(&mut out, &header)?;
    let (mut counts, mut all) = (Vec::with_capacity(header.tables.len()), 0);
    for (place, table) in header.tables.iter().enumerate() {
        progress(&table.name, all);
        let (mut count, mut waiting) = (0, Vec::with_capacity(ROWS));
        let mut take = |row: Row| -> Result<(), BackupFailed> {
            waiting.push(row.0.into_iter().map(value_of).collect::<Vec<_>>());
            count += 1;
            if waiting.len() >= ROWS {
                serde_cbor_2::to_writer(&mut out, &Part::Rows(place, std::mem::take(&mut waiting)))?;
            }
            Ok(())
        };
        read_rows(&mut connection, table, &mut take)?;
        if !waiting.is_empty() {
            serde_cbor_2::to_writer(&mut out, &Part::Rows(place, waiting))?;
        }
        counts.push(count);
        all += count;
    }
    serde_cbor_2::to_writer(&mut out, &Part::End(counts))?;
    let mut file = out.finish()?.finish()?;
    file.flush()?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_them_by_time() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(place(folder.path(), UnixSeconds(1_800_000_000)), folder.path().join("claviger-20270115T080000Z.backup"));
        assert_eq!(place(&folder.path().join("one"), UnixSeconds(0)), folder.path().join("one"));
        for name in ["claviger-2.backup", "claviger-1.backup", "claviger-3.part", "other.backup"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let names: Vec<String> = listed(folder.path()).unwrap().iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["claviger-1.backup", "claviger-2.backup"]);
    }
}
