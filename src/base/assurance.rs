//! How sure we are of who is there: `amr`, `acr` and `auth_time`, computed from what the authenticators really proved.
//!
//! Sources: OIDC Core section 2 (`acr`, `amr`, `auth_time`), RFC 8176 (`amr` values), NIST SP 800-63B-4 (what counts as a factor).

use super::time::{UnixMicros, UnixSeconds};

/// The kinds of authenticator that a proof can come from. A new kind is one variant and its row in [`FactorKind::properties`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// A memorised secret.
    Password,
    /// A time-based one-time code from an app (RFC 6238).
    Totp,
    /// A WebAuthn credential: a passkey or a security key.
    Passkey,
    /// One of the codes that were given out beforehand: a look-up secret.
    RecoveryCode,
    /// A code sent by e-mail.
    EmailCode,
    /// A code sent by text message.
    SmsCode,
    /// An account at another OpenID Provider.
    Upstream,
}

/// What one kind of authenticator proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorProperties {
    /// Something that the customer knows.
    pub is_known: bool,
    /// Something that the customer holds.
    pub is_held: bool,
    /// The proof is bound to our origin, so that a look-alike page gains nothing.
    pub is_phishing_resistant: bool,
    /// A code over a channel that others can read or redirect (e-mail, SMS).
    pub is_restricted: bool,
    /// The `amr` value of RFC 8176 section 2.
    pub amr: &'static str,
}

impl FactorKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [Self::Password, Self::Totp, Self::Passkey, Self::RecoveryCode, Self::EmailCode, Self::SmsCode, Self::Upstream];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::RecoveryCode => "recovery_code",
            Self::EmailCode => "email_code",
            Self::SmsCode => "sms_code",
            Self::Upstream => "upstream",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What this kind proves.
    #[must_use]
    pub const fn properties(self) -> FactorProperties {
        let held = FactorProperties { is_known: false, is_held: true, is_phishing_resistant: false, is_restricted: false, amr: "otp" };
        match self {
            Self::Password => FactorProperties { is_known: true, is_held: false, amr: "pwd", ..held },
            Self::Totp | Self::RecoveryCode => held,
            // "hwk" is for keys that never leave their device; see [`ShownFactor::amr`] for those that are synced.
            Self::Passkey => FactorProperties { is_phishing_resistant: true, amr: "hwk", ..held },
            // The code comes over another channel than the browser's.
            Self::EmailCode => FactorProperties { is_restricted: true, amr: "mca", ..held },
            Self::SmsCode => FactorProperties { is_restricted: true, amr: "sms", ..held },
            // Whatever the customer showed there, it is worth one thing known here. RFC 8176 has no value for it; "fed" is what federated sign-ins are commonly marked with.
            Self::Upstream => FactorProperties { is_known: true, is_held: false, amr: "fed", ..held },
        }
    }
}

/// The `acr` ladder, weakest first; each level includes those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Acr {
    /// One factor that the customer knows.
    #[serde(rename = "urn:claviger:acr:password")]
    Password,
    /// A second factor over a restricted channel: a code by e-mail or SMS.
    #[serde(rename = "urn:claviger:acr:weak-second-factor")]
    WeakSecondFactor,
    /// Two different factors, such as a password and a one-time code.
    #[serde(rename = "urn:claviger:acr:second-factor")]
    SecondFactor,
    /// A phishing-resistant factor: a security key, or a passkey with user verification.
    #[serde(rename = "urn:claviger:acr:phishing-resistant")]
    PhishingResistant,
}

impl Acr {
    /// The whole ladder, weakest first.
    pub const LADDER: [Self; 4] = [Self::Password, Self::WeakSecondFactor, Self::SecondFactor, Self::PhishingResistant];

