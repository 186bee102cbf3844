//! The audit log: typed events, written in the transaction of the change that they record, and placed in a Merkle tree whose heads are signed, so that none can be altered or removed unseen, and anybody can check it.

pub mod entry_text;
pub mod event;
pub mod export;
pub mod head;
pub mod log;
pub mod ocsf;
pub mod store;
pub mod tree;

pub use event::{Actor, Entry, EventSpec, Origin, Outcome};
pub use store::record;
