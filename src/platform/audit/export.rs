//! Exports of the log, and their check without any database: a first line that says of which log and from where on, one line an event, signed heads between, and a last line. Pure.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::entry_text::LoggedEvent;
use super::head::{HeadKey, TreeHead};
use super::tree::{Edge, Hash};
use crate::base::encoding::{from_hex, hex};

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The form of the export: 1.
    pub claviger_audit: u32,
    /// What checks the heads, as [`HeadKey::to_text`].
    pub key: String,
    /// Events before the first one.
    pub size_before: u64,
    /// The edge of the tree before the first one, in hexadecimal, the largest part first.
    pub edge_before: Vec<String>,
}

/// A line with an event.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventLine {
    /// The event. Its leaf covers this very text.
    pub event: LoggedEvent,
    /// Its leaf, in hexadecimal.
    pub leaf: String,
}

/// Whether a line is one of an export that holds no event: what it begins with, or a signed head.
pub fn is_beside_events(line: &str) -> bool {
    serde_json::from_str::<Opening>(line).is_ok() || serde_json::from_str::<HeadLine>(line).is_ok()
}

/// A line with a signed head.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadLine {
    /// The signed note.
    pub head: String,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// A line that cannot be read.
    #[error("line {line} cannot be read")]
    Unreadable {
        /// Which, from 1.
        line: u64,
    },
    /// An event that is not what its leaf says.
    #[error("event {position} ({id}) was changed")]
    Changed {
        /// Its place.
        position: u64,
        /// Its id.
        id: String,
    },
    /// Events that are not there.
    #[error("events {from} to {to} are missing")]
    Missing {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// An event that stands where another one belongs.
    #[error("event {position} ({id}) was inserted, or stands out of its place")]
    OutOfPlace {
        /// The place that it claims.
        position: u64,
        /// Its id.
        id: String,
    },
    /// A head that this log did not sign.
    #[error("the head in line {line} does not hold")]
    FalseHead {
        /// Which line.
        line: u64,
    },
    /// Events that give another tree than the one that was signed.
    #[error("events {from} to {to} are not those that were signed for: some were changed, inserted or exchanged")]
    Rewritten {
        /// The first that may be.
        from: u64,
        /// The last that may be.
        to: u64,
    },
    /// Fewer events than were signed for.
    #[error("the log was cut: {signed} events were signed for, it ends at {last}")]
    Truncated {
        /// The last event.
        last: u64,
        /// How many there were.
        signed: u64,
    },
    /// Events after the last head: nothing vouches for them.
    #[error("events {from} to {to} are covered by no signed head")]
    Unsigned {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// No signed head holds: nothing vouches for anything here.
    #[error("no signed head stands in this export: nothing vouches for it")]
    NoHead,
    /// The head that was kept elsewhere lies before the export.
    #[error("the head of {size} events that was kept elsewhere lies before this export: export from event 1 or from behind an older head, or have the growth proven")]
    NotCompared {
        /// The size of that head.
        size: u64,
    },
    /// The head that was kept elsewhere is of another tree.
    #[error("the head of {size} events that was kept elsewhere is not of this log: it was rewritten as a whole")]
    OtherTree {
        /// The size of that head.
        size: u64,
    },
}

/// What a check found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The first event.
    pub first: u64,
    /// The last event.
    pub last: u64,
    /// How many were looked at.
    pub events: u64,
    /// How many signed heads hold.
    pub heads: u64,
    /// What does not hold; nothing when the log is whole.
    pub findings: Vec<Finding>,
}

/// The most findings that are listed.
const MAX_FINDINGS: usize = 1_000;

/// Checks an export line by line.
pub struct Checker {
    key: HeadKey,
    first: u64,
    /// The tree of the leaves so far; none once something is missing.
    edge: Option<Edge>,
    last: u64,
    signed_to: u64,
    events: u64,
    heads: u64,
    /// A head that was kept elsewhere.
    kept: Option<TreeHead>,
    findings: Vec<Finding>,
}

impl Checker {
    /// Begins with the first line. `key` is the log's, known from elsewhere; without one, that of the line is believed, and the check only shows that the export agrees with itself. `kept` is a head that was kept elsewhere.
    ///
    /// # Errors
    /// A sentence when the line is not the beginning of an export of that log.
    pub fn begin(line: &str, key: Option<&HeadKey>, kept: Option<TreeHead>) -> Result<Self, String> {
        let opening: Opening = serde_json::from_str(line).map_err(|error| format!("the first line is not that of an export: {error}"))?;
        if opening.claviger_audit != 1 {
            return Err(format!("exports of form {} are not known here", opening.claviger_audit));
        }
        let told = HeadKey::parse(&opening.key).ok_or("the first line names no key")?;
        if key.is_some_and(|key| *key != told) {
            return Err("the export is of another log, or another key signed its heads".to_owned());
        }
        let peaks: Option<Vec<Hash>> = opening.edge_before.iter().map(|text| from_hex(text)?.try_into().ok()).collect();
        let edge = peaks.and_then(|peaks| Edge::of(opening.size_before, peaks)).ok_or("the first line does not hold an edge")?;
        let size = opening.size_before;
        let mut findings = Vec::new();
        match &kept {
            Some(kept) if kept.size == size && kept.root != edge.root() => findings.push(Finding::OtherTree { size }),
            Some(kept) if (1..size).contains(&kept.size) => findings.push(Finding::NotCompared { size: kept.size }),
            _ => {}
        }
        Ok(Self { key: told, first: size + 1, edge: Some(edge), last: size, signed_to: size, events: 0, heads: 0, kept, findings })
    }

