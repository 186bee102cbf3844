//! Passwords: normalised and capped before anything costly, peppered, hashed with Argon2id in PHC form, and compared in constant time.

pub mod filter;
pub mod foreign;
pub mod policy;
pub mod rules;
pub mod store;

use std::sync::Arc;

use zeroize::Zeroizing;

use super::super::Proof;
use crate::base::assurance::{FactorKind, ShownFactor};
use crate::base::random;
use crate::base::secret::{Secret, constant_time_equal};
use crate::base::time::Clock;
use crate::identity::customers::Standing;
use crate::platform::crypto::hash_pool::{HashCost, HashPool, HashRefused};
use crate::platform::tools::Tools;

pub use rules::{NormalPassword, PasswordRefused, PhcHash, StoredHash};

use filter::BreachFilter;
use foreign::ForeignHash;
use policy::{Fault, PasswordPolicy, Strength};

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct PasswordHasher {
    pool: HashPool,
    tools: Tools,
    cost: HashCost,
}

/// What a check found.
pub struct Checked {
    /// Present when the password was right.
    pub proof: Option<Proof>,
    /// A hash with today's parameters, when the stored one has others or was made elsewhere.
    pub rehashed: Option<PhcHash>,
}

impl PasswordHasher {
    /// A hasher with today's parameters.
    pub fn new(pool: HashPool, tools: Tools, cost: HashCost) -> Self {
        Self { pool, tools, cost }
    }

    /// Whether the pool would turn a check away right now.
    pub fn is_full(&self) -> bool {
        self.pool.is_full()
    }

    fn pepper(&self, password: &NormalPassword) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.tools.ring.pepper.mac(&[password.expose().as_bytes()]))
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`HashRefused`].
    pub async fn hash(&self, password: &NormalPassword) -> Result<PhcHash, HashRefused> {
        let salt = random::bytes::<16>(self.tools.entropy()).to_vec();
        let tag = self.pool.hash(self.pepper(password), salt.clone(), self.cost).await?;
        Ok(PhcHash { cost: self.cost, salt, tag })
    }

    /// Checks a password against what is stored for an account. Without an account or a stored hash the same work is done, and no proof comes of it.
    ///
    /// # Errors
    /// [`HashRefused::Overloaded`] when the pool is too busy.
    pub async fn check(&self, password: &NormalPassword, account: Option<(&Standing, &StoredHash)>) -> Result<Checked, HashRefused> {
        let (cost, salt, expected) = match account {
            Some((standing, StoredHash::Foreign(foreign))) => return self.check_foreign(password, standing, foreign).await,
            Some((_, StoredHash::Ours(stored))) => (stored.cost, stored.salt.clone(), stored.tag),
            None => (self.cost, random::bytes::<16>(self.tools.entropy()).to_vec(), [0; 32]),
        };
        let tag = self.pool.hash(self.pepper(password), salt, cost).await?;
        let is_right = constant_time_equal(&tag, &expected);
        let Some((standing, _)) = account.filter(|_| is_right) else { return Ok(Checked { proof: None, rehashed: None }) };
        let rehashed = if cost == self.cost { None } else { Some(self.hash(password).await?) };
        Ok(Checked { proof: Some(self.proof(standing)), rehashed })
    }

    fn proof(&self, standing: &Standing) -> Proof {
        Proof::new(standing.id.clone(), standing.generation, ShownFactor::new(FactorKind::Password, self.tools.now_micros()))
    }

    /// Checks a password against the hash of another product. The hash that would replace it is made in any case, so that no check is done sooner than one for nobody.
    async fn check_foreign(&self, password: &NormalPassword, standing: &Standing, foreign: &ForeignHash) -> Result<Checked, HashRefused> {
        let fitting = self.find_fitting(password, foreign).await?;
        // What the other product hashed, and not what was typed besides: a blank that it took off is no part of the password.
        let kept = fitting.as_deref().and_then(|spelling| foreign.whole(spelling)).and_then(|whole| NormalPassword::from_typed(whole).ok());
        let rehashed = self.hash(kept.as_ref().unwrap_or(password)).await?;
        Ok(match fitting {
            Some(_) => Checked { proof: Some(self.proof(standing)), rehashed: kept.map(|_| rehashed) },
            None => Checked { proof: None, rehashed: None },
        })
    }

    /// The spelling of a password that fits a hash of another product. Each is a job of its own on the hash pool, so that nobody holds a thread for longer than one takes.
    async fn find_fitting(&self, password: &NormalPassword, foreign: &ForeignHash) -> Result<Option<Zeroizing<String>>, HashRefused> {
        for spelling in password.spellings() {
            let (foreign, tried) = (foreign.clone(), spelling.clone());
            if self.pool.run(move |_| foreign.verify(&tried)).await? {
                return Ok(Some(spelling));
            }
        }
        Ok(None)
    }

    /// Whether a new password is the one that `earlier` is of.
    async fn is_same(&self, password: &NormalPassword, earlier: &StoredHash) -> Result<bool, HashRefused> {
        match earlier {
            StoredHash::Ours(earlier) => {
                let tag = self.pool.hash(self.pepper(password), earlier.salt.clone(), earlier.cost).await?;
                Ok(constant_time_equal(&tag, &earlier.tag))
            }
            StoredHash::Foreign(earlier) => Ok(self.find_fitting(password, earlier).await?.is_some()),
        }
    }
}

