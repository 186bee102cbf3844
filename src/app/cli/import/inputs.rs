//! What an import reads: the export and the files beside it, which have to be files and to stay as they are; and what the operator says of them.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context as Digest, SHA256};

use super::ImportArguments;
use crate::app::cli::{Failure, complain};
use crate::base::encoding::hex;
use crate::identity::imports::formats::{Format, Reading, Subjects, UnsaidEmails, read_passwords, read_project};

/// The longest file with the parameters of a Firebase project, in bytes.
const MAX_PARAMETERS_BYTES: u64 = 16_384;

pub(super) fn told(path: &Path) -> impl FnOnce(std::io::Error) -> Failure + '_ {
    move |error| Failure::Failed(format!("{}: {error}", path.display()))
}

/// Opens a file. Nothing else will do: what comes out of a pipe is gone at the second look.
///
/// # Errors
/// [`Failure`].
pub(super) fn open(path: &Path) -> Result<File, Failure> {
    // Looked at first: to open a pipe would wait for somebody who writes.
    let is_file = std::fs::metadata(path).map_err(told(path))?.is_file();
    let file = if is_file { Some(File::open(path).map_err(told(path))?) } else { None };
    match file {
        Some(file) if file.metadata().map_err(told(path))?.is_file() => Ok(file),
        _ => Err(Failure::Refused(format!("{}: not a file; write what comes out of a pipe into one first", path.display()))),
    }
}

fn take_in(digest: &mut Digest, path: &Path) -> Result<(), Failure> {
    let (mut file, mut buffer) = (open(path)?, vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(told(path))? {
            0 => return Ok(()),
            read => digest.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// The name of an import: the format, and what is in the file.
///
/// # Errors
/// [`Failure`].
pub(super) fn name_of(path: &Path, format: Format) -> Result<String, Failure> {
    let mut digest = Digest::new(&SHA256);
    digest.update(format.word().as_bytes());
    take_in(&mut digest, path)?;
    Ok(hex(digest.finish().as_ref()))
}

/// How a file is read: a digest of the options, and of what is in the files beside it.
///
/// # Errors
/// [`Failure`].
pub(super) fn reading_of(arguments: &ImportArguments) -> Result<String, Failure> {
    let mut digest = Digest::new(&SHA256);
    digest.update(&[u8::from(arguments.emails_are_proved), u8::from(arguments.keep_subjects)]);
    digest.update(format!("{}|{}", arguments.source.len(), arguments.source).as_bytes());
    for path in [&arguments.passwords, &arguments.firebase_parameters] {
        let mut file = Digest::new(&SHA256);
        if let Some(path) = path {
            file.update(b"file");
            take_in(&mut file, path)?;
        }
        digest.update(file.finish().as_ref());
    }
    Ok(hex(digest.finish().as_ref()))
}

/// What the operator says beside the file.
///
/// # Errors
/// [`Failure`].
pub(super) fn reading(arguments: &ImportArguments, format: Format) -> Result<Reading, Failure> {
    let only =
        |wanted: Format, given: bool, flag: &str| if given && format != wanted { Err(Failure::Refused(format!("{flag} is for --format {}", wanted.word()))) } else { Ok(()) };
    only(Format::Auth0, arguments.passwords.is_some(), "--passwords")?;
    only(Format::Firebase, arguments.firebase_parameters.is_some(), "--firebase-parameters")?;
    let mut reading = Reading::default();
    if let Some(path) = &arguments.passwords {
        let (passwords, passed_over) = read_passwords(BufReader::new(open(path)?)).map_err(told(path))?;
        if passed_over > 0 {
            complain(&format!("{}: {passed_over} lines without an id and a hash, or with the id of an earlier one, were passed over", path.display()));
        }
        reading.passwords = passwords;
    }
    if let Some(path) = &arguments.firebase_parameters {
        let mut text = String::new();
        open(path)?.take(MAX_PARAMETERS_BYTES).read_to_string(&mut text).map_err(told(path))?;
        reading.project = Some(read_project(&text).map_err(|refused| Failure::Refused(format!("{}: {refused}", path.display())))?);
    }
    reading.source.clone_from(&arguments.source);
    if arguments.emails_are_proved {
        reading.unsaid_emails = UnsaidEmails::Proved;
    }
    if arguments.keep_subjects {
        reading.subjects = Subjects::Kept;
    }
    Ok(reading)
}
