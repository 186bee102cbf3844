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
    /// Goes on by a byte. Where the separator is not known yet any of them counts.
    pub(super) fn see(&mut self, byte: u8, separator: Option<char>) {
        let is_separator = |byte: u8| separator.map_or(SEPARATORS.contains(&char::from(byte)), |separator| separator == char::from(byte));
        *self = match (*self, byte) {
            (Self::Open, b'"') => Self::Perhaps,
            (Self::CellBegins | Self::Perhaps, b'"') | (Self::Open, _) => Self::Open,
            (_, byte) if is_separator(byte) => Self::CellBegins,
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
        quotes.see(seen, Some(','));
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
    use super::super::records::{Layout, Records};
    use super::*;

    proptest::proptest! {
        /// The cutter ends a row where the reader finds it ended, and nowhere else, whatever the cells hold.
        #[test]
        fn cutter_and_reader_agree(body in "[a,;\t\"\n]{0,60}", mark in proptest::sample::select(vec![',', ';', '\t'])) {
            let text = format!("a{mark}b\n{body}\n");
            let mut records = Records::new(text.as_bytes(), Layout::Table);
            records.advance().unwrap();
            while let Some((_, Ok(row))) = records.advance().unwrap() {
                let mut quotes = Quotes::default();
                for byte in row {
                    proptest::prop_assert!(*byte != b'\n' || quotes.is_open() || row.iter().all(u8::is_ascii_whitespace), "{:?}", String::from_utf8_lossy(row));
                    quotes.see(*byte, Some(mark));
                }
                proptest::prop_assert!(!quotes.is_open());
            }
        }

        /// What was written as a table is read as it was, row by row.
        #[test]
        fn tables_come_out_as_they_went_in(rows in proptest::collection::vec(proptest::collection::vec("[a,;\t\" \n]{0,8}", 2), 0..6), mark in proptest::sample::select(vec![',', ';', '\t'])) {
            let written = |cells: &[String]| cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(&mark.to_string());
            let text: String = rows.iter().map(|row| written(row) + "\n").collect();
            let text = format!("a{mark}b\n{text}");
            let mut records = Records::new(text.as_bytes(), Layout::Table);
            records.advance().unwrap();
            for row in &rows {
                let (_, found) = records.advance().unwrap().unwrap();
                proptest::prop_assert_eq!(&cells(std::str::from_utf8(found.unwrap()).unwrap(), mark), row);
            }
            proptest::prop_assert!(records.advance().unwrap().is_none());
        }
    }

    #[test]
    fn cells_come_out_as_they_went_in() {
        assert_eq!(cells("a,\"b,\"\"c\"\"\nd\",,5\" pipe\r\n", ','), ["a", "b,\"c\"\nd", "", "5\" pipe"]);
        assert_eq!(cells("\"a;b\";c,d", ';'), ["a;b", "c,d"]);
        assert_eq!(cells("", ','), [""]);
        assert_eq!((separator("a;b;c"), separator("a,b"), separator("a\tb"), separator("a")), (';', ',', '\t', ','));
    }
}