/// What a new password is judged by.
pub struct PasswordRules {
    /// For customers.
    pub consumer: PasswordPolicy,
    /// For staff with admin rights.
    pub staff: PasswordPolicy,
    /// Passwords that are known from breaches.
    pub breached: BreachFilter,
    /// Words that belong to the shop.
    pub context: Vec<String>,
    /// How many new passwords are judged at a time: grading one takes a thread for milliseconds.
    pub permits: Arc<tokio::sync::Semaphore>,
    /// One is graded at a time while it is typed, apart from those that are set.
    pub hints: Arc<tokio::sync::Semaphore>,
}

/// A password that was graded while it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighed {
    /// Known from a breach.
    pub is_breached: bool,
    /// How strong it is.
    pub strength: Strength,
}

/// How many times as long as grading took the next one waits: whoever asks again and again gets a fifth of one processor, and no more.
const REST: u32 = 4;

/// Whose password it is to be.
#[derive(Clone, Default)]
pub struct Owner {
    /// Staff with admin rights.
    pub is_admin: bool,
    /// Whether there is a second factor.
    pub has_second_factor: bool,
    /// Name, e-mail and the like: a password should not be made of them.
    pub context: Vec<String>,
    /// The present password and those before it.
    pub history: Vec<StoredHash>,
}

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasswordRefused {
    /// Nothing, or too much.
    Form(PasswordRefused),
    /// It does not keep a rule.
    Rule(Fault, Option<Strength>),
    /// Too many wait: try again.
    Busy,
}

impl PasswordRules {
    /// The policy for this owner.
    pub fn policy(&self, is_admin: bool) -> &PasswordPolicy {
        if is_admin { &self.staff } else { &self.consumer }
    }

    /// Whether the password is known from a breach; a filter that does not answer says no, and the log says so.
    async fn is_breached(&self, password: &NormalPassword) -> bool {
        let (filter, password) = (self.breached.clone(), password.clone());
        match tokio::task::spawn_blocking(move || filter.contains(&password)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::error!(%error, "the breach filter does not answer");
                false
            }
            Err(_) => false,
        }
    }
}

