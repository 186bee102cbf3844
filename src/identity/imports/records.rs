//! Cuts a file into records without reading it whole: elements of an array, lines, rows of a table. A record that is too long, or not sound, is passed over; the next one is found nevertheless.

use std::io::{self, BufRead};

use super::RecordRefused;
use super::table::{Quotes, separator};

/// The longest record of JSON, in bytes.
const MAX_RECORD_BYTES: usize = 1 << 20;
/// The longest row of a table, in bytes.
const MAX_ROW_BYTES: usize = 1 << 16;
/// The longest name of a member that is looked at.
const MAX_NAME_BYTES: usize = 64;

/// How records lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// An array of JSON; or one under a member of an object; or, where the format has no such member, one value a line.
    Json(Option<&'static str>),
    /// Rows of a table with separators and quotes.
    Table,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was read.
    Start,
    /// Within the array.
    Elements,
    /// A value a line.
    Lines,
    /// Rows.
    Rows,
    /// Nothing comes any more.
    End,
}

/// What is wrong with a file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Nothing stands in it.
    #[error("the file is empty")]
    Empty,
    /// The array that the format has is not there.
    #[error("the file has not the array of records that its format has")]
    NoArray,
    /// It ends before it should.
    #[error("the file is cut off: it ends within a record")]
    Cut,
}

/// A record and its number: that of its line, or its place in the array.
pub type Numbered<'a> = (u64, Result<&'a [u8], RecordRefused>);

/// The records of a file, one after the other.
pub struct Records<R> {
    input: R,
    layout: Layout,
    state: State,
    number: u64,
    record: Vec<u8>,
    /// Of a table, once its head was read.
    separator: Option<char>,
    is_too_long: bool,
    fault: Option<FileFault>,
}

impl<R: BufRead> Records<R> {
    /// The records of `input`.
    pub fn new(input: R, layout: Layout) -> Self {
        Self { input, layout, state: State::Start, number: 0, record: Vec::new(), separator: None, is_too_long: false, fault: None }
    }

    /// What is wrong with the file, as far as it was read.
    pub fn fault(&self) -> Option<FileFault> {
        self.fault
    }

