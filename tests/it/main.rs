//! Behaviour of the whole, by capability, against a real server with a real client, on both databases.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods, dead_code, reason = "a test that is surprised may stop")]

#[path = "../kit/mod.rs"]
mod kit;

mod account_pages;
mod address_checks;
mod addresses;
mod admin_api;
mod admin_desk;
mod admin_roles;
mod assurance;
mod audit_log;
mod backups;
mod bots;
mod brands;
mod card_search;
mod care;
mod conformance;
mod contacts;
mod crossings;
mod doors;
mod events;
mod factor_races;
mod factors;
mod faults;
mod flow;
mod guests;
mod house;
mod import_races;
mod imports;
mod joining;
mod languages;
mod leaving;
mod master_key;
mod newcomers;
mod old_shop;
mod operations;
mod order_models;
mod order_risk;
mod passkeys;
mod passwords;
mod policies;
mod privacy;
mod processes;
mod purchases;
mod recovery;
mod relying_party;
mod risk_console;
mod sent_codes;
mod signin_risk;
mod takeover;
mod thieves;
mod tls;
mod traces;
mod upstreams;
mod watching;
mod wire;