impl PasswordRules {
    /// Grades what is being typed; `None` while another one is graded.
    ///
    /// # Errors
    /// [`PasswordRefused`] when it is empty or too long.
    pub async fn weigh(rules: &Arc<Self>, clock: &Arc<dyn Clock>, typed: &str, context: &[String]) -> Result<Option<Weighed>, PasswordRefused> {
        let password = NormalPassword::from_typed(typed)?;
        let Ok(permit) = Arc::clone(&rules.hints).try_acquire_owned() else { return Ok(None) };
        let (clock, shared, words) = (Arc::clone(clock), Arc::clone(rules), rules.context.iter().chain(context).cloned().collect::<Vec<_>>());
        let work = move || {
            let began = clock.monotonic();
            // A filter that does not answer is told of when a password is set.
            let is_breached = shared.breached.contains(&password).unwrap_or(false);
            let weighed = Weighed { is_breached, strength: policy::grade(&password, &words) };
            (weighed, clock.monotonic().saturating_sub(began))
        };
        let (tell, told) = tokio::sync::oneshot::channel();
        // Apart from the request: who hangs up does not get the next one graded any sooner.
        tokio::spawn(async move {
            if let Ok((weighed, took)) = tokio::task::spawn_blocking(work).await {
                // Whoever asked may have gone away.
                let _ = tell.send(weighed);
                tokio::time::sleep(took * REST).await;
            }
            drop(permit);
        });
        Ok(told.await.ok())
    }
}

impl PasswordHasher {
    /// Judges a new password of `owner`, and hashes it.
    ///
    /// # Errors
    /// [`NewPasswordRefused`].
    pub async fn accept(&self, rules: &Arc<PasswordRules>, typed: &str, owner: &Owner) -> Result<PhcHash, NewPasswordRefused> {
        let password = NormalPassword::from_typed(typed).map_err(NewPasswordRefused::Form)?;
        let Ok(permit) = Arc::clone(&rules.permits).acquire_owned().await else { return Err(NewPasswordRefused::Busy) };
        let is_breached = rules.is_breached(&password).await;
        let (shared, judged, context) = (Arc::clone(rules), password.clone(), rules.context.iter().chain(&owner.context).cloned().collect::<Vec<_>>());
        let (is_admin, has_second_factor) = (owner.is_admin, owner.has_second_factor);
        let judge = move || {
            // Held until it is judged, also when whoever asked has gone away.
            let _permit = permit;
            policy::judge(shared.policy(is_admin), &judged, &context, has_second_factor, is_breached)
        };
        let verdict = tokio::task::spawn_blocking(judge).await;
        match verdict {
            Ok(Ok(_)) => {}
            Ok(Err((fault, strength))) => return Err(NewPasswordRefused::Rule(fault, strength)),
            Err(_) => return Err(NewPasswordRefused::Busy),
        }
        for earlier in owner.history.iter().take(policy::MAX_HISTORY) {
            if self.is_same(&password, earlier).await.map_err(|_| NewPasswordRefused::Busy)? {
                return Err(NewPasswordRefused::Rule(Fault::UsedBefore, None));
            }
        }
        self.hash(&password).await.map_err(|_| NewPasswordRefused::Busy)
    }

    /// Whether a password that just proved right is known from a breach.
    pub async fn is_breached(&self, rules: &PasswordRules, password: &NormalPassword) -> bool {
        match rules.permits.acquire().await {
            Ok(_permit) => rules.is_breached(password).await,
            Err(_) => false,
        }
    }
}

/// The proof that comes of setting a password: whoever set it knows it. `generation` is that after the change.
pub(in crate::identity) fn proof_of_setting(customer: crate::base::ids::CustomerId, generation: i64, tools: &Tools) -> Proof {
    Proof::new(customer, generation, ShownFactor::new(FactorKind::Password, tools.now_micros()))
}

/// A fresh password that nobody chose, for seeded accounts: 20 characters, over 100 bits.
pub fn generate(tools: &Tools) -> Secret {
    // Without 0/O and 1/l/I, so that it can be read from a terminal.
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
    let bytes = random::bytes::<20>(tools.entropy());
    Secret::new(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from)).collect())
}
