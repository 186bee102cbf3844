//! A purchase that a customer confirms: authorization details (RFC 9396) of the type `purchase`.

use super::card_number;
use super::postal::tidy_line;

/// The one type of authorization details that is known here.
pub const TYPE: &str = "purchase";
/// The longest `authorization_details`, in bytes.
const MAX_BYTES: usize = 2_048;
/// The longest reference of an order, in bytes.
const MAX_ORDER_BYTES: usize = 64;
/// The longest name of who is paid, in characters.
const MAX_PAYEE: usize = 100;
/// The most digits of an amount before its point.
const MAX_DIGITS: usize = 9;
/// Currencies without a smaller unit, and those with a thousandth (ISO 4217); every other has hundredths.
const WHOLE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// Currencies that are about (ISO 4217).
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// What kind of authorization details they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DetailsType {
    /// A purchase.
    Purchase,
}

/// How much.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Of what: three capitals (ISO 4217).
    pub currency: String,
    /// How much of it, in decimal: `49.90`.
    pub value: String,
}

/// A purchase, as a shop sends it and as tokens carry it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    /// `purchase`.
    #[serde(rename = "type")]
    pub kind: DetailsType,
    /// The shop's name for the order.
    pub order_id: String,
    /// How much.
    pub amount: Amount,
    /// Who is paid.
    pub payee: String,
    /// Whether gift cards are bought, or something else that is as good as money and cannot be taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gift_cards: bool,
}

/// An amount in decimal, of its smallest units; none for a currency that nobody has.
pub fn decimal(minor_units: i64, currency: &str) -> Option<String> {
    let amount = Amount { currency: currency.to_owned(), value: String::new() };
    let scale = 10_i64.checked_pow(u32::try_from(amount.decimals()).ok()?)?;
    let is_known = CURRENCIES.split(' ').any(|code| code == currency);
    let part = if scale > 1 { format!(".{:0width$}", minor_units.rem_euclid(scale), width = amount.decimals()) } else { String::new() };
    is_known.then(|| format!("{}{part}", minor_units.div_euclid(scale)))
}

impl Amount {
    fn decimals(&self) -> usize {
        let is_in = |list: &str| list.split(' ').any(|code| code == self.currency);
        match () {
            () if is_in(WHOLE) => 0,
            () if is_in(THOUSANDTHS) => 3,
            () => 2,
        }
    }

    fn is_sound(&self) -> bool {
        let (whole, part) = self.value.split_once('.').map_or((self.value.as_str(), None), |(whole, part)| (whole, Some(part)));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_code = self.currency.len() == 3 && self.currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_plain = is_number(whole) && whole.len() <= MAX_DIGITS && (whole == "0" || !whole.starts_with('0'));
        let has_units = part.is_none_or(|part| is_number(part) && part.len() == self.decimals());
        is_code && is_plain && has_units && self.value.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
    }

    /// How much in the smallest unit of the currency; none when it is not sound, or nobody has such a currency.
    pub fn minor_units(&self) -> Option<i64> {
        if !self.is_sound() || !CURRENCIES.split(' ').any(|code| code == self.currency) {
            return None;
        }
        let (whole, part) = self.value.split_once('.').unwrap_or((&self.value, ""));
        let scale = 10_i64.checked_pow(u32::try_from(self.decimals()).ok()?)?;
        let part: i64 = if part.is_empty() { 0 } else { part.parse().ok()? };
        whole.parse::<i64>().ok()?.checked_mul(scale)?.checked_add(part)
    }

    /// As people of `language` read it: `1,234.50 EUR`, `1.234,50 EUR`. With no-break spaces, so that no line ends within it.
    pub fn shown(&self, language: &str) -> String {
        let (group, point) = match language {
            "de" | "es" | "pt" => (".", ","),
            "fr" => ("\u{202f}", ","),
            _ => (",", "."),
        };
        let (whole, part) = self.value.split_once('.').unwrap_or((&self.value, ""));
        let mut text = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push_str(group);
            }
            text.push(digit);
        }
        if !part.is_empty() {
            text.push_str(point);
            text.push_str(part);
        }
        format!("{text}\u{a0}{}", self.currency)
    }
}

