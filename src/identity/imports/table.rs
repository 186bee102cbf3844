//! Rows with separators and quotes (RFC 4180), as spreadsheets and shop systems write them.

/// Separators, in the order of their likelihood.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// Follows the quotes of a row: one opens at the beginning of a cell, and a doubled one is a character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Quotes {
    #[default]
    CellBegins,
    Plain,
    Open,
    /// After a quote within quotes: the end, or the first half of a doubled one.
    Perhaps,
}

impl Quotes {
    pub(super) fn see(&mut self, byte: u8) {
        *self = match (*self, byte) {
            (Self::Open, b'"') => Self::Perhaps,
            (Self::CellBegins | Self::Perhaps, b'"') | (Self::Open, _) => Self::Open,
            (_, b',' | b';' | b'\t') => Self::CellBegins,
            _ => Self::Plain,
        };
    }

    pub(super) fn is_open(self) -> bool {
        self == Self::Open
    }
}

/// The separator of a head row: the one that stands there most.
pub(super) fn separator(head: &str) -> char {
    SEPARATORS.into_iter().rev().max_by_key(|separator| head.matches(*separator).count()).unwrap_or(',')
}

/// The cells of a row.
pub(super) fn cells(row: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quotes = Quotes::default();
    for character in row.trim_end_matches(['\r', '\n']).chars() {
        let before = quotes;
        let is_separator = character == separator && !before.is_open();
        // The other separators are characters like any other.
        let seen = if is_separator {
            b','
        } else if character == '"' {
            b'"'
        } else {
            b'x'
        };
        quotes.see(seen);
        let Some(cell) = cells.last_mut() else { continue };
        match (before, quotes) {
            _ if is_separator => cells.push(String::new()),
            (Quotes::CellBegins, Quotes::Open) | (Quotes::Open, Quotes::Perhaps) => {}
            _ => cell.push(character),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_out_as_they_went_in() {
        assert_eq!(cells("a,\"b,\"\"c\"\"\nd\",,5\" pipe\r\n", ','), ["a", "b,\"c\"\nd", "", "5\" pipe"]);
        assert_eq!(cells("\"a;b\";c,d", ';'), ["a;b", "c,d"]);
        assert_eq!(cells("", ','), [""]);
        assert_eq!((separator("a;b;c"), separator("a,b"), separator("a\tb"), separator("a")), (';', ',', '\t', ','));
    }
}
