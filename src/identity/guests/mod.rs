//! Guests: a storefront may begin with somebody who has no account. Whoever joins later in a sign-in of that storefront keeps the subject; nobody who has an account is merged with a guest.

pub mod store;

use crate::platform::audit::EventSpec;

/// A storefront began a guest.
pub const GUEST_MADE: EventSpec = EventSpec::new("guest_made", "A storefront began a guest: a subject that nobody has proven to be yet.");
/// A guest became a customer.
pub const GUEST_CLAIMED: EventSpec = EventSpec::new("guest_claimed", "Somebody joined and kept the subject that they had as a guest of the storefront.");

/// How long a guest can become a customer, in seconds: ninety days.
pub const GUEST_SECONDS: i64 = 90 * 86_400;
