//! Passwords that are known from breaches, in a file that tells nobody which they are: a binary fuse filter over SHA-1 hashes, looked at without any call to the outside. One password in 65,536 that was never breached is taken for one that was.
//!
//! The file: a header (magic, shards as a power of two, number of keys), a table with the place and length of each shard, the shards. A look-up reads one shard, so a filter of a thousand million passwords (2.3 GB) needs no memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use xorf::{BinaryFuse16, BinaryFuse16Ref, DmaSerializable, Filter, FilterRef};

use super::NormalPassword;

const MAGIC: &[u8; 8] = b"CLVBPF1\n";
const HEADER_BYTES: u64 = 20;
const ENTRY_BYTES: u64 = 12;
/// Shards have about this many keys: half a megabyte to read for a look-up.
const KEYS_IN_A_SHARD: u64 = 200_000;
const MAX_SHARD_BITS: u32 = 16;
/// The most common ones, shipped with the binary: see `docs/passwords.md`.
const COMMON: &[u8] = include_bytes!("common.filter");

/// A SHA-1 hash.
type Hash = [u8; 20];

fn hash_of(text: &str) -> Hash {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    let mut hash = [0; 20];
    hash.copy_from_slice(digest.as_ref());
    hash
}

fn shard_of(hash: &Hash, bits: u32) -> u64 {
    let top = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    if bits == 0 { 0 } else { u64::from(top >> (32 - bits)) }
}

fn key_of(hash: &Hash) -> u64 {
    u64::from_be_bytes([hash[4], hash[5], hash[6], hash[7], hash[8], hash[9], hash[10], hash[11]])
}

enum Bytes {
    Shipped(&'static [u8]),
    File(File),
}

impl Bytes {
    fn read(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let short = || io::Error::new(io::ErrorKind::UnexpectedEof, "the filter is cut off");
        match self {
            Self::Shipped(bytes) => {
                let from = usize::try_from(at).map_err(|_| short())?;
                bytes.get(from..from.saturating_add(length)).map(<[u8]>::to_vec).ok_or_else(short)
            }
            Self::File(file) => {
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, at)?;
                Ok(bytes)
            }
        }
    }
}

/// An opened filter.
struct Opened {
    bytes: Bytes,
    shard_bits: u32,
    keys: u64,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..at + N).and_then(|slice| slice.try_into().ok()).unwrap_or([0; N])
}

impl Opened {
    fn new(bytes: Bytes) -> io::Result<Self> {
        let header = bytes.read(0, 20)?;
        let shard_bits = u32::from_be_bytes(number(&header, 8));
        if header.get(..8) != Some(MAGIC) || shard_bits > MAX_SHARD_BITS {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "this is not a filter made by claviger passwords build-filter"));
        }
        Ok(Self { bytes, shard_bits, keys: u64::from_be_bytes(number(&header, 12)) })
    }

    fn contains(&self, hash: &Hash) -> io::Result<bool> {
        let entry = self.bytes.read(HEADER_BYTES + shard_of(hash, self.shard_bits) * ENTRY_BYTES, 12)?;
        let (at, length) = (u64::from_be_bytes(number(&entry, 0)), u32::from_be_bytes(number(&entry, 8)) as usize);
        if length == 0 {
            return Ok(false);
        }
        let descriptor = self.bytes.read(at, BinaryFuse16::DESCRIPTOR_LEN)?;
        // The fingerprints have to stand at an even address.
        let fingerprints = self.bytes.read(at + BinaryFuse16::DESCRIPTOR_LEN as u64, length - BinaryFuse16::DESCRIPTOR_LEN)?;
        let mut room = vec![0_u8; fingerprints.len() + 1];
        let start = room.as_ptr().align_offset(BinaryFuse16Ref::FINGERPRINT_ALIGNMENT).min(1);
        let Some(aligned) = room.get_mut(start..start + fingerprints.len()) else { return Ok(false) };
        aligned.copy_from_slice(&fingerprints);
        Ok(BinaryFuse16Ref::from_dma(&descriptor, aligned).contains(&key_of(hash)))
    }
}

