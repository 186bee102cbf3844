//! The operator's own files, which stand before the list in the binary.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use ipnet::IpNet;
use maxminddb::Reader;
use serde::Deserialize;

use super::{PackedPlaces, Place, is_public};

/// Which files there are; empty paths for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// An mmdb with `country.iso_code`, or `country_code`.
    pub country: Option<PathBuf>,
    /// An mmdb with `autonomous_system_number`.
    pub network: Option<PathBuf>,
    /// Ranges where servers are let, one a line.
    pub hosting: Option<PathBuf>,
    /// Ranges that hide who uses them, one a line.
    pub anonymisers: Option<PathBuf>,
}

/// A file does not read; what was there before stays.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {cause}")]
pub struct FilesRefused {
    file: String,
    cause: String,
}

/// The most ranges of a list.
const RANGE_LIMIT: usize = 1_000_000;

#[derive(Deserialize)]
struct CountryName {
    iso_code: Option<String>,
}

/// Both layouts that are about.
#[derive(Deserialize)]
struct CountryRow {
    country: Option<CountryName>,
    country_code: Option<String>,
}

#[derive(Deserialize)]
struct NetworkRow {
    autonomous_system_number: Option<u32>,
}

/// Ranges without overlaps, sorted.
#[derive(Debug, Default)]
struct Ranges(Vec<(u128, u128)>);

/// IPv4 addresses as those of IPv6 that stand for them.
fn wide(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_ipv6_mapped()),
        IpAddr::V6(address) => u128::from(address),
    }
}

impl Ranges {
    fn parse(text: &str) -> Result<Self, String> {
        let mut ranges = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let net = line.parse::<IpNet>().or_else(|_| line.parse::<IpAddr>().map(IpNet::from)).map_err(|_| format!("line {} is no address and no range", number + 1))?;
            if ranges.len() >= RANGE_LIMIT {
                return Err(format!("more than {RANGE_LIMIT} ranges"));
            }
            ranges.push((wide(net.network()), wide(net.broadcast())));
        }
        ranges.sort_unstable();
        let mut joined: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Ok(Self(joined))
    }

    fn holds(&self, address: IpAddr) -> bool {
        let wanted = wide(address);
        let after = self.0.partition_point(|(first, _)| *first <= wanted);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, last)| wanted <= *last)
    }
}

/// What was read of the files.
#[derive(Default)]
struct Read {
    country: Option<Reader<Vec<u8>>>,
    network: Option<Reader<Vec<u8>>>,
    hosting: Option<Ranges>,
    anonymisers: Ranges,
    /// When each file was changed.
    changed: Vec<Option<SystemTime>>,
}

impl Read {
    fn of(files: &Files) -> Result<Self, FilesRefused> {
        let told = |path: &Path, cause: String| FilesRefused { file: path.display().to_string(), cause };
        let reader = |path: &Option<PathBuf>| path.as_ref().map(|path| Reader::open_readfile(path).map_err(|error| told(path, error.to_string()))).transpose();
        let ranges = |path: &Option<PathBuf>| {
            let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(|error| error.to_string()).and_then(|text| Ranges::parse(&text)).map_err(|cause| told(path, cause));
            path.as_ref().map(read).transpose()
        };
        let changed = changed(files);
        Ok(Self {
            country: reader(&files.country)?,
            network: reader(&files.network)?,
            hosting: ranges(&files.hosting)?,
            anonymisers: ranges(&files.anonymisers)?.unwrap_or_default(),
            changed,
        })
    }
}

fn changed(files: &Files) -> Vec<Option<SystemTime>> {
    let all = [&files.country, &files.network, &files.hosting, &files.anonymisers];
    all.into_iter().map(|path| std::fs::metadata(path.as_ref()?).and_then(|facts| facts.modified()).ok()).collect()
}

/// What is known of addresses: the operator's files before the list in the binary.
pub struct Places {
    packed: PackedPlaces,
    files: Files,
    read: RwLock<Arc<Read>>,
}

impl Places {
    /// Reads the files.
    ///
    /// # Errors
    /// [`FilesRefused`] for the first that does not read.
    pub fn open(files: Files) -> Result<Self, FilesRefused> {
        let read = Read::of(&files)?;
        Ok(Self { packed: PackedPlaces::embedded(), files, read: RwLock::new(Arc::new(read)) })
    }

