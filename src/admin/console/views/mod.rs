//! The pages of the console that show things.

pub mod desk;
pub mod events;
pub mod parts;
pub mod records;
pub mod risk;
pub mod shops;
