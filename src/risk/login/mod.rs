//! How much a sign-in is like those of its customer, and how little like everybody's: the model of Freeman, Jain, Dürmuth, Biggio and Giacinto, "Who Are You? A Statistical Approach to Measuring User Authenticity" (NDSS 2016), with what a browser, an address and the last minutes say besides.

pub mod browser;
pub mod desk;
pub mod features;
pub mod history;
pub mod model;
pub mod policy;
pub mod pressure;
pub mod record;
pub mod scale;
pub mod signals;
pub mod store;
