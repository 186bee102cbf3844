//! Links in messages: a secret of 256 bits that stands for one purpose and one customer, is kept as a hash, and counts once. Opening a link changes nothing; only the button on its page does.

pub mod store;

use crate::base::secret::Secret;

/// The longest secret of a link.
const MAX_SECRET_BYTES: usize = 64;

/// The secret in a path; `None` when it has not the form of one.
pub fn secret_of(path: &str) -> Option<Secret> {
    let is_shaped = path.len() <= MAX_SECRET_BYTES && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    is_shaped.then(|| Secret::new(path.to_owned()))
}

/// What a link is for. Each purpose is a namespace of its own: a link for one is nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Stops what staff asked for.
    VetoCase,
    /// Confirms a mailbox that staff are to put in.
    ConfirmCase,
    /// "This was not me."
    NotMe,
    /// Stops a recovery that waits.
    Veto,
    /// Goes on with a recovery that has waited.
    Recover,
    /// Takes a change of contact back.
    Undo,
}

impl Purpose {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VetoCase => "veto_case",
            Self::ConfirmCase => "confirm_case",
            Self::NotMe => "not_me",
            Self::Veto => "veto",
            Self::Recover => "recover",
            Self::Undo => "undo",
        }
    }

    /// How long such a link is good, in seconds.
    pub const fn seconds(self) -> i64 {
        match self {
            Self::NotMe => 14 * 86_400,
            Self::Veto | Self::Undo => 72 * 3_600,
            Self::VetoCase | Self::ConfirmCase => 7 * 86_400,
            Self::Recover => 24 * 3_600,
        }
    }
}