    fn read(&self) -> Arc<Read> {
        Arc::clone(&self.read.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the files again if one of them was changed. Whether they were.
    ///
    /// # Errors
    /// [`FilesRefused`]; what was there before stays.
    pub fn refresh(&self) -> Result<bool, FilesRefused> {
        if changed(&self.files) == self.read().changed {
            return Ok(false);
        }
        let fresh = Arc::new(Read::of(&self.files)?);
        *self.read.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(true)
    }

    /// What the countries and networks are of, for the record of a decision.
    pub fn version(&self) -> String {
        if self.files.country.is_some() || self.files.network.is_some() { "own".to_owned() } else { self.packed.version().to_owned() }
    }

    /// What is known of an address; nothing of one that is not public.
    pub fn find(&self, address: IpAddr) -> Place {
        let (address, read) = (address.to_canonical(), self.read());
        let mut place = if is_public(address) { self.packed.find(address) } else { Place::default() };
        if let Some(reader) = &read.country {
            place.country = look_up::<CountryRow>(reader, address)
                .and_then(|row| row.country.and_then(|country| country.iso_code).or(row.country_code))
                .and_then(|code| code.as_bytes().try_into().ok());
        }
        if let Some(reader) = &read.network {
            place.network = look_up::<NetworkRow>(reader, address).and_then(|row| row.autonomous_system_number);
        }
        if let Some(ranges) = &read.hosting {
            place.is_hosting = ranges.holds(address);
        }
        place.is_anonymiser = read.anonymisers.holds(address);
        place
    }
}

fn look_up<Row: for<'de> Deserialize<'de>>(reader: &Reader<Vec<u8>>, address: IpAddr) -> Option<Row> {
    reader.lookup(address).ok()?.decode::<Row>().ok()?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_stand_before_what_is_in_the_binary_and_are_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let (hosting, tor) = (folder.path().join("hosting.txt"), folder.path().join("tor.txt"));
        std::fs::write(&hosting, "# ours\n203.0.113.0/24 # a rack\n2001:db8::/32\n").unwrap();
        std::fs::write(&tor, "198.51.100.7\n198.51.100.0/30\n198.51.100.2/31\n").unwrap();
        let files = Files { hosting: Some(hosting), anonymisers: Some(tor.clone()), ..Files::default() };
        let places = Places::open(files).unwrap();
        let find = |address: &str| places.find(address.parse().unwrap());
        assert!(find("203.0.113.9").is_hosting && find("2001:db8::1").is_hosting && !find("88.198.0.1").is_hosting, "one's own list replaces that in the binary");
        assert!(find("198.51.100.7").is_anonymiser && find("198.51.100.3").is_anonymiser && !find("198.51.100.4").is_anonymiser && !find("198.51.100.8").is_anonymiser);
        assert_eq!(find("217.0.43.1").country(), Some("DE"));
        assert!(!places.refresh().unwrap());
        std::fs::write(&tor, "nonsense\n").unwrap();
        let late = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(2_000_000_000);
        std::fs::File::options().write(true).open(&tor).unwrap().set_modified(late).unwrap();
        let refused = places.refresh().unwrap_err().to_string();
        assert!(refused.contains("tor.txt: line 1"), "{refused}");
        assert!(find("198.51.100.7").is_anonymiser, "what was there stays");
        std::fs::write(&tor, "192.0.2.1\n").unwrap();
        std::fs::File::options().write(true).open(&tor).unwrap().set_modified(late + std::time::Duration::from_secs(1)).unwrap();
        assert!(places.refresh().unwrap() && !find("198.51.100.7").is_anonymiser && find("192.0.2.1").is_anonymiser);
        assert!(Places::open(Files { country: Some(folder.path().join("none.mmdb")), ..Files::default() }).is_err());
    }

    /// A value of an mmdb (its format's control bytes): text, a number, a map, or an empty list.
    enum Value<'a> {
        Text(&'a str),
        Short(u16),
        Number(u32),
        Long(u64),
        Map(Vec<(&'a str, Value<'a>)>),
        NoList,
    }

    impl Value<'_> {
        fn write(&self, out: &mut Vec<u8>) {
            let control = |kind: u8, size: usize, out: &mut Vec<u8>| {
                let size = u8::try_from(size).unwrap();
                assert!(size < 29);
                if kind > 7 { out.extend([size, kind - 7]) } else { out.push(kind << 5 | size) }
            };
            match self {
                Self::Text(text) => {
                    control(2, text.len(), out);
                    out.extend(text.as_bytes());
                }
                Self::Short(number) => {
                    control(5, 2, out);
                    out.extend(number.to_be_bytes());
                }
                Self::Number(number) => {
                    control(6, 4, out);
                    out.extend(number.to_be_bytes());
                }
                Self::Long(number) => {
                    control(9, 8, out);
                    out.extend(number.to_be_bytes());
                }
                Self::NoList => control(11, 0, out),
                Self::Map(fields) => {
                    control(7, fields.len(), out);
                    for (name, value) in fields {
                        Self::Text(name).write(out);
                        value.write(out);
                    }
                }
            }
        }
    }