impl Purchase {
    /// Reads `authorization_details`: a list of exactly one purchase.
    ///
    /// # Errors
    /// A sentence for the developer, when it is none, or one of its members is not sound.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.len() > MAX_BYTES {
            return Err("authorization_details is longer than 2048 bytes");
        }
        let listed: Vec<Self> = serde_json::from_str(text)
            .map_err(|_| "authorization_details must be a list with one object: type purchase, order_id, amount with currency and value, payee, and gift_cards if there are any; nothing else")?;
        let [one] = <[Self; 1]>::try_from(listed).map_err(|_| "authorization_details must have exactly one member: one purchase at a time")?;
        let is_reference = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/#:".contains(&byte);
        if one.order_id.is_empty() || one.order_id.len() > MAX_ORDER_BYTES || !one.order_id.bytes().all(is_reference) {
            return Err("order_id: 1 to 64 letters, digits, and - . _ / # :");
        }
        if !one.amount.is_sound() {
            return Err("amount: a currency of three capitals, and a value above nothing in decimal with the currency's own number of digits after the point");
        }
        if one.payee.is_empty() || one.payee.chars().count() > MAX_PAYEE || tidy_line(&one.payee) != one.payee {
            return Err("payee: 1 to 100 visible characters on one line");
        }
        if card_number::contains(&one.order_id) || card_number::contains(&one.payee) {
            return Err("a card number stands in order_id or payee; nobody may send one here");
        }
        Ok(one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purchase(amount: &str) -> Result<Purchase, &'static str> {
        Purchase::parse(&format!(r#"[{{"type":"purchase","order_id":"2026-4711","amount":{amount},"payee":"Bean & Leaf"}}]"#))
    }

    #[test]
    fn l3_no_card_number_gets_in_by_a_purchase() {
        for (order_id, payee) in [("4111-1111-1111-1111", "Bean"), ("4711", "Bean 4111 1111 1111 1111")] {
            let text = format!(r#"[{{"type":"purchase","order_id":"{order_id}","amount":{{"currency":"EUR","value":"1.00"}},"payee":"{payee}"}}]"#);
            assert!(Purchase::parse(&text).unwrap_err().contains("card number"));
        }
    }

    #[test]
    fn a_purchase_is_read_and_written_as_it_came() {
        let text = r#"[{"type":"purchase","order_id":"A/1","amount":{"currency":"EUR","value":"1234.50"},"payee":"Käse & Söhne","gift_cards":true}]"#;
        let read = Purchase::parse(text).unwrap();
        assert_eq!(serde_json::to_string(&[&read]).unwrap(), text);
        assert_eq!(
            ["en", "de", "fr", "ja"].map(|language| read.amount.shown(language)),
            ["1,234.50\u{a0}EUR", "1.234,50\u{a0}EUR", "1\u{202f}234,50\u{a0}EUR", "1,234.50\u{a0}EUR"]
        );
        for (value, currency, shown) in [
            ("1", "EUR", "1 EUR"),
            ("0.01", "USD", "0.01 USD"),
            ("100000", "JPY", "100,000 JPY"),
            ("1.250", "KWD", "1.250 KWD"),
            ("999999999.99", "EUR", "999,999,999.99 EUR"),
        ] {
            let read = purchase(&format!(r#"{{"currency":"{currency}","value":"{value}"}}"#)).unwrap();
            assert_eq!(read.amount.shown("en").replace('\u{a0}', " "), shown);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for (value, currency) in [
            ("0", "EUR"),
            ("0.00", "EUR"),
            ("-1.00", "EUR"),
            ("+1.00", "EUR"),
            ("1e3", "EUR"),
            ("01.00", "EUR"),
            ("1.5", "EUR"),
            ("1.505", "EUR"),
            ("1.", "EUR"),
            (".50", "EUR"),
            ("1,00", "EUR"),
            ("1.00", "JPY"),
            ("1.00", "KWD"),
            ("1.00", "eur"),
            ("1.00", "EURO"),
            ("", "EUR"),
            ("1000000000", "EUR"),
            ("١٢", "EUR"),
            ("1.00", "€€€"),
            (" 1.00", "EUR"),
        ] {
            assert!(purchase(&format!(r#"{{"currency":"{currency}","value":"{value}"}}"#)).is_err(), "{value} {currency}");
        }
        let whole = r#"{"type":"purchase","order_id":"A1","amount":{"currency":"EUR","value":"1.00"},"payee":"Shop"}"#;
        let with = |from: &str, to: &str| format!("[{}]", whole.replace(from, to));
        assert!(Purchase::parse(&format!("[{whole}]")).is_ok());
        for text in [
            String::new(),
            "{}".into(),
            "[]".into(),
            "null".into(),
            whole.to_owned(),
            format!("[{whole},{whole}]"),
            format!("[{whole}] ") + "x",
            with("\"purchase\"", "\"payment\""),
            with("\"type\":\"purchase\",", ""),
            with("A1", ""),
            with("A1", "a b"),
            with("A1", &"a".repeat(65)),
            with("A1", "<b>"),
            with("\"payee\":\"Shop\"", "\"payee\":\"\""),
            with("Shop", " Shop"),
            with("Shop", "Sh\u{202e}op"),
            with("Shop", "Sh\\nop"),
            with("Shop", &"a".repeat(101)),
            with("\"payee\"", "\"to\":\"x\",\"payee\""),
            with("\"payee\"", "\"order_id\":\"B2\",\"payee\""),
            with("\"1.00\"", "1.00"),
            with("\"value\"", "\"more\":1,\"value\""),
            with("\"payee\"", "\"gift_cards\":\"yes\",\"payee\""),
            format!("[{}{}", whole, " ".repeat(2_048)),
        ] {
            assert!(Purchase::parse(&text).is_err(), "{text}");
        }
    }
}
