//! Passwords: normalised and capped before anything costly, peppered, hashed with Argon2id in PHC form, and compared in constant time.

pub mod rules;
pub mod store;

use zeroize::Zeroizing;

use super::super::Proof;
use crate::base::assurance::{FactorKind, ShownFactor};
use crate::base::random;
use crate::base::secret::{Secret, constant_time_equal};
use crate::identity::customers::Standing;
use crate::platform::crypto::hash_pool::{HashCost, HashPool, HashRefused};
use crate::platform::tools::Tools;

pub use rules::{NormalPassword, PasswordRefused, PhcHash};

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
    /// A hash with today's parameters, when the stored one has others.
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
    pub async fn check(&self, password: &NormalPassword, account: Option<(&Standing, &PhcHash)>) -> Result<Checked, HashRefused> {
        let (cost, salt, expected) = match account {
            Some((_, stored)) => (stored.cost, stored.salt.clone(), stored.tag),
            None => (self.cost, random::bytes::<16>(self.tools.entropy()).to_vec(), [0; 32]),
        };
        let tag = self.pool.hash(self.pepper(password), salt, cost).await?;
        let is_right = constant_time_equal(&tag, &expected);
        let Some((standing, _)) = account.filter(|_| is_right) else { return Ok(Checked { proof: None, rehashed: None }) };
        let rehashed = if cost == self.cost { None } else { Some(self.hash(password).await?) };
        let shown = ShownFactor::new(FactorKind::Password, self.tools.now_micros());
        Ok(Checked { proof: Some(Proof::new(standing.id.clone(), standing.generation, shown)), rehashed })
    }
}

/// A fresh password that nobody chose, for seeded accounts: 20 characters, over 100 bits.
pub fn generate(tools: &Tools) -> Secret {
    // Without 0/O and 1/l/I, so that it can be read from a terminal.
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
    let bytes = random::bytes::<20>(tools.entropy());
    Secret::new(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from)).collect())
}
