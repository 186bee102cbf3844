//! The lines that a mail program puts around a message that is passed on or quoted, and nothing that a swindler could slip in as one. Pure.

use crate::base::contact::EmailAddress;

/// The most such lines around one message.
pub(super) const MAX_FRAME_LINES: usize = 16;
/// The longest such line, in characters.
const MAX_LINE: usize = 200;

/// Names of headers, in the languages of our pages: of the subject, of dates, and of people.
const SUBJECTS: [&str; 6] = ["subject", "betreff", "objet", "asunto", "assunto", "件名"];
const DATES: [&str; 13] = ["date", "sent", "datum", "gesendet", "envoyé", "date d’envoi", "fecha", "enviado", "enviado el", "enviada em", "data", "日付", "送信日時"];
const PEOPLE: [&str; 10] = ["from", "to", "cc", "von", "an", "de", "à", "para", "差出人", "宛先"];
/// What stands in the line before a quotation: that somebody wrote.
const WROTE: [&str; 7] = ["wrote", "schrieb", "écrit", "escribió", "escreveu", "書きました", "さんは書きました"];
/// What stands before the subject of a message that is passed on.
const PREFIXES: [&str; 10] = ["re:", "fwd:", "fw:", "aw:", "wg:", "rv:", "tr:", "enc:", "res:", "i:"];
/// How months and days begin, and the words between them.
const DATE_WORDS: &str = " jan fev feb fév mar mär mars abr apr avr may mai mei jun juin juil jul aug ago août aoû sep set sept oct okt out nov dec dez dic déc ene mon tue wed thu fri sat sun mo di mi do fr sa so lun mer jeu ven sam dim mié mie jue vie sáb sab dom seg ter qua qui sex montag dienstag mittwoch donnerstag freitag samstag sonntag am um at on à às as a las le el em de of del uhr h gmt utc cet cest est edt pst pdt pm ";

/// A line without the marks of quoting.
pub(super) fn bare(line: &str) -> &str {
    line.trim_start_matches(|letter: char| letter == '>' || letter.is_whitespace()).trim_end()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

/// A word that is letters: a name, or a part of one.
fn is_name(word: &str) -> bool {
    let inner = word.trim_matches(|letter| "\"'(),.".contains(letter));
    inner.chars().count() <= 30 && inner.chars().all(|letter| letter.is_alphabetic() || letter == '-' || letter == '’' || letter == '&')
}

fn is_address(word: &str) -> bool {
    let inner = word.trim_matches(|letter| "<>(),;:\"'[]".contains(letter));
    EmailAddress::parse(inner.strip_prefix("mailto:").unwrap_or(inner)).is_ok()
}

/// Digits as they stand in dates and times: in ones and twos, a year, the hours from Greenwich; with what stands between them, and their words.
fn is_date_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    let is_offset = lower.trim_matches(['(', ')', ',']).strip_prefix(['+', '-']).is_some_and(|rest| rest.len() == 4 && (rest.starts_with('0') || rest.starts_with('1')));
    let mut groups = lower.split(|letter: char| !letter.is_ascii_digit());
    let is_short = is_offset || groups.all(|group| group.len() <= 2 || (group.len() == 4 && (group.starts_with("19") || group.starts_with("20"))));
    let letters: String = lower.chars().filter(|letter| letter.is_alphabetic()).collect();
    let is_known = letters.is_empty() || is_calendar(&letters) || letters.chars().all(|letter| "年月日時分秒曜火水木金土午前後".contains(letter));
    is_short && is_known && lower.chars().all(|letter| letter.is_alphanumeric() || ".,:/-+()".contains(letter))
}

/// A word between dates, or the name of a month or a day, perhaps cut short.
fn is_calendar(letters: &str) -> bool {
    let start: String = letters.chars().take(3).collect();
    let is_in = |word: &str| DATE_WORDS.contains(&format!(" {word} "));
    is_in(letters) || (letters.chars().count() > 3 && letters.chars().count() <= 10 && is_in(&start))
}

/// Whether `text` is a date: it has a time of day, or a year.
fn is_date(text: &str) -> bool {
    let has_year = text.split(|letter: char| !letter.is_ascii_digit()).any(|group| group.len() == 4 && (group.starts_with("19") || group.starts_with("20")));
    let has_time = text.as_bytes().windows(4).any(|part| matches!(part, [a, b':', c, d] if a.is_ascii_digit() && c.is_ascii_digit() && d.is_ascii_digit()));
    // A day, a year, perhaps a month: more numbers that stand alone are one to call.
    let alone = words(text).filter(|word| word.trim_matches(|letter: char| letter.is_ascii_punctuation()).bytes().all(|byte| byte.is_ascii_digit())).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (has_year || has_time) && alone <= 3 && digits <= 18 && words(text).all(is_date_word)
}

fn is_subject(value: &str, subject: &str) -> bool {
    let mut value = value.trim();
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| value.get(..prefix.len()).filter(|start| start.to_lowercase() == *prefix).and_then(|_| value.get(prefix.len()..))) {
        value = rest.trim_start();
    }
    words(value).eq(words(subject))
}

