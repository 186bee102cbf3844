//! The door that others knock at, and the one place that opens sessions: for proofs alone.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;

use super::machine::{Situation, Step, next_step};
use super::model::{ReturnTo, SigninRequest};
use super::password::trouble::Trouble;
use super::store;
use crate::base::assurance::{Authentication, FactorKind, Requirement, ShownFactor};
use crate::base::ids::{FlowId, SessionId};
use crate::base::secret::{Secret, SecretHash};
use crate::base::time::UnixSeconds;
use crate::identity::attempts::rules::AttemptPolicy;
use crate::identity::bots::BotGate;
use crate::identity::customers;
use crate::identity::factors::passkey::PasskeyParty;
use crate::identity::factors::password::{PasswordHasher, PasswordRules};
use crate::identity::factors::sent_code::rules::SmsCaps;
use crate::identity::factors::upstream::Upstreams;
use crate::identity::factors::{FactorPolicy, Means};
use crate::identity::imports::hook::MigrationHook;
use crate::identity::recovery::RecoveryPolicy;
use crate::identity::sessions::rules::with_shown;
use crate::identity::sessions::store as session_store;
use crate::identity::sessions::{Session, SessionPolicy, SignedIn};
use crate::identity::signup::rules::SignupPolicy;
use crate::identity::{Passed, Proof};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{Db, DbConnection, StoreError, WriteTx};
use crate::platform::http::cookies::{self, CookieName, Lifetime};
use crate::platform::http::guard::HttpState;
use crate::platform::tools::Tools;
use crate::risk::login::desk::SigninDesk;

/// What sign-in works with.
pub struct SigninState {
    /// The database.
    pub db: Db,
    /// Clock, randomness, keys.
    pub tools: Tools,
    /// Issuer, texts, looks.
    pub http: Arc<HttpState>,
    /// Checks passwords.
    pub hasher: PasswordHasher,
    /// What new passwords are judged by.
    pub passwords: Arc<PasswordRules>,
    /// How long a customer who wants to leave can think better of it, in seconds.
    pub erasure_grace_seconds: i64,
    /// How accounts are recovered.
    pub recovery: RecoveryPolicy,
    /// How people may join.
    pub signup: SignupPolicy,
    /// How long sessions live.
    pub sessions: SessionPolicy,
    /// How often one may guess.
    pub attempts: AttemptPolicy,
    /// What is offered and demanded beside the password.
    pub factors: Arc<FactorPolicy>,
    /// Caps against fraud with text messages.
    pub sms_caps: SmsCaps,
    /// The relying party of passkeys; none where the issuer has no domain.
    pub passkeys: Option<PasskeyParty>,
    /// Where sign-ins are judged.
    pub risk: Arc<SigninDesk>,
    /// What guards the forms that nobody has to be signed in for.
    pub bots: Arc<BotGate>,
    /// Places for those who wait before they are answered.
    pub waiting: Arc<tokio::sync::Semaphore>,
    /// Other OpenID Providers that customers may sign in with.
    pub upstreams: Arc<Upstreams>,
    /// The old shop, asked about whoever is not known here.
    pub migration: Option<MigrationHook>,
    /// Whether it did not answer a moment ago.
    pub trouble: Trouble,
    /// How long a sign-in page stays good, in seconds.
    pub flow_seconds: i64,
    /// How long a browser is remembered as known, in seconds.
    pub device_seconds: i64,
}

impl SigninState {
    fn is_https(&self) -> bool {
        self.http.issuer.is_https()
    }

