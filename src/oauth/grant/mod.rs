//! Grants: what a customer allowed a client, and the family of tokens that came of it. Codes, refresh tokens and opaque access tokens are redeemed here, each by one conditional update.

pub mod purchase;
pub mod refresh_token;
pub mod rules;
pub mod store;

use crate::base::assurance::Authentication;
use crate::base::ids::{ClientId, CustomerId, GrantId};
use crate::base::time::UnixSeconds;
use crate::oauth::claims::ClaimsRequest;
use crate::oauth::scope::Scope;

/// A grant.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// To whom.
    pub client_id: ClientId,
    /// By whom.
    pub customer: CustomerId,
    /// In which session.
    pub session_id: String,
    /// Whether it outlives the session (`offline_access`).
    pub is_offline: bool,
    /// The credential generation of the customer at that time.
    pub generation: i64,
    /// What was allowed.
    pub scope: Scope,
    /// Which single claims were asked for.
    pub claims: ClaimsRequest,
    /// How the customer was authenticated.
    pub authentication: Authentication,
    /// When it was given.
    pub created_at: UnixSeconds,
    /// When it ends in any case.
    pub expires_at: UnixSeconds,
    /// The number of the current refresh token; 0 while there is none.
    pub rotation: i64,
    /// When that one was issued.
    pub rotated_at: Option<UnixSeconds>,
    /// When it was ended.
    pub ended_at: Option<UnixSeconds>,
}
