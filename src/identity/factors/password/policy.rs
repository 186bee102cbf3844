//! What a new password has to be: two named policies, each rule with the clause that it comes from. Pure.

use zxcvbn::feedback::{Suggestion, Warning};

use super::NormalPassword;

/// Rules for new passwords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Its name, as the reference and the reports write it.
    pub name: &'static str,
    /// The fewest characters of a password that is the only factor.
    pub minimum_alone: usize,
    /// The fewest characters beside a second factor.
    pub minimum_with_second_factor: usize,
    /// Whether both letters and digits are demanded of a password that is the only factor.
    pub needs_letter_and_digit: bool,
    /// How many earlier passwords may not be used again, the present one among them.
    pub history: usize,
}

/// A rule, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Such as `NIST SP 800-63B-4 3.1.1.2`.
    pub source: &'static str,
    /// The rule in words.
    pub rule: String,
}

/// The most earlier passwords that a policy may compare with: each costs a hash.
pub const MAX_HISTORY: usize = 5;
/// What has to be left of a password without the words that belong to the customer or the shop.
const MIN_WITHOUT_CONTEXT: usize = 8;
/// Context words under this length are not looked for.
const MIN_CONTEXT_CHARACTERS: usize = 4;

impl PasswordPolicy {
    /// For customers: NIST SP 800-63B-4. No composition, no expiry.
    pub const fn consumer(minimum_alone: usize, minimum_with_second_factor: usize) -> Self {
        Self { name: "nist-800-63b-4", minimum_alone, minimum_with_second_factor, needs_letter_and_digit: false, history: 0 }
    }

    /// For staff: PCI DSS 8.3, on top of NIST.
    pub const fn staff(minimum: usize, history: usize) -> Self {
        let alone = if minimum > super::rules::MIN_CHARACTERS { minimum } else { super::rules::MIN_CHARACTERS };
        Self { name: "pci-dss-8.3", minimum_alone: alone, minimum_with_second_factor: minimum, needs_letter_and_digit: true, history }
    }

    /// The rules in words, each with its clause.
    pub fn clauses(&self) -> Vec<Clause> {
        let nist = "NIST SP 800-63B-4 3.1.1.2";
        let mut clauses = vec![
            Clause { source: nist, rule: format!("at least {} characters where the password is the only factor", self.minimum_alone) },
            Clause {
                source: nist,
                rule: format!("at most {} characters, counted as code points, all of Unicode welcome, never cut off", super::rules::MAX_CHARACTERS),
            },
            Clause { source: nist, rule: "refused when known from a breach, common, easily guessed, or made of the customer's or the shop's name".to_owned() },
            Clause { source: nist, rule: "no expiry by date; a change is demanded on evidence of compromise".to_owned() },
        ];
        if self.name == "pci-dss-8.3" {
            clauses.push(Clause { source: "PCI DSS 8.3.6", rule: format!("at least {} characters beside a second factor", self.minimum_with_second_factor) });
            clauses.push(Clause { source: "PCI DSS 8.3.6", rule: "letters and digits where the password is the only factor".to_owned() });
            clauses.push(Clause { source: "PCI DSS 8.3.7", rule: format!("none of the last {} passwords", self.history) });
            clauses.push(Clause { source: "PCI DSS 8.3.4", rule: "locked for 30 minutes after 10 wrong tries, from whatever device".to_owned() });
            clauses.push(Clause { source: "PCI DSS 8.2.8", rule: "signed out after 15 minutes without use".to_owned() });
            clauses.push(Clause { source: "PCI DSS 8.3.9", rule: "no rotation: access is analysed at each sign-in, and breached passwords are changed at once".to_owned() });
        } else {
            clauses.push(Clause { source: nist, rule: format!("at least {} characters beside a second factor", self.minimum_with_second_factor) });
            clauses.push(Clause { source: nist, rule: "no rules of composition; pasting and password managers are welcome".to_owned() });
            if self.history > 0 {
                clauses.push(Clause { source: "own rule", rule: format!("none of the last {} passwords", self.history) });
            }
        }
        clauses
    }