/// The filters of an installation: the shipped one, and the operator's own.
#[derive(Clone)]
pub struct BreachFilter {
    filters: Arc<Vec<Opened>>,
}

impl BreachFilter {
    /// Opens the shipped filter and, if there is one, that in `file`.
    ///
    /// # Errors
    /// [`io::Error`] when the file is missing or no filter.
    pub fn open(file: Option<&Path>) -> io::Result<Self> {
        let mut filters = vec![Opened::new(Bytes::Shipped(COMMON))?];
        if let Some(file) = file {
            filters.push(Opened::new(Bytes::File(File::open(file)?))?);
        }
        Ok(Self { filters: Arc::new(filters) })
    }

    /// Whether the password is known from a breach. Reads from disk where the operator has a filter: not for an async worker.
    ///
    /// # Errors
    /// [`io::Error`] when the file does not answer.
    pub fn contains(&self, password: &NormalPassword) -> io::Result<bool> {
        let hash = hash_of(password.expose());
        for filter in self.filters.iter() {
            if filter.contains(&hash)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many passwords the filters know.
    pub fn len(&self) -> u64 {
        self.filters.iter().map(|filter| filter.keys).sum()
    }

    /// Whether they know none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a filter is built from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A folder of range files, each named by the first five digits of its hashes, with lines `SUFFIX:COUNT`; or one file with lines `HASH:COUNT` in the order of the hashes.
    Hashes(PathBuf),
    /// A file with a password on each line.
    Plain(PathBuf),
}

/// Why no filter was built.
#[derive(Debug, thiserror::Error)]
pub enum BuildFailed {
    /// Reading or writing.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// A line that is no hash.
    #[error("{0}: line {1} is not a SHA-1 hash with a count")]
    Line(PathBuf, u64),
    /// Hashes out of order.
    #[error("{0}: line {1}: the hashes are not in order; take the file that is ordered by hash")]
    Order(PathBuf, u64),
    /// The library gave up.
    #[error("the filter could not be made: {0}")]
    Filter(&'static str),
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn parse_hash(prefix: &str, suffix: &str) -> Option<Hash> {
    let digits: Vec<u8> = prefix.bytes().chain(suffix.bytes()).map(hex_digit).collect::<Option<_>>()?;
    if digits.len() != 40 {
        return None;
    }
    let mut hash = [0; 20];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte, digit| byte << 4 | digit);
    }
    Some(hash)
}

/// Writes shards in order.
struct Builder<W> {
    out: W,
    shard_bits: u32,
    at: u64,
    shard: u64,
    keys: Vec<u64>,
    table: Vec<(u64, u32)>,
    total: u64,
}

impl<W: Write + Seek> Builder<W> {
    fn new(mut out: W, expected: u64) -> io::Result<Self> {
        let shards = expected.div_ceil(KEYS_IN_A_SHARD).max(1).next_power_of_two();
        let shard_bits = shards.trailing_zeros().min(MAX_SHARD_BITS);
        let at = HEADER_BYTES + ENTRY_BYTES * (1 << shard_bits);
        out.seek(SeekFrom::Start(at))?;
        Ok(Self { out, shard_bits, at, shard: 0, keys: Vec::new(), table: vec![(0, 0); 1 << shard_bits], total: 0 })
    }

    fn add(&mut self, hash: &Hash) -> Result<(), Trouble> {
        let shard = shard_of(hash, self.shard_bits);
        if shard != self.shard {
            self.close()?;
            self.shard = shard;
        }
        self.keys.push(key_of(hash));
        Ok(())
    }

    fn close(&mut self) -> Result<(), Trouble> {
        self.keys.sort_unstable();
        self.keys.dedup();
        if self.keys.is_empty() {
            return Ok(());
        }
        let filter = BinaryFuse16::try_from(&self.keys).map_err(Trouble::Filter)?;
        let mut descriptor = vec![0; BinaryFuse16::DESCRIPTOR_LEN];
        filter.dma_copy_descriptor_to(&mut descriptor);
        self.out.write_all(&descriptor)?;
        self.out.write_all(filter.dma_fingerprints())?;
        let length = descriptor.len() + filter.dma_fingerprints().len();
        let index = usize::try_from(self.shard).unwrap_or(usize::MAX);
        if let Some(entry) = self.table.get_mut(index) {
            *entry = (self.at, u32::try_from(length).unwrap_or(u32::MAX));
        }
        self.at += length as u64;
        self.total += self.keys.len() as u64;
        self.keys.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<u64, Trouble> {
        self.close()?;
        self.out.seek(SeekFrom::Start(0))?;
        self.out.write_all(MAGIC)?;
        self.out.write_all(&self.shard_bits.to_be_bytes())?;
        self.out.write_all(&self.total.to_be_bytes())?;
        for (at, length) in &self.table {
            self.out.write_all(&at.to_be_bytes())?;
            self.out.write_all(&length.to_be_bytes())?;
        }
        self.out.flush()?;
        Ok(self.total)
    }
}

enum Trouble {
    Io(io::Error),
    Filter(&'static str),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Builds a filter in `out` from `source`, without the passwords that were seen fewer than `least` times; returns how many it knows. `progress` is told each thousandth range file.
///
/// # Errors
/// [`BuildFailed`].
pub fn build(source: &Source, least: u64, out: &Path, mut progress: impl FnMut(usize, usize)) -> Result<u64, BuildFailed> {
    fn file(path: &Path) -> impl FnOnce(io::Error) -> BuildFailed + use<> {
        let path = path.to_owned();
        move |error| BuildFailed::File(path, error)
    }
    let trouble = |path: PathBuf| {
        move |trouble: Trouble| match trouble {
            Trouble::Io(error) => BuildFailed::File(path.clone(), error),
            Trouble::Filter(why) => BuildFailed::Filter(why),
        }
    };
    let part = out.with_extension("part");
    let target = || File::create(&part).map(BufWriter::new);
    let total = match source {
        Source::Plain(path) => {
            let mut hashes = Vec::new();
            for line in BufReader::new(File::open(path).map_err(file(path))?).lines() {
                hashes.extend(NormalPassword::from_typed(line.map_err(file(path))?.trim_end_matches('\r')).ok().map(|password| hash_of(password.expose())));
            }
            hashes.sort_unstable();
            let mut builder = Builder::new(target().map_err(file(&part))?, hashes.len() as u64).map_err(file(&part))?;
            hashes.iter().try_for_each(|hash| builder.add(hash)).and_then(|()| builder.finish()).map_err(trouble(part.clone()))?
        }
        Source::Hashes(path) => {
            let mut ranges = Vec::new();
            if path.is_dir() {
                for entry in std::fs::read_dir(path).map_err(file(path))? {
                    let entry = entry.map_err(file(path))?.path();
                    let name = entry.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_ascii_uppercase();
                    if name.len() == 5 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                        ranges.push((name, entry));
                    }
                }
                ranges.sort();
            } else {
                ranges.push((String::new(), path.clone()));
            }
            let bytes: u64 = ranges.iter().map(|(_, path)| path.metadata().map_or(0, |data| data.len())).sum();
            // A line of a range file has some 38 bytes, one of a single file 43.
            let mut builder = Builder::new(target().map_err(file(&part))?, bytes / 40).map_err(file(&part))?;
            let count = ranges.len();
            let mut last = [0; 20];
            for (index, (prefix, path)) in ranges.iter().enumerate() {
                if index.is_multiple_of(1_000) {
                    progress(index, count);
                }
                for (line, number) in BufReader::with_capacity(1 << 16, File::open(path).map_err(file(path))?).lines().zip(1_u64..) {
                    let line = line.map_err(file(path))?;
                    let (suffix, seen) = line.trim().split_once(':').unwrap_or((line.trim(), "1"));
                    if suffix.is_empty() {
                        continue;
                    }
                    let (Some(hash), Ok(seen)) = (parse_hash(prefix, suffix), seen.parse::<u64>()) else { return Err(BuildFailed::Line(path.clone(), number)) };
                    if hash < last {
                        return Err(BuildFailed::Order(path.clone(), number));
                    }
                    last = hash;
                    if seen >= least {
                        builder.add(&hash).map_err(trouble(part.clone()))?;
                    }
                }
            }
            progress(count, count);
            builder.finish().map_err(trouble(part.clone()))?
        }
    };
    std::fs::rename(&part, out).map_err(file(out))?;
    Ok(total)
}

/// Reads what a check needs once, so that a broken file is found at start.
///
/// # Errors
/// [`io::Error`].
pub fn probe(path: &Path) -> io::Result<u64> {
    let mut head = [0; 20];
    File::open(path)?.read_exact(&mut head)?;
    BreachFilter::open(Some(path)).map(|filter| filter.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> NormalPassword {
        NormalPassword::from_typed(text).unwrap()
    }

    #[test]
    fn what_is_in_the_ranges_is_known_and_next_to_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let ranges = folder.path().join("ranges");
        std::fs::create_dir(&ranges).unwrap();
        let mut files: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
        for number in 0..5_000_u32 {
            let hash = crate::base::encoding::hex(&hash_of(&format!("breached {number}"))).to_ascii_uppercase();
            files.entry(hash[..5].to_owned()).or_default().push(format!("{}:{}", &hash[5..], number % 7 + 1));
        }
        for (prefix, mut lines) in files {
            lines.sort();
            std::fs::write(ranges.join(prefix), lines.join("\r\n")).unwrap();
        }
        let out = folder.path().join("breached.filter");
        let total = build(&Source::Hashes(ranges.clone()), 2, &out, |_, _| {}).unwrap();
        assert_eq!(total, (0..5_000).filter(|number| number % 7 + 1 >= 2).count() as u64);
        let filter = BreachFilter::open(Some(&out)).unwrap();
        for number in 0..5_000_u32 {
            if number % 7 + 1 >= 2 {
                assert!(filter.contains(&password(&format!("breached {number}"))).unwrap(), "{number}");
            }
        }
        let mistaken = (0..20_000).filter(|number| filter.contains(&password(&format!("fresh {number}"))).unwrap()).count();
        assert!(mistaken <= 8, "{mistaken} of 20,000");
        assert_eq!(probe(&out).unwrap(), filter.len());
        std::fs::write(&out, b"something else entirely").unwrap();
        assert!(BreachFilter::open(Some(&out)).is_err());
        std::fs::write(ranges.join("00000"), "not a hash:1").unwrap();
        assert!(matches!(build(&Source::Hashes(ranges), 1, &out, |_, _| {}), Err(BuildFailed::Line(_, 1))));
    }

    #[test]
    fn one_ordered_file_makes_the_same_filter_in_many_shards() {
        let folder = tempfile::tempdir().unwrap();
        let mut hashes: Vec<Hash> = (0..3_000_u32).map(|number| hash_of(&number.to_string())).collect();
        hashes.sort_unstable();
        let out = File::create(folder.path().join("x.filter")).unwrap();
        let mut builder = Builder::new(BufWriter::new(out), 16 * KEYS_IN_A_SHARD).unwrap();
        assert_eq!(builder.shard_bits, 4);
        for hash in &hashes {
            assert!(builder.add(hash).is_ok());
        }
        assert!(matches!(builder.finish(), Ok(3_000)));
        let filter = BreachFilter::open(Some(&folder.path().join("x.filter"))).unwrap();
        assert!((0..3_000).all(|number| filter.contains(&password(&number.to_string())).unwrap()));
        let unordered = folder.path().join("unordered");
        std::fs::write(&unordered, format!("{}:1\n{}:1\n", "F".repeat(40), "0".repeat(40))).unwrap();
        assert!(matches!(build(&Source::Hashes(unordered), 1, &folder.path().join("y"), |_, _| {}), Err(BuildFailed::Order(_, 2))));
    }

    #[test]
    fn the_most_common_ones_are_known_without_any_file() {
        let filter = BreachFilter::open(None).unwrap();
        for common in ["password", "1234567890", "qwertyuiop", "letmein1", "iloveyou"] {
            assert!(filter.contains(&password(common)).unwrap(), "{common}");
        }
        assert!(!filter.contains(&password("nobody ever typed this one")).unwrap());
        assert!(filter.len() > 20_000);
    }
}