    /// The value of the `acr` claim.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "urn:claviger:acr:password",
            Self::WeakSecondFactor => "urn:claviger:acr:weak-second-factor",
            Self::SecondFactor => "urn:claviger:acr:second-factor",
            Self::PhishingResistant => "urn:claviger:acr:phishing-resistant",
        }
    }

    /// The levels that `kinds` together can reach, weakest first.
    pub fn reachable_with(kinds: &[FactorKind]) -> impl Iterator<Item = Self> + use<> {
        let shown: Vec<ShownFactor> = kinds.iter().map(|kind| ShownFactor::new(*kind, UnixMicros(0))).collect();
        let highest = Authentication::from_shown(&shown).map(|authentication| authentication.acr);
        Self::LADDER.into_iter().filter(move |level| highest.is_some_and(|highest| *level <= highest))
    }

    /// Reads a claim value; `None` for one that is not on the ladder.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::LADDER.into_iter().find(|level| level.as_str() == text)
    }
}

/// "This factor was shown at this time": one line of what a session rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShownFactor {
    /// Which kind.
    pub kind: FactorKind,
    /// When it was shown.
    pub at: UnixMicros,
    /// The authenticator itself checked who used it, by PIN or biometrics; of another provider: it says when it did.
    #[serde(default)]
    pub is_user_verified: bool,
    /// The key is copied between devices by its provider.
    #[serde(default)]
    pub is_synced: bool,
}

impl ShownFactor {
    /// A factor that was just shown.
    #[must_use]
    pub const fn new(kind: FactorKind, at: UnixMicros) -> Self {
        Self { kind, at, is_user_verified: false, is_synced: false }
    }

    /// A WebAuthn credential that was just shown, with what it said of itself.
    #[must_use]
    pub const fn passkey(at: UnixMicros, is_user_verified: bool, is_synced: bool) -> Self {
        Self { kind: FactorKind::Passkey, at, is_user_verified, is_synced }
    }

    /// The `amr` values that it stands for (RFC 8176 section 2): a synced key is one in software, and a user that the authenticator verified is named.
    pub fn amr(&self) -> impl Iterator<Item = &'static str> + use<> {
        let properties = self.kind.properties();
        let first = if self.is_synced { "swk" } else { properties.amr };
        std::iter::once(first).chain((self.is_user_verified && properties.is_held).then_some("user"))
    }

    /// Whether it proves two things at once: the authenticator that is held, and the person whom it verified.
    #[must_use]
    pub const fn is_two_factors(&self) -> bool {
        self.kind.properties().is_held && self.is_user_verified
    }
}

/// When the customer last said who they are, by a factor that stands on its own; 0 when none of `shown` does.
#[must_use]
pub fn identified_at(shown: &[ShownFactor]) -> UnixMicros {
    let whole = shown.iter().filter(|factor| factor.kind.properties().is_known || factor.is_two_factors());
    whole.map(|factor| factor.at).max().unwrap_or(UnixMicros(0))
}

/// The same, for what changes the account: another provider that does not say when it asked, may not have asked.
#[must_use]
pub fn surely_identified_at(shown: &[ShownFactor]) -> UnixMicros {
    let sure = shown.iter().copied().filter(|factor| factor.kind != FactorKind::Upstream || factor.is_user_verified);
    identified_at(&sure.collect::<Vec<_>>())
}

/// The fact that a session rests on: how and when the customer was authenticated.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Authentication {
    /// The level reached.
    pub acr: Acr,
    /// Every method used, as RFC 8176 names, with `mfa` when there were two different factors.
    pub amr: Vec<String>,
    /// When the customer last actively authenticated.
    pub at: UnixMicros,
}

