//! The list in the binary, as `scripts/pack-places` lays it out.

use std::net::IpAddr;

use super::Place;

/// What is in the binary. Countries: IPtoASN (PDDL). Networks: Route Views, RIPE NCC and DB-IP (CC BY 4.0); see docs/dependencies.md.
static EMBEDDED: &[u8] = include_bytes!("places.bin");

const MAGIC: &[u8] = b"CLVP1\0";
const HEADER: usize = 6 + 16 + 5 * 4;

/// Ranges, by their first address. Looked up where they lie; nothing is copied.
#[derive(Debug, Clone, Copy)]
pub struct PackedPlaces {
    version: &'static str,
    countries: &'static [u8],
    networks: &'static [u8],
    v4_starts: &'static [u8],
    v4_facts: &'static [u8],
    v6_starts: &'static [u8],
    v6_facts: &'static [u8],
}

fn number<const WIDTH: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let part = bytes.get(at.checked_mul(WIDTH)?..at.checked_add(1)?.checked_mul(WIDTH)?)?;
    Some(part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// The place of the last start that is not above `wanted`.
fn last_not_above<const WIDTH: usize>(starts: &[u8], wanted: u64) -> Option<usize> {
    let (mut low, mut high) = (0, starts.len() / WIDTH);
    while low < high {
        let middle = low + (high - low) / 2;
        if number::<WIDTH>(starts, middle)? <= wanted {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low.checked_sub(1)
}

impl PackedPlaces {
    /// The list in the binary.
    pub fn embedded() -> Self {
        Self::of(EMBEDDED).unwrap_or(Self { version: "", countries: &[], networks: &[], v4_starts: &[], v4_facts: &[], v6_starts: &[], v6_facts: &[] })
    }

    /// A list; `None` when it is not laid out as one.
    fn of(bytes: &'static [u8]) -> Option<Self> {
        let header = bytes.get(..HEADER).filter(|header| header.starts_with(MAGIC))?;
        let version = std::str::from_utf8(header.get(6..22)?).ok()?.trim_end_matches('\0');
        let count = |at: usize| usize::try_from(number::<4>(header.get(22..)?, at)?).ok();
        let (countries, networks, v4, v6) = (count(0)?, count(1)?, count(2)?, count(3)?);
        let mut rest = bytes.get(HEADER..)?;
        let mut take = |length: usize| {
            let (part, left) = rest.split_at_checked(length)?;
            rest = left;
            Some(part)
        };
        Some(Self {
            version,
            countries: take(countries * 2)?,
            networks: take(networks * 4)?,
            v4_starts: take(v4 * 4)?,
            v4_facts: take(v4 * 4)?,
            v6_starts: take(v6 * 8)?,
            v6_facts: take(v6 * 4)?,
        })
    }

    /// The day that the list is of.
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// What is known of an address.
    pub fn find(&self, address: IpAddr) -> Place {
        let fact = match address.to_canonical() {
            IpAddr::V4(address) => last_not_above::<4>(self.v4_starts, u64::from(u32::from(address))).and_then(|at| number::<4>(self.v4_facts, at)),
            IpAddr::V6(address) => {
                let half = u64::try_from(u128::from(address) >> 64).unwrap_or_default();
                last_not_above::<8>(self.v6_starts, half).and_then(|at| number::<4>(self.v6_facts, at))
            }
        };
        let Some(fact) = fact else { return Place::default() };
        let place = |number: u64| usize::try_from(number).ok()?.checked_sub(1);
        let country = place(fact & 0xff).and_then(|at| self.countries.get(at * 2..at * 2 + 2)).and_then(|code| code.try_into().ok());
        let network = place(fact >> 9).and_then(|at| number::<4>(self.networks, at)).and_then(|number| u32::try_from(number).ok());
        Place { country, network, is_hosting: fact >> 8 & 1 == 1, is_anonymiser: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(address: &str) -> Place {
        PackedPlaces::embedded().find(address.parse().unwrap())
    }

    #[test]
    fn well_known_addresses_lie_where_they_should() {
        assert_eq!(PackedPlaces::embedded().version(), "2026-06-17");
        // Google's resolver, Cloudflare's, Deutsche Telekom, Hetzner, Comcast, and the same over IPv6.
        for (address, network, is_hosting) in [
            ("8.8.8.8", 15169, false),
            ("1.1.1.1", 13335, false),
            ("217.0.43.1", 3320, false),
            ("88.198.0.1", 24940, true),
            ("73.0.0.1", 7922, false),
            ("2a01:4f8::1", 24940, true),
            ("2003::1", 3320, false),
        ] {
            let place = find(address);
            assert_eq!((place.network, place.is_hosting), (Some(network), is_hosting), "{address}");
        }
        for (address, country) in [("217.0.43.1", "DE"), ("73.0.0.1", "US"), ("2003::1", "DE"), ("::ffff:217.0.43.1", "DE")] {
            assert_eq!(find(address).country(), Some(country), "{address}");
        }
        for address in ["127.0.0.1", "10.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "fe80::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] {
            assert_eq!(find(address), Place::default(), "{address}");
        }
    }

    #[test]
    fn a_list_that_was_cut_short_is_none() {
        for length in [0, 3, HEADER - 1, HEADER, EMBEDDED.len() - 1] {
            assert!(PackedPlaces::of(&EMBEDDED[..length]).is_none(), "{length}");
        }
    }
}
