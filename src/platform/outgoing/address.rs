//! Which addresses a request of ours may reach: pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Where requests of ours may go.
#[derive(Debug, Clone, Default)]
pub struct OutgoingPolicy {
    /// Networks that are reached although they are not public, with plain http too.
    pub allowed: Vec<IpNet>,
}

impl OutgoingPolicy {
    /// Whether the operator allowed the network of `address` by name.
    pub fn is_allowed(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.allowed.iter().any(|network| network.contains(&address))
    }

    /// Whether a request may go to `address` at `port`. Plain http only where the operator allowed it; nothing public on the ports of other well-known services.
    pub fn may_reach(&self, address: IpAddr, port: u16, is_https: bool) -> bool {
        self.is_allowed(address) || (is_https && is_public(address) && (port == 443 || port >= 1_024))
    }
}

/// Whether `address` is one of the public internet: not of this machine, of a private network, or set aside for another use (IANA special-purpose registries).
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

const fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, fourth, fifth, sixth, high, low] = address.segments();
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    match (first, second) {
        // NAT64 reaches the IPv4 address in its last 32 bits.
        (0x64, 0xff9b) => third == 0 && fourth == 0 && fifth == 0 && sixth == 0 && is_public_v4(Ipv4Addr::new(a, b, c, d)),
        // Protocol assignments (Teredo among them), documentation, 6to4.
        (0x2001, 0..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, 0..=0x0fff) => false,
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_reached() {
        let inside = [
            "127.0.0.1",
            "127.8.9.1",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "100::1",
        ];
        for text in inside {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::8a", "64:ff9b::101:101", "::ffff:1.1.1.1"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn plain_http_and_other_ports_need_a_network_that_is_allowed() {
        let (usual, open) = (OutgoingPolicy::default(), OutgoingPolicy { allowed: vec!["10.0.0.0/8".parse().unwrap()] });
        let (public, private): (IpAddr, IpAddr) = ("1.1.1.1".parse().unwrap(), "::ffff:10.0.0.1".parse().unwrap());
        let table = [
            (&usual, public, 443, true, true),
            (&usual, public, 8_443, true, true),
            (&usual, public, 22, true, false),
            (&usual, public, 443, false, false),
            (&usual, private, 443, true, false),
            (&open, private, 443, true, true),
            (&open, private, 22, false, true),
            (&open, public, 80, false, false),
        ];
        for (policy, address, port, is_https, expected) in table {
            assert_eq!(policy.may_reach(address, port, is_https), expected, "{address} {port} {is_https}");
        }
    }
}
