//! `/signin/{flow}/stopped`: the password was right, the sign-in looks strange, and there is nothing else to show.

pub mod web;

use crate::base::ids::FlowId;

/// The page of a flow.
pub(in crate::identity::signin) fn address(flow: &FlowId) -> String {
    format!("/signin/{flow}/stopped")
}