    /// Who is signed in in this browser.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn signed_in(&self, request: &HttpRequest) -> Result<Option<SignedIn>, StoreError> {
        let knock = self.knock(request);
        if knock.cookie.is_none() {
            return Ok(None);
        }
        let found = self.db.read(move |connection| knock.find(connection)).await?;
        self.notice(found.as_ref());
        Ok(found)
    }

    /// What a request says of a session, for whoever looks it up together with other things; then tell [`Self::notice`].
    pub fn knock(&self, request: &HttpRequest) -> Knock {
        Knock {
            cookie: self.session_cookie(request).map(|cookie| cookie.hash()),
            policy: self.sessions,
            factors: Arc::clone(&self.factors),
            now: self.tools.now(),
        }
    }

    /// Notes that a session was used.
    pub fn notice(&self, found: Option<&SignedIn>) {
        let now = self.tools.now();
        if let Some(signed_in) = found
            && self.sessions.is_worth_touching(&signed_in.session, now)
        {
            let id = signed_in.session.id.clone();
            // Losing this with a crash costs the session some idle time, nothing more.
            let _ = self.db.write_later(move |tx| session_store::touch_session(tx, &id, now));
        }
    }

    /// The session cookie of a request.
    pub fn session_cookie(&self, request: &HttpRequest) -> Option<Secret> {
        cookies::read(request, CookieName::Session, self.is_https())
    }

    /// The browser's binding secret, and the cookie to set when it had none.
    pub fn browser(&self, request: &HttpRequest) -> (Secret, Option<Cookie<'static>>) {
        match cookies::read(request, CookieName::Browser, self.is_https()) {
            Some(known) => (known, None),
            None => {
                let fresh = Secret::generate(self.tools.entropy());
                let cookie = cookies::set(CookieName::Browser, &fresh, Lifetime::BrowserSession, self.is_https());
                (fresh, Some(cookie))
            }
        }
    }

    /// The browser's binding secret, when it has one.
    pub fn known_browser(&self, request: &HttpRequest) -> Option<Secret> {
        cookies::read(request, CookieName::Browser, self.is_https())
    }

    /// The secret of a browser that customers signed in with before.
    pub fn device(&self, request: &HttpRequest) -> Option<Secret> {
        cookies::read(request, CookieName::Device, self.is_https())
    }

    /// The cookies after a sign-in.
    pub fn signed_in_cookies(&self, session: &Session, secret: &Secret, device: &Secret) -> [Cookie<'static>; 2] {
        let lifetime = if session.is_remembered { Lifetime::Seconds(self.sessions.remembered_seconds) } else { Lifetime::BrowserSession };
        [
            cookies::set(CookieName::Session, secret, lifetime, self.is_https()),
            cookies::set(CookieName::Device, device, Lifetime::Seconds(self.device_seconds), self.is_https()),
        ]
    }

    /// The secret of a device that its owner trusts.
    pub fn trusted_device(&self, request: &HttpRequest) -> Option<Secret> {
        cookies::read(request, CookieName::TrustedDevice, self.is_https())
    }

    /// The cookie of a trusted device; one that was taken up elsewhere lives as long as the trust may last.
    pub fn trusted_device_cookie(&self, secret: &Secret) -> Cookie<'static> {
        let seconds = self.factors.trust_seconds.unwrap_or(0);
        cookies::set(CookieName::TrustedDevice, secret, Lifetime::Seconds(seconds), self.is_https())
    }

    /// Takes the session cookie away.
    pub fn signed_out_cookie(&self) -> Cookie<'static> {
        cookies::unset(CookieName::Session, self.is_https())
    }
}

/// A session cookie that was shown, and what it is judged by.
pub struct Knock {
    cookie: Option<SecretHash>,
    policy: SessionPolicy,
    factors: Arc<FactorPolicy>,
    now: UnixSeconds,
}

impl Knock {
    /// Who is signed in with it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find(&self, connection: &mut DbConnection) -> Result<Option<SignedIn>, StoreError> {
        match &self.cookie {
            Some(cookie) => session_store::find_signed_in(connection, cookie, &self.policy, &self.factors, self.now),
            None => Ok(None),
        }
    }
}

/// Judges whether `signed_in` satisfies `requirement`.
pub fn judge(signed_in: Option<&SignedIn>, requirement: &Requirement, now: UnixSeconds) -> Step {
    let nothing = Means::default();
    let (shown, means, is_trusted) = signed_in.map_or((&[][..], &nothing, false), |signed_in| (signed_in.session.shown.as_slice(), &signed_in.means, signed_in.is_trusted));
    next_step(&Situation { requirement, shown, means, is_trusted, risk: None, now })
}

/// Begins a sign-in of `browser` that leads back to `return_to`; the caller sends the person to `/signin/{flow}`.
///
/// # Errors
/// [`StoreError`].
pub fn ask(tx: &mut WriteTx<'_>, state: &SigninState, browser: &SecretHash, return_to: &ReturnTo, request: &SigninRequest) -> Result<FlowId, StoreError> {
    store::insert_flow(tx, &state.tools, browser, return_to, request, state.flow_seconds)
}

/// A session that was just opened, with the cookie that goes to the browser.
pub struct Opened {
    /// The session.
    pub session: Session,
    /// The cookie's value.
    pub secret: Secret,
}

