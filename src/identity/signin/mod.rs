//! Sign-in: which step is next (machine), what waits in a tab (store), the door that others knock at (gate), and the pages (web).

pub mod gate;
pub mod machine;
pub mod model;
pub mod store;
pub mod web;
