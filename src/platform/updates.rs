//! News of this program: releases and advisories, read from a signed file that the operator mirrors. Nothing is ever fetched from here.
//!
//! The file holds one JWS (RFC 7515, compact, EdDSA, `typ` `advisory-feed+jwt`) over a [`Feed`].

use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use crate::base::time::UnixSeconds;

/// What the product is called in a feed.
const PRODUCT: &str = "claviger";
/// The `typ` of a feed.
pub const FEED_TYPE: &str = "advisory-feed+jwt";
/// The longest file that is read, in bytes.
const MAX_FEED_BYTES: u64 = 1 << 20;
/// After so many seconds without a newer one, a feed says nothing about today: 30 days.
const STALE_SECONDS: i64 = 30 * 86_400;
/// How far ahead of this clock a feed may be signed, in seconds.
const AHEAD_SECONDS: i64 = 86_400;

/// How grave a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// Everything.
    Critical,
}

impl Severity {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its version.
    pub version: Version,
}

/// An advisory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// Its id.
    pub id: String,
    /// How grave it is.
    pub severity: Severity,
    /// In a line.
    pub title: String,
    /// The versions that it touches, such as `>=0.1.0, <0.1.3`.
    pub affected: VersionReq,
    /// The first version without it.
    pub patched: Option<Version>,
    /// Where it is described.
    pub url: Option<String>,
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Of which product.
    pub product: String,
    /// When it was signed, in Unix seconds.
    pub iat: i64,
    /// Releases.
    pub releases: Vec<Release>,
    /// Advisories.
    pub advisories: Vec<Advisory>,
}

/// Why a feed tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedRefused {
    /// There is no such file, or it is too long.
    #[error("{0}")]
    Unreadable(String),
    /// The key is none.
    #[error("the key is not an Ed25519 public key (43 characters of base64url)")]
    Key,
    /// Somebody else signed it, or it was changed.
    #[error("the feed was not signed by this key as it stands")]
    Signature,
    /// It is about something else.
    #[error("the feed is about another product")]
    Product,
    /// It is signed, but not in the form that is agreed.
    #[error("the feed is signed, and cannot be read: {0}")]
    Malformed(String),
    /// A newer one was seen already.
    #[error("the feed is older than one that was seen here: somebody may be holding newer ones back")]
    Older,
    /// It was signed in the future.
    #[error("the feed was signed in the future, or this clock is wrong")]
    Ahead,
}

/// An advisory that touches this build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenAdvisory {
    /// Its id.
    pub id: String,
    /// How grave it is.
    pub severity: Severity,
    /// In a line.
    pub title: String,
    /// The first version without it.
    pub patched: Option<String>,
    /// Where it is described.
    pub url: Option<String>,
}

/// What a feed says of this build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Standing {
    /// This build's version.
    pub version: String,
    /// When the feed was signed, in Unix seconds.
    pub issued_at: i64,
    /// Whether that is so long ago that silence means nothing.
    pub is_stale: bool,
    /// The newest release, when it is newer than this build.
    pub newer: Option<String>,
    /// Advisories that touch this build, the gravest first.
    pub advisories: Vec<OpenAdvisory>,
}

/// Reads `feed`, signed by `key` (the `x` of an OKP key, RFC 8037), for a build of `version`.
///
/// # Errors
/// [`FeedRefused`].
pub fn read(feed: &str, key: &str, version: &Version, now: UnixSeconds) -> Result<Standing, FeedRefused> {
    let is_key = key.len() == 43 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let key = is_key.then(|| DecodingKey::from_ed_components(key).ok()).flatten().ok_or(FeedRefused::Key)?;
    let mut checks = Validation::new(Algorithm::EdDSA);
    checks.required_spec_claims.clear();
    checks.validate_exp = false;
    let read = decode::<serde_json::Value>(feed.trim(), &key, &checks).map_err(|_| FeedRefused::Signature)?;
    if read.header.typ.as_deref() != Some(FEED_TYPE) {
        return Err(FeedRefused::Product);
    }
    let feed: Feed = serde_json::from_value(read.claims).map_err(|error| FeedRefused::Malformed(error.to_string()))?;
    if feed.product != PRODUCT {
        return Err(FeedRefused::Product);
    }
    if feed.iat > now.plus(AHEAD_SECONDS).0 {
        return Err(FeedRefused::Ahead);
    }
    let newest = feed.releases.into_iter().map(|release| release.version).filter(|release| release.pre.is_empty()).max();
    let open = |advisory: Advisory| OpenAdvisory {
        id: advisory.id,
        severity: advisory.severity,
        title: advisory.title,
        patched: advisory.patched.map(|version| version.to_string()),
        url: advisory.url,
    };
    let mut advisories: Vec<OpenAdvisory> = feed.advisories.into_iter().filter(|advisory| advisory.affected.matches(version)).map(open).collect();
    advisories.sort_by(|one, two| two.severity.cmp(&one.severity).then_with(|| one.id.cmp(&two.id)));
    Ok(Standing {
        version: version.to_string(),
        issued_at: feed.iat,
        is_stale: now.since(UnixSeconds(feed.iat)) > STALE_SECONDS,
        newer: newest.filter(|newest| newest > version).map(|newest| newest.to_string()),
        advisories,
    })
}

/// The version of this build.
pub fn own_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0))
}

/// Reads a file of at most a mebibyte.
///
/// # Errors
/// [`FeedRefused::Unreadable`].
pub fn read_file(file: &std::path::Path) -> Result<String, FeedRefused> {
    let told = |error: std::io::Error| FeedRefused::Unreadable(format!("{}: {error}", file.display()));
    let mut text = String::new();
    let length = std::fs::File::open(file).and_then(|opened| opened.take(MAX_FEED_BYTES + 1).read_to_string(&mut text)).map_err(told)?;
    if u64::try_from(length).is_ok_and(|length| length > MAX_FEED_BYTES) {
        return Err(FeedRefused::Unreadable(format!("{}: longer than a feed can be", file.display())));
    }
    Ok(text)
}

/// Watches a feed.
#[derive(Debug, Default)]
pub struct UpdateWatch {
    /// The file and the key.
    source: Option<(PathBuf, String)>,
    last: Mutex<Option<Result<Standing, FeedRefused>>>,
    /// When the newest feed that was seen was signed.
    newest: AtomicI64,
}

impl UpdateWatch {
    /// Watches `source`: a file, and the key that signs it.
    pub fn of(source: Option<(PathBuf, String)>) -> Self {
        Self { source, last: Mutex::new(None), newest: AtomicI64::new(i64::MIN) }
    }

    /// Looks again; what it says, or none when there is nothing to watch.
    pub fn look(&self, now: UnixSeconds) -> Option<Result<Standing, FeedRefused>> {
        let (file, key) = self.source.as_ref()?;
        let seen = read_file(file).and_then(|feed| read(&feed, key, &own_version(), now));
        let newest = self.newest.load(Ordering::SeqCst);
        let seen = match seen {
            Ok(standing) if standing.issued_at < newest => Err(FeedRefused::Older),
            seen => seen,
        };
        if let Ok(standing) = &seen {
            self.newest.fetch_max(standing.issued_at, Ordering::SeqCst);
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen.clone());
        Some(seen)
    }

    /// What was seen last; none when there is nothing to watch, or it was not looked at yet.
    pub fn last(&self) -> Option<Result<Standing, FeedRefused>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether there is a feed to watch.
    pub const fn is_watching(&self) -> bool {
        self.source.is_some()
    }
}

#[cfg(test)]
#[path = "updates_tests.rs"]
mod tests;