    fn find(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// Looks at the next line; `number` counts from 1.
    pub fn line(&mut self, number: u64, line: &str) {
        if line.starts_with("{\"event\":") {
            match serde_json::from_str::<EventLine>(line) {
                Ok(read) => self.event(number, line, &read),
                Err(_) => self.unreadable(number),
            }
        } else if line.starts_with("{\"head\":") {
            match serde_json::from_str::<HeadLine>(line).ok().and_then(|read| self.key.verify(&read.head)) {
                Some(head) => self.head(&head),
                None => self.find(Finding::FalseHead { line: number }),
            }
        } else if !line.trim().is_empty() {
            self.unreadable(number);
        }
    }

    fn unreadable(&mut self, number: u64) {
        self.find(Finding::Unreadable { line: number });
        // It may have held an event.
        self.edge = None;
    }

    fn event(&mut self, number: u64, line: &str, read: &EventLine) {
        self.events += 1;
        let event = &read.event;
        let Ok(position) = u64::try_from(event.position) else { return self.unreadable(number) };
        let (Ok(computed), Some(stated)) = (event.leaf(), from_hex(&read.leaf).and_then(|bytes| Hash::try_from(bytes).ok())) else { return self.unreadable(number) };
        // Also what is outside the event's own members must be as it was written.
        let is_written = serde_json::to_string(read).is_ok_and(|text| text == line.trim_end());
        let is_own = read.leaf == hex(&computed) && is_written;
        if position <= self.last {
            return self.find(Finding::OutOfPlace { position, id: event.id.clone() });
        }
        if position > self.last + 1 {
            self.find(Finding::Missing { from: self.last + 1, to: position - 1 });
            self.edge = None;
        }
        if !is_own {
            self.find(Finding::Changed { position, id: event.id.clone() });
        }
        self.last = position;
        if let Some(edge) = &mut self.edge {
            edge.append(stated);
            let root = edge.root();
            if self.kept.as_ref().is_some_and(|kept| kept.size == position && kept.root != root) {
                self.find(Finding::OtherTree { size: position });
            }
        }
    }

    fn head(&mut self, head: &TreeHead) {
        self.heads += 1;
        match head.size.cmp(&self.last) {
            Ordering::Greater => {
                self.find(Finding::Truncated { last: self.last, signed: head.size });
                self.edge = None;
            }
            Ordering::Equal if self.edge.as_ref().is_some_and(|edge| edge.root() != head.root) => {
                self.find(Finding::Rewritten { from: self.signed_to + 1, to: self.last });
                self.edge = None;
            }
            Ordering::Equal => {}
            // A head stands right after the last event that it covers.
            Ordering::Less => self.find(Finding::Rewritten { from: head.size + 1, to: self.last }),
        }
        self.signed_to = self.signed_to.max(head.size.min(self.last));
    }

    /// What was found.
    pub fn finish(mut self) -> Report {
        if self.signed_to < self.last {
            self.find(Finding::Unsigned { from: self.signed_to + 1, to: self.last });
        }
        // Only a log in which nothing ever happened has none.
        if self.heads == 0 && self.last > 0 {
            self.find(Finding::NoHead);
        }
        if let Some(kept) = self.kept.clone().filter(|kept| kept.size > self.last) {
            self.find(Finding::Truncated { last: self.last, signed: kept.size });
        }
        Report { first: self.first, last: self.last, events: self.events, heads: self.heads, findings: self.findings }
    }
}

/// The lines of an opening, for whoever writes an export.
pub fn opening_line(key: &HeadKey, before: &Edge) -> Result<String, serde_json::Error> {
    let edge_before = before.peaks().iter().map(|peak| hex(peak)).collect();
    serde_json::to_string(&Opening { claviger_audit: 1, key: key.to_text(), size_before: before.size(), edge_before })
}

/// The line of an event, and its leaf.
pub fn event_line(event: LoggedEvent) -> Result<(String, Hash), serde_json::Error> {
    let leaf = event.leaf()?;
    Ok((serde_json::to_string(&EventLine { event, leaf: hex(&leaf) })?, leaf))
}

/// The line of a head.
pub fn head_line(note: &str) -> Result<String, serde_json::Error> {
    serde_json::to_string(&HeadLine { head: note.to_owned() })
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
