//! How a caller shows that they are the customer, and what staff see of one. Pure.

use serde::{Deserialize, Serialize};

/// The way in which a caller is to show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// On a page of their own account, signed in with what they have: they compare a number and say yes.
    Page,
    /// By a code to the mailbox of the account.
    Email,
    /// By a code to the telephone of the account.
    Sms,
}

impl Way {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Page, Self::Email, Self::Sms].into_iter().find(|way| way.word() == word)
    }
}

/// What a caller shows it for. It counts for nothing else, and the customer reads it beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallPurpose {
    /// To talk about the account: nothing is changed on the strength of it.
    #[default]
    Talk,
    /// To have every authenticator removed.
    RemoveFactors,
    /// To have the e-mail address changed.
    ChangeEmail,
    /// To have the account erased.
    Erase,
}

impl CallPurpose {
    /// The word for it: that of the case that it is for.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Talk => "talk",
            Self::RemoveFactors => "remove_factors",
            Self::ChangeEmail => "change_email",
            Self::Erase => "erase",
        }
    }

    /// Reads the word; what is not known allows nothing.
    pub fn parse(word: &str) -> Self {
        [Self::RemoveFactors, Self::ChangeEmail, Self::Erase].into_iter().find(|purpose| purpose.word() == word).unwrap_or(Self::Talk)
    }

    /// The key of the sentence that tells the customer what the support is asked to do; none to talk only.
    pub fn sentence(self) -> Option<String> {
        (self != Self::Talk).then(|| format!("case-{}", self.word().replace('_', "-")))
    }
}

/// How well they have shown it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Not at all.
    Unproven,
    /// By one thing that others may read or hold: what is changed then waits for a veto.
    Weak,
    /// By a sign-in with two factors, a moment ago.
    Strong,
}

impl Strength {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::Weak => "weak",
            Self::Strong => "strong",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Unproven, Self::Weak, Self::Strong].into_iter().find(|strength| strength.word() == word)
    }
}

/// How well somebody has shown who they are by all of `proofs` together: a second factor is strong, two different weak ones are weak, and one alone is nothing, as in a recovery: whoever reads a mailbox is not the customer yet.
pub fn together(proofs: &[(Way, Strength)]) -> Strength {
    if proofs.iter().any(|(_, strength)| *strength == Strength::Strong) {
        return Strength::Strong;
    }
    let mut ways: Vec<&str> = proofs.iter().filter(|(_, strength)| *strength == Strength::Weak).map(|(way, _)| way.word()).collect();
    ways.sort_unstable();
    ways.dedup();
    if ways.len() >= 2 { Strength::Weak } else { Strength::Unproven }
}

/// A name as staff see it who have not asked for more: the first letter of each part.
pub fn masked_name(name: &str) -> String {
    name.split_whitespace().take(6).filter_map(|part| part.chars().next()).map(|letter| format!("{letter}…")).collect::<Vec<_>>().join(" ")
}

/// A reason as staff give it: long enough to mean something, short enough to be read.
///
/// # Errors
/// A sentence.
pub fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    let count = text.chars().count();
    if !(8..=500).contains(&count) || text.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err("reason: 8 to 500 characters; the customer reads it".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_weak_proof_is_none() {
        use Strength::{Strong, Unproven, Weak};
        assert_eq!(together(&[]), Unproven);
        assert_eq!(together(&[(Way::Email, Weak), (Way::Email, Weak)]), Unproven);
        assert_eq!(together(&[(Way::Email, Weak), (Way::Page, Weak)]), Weak);
        assert_eq!(together(&[(Way::Email, Weak), (Way::Page, Strong)]), Strong);
    }

    #[test]
    fn a_masked_name_tells_little_and_a_reason_says_something() {
        assert_eq!((masked_name("Ada King Lovelace"), masked_name("")), ("A… K… L…".to_owned(), String::new()));
        assert!(reason("because").is_err() && reason("  lost phone, called about order ").is_ok() && reason(&"x".repeat(501)).is_err() && reason("a\u{7}bcdefghij").is_err());
    }
}
