//! E-mail addresses and telephone numbers, each in one canonical form.

use unicode_normalization::UnicodeNormalization;

/// An address that can receive mail, in canonical form: NFKC, lower case, one `@`.
///
/// The grammar is stricter than RFC 5321: no quoted local part, no comment, no address literal. Dots and `+` are kept: they tell mailboxes apart.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// The text is not an e-mail address that we accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an e-mail address")]
pub struct NotAnEmail;

impl EmailAddress {
    /// Reads and normalises an address of at most 254 bytes.
    ///
    /// # Errors
    /// [`NotAnEmail`] when the text is not one.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        if text.len() > 1_024 {
            return Err(NotAnEmail);
        }
        let text: String = text.trim().nfkc().collect::<String>().to_lowercase();
        let (local, domain) = text.split_once('@').ok_or(NotAnEmail)?;
        let domain = idna_domain(domain)?;
        let is_atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        // What a header would read as an encoded word (RFC 2047) is another address there than here.
        let is_encoded = local.contains("=?") || local.contains("?=");
        let is_local_sound =
            !is_encoded && !local.is_empty() && local.len() <= 64 && local.chars().all(is_atom) && !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
        let whole = format!("{local}@{domain}");
        if is_local_sound && whole.len() <= 254 { Ok(Self(whole)) } else { Err(NotAnEmail) }
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn idna_domain(domain: &str) -> Result<String, NotAnEmail> {
    // What would end the host in a URL is no part of a domain.
    if domain.contains(|c: char| "/?#:@[]\\%".contains(c)) {
        return Err(NotAnEmail);
    }
    // The URL parser applies IDNA (UTS 46), so look-alike spellings of one domain become one.
    let url = url::Url::parse(&format!("https://{domain}/")).map_err(|_| NotAnEmail)?;
    match (url.host(), url.port(), url.username(), url.path()) {
        (Some(url::Host::Domain(host)), None, "", "/") => {
            let labels: Vec<&str> = host.split('.').collect();
            let is_sound = labels.len() >= 2
                && labels.iter().all(|label| {
                    (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                });
            if is_sound { Ok(host.to_owned()) } else { Err(NotAnEmail) }
        }
        _ => Err(NotAnEmail),
    }
}

impl std::fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmailAddress(..)")
    }
}

/// A telephone number in E.164 form: `+` and 7 to 15 digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// The text is not a telephone number in international form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a telephone number in international form, such as +44 20 7946 0000")]
pub struct NotAPhone;

impl PhoneNumber {
    /// Reads a number; blanks, dashes, dots and brackets between the digits are dropped.
    ///
    /// # Errors
    /// [`NotAPhone`] when what is left is not E.164.
    pub fn parse(text: &str) -> Result<Self, NotAPhone> {
        if text.len() > 64 {
            return Err(NotAPhone);
        }
        let kept: String = text.chars().filter(|c| !" -.()".contains(*c)).collect();
        let digits = kept.strip_prefix('+').ok_or(NotAPhone)?;
        let is_sound = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if is_sound { Ok(Self(kept)) } else { Err(NotAPhone) }
    }

    /// The E.164 form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneNumber(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mailbox_has_one_form() {
        let canonical = EmailAddress::parse("ada@example.com").unwrap();
        for text in [" ada@example.com ", "ADA@Example.COM", "\u{ff41}da@example.com"] {
            assert!(EmailAddress::parse(text).unwrap() == canonical, "{text}");
        }
        assert_eq!(EmailAddress::parse("a@b\u{fc}cher.example").unwrap().as_str(), "a@xn--bcher-kva.example");
    }

    #[test]
    fn address_tricks_are_refused() {
        for text in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "a@b@c.com",
            "\"a b\"@example.com",
            "a(c)@example.com",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada@example",
            "ada@example.com\r\nBcc: b@c.com",
            "ada@exam ple.com",
            ".a@example.com",
            "a..b@example.com",
            "ada@example.com/x",
            "ada@example.com:25",
            "=?utf-8?q?a?=\u{2028}@example.com",
            "a,b@example.com",
            "ada@example.com?x",
            "ada@user@example.com",
            "ada@ex_ample.com",
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
    }

    #[test]
    fn telephone_numbers_are_e164() {
        assert_eq!(PhoneNumber::parse("+44 (20) 7946-0000").unwrap().as_str(), "+442079460000");
        for text in ["", "020 7946 0000", "+0123456789", "+12345", "+1234567890123456", "+44x207946000"] {
            assert!(PhoneNumber::parse(text).is_err(), "{text}");
        }
    }
}