    /// An mmdb of IPv4 addresses in which one network has a value.
    fn mmdb(network: &str, value: &Value<'_>) -> Vec<u8> {
        let IpNet::V4(network) = network.parse::<IpNet>().unwrap() else { panic!("IPv4") };
        let (bits, depth) = (u32::from(network.network()), u32::from(network.prefix_len()));
        let mut file = Vec::new();
        for level in 0..depth {
            // To what was found behind the tree and its separator, onwards, or to nothing.
            let onwards = if level + 1 == depth { depth + 16 } else { level + 1 };
            let pair = if bits >> (31 - level) & 1 == 1 { [depth, onwards] } else { [onwards, depth] };
            pair.iter().for_each(|record| file.extend(&record.to_be_bytes()[1..]));
        }
        file.extend([0; 16]);
        value.write(&mut file);
        file.extend(b"\xab\xcd\xefMaxMind.com");
        let facts = vec![
            ("node_count", Value::Number(depth)),
            ("record_size", Value::Short(24)),
            ("ip_version", Value::Short(4)),
            ("database_type", Value::Text("test")),
            ("binary_format_major_version", Value::Short(2)),
            ("binary_format_minor_version", Value::Short(0)),
            ("build_epoch", Value::Long(1)),
            ("languages", Value::NoList),
            ("description", Value::Map(Vec::new())),
        ];
        Value::Map(facts).write(&mut file);
        file
    }

    #[test]
    fn an_operators_own_countries_and_networks_are_looked_up_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let (country, network) = (folder.path().join("country.mmdb"), folder.path().join("network.mmdb"));
        let iso = |code| Value::Map(vec![("country", Value::Map(vec![("iso_code", Value::Text(code))]))]);
        std::fs::write(&country, mmdb("217.0.0.0/16", &iso("AT"))).unwrap();
        std::fs::write(&network, mmdb("217.0.43.0/24", &Value::Map(vec![("autonomous_system_number", Value::Number(64_496))]))).unwrap();
        let files = Files { country: Some(country.clone()), network: Some(network), ..Files::default() };
        let places = Places::open(files).unwrap();
        let find = |address: &str| places.find(address.parse().unwrap());
        assert_eq!((find("217.0.43.1").country(), find("217.0.43.1").network), (Some("AT"), Some(64_496)));
        assert_eq!((find("217.0.44.1").country(), find("217.0.44.1").network), (Some("AT"), None), "what is in neither is not known");
        assert_eq!(find("217.1.0.1").country(), None, "and not looked up in the list in the binary");
        assert_eq!((find("2003::1").country(), places.version().as_str()), (None, "own"));
        // Of the other layout, once it is there; a broken one changes nothing.
        let late = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(2_000_000_000);
        let replace = |bytes: &[u8], seconds: u64| {
            std::fs::write(&country, bytes).unwrap();
            std::fs::File::options().write(true).open(&country).unwrap().set_modified(late + std::time::Duration::from_secs(seconds)).unwrap();
            places.refresh()
        };
        assert!(replace(b"no mmdb", 1).is_err());
        assert_eq!(find("217.0.43.1").country(), Some("AT"));
        assert!(replace(&mmdb("217.0.0.0/16", &Value::Map(vec![("country_code", Value::Text("CH"))])), 2).unwrap());
        assert_eq!(find("217.0.43.1").country(), Some("CH"));
    }
}