    /// The next one; none at the end.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn advance(&mut self) -> io::Result<Option<Numbered<'_>>> {
        if self.state == State::Start {
            self.begin()?;
        }
        self.record.clear();
        self.is_too_long = false;
        let found = match self.state {
            State::Start | State::End => None,
            State::Elements => self.element()?,
            State::Lines => self.line()?,
            State::Rows => {
                let row = self.row()?;
                // The head says which separator counts, here as to the reader.
                self.separator.get_or_insert_with(|| separator(&String::from_utf8_lossy(&self.record)));
                row
            }
        };
        Ok(found.map(|outcome| {
            let outcome = if self.is_too_long { Err(RecordRefused::TooLong) } else { outcome };
            (self.number, outcome.map(|()| self.record.as_slice()))
        }))
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.input.consume(1);
        }
        Ok(byte)
    }

    /// The next byte that is no white space.
    fn significant(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.byte()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => {}
                other => return Ok(other),
            }
        }
    }

    fn keep(&mut self, byte: u8, limit: usize) {
        if self.record.len() < limit {
            self.record.push(byte);
        } else {
            self.is_too_long = true;
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            self.input.consume(3);
        }
        let mut fault = None;
        self.state = match self.layout {
            Layout::Table => State::Rows,
            Layout::Json(member) => {
                while matches!(self.peek()?, Some(b' ' | b'\t' | b'\r' | b'\n')) {
                    self.number += u64::from(self.byte()? == Some(b'\n'));
                }
                match (self.peek()?, member) {
                    (Some(b'['), _) => {
                        self.input.consume(1);
                        self.number = 0;
                        State::Elements
                    }
                    (Some(b'{'), Some(member)) => {
                        self.input.consume(1);
                        self.number = 0;
                        if self.find_member(member)? {
                            State::Elements
                        } else {
                            fault = Some(FileFault::NoArray);
                            State::End
                        }
                    }
                    (None, _) => {
                        fault = Some(FileFault::Empty);
                        State::End
                    }
                    (Some(_), Some(_)) => {
                        fault = Some(FileFault::NoArray);
                        State::End
                    }
                    (Some(_), None) => State::Lines,
                }
            }
        };
        self.fault = fault;
        Ok(())
    }

    /// Goes on to the first element of the array under `member` of the object that was just entered.
    fn find_member(&mut self, member: &str) -> io::Result<bool> {
        loop {
            match self.significant()? {
                Some(b',') => {}
                Some(b'"') => {
                    self.record.clear();
                    self.text(MAX_NAME_BYTES)?;
                    let is_wanted = self.record == member.as_bytes();
                    if self.significant()? != Some(b':') {
                        return Ok(false);
                    }
                    match self.significant()? {
                        Some(b'[') if is_wanted => return Ok(true),
                        Some(first) => drop(self.value(first, 0)?),
                        None => return Ok(false),
                    }
                    self.is_too_long = false;
                }
                _ => return Ok(false),
            }
        }
    }

    /// The rest of a text whose first quote was read; without its last one.
    fn text(&mut self, limit: usize) -> io::Result<bool> {
        loop {
            match self.byte()? {
                None => return Ok(false),
                Some(b'"') => return Ok(true),
                Some(b'\\') => {
                    self.keep(b'\\', limit);
                    match self.byte()? {
                        Some(byte) => self.keep(byte, limit),
                        None => return Ok(false),
                    }
                }
                Some(byte) => self.keep(byte, limit),
            }
        }
    }

    /// The whole of a value that begins with `first`; false when the file ends before it does. Whether it is sound is for the reader of the format to say.
    fn value(&mut self, first: u8, limit: usize) -> io::Result<bool> {
        let (mut depth, mut byte) = (0_u64, first);
        loop {
            self.keep(byte, limit);
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => {
                    if !self.text(limit)? {
                        return Ok(false);
                    }
                    self.keep(b'"', limit);
                }
                _ => {}
            }
            if depth == 0 && (matches!(byte, b'}' | b']' | b'"') || matches!(self.peek()?, None | Some(b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n'))) {
                return Ok(true);
            }
            match self.byte()? {
                Some(next) => byte = next,
                None => return Ok(false),
            }
        }
    }

    fn element(&mut self) -> io::Result<Option<Result<(), RecordRefused>>> {
        loop {
            match self.significant()? {
                Some(b',') => {}
                Some(b']') => {
                    self.state = State::End;
                    return Ok(None);
                }
                Some(first) => {
                    self.number += 1;
                    let is_whole = self.value(first, MAX_RECORD_BYTES)?;
                    return Ok(Some(if is_whole { Ok(()) } else { self.cut() }));
                }
                None => {
                    self.number += 1;
                    return Ok(Some(self.cut()));
                }
            }
        }
    }

    fn cut(&mut self) -> Result<(), RecordRefused> {
        (self.state, self.fault) = (State::End, Some(FileFault::Cut));
        self.is_too_long = false;
        Err(RecordRefused::Cut)
    }

    fn line(&mut self) -> io::Result<Option<Result<(), RecordRefused>>> {
        loop {
            let mut is_any = false;
            self.number += 1;
            loop {
                match self.byte()? {
                    Some(b'\n') => break,
                    Some(byte) => {
                        is_any = true;
                        self.keep(byte, MAX_RECORD_BYTES);
                    }
                    None => {
                        self.state = State::End;
                        break;
                    }
                }
            }
            let is_blank = !self.is_too_long && self.record.iter().all(u8::is_ascii_whitespace);
            if is_any && !is_blank {
                return Ok(Some(Ok(())));
            }
            self.record.clear();
            if self.state == State::End {
                return Ok(None);
            }
        }
    }

    /// A row, which has as many lines as its quotes hold. One that is too long ends with its line, so that a quote too many does not swallow the rest.
    fn row(&mut self) -> io::Result<Option<Result<(), RecordRefused>>> {
        let mut quotes = Quotes::default();
        loop {
            match self.byte()? {
                Some(b'\n') if !quotes.is_open() || self.is_too_long => {
                    self.number += 1;
                    if self.record.iter().any(|byte| !byte.is_ascii_whitespace()) {
                        return Ok(Some(Ok(())));
                    }
                    self.record.clear();
                    quotes = Quotes::default();
                }
                Some(byte) => {
                    self.number += u64::from(byte == b'\n');
                    quotes.see(byte, self.separator);
                    self.keep(byte, MAX_ROW_BYTES);
                }
                None => {
                    self.state = State::End;
                    self.number += 1;
                    let is_blank = self.record.iter().all(u8::is_ascii_whitespace);
                    let is_cut = quotes.is_open() && !self.is_too_long && !is_blank;
                    return Ok(if is_cut { Some(self.cut()) } else { (!is_blank).then_some(Ok(())) });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: impl AsRef<[u8]>, layout: Layout) -> Vec<(u64, String)> {
        let mut records = Records::new(io::BufReader::with_capacity(3, text.as_ref()), layout);
        let mut found = Vec::new();
        while let Some((number, outcome)) = records.advance().unwrap() {
            found.push((number, outcome.map_or_else(|refused| refused.word().to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())));
        }
        found
    }

    fn numbered(texts: &[(u64, &str)]) -> Vec<(u64, String)> {
        texts.iter().map(|(number, text)| (*number, (*text).to_owned())).collect()
    }

    const USERS: Layout = Layout::Json(Some("users"));

    #[test]
    fn elements_are_found_wherever_the_array_is() {
        let expected = numbered(&[(1, r#"{"a":"]}\""}"#), (2, "7"), (3, r#"[1,{"b":2}]"#), (4, r#""x""#)]);
        let array = r#" [ {"a":"]}\""} , 7, [1,{"b":2}],"x" ] "#;
        assert_eq!(cut(array, USERS), expected);
        assert_eq!(cut(format!(r#"{{"realm":"users","n":-1.5e3,"roles":{{"users":[1,2]}},"t":[["users"]],"users":{array},"more":[1]}}"#), USERS), expected);
        assert_eq!(cut(format!("\u{feff}{array}"), Layout::Json(None)), expected);
        assert_eq!(cut("[]", USERS), []);
        assert_eq!(cut(r#"{"other":[1]}"#, USERS), []);
        assert_eq!(cut("", USERS), []);
    }

    #[test]
    fn lines_have_their_own_numbers() {
        assert_eq!(cut("{\"a\":1}\n\n  \r\n{\"b\":2}\r\n{", Layout::Json(None)), numbered(&[(1, "{\"a\":1}"), (4, "{\"b\":2}\r"), (5, "{")]));
    }

    #[test]
    fn what_is_cut_off_is_told_and_what_is_too_long_passed_over() {
        assert_eq!(cut(r#"[1,{"a":"b"#, USERS), numbered(&[(1, "1"), (2, "cut_off")]));
        assert_eq!(cut("[1,2", USERS), numbered(&[(1, "1"), (2, "2"), (3, "cut_off")]));
        let long = "x".repeat(MAX_RECORD_BYTES);
        assert_eq!(cut(format!(r#"[1,"{long}",3]"#), USERS), numbered(&[(1, "1"), (2, "too_long"), (3, "3")]));
        assert_eq!(cut(format!("1\n{long}x\n3"), Layout::Json(None)), numbered(&[(1, "1"), (2, "too_long"), (3, "3")]));
        let row = "y".repeat(MAX_ROW_BYTES);
        assert_eq!(cut(format!("a\n\"{row}\nb\n"), Layout::Table), numbered(&[(1, "a"), (2, "too_long"), (3, "b")]));
        assert_eq!(cut("[".repeat(300_000), USERS), numbered(&[(1, "cut_off")]));
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![Just(serde_json::Value::Null), any::<bool>().prop_map(Into::into), any::<i64>().prop_map(Into::into), ".{0,12}".prop_map(Into::into)];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
                proptest::collection::vec((".{0,6}", inner), 0..5).prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        /// However an array is written, its elements come out as another reader finds them.
        #[test]
        fn elements_are_those_of_any_other_reader(values in proptest::collection::vec(any_json(), 0..8), before in any_json()) {
            let whole = serde_json::json!({ "before": before, "users": values });
            for text in [serde_json::to_string(&whole).unwrap(), serde_json::to_string_pretty(&whole).unwrap(), serde_json::to_string_pretty(&values).unwrap()] {
                let found: Vec<serde_json::Value> = cut(&text, USERS).iter().map(|(_, record)| serde_json::from_str(record).unwrap()).collect();
                prop_assert_eq!(&found, &values);
            }
        }

        /// Whatever a file holds: it ends, and no record is longer than may be.
        #[test]
        fn any_bytes_come_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..400), text in "[\\[\\]{}\",:;\\\\\n a1]{0,80}") {
            for layout in [USERS, Layout::Json(None), Layout::Table] {
                for input in [bytes.as_slice(), text.as_bytes()] {
                    prop_assert!(cut(input, layout).len() <= input.len() + 1);
                }
            }
        }
    }

    #[test]
    fn rows_hold_what_their_quotes_hold() {
        let expected = numbered(&[(1, "a,b\r"), (3, "\"x\n\"\"y\",2"), (5, "5\" pipe,z")]);
        assert_eq!(cut("a,b\r\n\"x\n\"\"y\",2\n\n5\" pipe,z\n", Layout::Table), expected);
        assert_eq!(cut("a\n\"b", Layout::Table), numbered(&[(1, "a"), (2, "cut_off")]));
    }
}
