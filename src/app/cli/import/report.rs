//! The report of an import: a JSON object a line, without personal data beyond a masked address.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use serde_json::{Value, json};

use crate::app::cli::Failure;
use crate::base::contact::EmailAddress;
use crate::identity::factors::sent_code::rules::masked_email;
use crate::identity::imports::{LeftBehind, RecordRefused, Skipped};

/// What became of one record.
pub(super) struct Line {
    number: u64,
    value: Value,
}

impl Line {
    /// It did not come in.
    pub(super) fn refused(number: u64, refused: RecordRefused) -> Self {
        Self { number, value: json!({ "record": number, "outcome": "refused", "reasons": [refused.word()] }) }
    }

    /// It is sound, and did not come in.
    pub(super) fn skipped(number: u64, email: &EmailAddress, skipped: Skipped) -> Self {
        Self { number, value: json!({ "record": number, "outcome": "skipped", "reasons": [skipped.word()], "email": masked_email(email.as_str()) }) }
    }

    /// It came in, but not with everything.
    pub(super) fn left(number: u64, email: &EmailAddress, left: &[LeftBehind]) -> Self {
        let reasons: Vec<&str> = left.iter().map(|left| left.word()).collect();
        Self { number, value: json!({ "record": number, "outcome": "imported", "reasons": reasons, "email": masked_email(email.as_str()) }) }
    }

    /// The number of the record.
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

/// The file.
pub(super) struct Report {
    path: PathBuf,
    file: File,
}

impl Report {
    /// Opens it: a new one, or that of an import that goes on.
    ///
    /// # Errors
    /// [`Failure`] when there is one already and nothing goes on, or it is a link, or others may read it.
    pub(super) fn open(path: &Path, is_resumed: bool) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        // Whoever may write in the folder does not choose where the report goes, and nothing is waited for.
        options.append(true).mode(0o600).custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
        let options = if is_resumed { options.create(true) } else { options.create_new(true) };
        let file = options.open(path).map_err(|error| Failure::Refused(format!("--report {}: {error}", path.display())))?;
        let found = file.metadata().map_err(|error| Failure::Failed(format!("--report {}: {error}", path.display())))?;
        if !found.is_file() || found.mode() & 0o077 != 0 {
            return Err(Failure::Refused(format!("--report {}: not a file that its owner alone can read (mode 0600)", path.display())));
        }
        Ok(Self { path: path.to_owned(), file })
    }

    /// Adds lines.
    ///
    /// # Errors
    /// [`Failure`] when the disk is full.
    pub(super) fn write(&mut self, lines: &[Line]) -> Result<(), Failure> {
        let text: Vec<String> = lines.iter().map(|line| line.value.to_string() + "\n").collect();
        self.file.write_all(text.concat().as_bytes()).map_err(|error| Failure::Failed(format!("{}: {error}", self.path.display())))
    }
}
