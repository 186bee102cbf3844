//! Floor 2, machines: databases, keys, mail, HTTP. They know no customer and no client.

pub mod audit;
pub mod crypto;
pub mod db;
pub mod http;
pub mod mail;
pub mod outbox;
pub mod outgoing;
pub mod sms;
pub mod telemetry;
pub mod texts;
pub mod tls;
pub mod tools;
pub mod updates;
pub mod vault;
