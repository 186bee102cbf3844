//! The audit log: typed events, written in the transaction of the change that they record, chained so that none can be altered or removed unseen.

pub mod chain;
pub mod event;
pub mod store;

pub use event::{Actor, Entry, EventSpec, Origin, Outcome};
pub use store::record;