impl Authentication {
    /// Computes the authentication that `shown` amounts to; `None` when nothing was shown.
    ///
    /// Two uses of the same kind are one factor; the later one counts.
    #[must_use]
    pub fn from_shown(shown: &[ShownFactor]) -> Option<Self> {
        let at = shown.iter().map(|factor| factor.at).max()?;
        let mut latest: Vec<ShownFactor> = Vec::new();
        for factor in shown {
            match latest.iter_mut().find(|known| known.kind == factor.kind) {
                Some(known) if known.at < factor.at => *known = *factor,
                Some(_) => {}
                None => latest.push(*factor),
            }
        }
        latest.sort_unstable_by_key(|factor| factor.kind);
        let is_known = latest.iter().any(|factor| factor.kind.properties().is_known);
        // Whoever holds an account elsewhere often holds the mailbox that comes with it: a code sent there is no second thing beside it.
        let has_password = latest.iter().any(|factor| factor.kind == FactorKind::Password);
        let is_apart = |kind: FactorKind| kind != FactorKind::EmailCode || has_password;
        let has = |test: fn(&ShownFactor, FactorProperties) -> bool| latest.iter().any(|factor| is_apart(factor.kind) && test(factor, factor.kind.properties()));
        // A held authenticator is a second factor beside something known, or when it verified its user itself.
        let acr = if has(|factor, properties| properties.is_phishing_resistant && factor.is_two_factors()) || (is_known && has(|_, properties| properties.is_phishing_resistant)) {
            Acr::PhishingResistant
        } else if is_known && has(|_, properties| properties.is_held && !properties.is_restricted) {
            Acr::SecondFactor
        } else if is_known && has(|_, properties| properties.is_held) {
            Acr::WeakSecondFactor
        } else {
            Acr::Password
        };
        let mut amr: Vec<String> = Vec::new();
        for value in latest.iter().flat_map(ShownFactor::amr).chain((acr > Acr::Password).then_some("mfa")) {
            if !amr.iter().any(|known| known == value) {
                amr.push(value.to_owned());
            }
        }
        Some(Self { acr, amr, at })
    }

    /// The `auth_time` claim.
    #[must_use]
    pub fn auth_time(&self) -> UnixSeconds {
        self.at.seconds()
    }
}

/// What somebody who knocks at the sign-in gate demands of the authentication.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Requirement {
    /// The least level that was asked for; `None` accepts any.
    pub acr: Option<Acr>,
    /// The least level by the rules of the installation for whoever asks (client, scope). A factor that is missing for it may be added on the way; for one that was only asked for, it may not.
    #[serde(default)]
    pub policy_acr: Option<Acr>,
    /// For changing the factors themselves: the strongest of them is to be shown, or a recovery code in its stead, a trusted device is spared nothing, and `max_age` counts from when the customer last said who they are.
    #[serde(default)]
    pub is_strict: bool,
    /// The most seconds that may have passed since `auth_time` (`max_age`).
    pub max_age_seconds: Option<u32>,
    /// The customer must authenticate after this moment (`prompt=login`, `max_age=0`).
    pub after: Option<UnixMicros>,
    /// Authentication after this moment satisfies `max_age` however long the pages took: the moment the request came in.
    pub requested_at: Option<UnixMicros>,
}

/// Why an authentication is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// It is too long ago, or the customer was asked to authenticate again.
    Stale,
    /// Its level is too low.
    Level,
}

impl Requirement {
    /// Judges `authentication` at `now`.
    ///
    /// # Errors
    /// The first [`Shortfall`], staleness before level.
    pub fn judge(&self, authentication: &Authentication, now: UnixSeconds) -> Result<(), Shortfall> {
        if self.after.is_some_and(|after| authentication.at <= after) {
            return Err(Shortfall::Stale);
        }
        let is_fresh = self.requested_at.is_some_and(|requested| authentication.at > requested);
        if let Some(max_age) = self.max_age_seconds
            && !is_fresh
            && now.since(authentication.auth_time()) > i64::from(max_age)
        {
            return Err(Shortfall::Stale);
        }
        match self.acr.max(self.policy_acr) {
            Some(least) if authentication.acr < least => Err(Shortfall::Level),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "assurance_tests.rs"]
mod tests;
