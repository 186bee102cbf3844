//! The one place that issues codes: for a request that was read, a session that stands now, and a decision to issue.

use super::model::AuthorizationRequest;
use super::store;
use crate::base::assurance::Acr;
use crate::base::ids::{FlowId, GrantId};
use crate::base::secret::Secret;
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as sessions;
use crate::identity::{care, customers};
use crate::oauth::clients::Client;
use crate::oauth::events;
use crate::oauth::grant::store::{NewCode, insert_code, insert_grant};
use crate::oauth::grant::{Grant, purchase};
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::risk::purchase::store as orders;

/// A code was issued.
pub const CODE_ISSUED: EventSpec = EventSpec::new("code_issued", "A customer was sent back to a client with an authorization code.");
/// A customer agreed.
pub const CONSENT_GIVEN: EventSpec = EventSpec::new("consent_given", "A customer agreed to share data with a client.");

/// A customer did not agree.
pub const CONSENT_DENIED: EventSpec = EventSpec::new("consent_denied", "A customer chose not to share data with a client.");

/// A customer confirmed a purchase.
pub const PURCHASE_CONFIRMED: EventSpec = EventSpec::new("purchase_confirmed", "A customer confirmed the purchase that a client named in its request.");

/// Why no code was issued after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotIssued {
    /// The request was answered before, in another tab or by the back button.
    Answered,
    /// The session ended, or the account changed, a moment ago.
    Stale,
}

/// Who asked and what they decided.
pub(super) struct Approval<'a> {
    pub client: &'a Client,
    pub request: &'a AuthorizationRequest,
    pub signed_in: &'a SignedIn,
    pub waiting: Option<&'a FlowId>,
    pub is_consent_given: bool,
    pub origin: &'a Origin,
}

/// Makes the grant and its code, in one transaction with the request's end.
pub(super) fn issue_code(tx: &mut WriteTx<'_>, state: &OAuthState, approval: &Approval<'_>) -> Result<Result<Secret, NotIssued>, StoreError> {
    let Approval { client, request, signed_in, waiting, is_consent_given, origin } = *approval;
    let (tools, now) = (&state.tools, state.tools.now());
    let customer = signed_in.customer();
    let standing = customers::store::find_standing(tx, customer)?;
    let upholds = standing.is_some_and(|standing| standing.upholds(signed_in.session.generation));
    if !upholds || !sessions::is_standing(tx, signed_in.session_id().as_str(), now)? {
        return Ok(Err(NotIssued::Stale));
    }
    // Only then is the request answered: whoever is asked again can still go on with it.
    if let Some(waiting) = waiting
        && !store::redeem_request(tx, waiting, now)?
    {
        return Ok(Err(NotIssued::Answered));
    }
    let is_offline = request.scope.contains("offline_access");
    let lifetime = if is_offline { state.policy.offline_grant_seconds } else { state.policy.grant_seconds };
    let grant = Grant {
        id: GrantId::generate(tools.now_micros(), tools.entropy()),
        client_id: request.client_id.clone(),
        customer: customer.clone(),
        session_id: signed_in.session_id().as_str().to_owned(),
        is_offline,
        generation: signed_in.session.generation,
        scope: request.scope.clone(),
        claims: request.claims.clone(),
        authentication: signed_in.authentication.clone(),
        created_at: now,
        expires_at: now.plus(lifetime),
        rotation: 0,
        rotated_at: None,
        ended_at: None,
    };
    insert_grant(tx, &grant)?;
    events::subjects::note(tx, tools, client, signed_in)?;
    let code = Secret::generate(tools.entropy());
    let stored = NewCode {
        hash: code.hash(),
        grant: grant.id.clone(),
        client_id: request.client_id.clone(),
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        purchase: match &request.purchase {
            Some(bought) => Some(purchase::seal(tx, tools, customer, (purchase::OF_CODE, &code.hash()), bought)?),
            None => None,
        },
        expires_at: now.plus(state.policy.code_seconds),
    };
    insert_code(tx, &stored)?;
    let entry = |spec| {
        Entry::success(spec, Actor::Customer(customer.as_str().to_owned()), format!("customer:{customer}"), origin)
            .with_client(request.client_id.as_str())
            .with_session(signed_in.session_id().as_str())
            .with_detail(serde_json::json!({ "scope": request.scope.to_text(), "grant": grant.id }))
    };
    if is_consent_given {
        store::extend_consent(tx, customer, &request.client_id, &request.shared(), now)?;
        audit::record(tx, tools, &entry(CONSENT_GIVEN))?;
    }
    if let Some(bought) = &request.purchase {
        // What was bought is the customer's own affair: sealed under their key, and shown to them.
        let note = serde_json::to_string(bought).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        audit::record(tx, tools, &entry(PURCHASE_CONFIRMED).with_note(note))?;
        care::store::note_payee(tx, tools, customer, &bought.payee)?;
        // Whoever asked how unusual the order is sees that it was confirmed: by the one who ordered, with the level that was asked for, whatever the request in the browser asked for.
        if let Some(amount) = bought.amount.minor_units()
            && signed_in.authentication.acr >= Acr::SecondFactor
        {
            orders::note_confirmed(tx, (request.client_id.as_str(), &bought.order_id), customer, (amount, &bought.amount.currency), now)?;
        }
    }
    audit::record(tx, tools, &entry(CODE_ISSUED))?;
    Ok(Ok(code))
}

/// Ends a waiting request with a no, and writes down whose it was when the customer said it.
pub(super) fn end_request(
    tx: &mut WriteTx<'_>,
    state: &OAuthState,
    waiting: &FlowId,
    denied: Option<(&AuthorizationRequest, &SignedIn)>,
    origin: &Origin,
) -> Result<(), StoreError> {
    if !store::redeem_request(tx, waiting, state.tools.now())? {
        return Ok(());
    }
    let Some((request, signed_in)) = denied else { return Ok(()) };
    let customer = signed_in.customer().as_str().to_owned();
    let entry = Entry::refusal(CONSENT_DENIED, Actor::Customer(customer.clone()), format!("customer:{customer}"), "denied", origin)
        .with_client(request.client_id.as_str())
        .with_session(signed_in.session_id().as_str())
        .with_detail(serde_json::json!({ "scope": request.shared().to_text() }));
    audit::record(tx, &state.tools, &entry)
}
