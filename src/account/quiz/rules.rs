//! Which messages are shown, and which of them are genuine: pure.

/// A message of the quiz.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A notice of ours, word for word.
    NewDevice,
    /// The same.
    PasswordChanged,
    /// A code of ours, word for word.
    SigninCode,
    /// A change that can be taken back.
    ContactUndo,
    /// A notice whose link leads to an address that only looks like ours.
    LookAlike,
    /// A notice with a number to call.
    CallUs,
    /// A code that somebody asks to be sent.
    SendCode,
    /// A threat, and a hurry.
    Hurry,
}

impl Item {
    const GENUINE: [Self; 4] = [Self::NewDevice, Self::PasswordChanged, Self::SigninCode, Self::ContactUndo];
    const ALTERED: [Self; 4] = [Self::LookAlike, Self::CallUs, Self::SendCode, Self::Hurry];

    /// Whether it is ours.
    pub const fn is_genuine(self) -> bool {
        matches!(self, Self::NewDevice | Self::PasswordChanged | Self::SigninCode | Self::ContactUndo)
    }

    /// The word of the sentences that it is made of.
    pub const fn mail(self) -> &'static str {
        match self {
            Self::NewDevice | Self::LookAlike => "new-device",
            Self::PasswordChanged => "password-changed",
            Self::SigninCode | Self::SendCode => "code-signin",
            Self::ContactUndo => "contact-undo",
            Self::CallUs => "locked",
            Self::Hurry => "password-breached",
        }
    }

    /// The word of what is wrong with it; of a genuine one, that it is right.
    pub const fn clue(self) -> &'static str {
        match self {
            Self::LookAlike => "look-alike",
            Self::CallUs => "call-us",
            Self::SendCode => "send-code",
            Self::Hurry => "hurry",
            Self::NewDevice | Self::PasswordChanged | Self::SigninCode | Self::ContactUndo => "genuine",
        }
    }
}

/// How many messages there are in a quiz.
pub const COUNT: usize = 6;

/// Six messages, at least two of each sort, in an order that `seed` decides.
pub fn choose(seed: u64) -> Vec<Item> {
    let mut state = seed;
    let mut next = |below: usize| {
        // Any even spread does: nothing rests on it.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % below.max(1)
    };
    let (mut genuine, mut altered) = (Item::GENUINE.to_vec(), Item::ALTERED.to_vec());
    let of_genuine = 2 + next(3);
    let mut pool = Vec::with_capacity(COUNT);
    for _ in 0..of_genuine {
        let at = next(genuine.len());
        pool.push(genuine.swap_remove(at));
    }
    while pool.len() < COUNT {
        let at = next(altered.len());
        pool.push(altered.swap_remove(at));
    }
    let mut chosen = Vec::with_capacity(COUNT);
    while !pool.is_empty() {
        let at = next(pool.len());
        chosen.push(pool.swap_remove(at));
    }
    chosen
}

/// A host that looks like `host` and is not: where an altered message leads.
pub fn look_alike(host: &str) -> String {
    format!("{}.account-check.example", host.split(':').next().unwrap_or(host).replace('.', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quiz_has_both_sorts_and_no_message_twice() {
        let mut orders = std::collections::BTreeSet::new();
        for seed in 0..500_u64 {
            let items = choose(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            assert_eq!(items.len(), COUNT);
            let genuine = items.iter().filter(|item| item.is_genuine()).count();
            assert!((2..=4).contains(&genuine), "{seed}");
            for (at, item) in items.iter().enumerate() {
                assert!(!items[..at].contains(item));
                assert_eq!(item.is_genuine(), item.clue() == "genuine");
            }
            orders.insert(items.iter().map(|item| item.is_genuine()).collect::<Vec<_>>());
        }
        assert!(orders.len() > 20, "the order tells nothing");
        assert_eq!(choose(7), choose(7));
        assert_eq!(look_alike("login.shop.example:8443"), "login-shop-example.account-check.example");
    }
}
