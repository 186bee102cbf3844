//! Codes by e-mail and by text message: turned on by whoever wants them, the second one proven by a code.

pub mod web;
