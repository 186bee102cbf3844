//! The hash chain, as a pure function: each link covers the one before, its own position and the event's authenticator.

use crate::base::encoding::sha256;

/// What the first link stands on.
pub const GENESIS: [u8; 32] = [0; 32];

/// The link of the event with authenticator `mac` at `position` (from 1), after the link `previous`.
pub fn link(previous: &[u8], position: i64, mac: &[u8]) -> [u8; 32] {
    let mut input = Vec::with_capacity(72);
    input.extend_from_slice(previous);
    input.extend_from_slice(&position.to_be_bytes());
    input.extend_from_slice(mac);
    sha256(&input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_removed_or_moved_event_breaks_the_chain() {
        let chain = |macs: &[&[u8]]| macs.iter().zip(1..).fold(GENESIS, |previous, (mac, position)| link(&previous, position, mac));
        let whole = chain(&[b"a", b"b", b"c"]);
        assert_ne!(whole, chain(&[b"a", b"x", b"c"]));
        assert_ne!(whole, chain(&[b"a", b"c"]));
        assert_ne!(whole, chain(&[b"b", b"a", b"c"]));
    }
}
