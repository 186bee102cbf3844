//! Request parameters, read strictly: a name may stand once (RFC 6749 section 3.1), text is UTF-8, sizes are bounded, and an empty value counts as absent.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The most parameters in one request.
pub const MAX_PARAMETERS: usize = 64;
/// The longest name, in bytes.
pub const MAX_NAME_BYTES: usize = 64;
/// The longest value, in bytes. A client assertion or a claims request is the longest that is ever needed.
pub const MAX_VALUE_BYTES: usize = 16_384;

/// Why parameters cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParamsRefused {
    /// More than [`MAX_PARAMETERS`].
    #[error("too many parameters")]
    TooMany,
    /// A name or a value is too long.
    #[error("a parameter is too long")]
    TooLong,
    /// Bad percent-encoding, not UTF-8, or a NUL.
    #[error("a parameter is not valid UTF-8 in form encoding")]
    Encoding,
}

/// Parameters by name.
#[derive(Debug, Clone, Default)]
pub struct Params {
    values: BTreeMap<String, String>,
    repeated: Vec<String>,
}

impl Params {
    /// Reads `application/x-www-form-urlencoded` bytes, from a query or a body.
    ///
    /// # Errors
    /// [`ParamsRefused`].
    pub fn parse(encoded: &[u8]) -> Result<Self, ParamsRefused> {
        let mut params = Self::default();
        if encoded.is_empty() {
            return Ok(params);
        }
        for (index, pair) in encoded.split(|byte| *byte == b'&').enumerate() {
            if index >= MAX_PARAMETERS {
                return Err(ParamsRefused::TooMany);
            }
            if pair.is_empty() {
                continue;
            }
            let at = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match at {
                Some(at) => (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default()),
                None => (pair, [].as_slice()),
            };
            if name.len() > MAX_NAME_BYTES * 3 || value.len() > MAX_VALUE_BYTES * 3 {
                return Err(ParamsRefused::TooLong);
            }
            let (name, value) = (decode(name)?, decode(value)?);
            if name.len() > MAX_NAME_BYTES || value.len() > MAX_VALUE_BYTES {
                return Err(ParamsRefused::TooLong);
            }
            params.add(name, value);
        }
        Ok(params)
    }

    fn add(&mut self, name: String, value: String) {
        match self.values.entry(name) {
            Entry::Vacant(free) => drop(free.insert(value)),
            Entry::Occupied(taken) if !self.repeated.contains(taken.key()) => self.repeated.push(taken.key().clone()),
            Entry::Occupied(_) => {}
        }
    }

    /// Adds the parameters of `other`, as when a request carries some in its query and some in its body: a name in both counts as repeated.
    pub fn merge(&mut self, other: Self) {
        for name in other.repeated {
            if !self.repeated.contains(&name) {
                self.repeated.push(name);
            }
        }
        for (name, value) in other.values {
            self.add(name, value);
        }
    }

    /// The value of `name`; `None` when it is absent, empty or repeated.
    pub fn get(&self, name: &str) -> Option<&str> {
        if self.is_repeated(name) {
            return None;
        }
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Every name with its value, empty ones too.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether `name` stands in the request, with whatever value.
    pub fn contains(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Whether `name` stands there more than once.
    pub fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    /// Whether any name stands there more than once.
    pub fn has_repeated(&self) -> bool {
        !self.repeated.is_empty()
    }
}

fn decode(encoded: &[u8]) -> Result<String, ParamsRefused> {
    let mut out = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let high = bytes.next().and_then(hex_digit).ok_or(ParamsRefused::Encoding)?;
                let low = bytes.next().and_then(hex_digit).ok_or(ParamsRefused::Encoding)?;
                out.push(high << 4 | low);
            }
            other => out.push(other),
        }
    }
    let text = String::from_utf8(out).map_err(|_| ParamsRefused::Encoding)?;
    if text.contains('\0') { Err(ParamsRefused::Encoding) } else { Ok(text) }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_repeated_parameter_has_no_value() {
        let params = Params::parse(b"a=1&b=2&a=1").unwrap();
        assert_eq!(params.get("a"), None);
        assert_eq!(params.get("b"), Some("2"));
        assert!(params.has_repeated() && params.is_repeated("a") && params.contains("a"));
        let mut query = Params::parse(b"client_id=x").unwrap();
        query.merge(Params::parse(b"client_id=x&scope=openid").unwrap());
        assert!(query.is_repeated("client_id"));
        assert_eq!(query.get("scope"), Some("openid"));
    }

    #[test]
    fn bad_encoding_and_size_are_refused() {
        for bad in ["a=%", "a=%2", "a=%zz", "a=%ff", "a=%00", "%c3=1"] {
            assert_eq!(Params::parse(bad.as_bytes()).unwrap_err(), ParamsRefused::Encoding, "{bad}");
        }
        assert_eq!(Params::parse("a=1&".repeat(65).as_bytes()).unwrap_err(), ParamsRefused::TooMany);
        assert_eq!(Params::parse(format!("a={}", "x".repeat(16_385)).as_bytes()).unwrap_err(), ParamsRefused::TooLong);
        assert_eq!(Params::parse(format!("{}=1", "x".repeat(65)).as_bytes()).unwrap_err(), ParamsRefused::TooLong);
        assert_eq!(Params::parse(b"a=&b").unwrap().get("a"), None);
    }

    proptest! {
        #[test]
        fn what_a_client_encodes_is_what_we_read(values in proptest::collection::btree_map("[a-z_]{1,12}", "\\PC{1,40}", 0..10)) {
            let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&values).finish();
            let params = Params::parse(encoded.as_bytes()).unwrap();
            for (name, value) in &values {
                prop_assert_eq!(params.get(name), Some(value.as_str()));
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Params::parse(&bytes);
        }
    }
}
