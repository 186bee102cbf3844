//! Controls of NIST SP 800-63B-4, in the words of this project: what is quoted belongs to those who wrote it.

use crate::app::compliance::{Control, Framework, How};

/// Those that the report speaks of.
pub const NIST: &[Control] = &[
    Control {
        framework: Framework::Nist,
        id: "3.1.1.2 length",
        asks: "15 characters alone, 8 beside a second factor.",
        has: "The policy of customers.",
        how: How::Looked(&["customer_passwords"]),
    },
    Control {
        framework: Framework::Nist,
        id: "3.1.1.2 blocklist",
        asks: "Passwords that are known from breaches are refused.",
        has: "A filter that asks nobody.",
        how: How::Looked(&["breached_passwords"]),
    },
    Control {
        framework: Framework::Nist,
        id: "3.1.1.2 managers",
        asks: "Pasting and managers are allowed; Unicode is; nothing is cut.",
        has: "So it is.",
        how: How::Built("tests/it/passwords.rs"),
    },
    Control {
        framework: Framework::Nist,
        id: "3.1.1.2 rotation",
        asks: "No change for its own sake, and one on evidence.",
        has: "Flagged passwords are replaced at the next sign-in.",
        how: How::Built("tests/it/passwords.rs"),
    },
    Control {
        framework: Framework::Nist,
        id: "3.1.1.2 storage",
        asks: "Salted, with a memory-hard function.",
        has: "Argon2id with a pepper.",
        how: How::Looked(&["password_hashes"]),
    },
    Control {
        framework: Framework::Nist,
        id: "3.2.2",
        asks: "At most 100 failures in a row.",
        has: "Then only known browsers go on.",
        how: How::Looked(&["consecutive_failures"]),
    },
    Control {
        framework: Framework::Nist,
        id: "3.2.5",
        asks: "Something that resists phishing is offered.",
        has: "Passkeys and security keys.",
        how: How::Built("tests/it/passkeys.rs"),
    },
    Control {
        framework: Framework::Nist,
        id: "3.1.3",
        asks: "Mail is no second factor.",
        has: "It can be one where the operator says so, and never counts above a weak one.",
        how: How::Built("tests/it/assurance.rs"),
    },
    Control {
        framework: Framework::Nist,
        id: "4.2",
        asks: "Recovery shows two proofs, or waits.",
        has: "A ladder of proofs with a wait and a veto.",
        how: How::Built("tests/it/recovery.rs"),
    },
];
