//! The chain, as a pure function: each link covers the one before, its own position and the event's authenticator, under a key that the database does not hold.

use crate::platform::crypto::keyring::MacKey;

/// What the first link stands on.
pub const GENESIS: [u8; 32] = [0; 32];

/// The link of the event with authenticator `mac` at `position` (from 1), after the link `previous`.
pub fn link(key: &MacKey, previous: &[u8], position: i64, mac: &[u8]) -> [u8; 32] {
    key.mac(&[previous, &position.to_be_bytes(), mac])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::SecretKey;
    use crate::platform::crypto::keyring::KeyRing;

    #[test]
    fn a_changed_removed_or_moved_event_breaks_the_chain() {
        let ring = KeyRing::derive(&SecretKey::new([1; 32])).unwrap();
        let chain = |macs: &[&[u8]]| macs.iter().zip(1..).fold(GENESIS, |previous, (mac, position)| link(&ring.audit_mac, &previous, position, mac));
        let whole = chain(&[b"a", b"b", b"c"]);
        assert_ne!(whole, chain(&[b"a", b"x", b"c"]));
        assert_ne!(whole, chain(&[b"a", b"c"]));
        assert_ne!(whole, chain(&[b"b", b"a", b"c"]));
    }
}
