//! How a refresh token looks: grant, number in its family, and a MAC over both. Nothing of it is stored, so nothing of it can leak from a table; and a token of ours that is out of turn is told from a guess.

use crate::base::encoding::{base64url, from_base64url};
use crate::base::ids::GrantId;
use crate::base::secret::Secret;
use crate::platform::crypto::keyring::KeyRing;

const PREFIX: &str = "crt_";
const ID_BYTES: usize = 16;
const NUMBER_BYTES: usize = 8;

fn mac(ring: &KeyRing, id: &[u8], number: &[u8]) -> [u8; 32] {
    ring.refresh.mac(&[id, number])
}

/// The refresh token number `rotation` of `grant`.
pub fn encode(ring: &KeyRing, grant: &GrantId, rotation: i64) -> Option<Secret> {
    let id = ulid::Ulid::from_string(grant.as_str().strip_prefix("grt_")?).ok()?.to_bytes();
    let number = rotation.to_be_bytes();
    let mut bytes = Vec::with_capacity(ID_BYTES + NUMBER_BYTES + 32);
    bytes.extend_from_slice(&id);
    bytes.extend_from_slice(&number);
    bytes.extend_from_slice(&mac(ring, &id, &number));
    Some(Secret::new(format!("{PREFIX}{}", base64url(bytes))))
}

/// Reads a refresh token that this installation made; `None` for anything else.
pub fn decode(ring: &KeyRing, token: &str) -> Option<(GrantId, i64)> {
    let bytes = from_base64url(token.strip_prefix(PREFIX)?)?;
    let (id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
    let (number, presented) = rest.split_first_chunk::<NUMBER_BYTES>()?;
    if !ring.refresh.is_mac(&[id, number], presented) {
        return None;
    }
    let grant = format!("grt_{}", ulid::Ulid::from_bytes(*id).to_string()).parse().ok()?;
    Some((grant, i64::from_be_bytes(*number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::SecretKey;

    #[test]
    fn a_cut_or_altered_token_is_nothing() {
        let ring = KeyRing::derive(&SecretKey::new([3; 32])).unwrap();
        let grant: GrantId = "grt_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        let token = encode(&ring, &grant, 7).unwrap();
        let text = token.expose();
        assert_eq!(decode(&ring, text), Some((grant.clone(), 7)));
        for cut in 0..text.len() {
            assert_eq!(decode(&ring, &text[..cut]), None);
        }
        for index in 4..text.len() {
            for replacement in ['A', 'b', '_'] {
                let mut altered: Vec<char> = text.chars().collect();
                if altered[index] == replacement {
                    continue;
                }
                altered[index] = replacement;
                assert_eq!(decode(&ring, &altered.into_iter().collect::<String>()), None, "{index}");
            }
        }
        assert_eq!(decode(&ring, &format!("{text}A")), None);
        assert_eq!(decode(&KeyRing::derive(&SecretKey::new([4; 32])).unwrap(), text), None);
    }
}
