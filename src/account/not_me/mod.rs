//! "This was not me": the link in every notice. It works signed out; opening it changes nothing, its one button ends everything and has the account stand still.

pub mod web;