/// Opens a session for what was shown, or renews the one that the same customer has in this browser. The cookie is always a fresh one, so that nobody who knew the old one gains by it.
///
/// What stands on its own replaces what the session rested on before; what does not is added to it.
///
/// `None` when the customer was locked, or changed credentials, since a factor was checked, or when there is no session to add to.
///
/// # Errors
/// [`StoreError`].
pub fn open_session(tx: &mut WriteTx<'_>, tools: &Tools, policy: &SessionPolicy, passed: &Passed, before: Option<&Session>) -> Result<Option<Opened>, StoreError> {
    let standing = customers::store::find_standing(tx, passed.customer())?;
    if !standing.is_some_and(|standing| standing.upholds(passed.generation())) {
        return Ok(None);
    }
    let now = tools.now();
    let secret = Secret::generate(tools.entropy());
    let same = before.filter(|before| before.customer == *passed.customer() && before.generation == passed.generation());
    if let Some(before) = same {
        let is_remembered = passed.is_remembered() || before.is_remembered;
        let session = Session {
            shown: shown_after(before, passed),
            is_remembered,
            trusted_device: passed.trusted_device().cloned().or_else(|| before.trusted_device.clone()),
            last_seen_at: now,
            // Adding a factor does not make a session live longer.
            expires_at: if passed.is_whole() { policy.expiry(is_remembered, now) } else { before.expires_at },
            ..before.clone()
        };
        if session_store::rotate_session(tx, &session, &secret.hash())? {
            return Ok(Some(Opened { session, secret }));
        }
    } else if let Some(other) = before {
        session_store::end_session(tx, &other.id, "replaced", now)?;
    }
    if !passed.is_whole() {
        return Ok(None);
    }
    let session = Session {
        id: SessionId::generate(tools.now_micros(), tools.entropy()),
        customer: passed.customer().clone(),
        generation: passed.generation(),
        shown: passed.shown().to_vec(),
        is_remembered: passed.is_remembered(),
        trusted_device: passed.trusted_device().cloned(),
        created_at: now,
        last_seen_at: now,
        expires_at: policy.expiry(passed.is_remembered(), now),
    };
    session_store::insert_session(tx, &session, &secret.hash())?;
    Ok(Some(Opened { session, secret }))
}

/// A session counts for more.
pub const LEVEL_RAISED: EventSpec = EventSpec::new("level_raised", "What a customer showed to add an authenticator raised the level of the session in which it was added.");

/// Adds what was shown at an enrolment to the session that it was done in, under a fresh cookie; the session lives no longer for it. `None` when it has ended.
///
/// # Errors
/// [`StoreError`].
pub fn extend_session(tx: &mut WriteTx<'_>, tools: &Tools, session: &Session, proof: &Proof) -> Result<Option<Opened>, StoreError> {
    if *proof.customer() != session.customer || proof.generation() != session.generation {
        return Ok(None);
    }
    let secret = Secret::generate(tools.entropy());
    let acr = |shown: &[ShownFactor]| Authentication::from_shown(shown).map(|authentication| authentication.acr);
    let before = acr(&session.shown);
    let session = Session { shown: with_shown(&session.shown, proof.shown()), last_seen_at: tools.now(), ..session.clone() };
    if !session_store::rotate_session(tx, &session, &secret.hash())? {
        return Ok(None);
    }
    let after = acr(&session.shown);
    if before != after {
        let customer = session.customer.to_string();
        let entry = Entry::success(LEVEL_RAISED, Actor::Customer(customer.clone()), format!("customer:{customer}"), &Origin::internal("enrolment"));
        audit::record(tx, tools, &entry.with_session(session.id.as_str()).with_detail(serde_json::json!({ "acr": after, "previous_acr": before })))?;
    }
    Ok(Some(Opened { session, secret }))
}

/// Carries a session over into the generation of a password that was just set in it, under a fresh cookie; what else was shown in it still stands. `None` when it has ended.
///
/// # Errors
/// [`StoreError`].
pub fn renew_session(tx: &mut WriteTx<'_>, tools: &Tools, session: &Session, proof: &Proof) -> Result<Option<Opened>, StoreError> {
    if *proof.customer() != session.customer || proof.shown().kind != FactorKind::Password {
        return Ok(None);
    }
    let secret = Secret::generate(tools.entropy());
    let session = Session {
        generation: proof.generation(),
        trusted_device: None,
        shown: with_shown(&session.shown, proof.shown()),
        last_seen_at: tools.now(),
        ..session.clone()
    };
    Ok(session_store::rotate_session(tx, &session, &secret.hash())?.then_some(Opened { session, secret }))
}

/// What a session rests on after `passed`.
pub fn shown_after(before: &Session, passed: &Passed) -> Vec<ShownFactor> {
    if passed.is_whole() {
        return passed.shown().to_vec();
    }
    passed.shown().iter().fold(before.shown.clone(), |shown, factor| with_shown(&shown, *factor))
}
