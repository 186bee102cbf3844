use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use serde_json::json;

use super::*;
use crate::base::encoding::base64url;

const NOW: UnixSeconds = UnixSeconds(1_798_761_600);

fn sign(pair: &Ed25519KeyPair, typ: &str, claims: &serde_json::Value) -> String {
    let body = format!("{}.{}", base64url(json!({ "alg": "EdDSA", "typ": typ }).to_string()), base64url(claims.to_string()));
    format!("{body}.{}", base64url(pair.sign(body.as_bytes())))
}

fn pair(seed: u8) -> (Ed25519KeyPair, String) {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
    let key = base64url(pair.public_key());
    (pair, key)
}

fn feed(iat: i64) -> serde_json::Value {
    json!({
        "product": "claviger", "iat": iat,
        "releases": [{ "version": "0.1.0" }, { "version": "0.1.3" }, { "version": "0.2.0-rc.1" }],
        "advisories": [
            { "id": "CLV-1", "severity": "low", "title": "Little", "affected": ">=0.1.0, <0.1.2", "patched": "0.1.2", "url": null },
            { "id": "CLV-2", "severity": "critical", "title": "Much", "affected": "<0.1.3", "patched": "0.1.3", "url": "https://example.com/2" },
            { "id": "CLV-3", "severity": "high", "title": "Old", "affected": "<0.1.0", "patched": "0.1.0", "url": null },
        ],
    })
}

#[test]
fn a_feed_says_what_touches_this_build_and_what_is_newer() {
    let (pair, key) = pair(7);
    let text = sign(&pair, FEED_TYPE, &feed(NOW.0 - 60));
    let at = |version: &str| read(&text, &key, &Version::parse(version).unwrap(), NOW).unwrap();
    let old = at("0.1.0");
    assert_eq!(old.advisories.iter().map(|advisory| advisory.id.as_str()).collect::<Vec<_>>(), ["CLV-2", "CLV-1"]);
    assert_eq!((old.newer.as_deref(), old.is_stale), (Some("0.1.3"), false));
    let new = at("0.1.3");
    assert!(new.advisories.is_empty() && new.newer.is_none(), "a candidate is not a release: {new:?}");
    let stale = read(&text, &key, &Version::new(0, 1, 3), NOW.plus(31 * 86_400)).unwrap();
    assert!(stale.is_stale);
}

#[test]
fn what_was_not_signed_so_says_nothing() {
    let ((one, key), (other, _)) = (pair(7), pair(8));
    let version = Version::new(0, 1, 0);
    let text = sign(&one, FEED_TYPE, &feed(NOW.0));
    let mut altered = text.clone().into_bytes();
    let middle = text.find('.').unwrap() + 40;
    altered[middle] = if altered[middle] == b'A' { b'B' } else { b'A' };
    assert_eq!(read(std::str::from_utf8(&altered).unwrap(), &key, &version, NOW), Err(FeedRefused::Signature));
    assert_eq!(read(&sign(&other, FEED_TYPE, &feed(NOW.0)), &key, &version, NOW), Err(FeedRefused::Signature));
    assert_eq!(read(&sign(&one, "JWT", &feed(NOW.0)), &key, &version, NOW), Err(FeedRefused::Product));
    assert_eq!(read(&sign(&one, FEED_TYPE, &feed(NOW.0 + 2 * 86_400)), &key, &version, NOW), Err(FeedRefused::Ahead));
    let mut foreign = feed(NOW.0);
    foreign["product"] = json!("other");
    assert_eq!(read(&sign(&one, FEED_TYPE, &foreign), &key, &version, NOW), Err(FeedRefused::Product));
    for key in ["", "short", &"=".repeat(43)] {
        assert_eq!(read(&text, key, &version, NOW), Err(FeedRefused::Key), "{key}");
    }
    // No signature at all, and one with another algorithm.
    let unsigned = format!("{}.{}.", base64url(json!({ "alg": "none", "typ": FEED_TYPE }).to_string()), base64url(feed(NOW.0).to_string()));
    assert_eq!(read(&unsigned, &key, &version, NOW), Err(FeedRefused::Signature));
}