    /// The fewest characters for somebody with or without a second factor.
    pub const fn minimum(&self, has_second_factor: bool) -> usize {
        if has_second_factor { self.minimum_with_second_factor } else { self.minimum_alone }
    }
}

/// Why a new password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Fewer characters than this.
    TooShort(usize),
    /// Not both letters and digits.
    LettersAndDigits,
    /// Known from a breach.
    Breached,
    /// Little beside the customer's or the shop's name.
    Context,
    /// Easily guessed.
    Guessable,
    /// Used before.
    UsedBefore,
}

/// How strong a password is, and how it could be stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strength {
    /// 0 (no protection) to 4 (strong), as zxcvbn grades.
    pub score: u8,
    /// The key of a sentence that says what is weak.
    pub warning: Option<&'static str>,
    /// The key of the first piece of advice.
    pub advice: Option<&'static str>,
}

/// The least grade that is taken: under it, a million tries would do.
const MIN_SCORE: u8 = 2;

/// The words that a password of this person should not be made of.
pub fn context_words<'a>(parts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let words = parts.into_iter().flat_map(|part| part.split(|character: char| !character.is_alphanumeric()));
    words.filter(|word| word.chars().count() >= MIN_CONTEXT_CHARACTERS).map(str::to_lowercase).collect()
}

/// Grades a password of somebody with these context words.
pub fn grade(password: &NormalPassword, context: &[String]) -> Strength {
    let words: Vec<&str> = context.iter().map(String::as_str).collect();
    // What a guess of more characters would cost nobody needs to know; and the time grows with the square.
    let start: String = password.expose().chars().take(64).collect();
    let whole = zxcvbn::zxcvbn(&start, &words);
    // Blanks and signs between the words hide repetitions from the estimate, but from no guesser.
    let bare: String = start.chars().filter(|character| character.is_alphanumeric()).collect();
    let entropy = if bare.len() < start.len() { Some(zxcvbn::zxcvbn(&bare, &words)).filter(|bare| bare.score() < whole.score()).unwrap_or(whole) } else { whole };
    let feedback = entropy.feedback();
    Strength {
        score: u8::from(entropy.score()),
        warning: feedback.and_then(zxcvbn::feedback::Feedback::warning).map(warning_key),
        advice: feedback.and_then(|feedback| feedback.suggestions().first().copied()).map(advice_key),
    }
}

/// Judges a new password.
///
/// # Errors
/// The first [`Fault`], and the grade to give advice from.
pub fn judge(policy: &PasswordPolicy, password: &NormalPassword, context: &[String], has_second_factor: bool, is_breached: bool) -> Result<Strength, (Fault, Option<Strength>)> {
    let text = password.expose();
    let least = policy.minimum(has_second_factor);
    if text.chars().count() < least {
        return Err((Fault::TooShort(least), None));
    }
    let has = |is: fn(char) -> bool| text.chars().any(is);
    if policy.needs_letter_and_digit && !has_second_factor && !(has(char::is_alphabetic) && has(char::is_numeric)) {
        return Err((Fault::LettersAndDigits, None));
    }
    if is_breached {
        return Err((Fault::Breached, None));
    }
    let mut rest = text.to_lowercase();
    for word in context {
        rest = rest.replace(word.as_str(), "");
    }
    if rest.len() < text.to_lowercase().len() && rest.chars().filter(|character| character.is_alphanumeric()).count() < MIN_WITHOUT_CONTEXT {
        return Err((Fault::Context, None));
    }
    let strength = grade(password, context);
    if strength.score < MIN_SCORE { Err((Fault::Guessable, Some(strength))) } else { Ok(strength) }
}

const fn warning_key(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => "password-weak-keys",
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "password-weak-repeats",
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword | Warning::ThisIsSimilarToACommonlyUsedPassword => "password-weak-common",
        Warning::SequencesLikeAbcAreEasyToGuess => "password-weak-sequences",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => "password-weak-dates",
        Warning::AWordByItselfIsEasyToGuess => "password-weak-word",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => "password-weak-names",
    }
}

