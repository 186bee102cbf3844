//! Randomness as a value. The only module that may ask the operating system for it.

/// Where random bytes come from: the operating system in production, a seeded source in tests.
pub trait Entropy: Send + Sync {
    /// Fills `buffer` with bytes that nobody can predict.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(clippy::disallowed_methods, clippy::panic, reason = "the one place; without randomness no secret may be made, so the process must stop")]
    fn fill(&self, buffer: &mut [u8]) {
        if let Err(error) = getrandom::fill(buffer) {
            panic!("the operating system gave no random bytes: {error}");
        }
    }
}

/// `N` random bytes.
pub fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut buffer = [0_u8; N];
    entropy.fill(&mut buffer);
    buffer
}
