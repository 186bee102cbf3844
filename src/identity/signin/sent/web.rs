//! `POST /signin/{flow}/email-code/send` and `…/sms-code/send`.

use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::{Wanted, send_code};
use crate::base::assurance::FactorKind;
use crate::base::ids::{CustomerId, FlowId};
use crate::identity::customers;
use crate::identity::messages::CodePurpose;
use crate::identity::signin::challenge;
use crate::identity::signin::challenge::web::{throttled_page, waiting};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::web::{load, read_genuine};
use crate::platform::db::WriteTx;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PageError, error_page, see_other};

/// The kinds whose code is sent.
pub(in crate::identity::signin) const SENT: [FactorKind; 2] = [FactorKind::EmailCode, FactorKind::SmsCode];

/// The routes.
pub(in crate::identity::signin) fn routes(config: &mut ServiceConfig) {
    for kind in SENT {
        let address = format!("/signin/{{flow}}/{}/send", challenge::path(kind));
        config
            .route(&address, web::post().to(move |state: Data<SigninState>, request: HttpRequest, flow: Path<String>, payload: Payload| send(state, request, flow, payload, kind)));
    }
}

/// Whose code it is: that of one customer in one sign-in, since another one may begin in the same.
pub(in crate::identity::signin) fn owner(flow: &FlowId, customer: &CustomerId) -> String {
    format!("signin:{flow}:{customer}")
}

async fn send(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload, kind: FactorKind) -> HttpResponse {
    let work = async {
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        let page = format!("/signin/{}/{}", flow.id, challenge::path(kind));
        read_genuine(&state, &request, payload, &browser, &format!("{page}/send")).await?;
        let challenge = match waiting(&state, &flow, signed_in.as_ref(), kind).await? {
            Ok(challenge) => challenge,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, owner, id, origin) = (state.clone(), owner(&flow.id, &challenge.subject.customer), challenge.subject.customer.clone(), origin_of(&request));
        let wish = flow.request.clone();
        let work = move |tx: &mut WriteTx<'_>| match customers::store::find_customer(tx, &at_work.tools.ring, &id)? {
            Some(customer) => send_code(tx, &at_work, Wanted { kind, purpose: CodePurpose::SignIn, purchase: wish.purchase(), call: None }, &owner, &customer, &origin),
            None => Ok(Ok(())),
        };
        Ok(match state.db.write_again(work).await? {
            Ok(()) => see_other(&page),
            Err(throttled) => throttled_page(&state, &request, &flow, &browser, &challenge, throttled),
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
