//! Sign-in: which step is next (machine), what waits in a tab (store), what follows a proof (entrance), the door that others knock at (gate), and the pages (web, password, passkey, challenge).

pub mod challenge;
pub mod enrolment;
pub(in crate::identity) mod entrance;
pub mod gate;
pub mod hold;
pub mod judgement;
pub mod machine;
pub mod model;
pub mod new_password;
pub mod passkey;
pub mod password;
pub mod sent;
pub mod stopped;
pub mod store;
pub mod upstream;
pub mod web;

pub use entrance::{DEVICE_TRUSTED, SESSION_REPLACED, SIGNED_IN, SIGNIN_ADVANCED};
