//! The master key file: made once, checked at every start, never replaced silently.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use crate::base::encoding::{base64url, from_base64url};
use crate::base::random::{self, Entropy};
use crate::base::secret::SecretKey;

const PREFIX: &str = "cmk1_";
const TEXT_BYTES: usize = PREFIX.len() + 43;

/// Why the master key cannot be used; each sentence says how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyRefused {
    /// There is no file, and a database that needs it.
    #[error("the master key file {0} is missing, but the database was made with one; put the backup of that file back")]
    Missing(String),
    /// The file is a link or a folder.
    #[error("{0} is not a plain file; the master key must be one")]
    NotAFile(String),
    /// Others can read it.
    #[error("{0} can be read by others (mode {1:o}); run: chmod 600 {0}")]
    Mode(String, u32),
    /// Somebody else owns it.
    #[error("{0} belongs to another user; run Claviger as its owner")]
    Owner(String),
    /// Not what we write.
    #[error("{0} is not a master key: it is cut off, altered or empty; put the backup of that file back")]
    Malformed(String),
    /// It is a master key, but not the one of this database.
    #[error("{0} is a master key, but not the one that this database was made with; put the right file back")]
    WrongDatabase(String),
    /// The file system refused.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
}

/// Reads the master key; makes it when `may_create` (a database that was never used) and there is none.
///
/// # Errors
/// [`MasterKeyRefused`] with the reason.
pub fn load(path: &Path, may_create: bool, entropy: &dyn Entropy) -> Result<SecretKey, MasterKeyRefused> {
    let name = path.display().to_string();
    let io = |error| MasterKeyRefused::Io(name.clone(), error);
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if !may_create {
                return Err(MasterKeyRefused::Missing(name));
            }
            return create(path, entropy).map_err(io);
        }
        Err(error) => return Err(io(error)),
    };
    if !metadata.is_file() {
        return Err(MasterKeyRefused::NotAFile(name));
    }
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(MasterKeyRefused::Mode(name, mode));
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(MasterKeyRefused::Owner(name));
    }
    if !(TEXT_BYTES..=TEXT_BYTES + 1).contains(&usize::try_from(metadata.len()).unwrap_or(0)) {
        return Err(MasterKeyRefused::Malformed(name));
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
    parse(text.trim_end()).ok_or(MasterKeyRefused::Malformed(name))
}

fn parse(text: &str) -> Option<SecretKey> {
    let bytes = Zeroizing::new(from_base64url(text.strip_prefix(PREFIX)?)?);
    bytes.as_slice().try_into().ok().map(SecretKey::new)
}

fn create(path: &Path, entropy: &dyn Entropy) -> std::io::Result<SecretKey> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let key = SecretKey::new(random::bytes::<32>(entropy));
    let text = Zeroizing::new(format!("{PREFIX}{}\n", base64url(key.expose())));
    // create_new: of two nodes that start together, one makes the file and the other fails and reads it at its next start.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;

    #[test]
    fn a_bad_key_file_is_refused_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(matches!(load(&path, false, &OsEntropy), Err(MasterKeyRefused::Missing(_))));
        let made = load(&path, true, &OsEntropy).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(load(&path, true, &OsEntropy).unwrap().expose(), made.expose());

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load(&path, true, &OsEntropy), Err(MasterKeyRefused::Mode(_, 0o644))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();

        let text = fs::read_to_string(&path).unwrap();
        for bad in [String::new(), text[..20].to_owned(), text.replace("cmk1_", "cmk9_"), format!("{text}x")] {
            fs::write(&path, bad).unwrap();
            assert!(matches!(load(&path, true, &OsEntropy), Err(MasterKeyRefused::Malformed(_))));
        }
        let link = folder.path().join("link.key");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(matches!(load(&link, true, &OsEntropy), Err(MasterKeyRefused::NotAFile(_))));
    }
}
