//! The battery of faults: servers, disks, databases and neighbours that break while people sign in. What was acknowledged is written into a journal, and must hold afterwards.
//!
//! Where a fault is met at the Nth write or commit, a few N are drawn from `TEST_SEED` each time; all of them with `TEST_LONG` (`scripts/test --faults`).

mod clocks;
mod database;
mod disk;

mod journey;
mod lost;
mod mail;
mod nodes;
mod pressure;

/// Whether everything is to be tried.
pub fn is_long() -> bool {
    std::env::var("TEST_LONG").is_ok()
}

/// Whether PostgreSQL is left out, as `TEST_DB=sqlite` asks.
fn is_skipped() -> bool {
    let is_skipped = std::env::var("TEST_DB").as_deref() == Ok("sqlite");
    if is_skipped {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
    }
    is_skipped
}

/// Numbers from one seed, which is said when a test fails.
pub struct Lots(u64);

impl Lots {
    pub fn draw() -> Self {
        let seed = std::env::var("TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| u64::from(std::process::id()) ^ 0x5eed);
        println!("TEST_SEED={seed}");
        Self(seed)
    }

    /// A number below `end` (SplitMix64).
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// `few` numbers from 1 to `last`; all of them when everything is tried.
    pub fn pick(&mut self, last: usize, few: usize) -> Vec<usize> {
        if is_long() {
            return (1..=last).collect();
        }
        let mut picked: Vec<usize> = (0..few).map(|_| 1 + usize::try_from(self.below(last as u64)).unwrap()).collect();
        picked.sort_unstable();
        picked.dedup();
        picked
    }
}

/// Each row of the page has its number and tests that exist.
#[test]
fn every_row_is_tried() {
    fn gather(folder: &std::path::Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut sources = String::new();
    gather("tests".as_ref(), &mut sources);
    gather("src/platform/crypto".as_ref(), &mut sources);
    let page = std::fs::read_to_string("docs/operations/faults.md").unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| X")).collect();
    for number in 1..=27 {
        assert!(rows.iter().any(|row| row.split('|').nth(1).unwrap().split(", ").any(|name| name.trim() == format!("X{number}"))), "X{number}");
    }
    for row in rows {
        let tests = row.split('|').nth(4).unwrap();
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).filter(|name| !name.contains(' ') && name.starts_with(|first: char| first.is_ascii_lowercase())).collect();
        assert!(!named.is_empty(), "{row}");
        for name in named {
            assert!(sources.contains(&format!("fn {name}(")), "{name}");
        }
    }
}
