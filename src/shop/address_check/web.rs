//! `POST /api/v1/avs/check`, with a client's own token and the scope `avs.check`.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::rules::{self, Ask, Asked, Match, NotAsked, Told};
use super::{AddressPolicy, SCOPE};
use crate::base::encoding::hex;
use crate::base::ids::ClientId;
use crate::identity::attempts::rules::BucketLimit;
use crate::identity::attempts::store::count_in_each;
use crate::identity::customers;
use crate::oauth::events::subjects::store::find_by_told;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, EventSpec};
use crate::platform::db::WriteTx;
use crate::platform::http::api_problem::ApiProblem;
use crate::platform::http::body;
use crate::platform::http::guard::origin_of;
use crate::shop::caller::web::client_of;

/// An address was compared with those of a customer.
pub const ADDRESS_CHECKED: EventSpec = EventSpec::new(
    "address_checked",
    "A storefront's server had an address compared with those of a customer's account; the detail has the outcome and the decision, and no address.",
);

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/api/v1/avs/check", web::post().to(check));
}

impl From<NotAsked> for ApiProblem {
    fn from(refused: NotAsked) -> Self {
        match refused {
            NotAsked::Malformed(text) => Self::malformed(text),
            NotAsked::CardNumber => Self::card_number(),
        }
    }
}

async fn check(state: Data<OAuthState>, policy: Data<AddressPolicy>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, SCOPE).await?.id.clone();
        let body = body::read_json(&request, &mut payload.into_inner()).await.map_err(|refused| ApiProblem::new(refused.status(), "malformed", refused.to_string()))?;
        match rules::parse(&body)? {
            Asked::Interpret(asked) => Ok(rules::interpret(&policy, &asked, state.tools.now())?),
            Asked::Issuer(asked) => ask_issuer(&state, &policy, client, asked).await,
            Asked::Match(asked) => compare(&state, &policy, &request, client, asked).await,
        }
    };
    match work.await {
        Ok(told) => HttpResponse::Ok().json(told),
        Err(problem) => ApiProblem::respond(&problem, &request),
    }
}

/// Asks the issuer of a card: a few times an hour for each card, or a shop would guess whose it is.
async fn ask_issuer(state: &Data<OAuthState>, policy: &Data<AddressPolicy>, client: ClientId, asked: Ask) -> Result<Told, ApiProblem> {
    let issuer = policy
        .issuer
        .clone()
        .ok_or_else(|| ApiProblem::new(422, "no_issuer", "No issuer is asked here; use interpret with the code of your payment provider, or match."))?;
    let (tools, limit) = (state.tools.clone(), BucketLimit { limit: policy.checks_per_hour, window_seconds: 3_600, consecutive_limit: None });
    let token = hex(&state.tools.ring.risk.mac(&[b"avs-token", asked.token.as_bytes()]));
    let work = move |tx: &mut WriteTx<'_>| count_in_each(tx, &[(format!("avs:{client}:{token}"), limit)], tools.now());
    if let Err(throttled) = state.db.write_again(work).await? {
        let problem = ApiProblem::new(429, "throttled", "The issuer of this card was asked often enough in an hour.");
        return Err(ApiProblem { retry_after: Some(throttled.retry_after_seconds), ..problem });
    }
    let said = issuer.ask(&asked, state.tools.now()).await;
    Ok(rules::heard(policy, &asked, &said, state.tools.now()))
}

/// Compares with the addresses of a customer whom the client knows: a few times an hour, or it would guess them.
async fn compare(state: &Data<OAuthState>, policy: &Data<AddressPolicy>, request: &HttpRequest, client: ClientId, asked: Match) -> Result<Told, ApiProblem> {
    let (at_work, policy, origin, asked) = (state.clone(), policy.clone(), origin_of(request), std::sync::Arc::new(asked));
    let work = move |tx: &mut WriteTx<'_>| {
        let tools = &at_work.tools;
        let nobody = || ApiProblem::new(404, "not_found", "This client knows no such customer.");
        let Some(id) = find_by_told(tx, &client, &asked.sub)? else { return Ok(Err(nobody())) };
        let limit = BucketLimit { limit: policy.checks_per_hour, window_seconds: 3_600, consecutive_limit: None };
        if let Err(throttled) = count_in_each(tx, &[(format!("avs:{client}:{id}"), limit)], tools.now())? {
            let problem = ApiProblem::new(429, "throttled", "The addresses of this customer were asked about often enough in an hour.");
            return Ok(Err(ApiProblem { retry_after: Some(throttled.retry_after_seconds), ..problem }));
        }
        let Some(customer) = customers::store::find_customer(tx, &tools.ring, &id)? else { return Ok(Err(nobody())) };
        let told = rules::compare_with(&policy, &asked, customer.addresses.entries().iter().map(|entry| &entry.address), tools.now());
        let entry = Entry::success(ADDRESS_CHECKED, Actor::Client(client.to_string()), format!("customer:{id}"), &origin).with_client(client.as_str());
        audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "outcome": told.outcome, "decision": told.decision })))?;
        Ok(Ok(told))
    };
    state.db.write_again(work).await?
}