const fn advice_key(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::CapitalizationDoesntHelpVeryMuch | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => "password-advice-capitals",
        Suggestion::ReversedWordsArentMuchHarderToGuess | Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "password-advice-tricks",
        Suggestion::AvoidRepeatedWordsAndCharacters | Suggestion::AvoidSequences | Suggestion::UseALongerKeyboardPatternWithMoreTurns => "password-advice-patterns",
        Suggestion::AvoidRecentYears | Suggestion::AvoidYearsThatAreAssociatedWithYou | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "password-advice-dates",
        Suggestion::UseAFewWordsAvoidCommonPhrases | Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters | Suggestion::AddAnotherWordOrTwo => "password-advice-words",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSUMER: PasswordPolicy = PasswordPolicy::consumer(15, 8);
    const STAFF: PasswordPolicy = PasswordPolicy::staff(12, 4);

    fn judged(policy: &PasswordPolicy, text: &str, has_second_factor: bool) -> Result<u8, Fault> {
        let context = context_words(["Bean & Leaf", "login.beanandleaf.example", "ada.lovelace", "Ada Lovelace"]);
        let password = NormalPassword::from_typed(text).unwrap();
        judge(policy, &password, &context, has_second_factor, false).map(|strength| strength.score).map_err(|(fault, _)| fault)
    }

    #[test]
    fn each_policy_says_what_is_wrong() {
        let fine = "wombat harmonica quill";
        let table = [
            (&CONSUMER, fine, false, None),
            (&CONSUMER, "fourteen chars", false, Some(Fault::TooShort(15))),
            (&CONSUMER, "q7w!zoph", true, None),
            (&CONSUMER, "q7w!zop", true, Some(Fault::TooShort(8))),
            // No composition: all small letters, all digits, blanks, any script.
            (&CONSUMER, "zimtstern fagott mandel", false, None),
            (&CONSUMER, "ключ медведь балалайка", false, None),
            (&CONSUMER, "aaaaaaaaaaaaaaaaaaa", false, Some(Fault::Guessable)),
            (&CONSUMER, "password password", false, Some(Fault::Guessable)),
            (&CONSUMER, "12345678901234567890", false, Some(Fault::Guessable)),
            (&CONSUMER, "ada lovelace ada", false, Some(Fault::Context)),
            (&CONSUMER, "beanandleaf2026", false, Some(Fault::Context)),
            (&CONSUMER, "lovelace wombat harmonica", false, None),
            (&STAFF, "wombat harmonica", false, Some(Fault::LettersAndDigits)),
            (&STAFF, "wombat 7 harmonica", false, None),
            (&STAFF, "wombat harmonica", true, None),
            (&STAFF, "eleven char", true, Some(Fault::TooShort(12))),
            (&STAFF, "wombat 7 horn", false, Some(Fault::TooShort(15))),
        ];
        for (policy, text, has_second_factor, expected) in table {
            assert_eq!(judged(policy, text, has_second_factor).err(), expected, "{} {text}", policy.name);
        }
        let known = judge(&CONSUMER, &NormalPassword::from_typed(fine).unwrap(), &[], false, true);
        assert_eq!(known.map_err(|(fault, _)| fault), Err(Fault::Breached));
    }

    #[test]
    fn advice_has_a_sentence_and_every_rule_a_clause() {
        let texts = crate::platform::texts::Texts::load().unwrap();
        for text in ["qwertyuiop qwerty", "abcabcabcabcabcabc", "password", "1987", "drow ssap"] {
            let strength = grade(&NormalPassword::from_typed(text).unwrap(), &[]);
            for key in [strength.warning, strength.advice].into_iter().flatten() {
                assert!(texts.has("en", key), "{key}");
            }
        }
        for policy in [CONSUMER, STAFF] {
            assert!(policy.clauses().len() >= 6 && policy.clauses().iter().all(|clause| !clause.rule.is_empty()));
        }
    }
}
