//! Whose address a request came from: the peer's, unless the peer is a proxy that we trust.

use std::net::IpAddr;

use ipnet::IpNet;

/// The client's address. `forwarded_for` is the joined `X-Forwarded-For`; it is read from the right, past the proxies that are trusted, and not at all when the peer is not one of them.
pub fn client_address(peer: IpAddr, forwarded_for: Option<&str>, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut current = canonical(peer);
    if !is_trusted(current) {
        return current;
    }
    for hop in forwarded_for.unwrap_or_default().rsplit(',').take(16) {
        let Ok(address) = hop.trim().parse::<IpAddr>() else { return current };
        current = canonical(address);
        if !is_trusted(current) {
            return current;
        }
    }
    current
}

fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// The source that failures are counted against: an IPv4 address, or the /64 of an IPv6 address, since one customer owns all of that.
pub fn source_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client_address(address("203.0.113.9"), Some("1.2.3.4"), &proxies), address("203.0.113.9"));
        assert_eq!(client_address(address("10.0.0.1"), Some("1.2.3.4"), &proxies), address("1.2.3.4"));
        // What stands left of the first untrusted hop was written by the client itself.
        assert_eq!(client_address(address("10.0.0.1"), Some("6.6.6.6, 1.2.3.4, 10.0.0.2"), &proxies), address("1.2.3.4"));
        assert_eq!(client_address(address("10.0.0.1"), Some("nonsense"), &proxies), address("10.0.0.1"));
        assert_eq!(client_address(address("10.0.0.1"), None, &proxies), address("10.0.0.1"));
        assert_eq!(client_address(address("::ffff:203.0.113.9"), Some("1.2.3.4"), &proxies), address("203.0.113.9"));
    }

    #[test]
    fn an_ipv6_customer_is_one_source() {
        assert_eq!(source_of(address("2001:db8:1:2::1")), source_of(address("2001:db8:1:2:ffff::9")));
        assert_ne!(source_of(address("2001:db8:1:2::1")), source_of(address("2001:db8:1:3::1")));
    }
}
