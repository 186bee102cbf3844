//! The master key file: made once, checked at every start, never replaced silently. Its first line is the root, of which every key comes; each line after it is the secret of a later generation of the sealing keys.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use crate::base::encoding::{base64url, from_base64url};
use crate::base::random::{self, Entropy};
use crate::base::secret::SecretKey;

const PREFIX: &str = "cmk1_";
/// What a line of a later generation begins with; its number follows.
const LATER_PREFIX: &str = "csk1_";
/// Generations that a file may have beside the root.
const MAX_LATER: usize = 64;
/// The longest file, in bytes.
const MAX_BYTES: u64 = 16 * 1024;

/// What the file holds.
#[derive(Debug)]
pub struct KeyFile {
    root: SecretKey,
    later: BTreeMap<u32, SecretKey>,
}

impl KeyFile {
    /// A file with a root alone.
    pub fn single(root: SecretKey) -> Self {
        Self { root, later: BTreeMap::new() }
    }

    /// The root.
    pub fn root(&self) -> &SecretKey {
        &self.root
    }

    /// Every generation; the root is generation 0.
    pub fn into_generations(self) -> BTreeMap<u32, SecretKey> {
        let mut all = self.later;
        all.insert(0, self.root);
        all
    }

    fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(format!("{PREFIX}{}\n", base64url(self.root.expose())));
        for (number, secret) in &self.later {
            text.push_str(&Zeroizing::new(format!("{LATER_PREFIX}{number}_{}\n", base64url(secret.expose()))));
        }
        text
    }
}

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
    /// It has as many generations as one may have.
    #[error("{0} has been renewed as often as it can be")]
    Full(String),
    /// The file system refused.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
}

/// Reads the master key; makes it when `may_create` (a database that was never used) and there is none.
///
/// # Errors
/// [`MasterKeyRefused`] with the reason.
pub fn load(path: &Path, may_create: bool, entropy: &dyn Entropy) -> Result<KeyFile, MasterKeyRefused> {
    match read(path) {
        Err(MasterKeyRefused::Missing(name)) if may_create => create(path, entropy).map_err(|error| MasterKeyRefused::Io(name, error)),
        settled => settled,
    }
}

/// Reads the master key.
///
/// # Errors
/// [`MasterKeyRefused`] with the reason.
pub fn read(path: &Path) -> Result<KeyFile, MasterKeyRefused> {
    let name = path.display().to_string();
    let io = |error| MasterKeyRefused::Io(name.clone(), error);
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(MasterKeyRefused::Missing(name)),
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
    if metadata.len() > MAX_BYTES {
        return Err(MasterKeyRefused::Malformed(name));
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
    parse(&text).ok_or(MasterKeyRefused::Malformed(name))
}

fn secret(text: &str) -> Option<SecretKey> {
    let bytes = Zeroizing::new(from_base64url(text)?);
    bytes.as_slice().try_into().ok().map(SecretKey::new)
}

/// A root and, in their order, the later generations. The last line may lack its end, and nothing else.
fn parse(text: &str) -> Option<KeyFile> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut lines = text.split('\n');
    let root = secret(lines.next()?.strip_prefix(PREFIX)?)?;
    let mut later = BTreeMap::new();
    for (line, expected) in lines.zip(1_u32..) {
        let (number, key) = line.strip_prefix(LATER_PREFIX)?.split_once('_')?;
        if number.parse() != Ok(expected) || later.len() >= MAX_LATER {
            return None;
        }
        later.insert(expected, secret(key)?);
    }
    Some(KeyFile { root, later })
}

/// Adds a generation to the file, which is replaced in one step: whoever reads it meanwhile sees the old or the new one. Returns its number.
///
/// # Errors
/// [`MasterKeyRefused`] with the reason.
pub fn renew(path: &Path, entropy: &dyn Entropy) -> Result<u32, MasterKeyRefused> {
    let name = path.display().to_string();
    let io = |error| MasterKeyRefused::Io(name.clone(), error);
    // One at a time; the lock goes with the process, however it ends.
    let held = loop {
        let held = fs::File::open(path).map_err(io)?;
        held.lock().map_err(io)?;
        // Whoever waited for the file that was replaced meanwhile waits for the one in its place.
        if held.metadata().map_err(io)?.ino() == fs::metadata(path).map_err(io)?.ino() {
            break held;
        }
    };
    let mut file = read(path)?;
    if file.later.len() >= MAX_LATER {
        return Err(MasterKeyRefused::Full(name));
    }
    let number = u32::try_from(file.later.len()).unwrap_or(u32::MAX).saturating_add(1);
    file.later.insert(number, SecretKey::new(random::bytes::<32>(entropy)));
    let next = path.with_extension("key.new");
    // Left by one that was killed: it never counted.
    match fs::remove_file(&next) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(error)),
        _ => {}
    }
    let mut written = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&next).map_err(io)?;
    written.write_all(file.to_text().as_bytes()).and_then(|()| written.sync_all()).map_err(io)?;
    fs::rename(&next, path).map_err(io)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
    }
    drop(held);
    Ok(number)
}

fn create(path: &Path, entropy: &dyn Entropy) -> std::io::Result<KeyFile> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let made = KeyFile::single(SecretKey::new(random::bytes::<32>(entropy)));
    let text = made.to_text();
    // create_new: of two nodes that start together, one makes the file and the other fails and reads it at its next start.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(made)
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
        assert_eq!(load(&path, true, &OsEntropy).unwrap().root().expose(), made.root().expose());

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load(&path, true, &OsEntropy), Err(MasterKeyRefused::Mode(_, 0o644))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();

        let text = fs::read_to_string(&path).unwrap();
        for bad in [
            String::new(),
            text[..20].to_owned(),
            text.replace("cmk1_", "cmk9_"),
            format!("{text}x"),
            format!("{text}\n"),
            format!("{text}csk1_2_{}", &text[5..]),
            format!("{text}csk1_1_AAAA"),
        ] {
            fs::write(&path, bad).unwrap();
            assert!(matches!(load(&path, true, &OsEntropy), Err(MasterKeyRefused::Malformed(_))));
        }
        fs::write(&path, &text).unwrap();
        assert_eq!((renew(&path, &OsEntropy).unwrap(), renew(&path, &OsEntropy).unwrap()), (1, 2));
        let renewed = read(&path).unwrap();
        assert_eq!(renewed.root().expose(), made.root().expose());
        assert_eq!(renewed.into_generations().len(), 3);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!path.with_extension("key.new").exists());
        let link = folder.path().join("link.key");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(matches!(load(&link, true, &OsEntropy), Err(MasterKeyRefused::NotAFile(_))));
    }
}
