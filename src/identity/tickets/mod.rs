//! Links in messages: a secret of 256 bits that stands for one purpose and one customer, is kept as a hash, and counts once. Opening a link changes nothing; only the button on its page does.

pub mod store;

/// What a link is for. Each purpose is a namespace of its own: a link for one is nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
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
            Self::Recover => 24 * 3_600,
        }
    }
}