/// Addresses, each alone or in brackets after a name; or a short name.
fn is_people(value: &str) -> bool {
    let is_person = |person: &str| {
        let (addresses, names): (Vec<&str>, Vec<&str>) = words(person).partition(|word| word.contains('@'));
        let is_last = words(person).last().is_some_and(|word| word.contains('@') && (names.is_empty() || is_bracketed(word)));
        let is_fine = addresses.iter().all(|word| is_address(word)) && names.iter().all(|word| is_name(word));
        is_fine && if addresses.is_empty() { names.len() <= 2 } else { addresses.len() == 1 && is_last && names.len() <= 4 }
    };
    value.split(',').count() <= 4 && value.split(',').all(is_person)
}

fn is_bracketed(word: &str) -> bool {
    word.starts_with(['<', '(', '[']) && word.trim_end_matches([',', ':']).ends_with(['>', ')', ']'])
}

/// `On … Shop <shop@example.com> wrote:` in whatever language.
fn is_before_quotation(line: &str) -> bool {
    let Some(line) = line.strip_suffix(':') else { return false };
    let (addresses, others): (Vec<&str>, Vec<&str>) = words(line).partition(|word| word.contains('@'));
    let (dates, unknown): (Vec<&str>, Vec<&str>) = others.iter().partition(|word| is_date_word(word));
    let is_told = unknown.iter().filter(|word| WROTE.contains(&word.to_lowercase().as_str())).count() == 1;
    let is_from = addresses.len() == 1 && addresses.iter().all(|word| is_address(word) && is_bracketed(word));
    is_from && is_told && is_date(&dates.join(" ")) && others.len() <= 13 && unknown.len() <= 4 && unknown.iter().all(|word| is_name(word))
}

/// Whether a mail program puts such a line around the message with this subject: a header, the line before a quotation, a rule, or nothing.
pub(super) fn is_frame(line: &str, subject: &str) -> bool {
    let line = bare(line);
    if line.chars().count() > MAX_LINE {
        return false;
    }
    let inner = line.trim_matches(|letter: char| letter.is_ascii_punctuation() || letter == '—' || letter == ' ');
    let is_rule = inner.is_empty() || (line.starts_with("--") && inner.split(' ').count() <= 2 && inner.chars().all(|letter| letter.is_alphabetic() || letter == ' '));
    let is_header = line.split_once([':', '：']).is_some_and(|(name, value)| {
        let name = name.trim().trim_matches('*').to_lowercase();
        let is = |names: &[&str]| names.contains(&name.as_str());
        (is(&SUBJECTS) && is_subject(value, subject)) || (is(&DATES) && is_date(value)) || (is(&PEOPLE) && is_people(value))
    });
    is_rule || is_header || is_before_quotation(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECT: &str = "Your code at the shop";

    #[test]
    fn what_mail_programs_write_is_a_frame() {
        for line in [
            "",
            "> ",
            "---- Forwarded ----",
            "-----Ursprüngliche Nachricht-----",
            "From: Shop <shop@example.com>",
            "From: \"Shop & Sons\" <shop@example.com>",
            "To: me",
            "To: Ada Lovelace <ada@example.com>, bob@example.com",
            "Von: Shop <shop@example.com>",
            "Date: Mon, 4 May 2026 10:00",
            "Date: Mon, 4 May 2026 10:00:13 +0200 (CEST)",
            "Gesendet: Montag, 4. Mai 2026 10:00",
            "Envoyé : lundi 4 mai 2026 10:00",
            "Enviado el: lunes, 4 de mayo de 2026 10:00",
            "日付：2026年5月4日 10:00",
            "Subject: Your code at the shop",
            "Subject: Fwd: Re: Your code at the shop",
            "Betreff: AW: Your code at the shop",
            "Am 4. Mai 2026 um 10:13 schrieb Shop <shop@example.com>:",
            "On Mon, May 4, 2026 at 10:00 AM Shop <shop@example.com> wrote:",
            "Le lun. 4 mai 2026 à 10:00, Shop <shop@example.com> a écrit :",
        ] {
            assert!(is_frame(line, SUBJECT), "{line}");
        }
    }

    #[test]
    fn what_a_swindler_writes_is_none() {
        for line in [
            "Subject: Your account is closed today unless you sign in at claviger-shop.example/login",
            "Subject: call 0900 123 456",
            "Subject: Your code at the shop evil.example",
            "Date: call 0900 123 456 now",
            "Date: 0900 123 456",
            "Sent: call 0900 123 456",
            "Date: 2026 evil.example",
            "From: call 0900123456@once",
            "From: sign in at evil.example",
            "To: https://evil.example",
            "Call +49 900 123456 or sign in at evil.example <a@b.example>:",
            "Call us at once please or you will lose it <a@b.example>:",
            "Please sign in at www.evil.example <a@b.example>:",
            "Attention: call 0900 123 456",
            "Send us your password, as follows:",
            "--- answer with your code at once ---",
            "You have to act at once.",
            "Answer with your password to fraud@evil.example:",
            "On May 4, 2026 answer with your PIN to <fraud@evil.example>:",
            "From: reply with your PIN",
            "To: fraud@evil.example send your password",
            "Reply-To: refund@evil.example",
            "Sent: 0900 1234 567 9:00",
            "Date: 09 00 12 34 56 9:00",
        ] {
            assert!(!is_frame(line, SUBJECT), "{line}");
        }
    }
}
