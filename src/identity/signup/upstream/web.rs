//! `/signin/{flow}/join/upstream`.

use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::base::assurance::FactorKind;
use crate::base::ids::CustomerId;
use crate::identity::factors::upstream::{self, UPSTREAM_CONNECTED};
use crate::identity::signin;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::store as flows;
use crate::identity::signup::rules::JoinStep;
use crate::identity::signup::web::{address, at_step, enter};
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::WriteTx;
use crate::platform::http::page::{PageError, error_page, see_other};

/// The route.
pub(in crate::identity::signup) fn routes(config: &mut ServiceConfig) {
    config.route("/signin/{flow}/join/upstream", web::post().to(submit));
}

async fn submit(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (mut pending, _) = match at_step(&state, &request, &path, payload, JoinStep::Credential, "/upstream").await? {
            Ok(here) => here,
            Err(elsewhere) => return Ok(elsewhere),
        };
        // Taken out: it is connected on the way, and nothing is left to ask for.
        let Some(arrived) = pending.flow.arrived.take().filter(|arrived| state.upstreams.find(&arrived.upstream).is_some()) else {
            return Ok(see_other(&address(&pending.flow.id)));
        };
        let id = CustomerId::generate(state.tools.now_micros(), state.tools.entropy());
        let flow = pending.flow.id.clone();
        let add = move |tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, origin: &Origin| {
            // What the page showed may have been replaced by another account meanwhile.
            let is_same = flows::find_flow(tx, &state.tools, &flow)?.is_some_and(|flow| flow.arrived.as_ref() == Some(&arrived));
            if !is_same || upstream::connect(tx, &state.tools, id, &arrived)?.is_err() {
                return Ok(Err(()));
            }
            flows::keep_arrived(tx, &state.tools, &flow, None)?;
            let entry = Entry::success(UPSTREAM_CONNECTED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin);
            audit::record(tx, &state.tools, &entry.with_detail(serde_json::json!({ "upstream": arrived.upstream })))?;
            Ok(Ok(upstream::proof_of_joining(id, &arrived)))
        };
        let entered = enter(&state, &request, &pending, (id, FactorKind::Upstream), add).await?;
        Ok(entered.unwrap_or_else(|()| see_other(&signin::upstream::address(&pending.flow.id))))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
