//! "Let nobody in without …": the customer's own floor.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{PAGE, entry, finish, is_current, proven, read_form};
use crate::base::assurance::{Acr, FactorKind};
use crate::identity::customers;
use crate::identity::factors;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::WriteTx;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, see_other};

/// A customer chose the least level of their sign-ins.
pub const LEVEL_CHOSEN: EventSpec = EventSpec::new("level_chosen", "A customer chose the least level of their own sign-ins.");

/// Where it is chosen.
pub const CHOOSE: &str = "/account/security/level";

/// What can be chosen, and the key of its text.
pub const CHOICES: [(Option<Acr>, &str); 3] =
    [(None, "security-level-usual"), (Some(Acr::SecondFactor), "security-level-second"), (Some(Acr::PhishingResistant), "security-level-strong")];

/// The form's word for a choice.
pub const fn word(acr: Option<Acr>) -> &'static str {
    match acr {
        None => "usual",
        Some(acr) => acr.as_str(),
    }
}

/// Whether a customer who has these kinds can choose a level without locking themselves out.
pub fn may_choose(acr: Option<Acr>, enrolled: &[FactorKind]) -> bool {
    acr.is_none_or(|acr| enrolled.iter().any(|kind| *kind != FactorKind::RecoveryCode && factors::reaches_with_password(*kind, acr)))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(CHOOSE, web::post().to(choose));
}

async fn choose(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, CHOOSE, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let wanted = form.get("level").unwrap_or_default();
        let (acr, _) =
            CHOICES.into_iter().find(|(acr, _)| word(*acr) == wanted).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("level is not one of the choices"))?;
        if !may_choose(acr, &signed_in.means.enrolled) {
            return Ok(see_other(&format!("{PAGE}?needed")));
        }
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if !is_current(tx, &signed_in)? {
                return Ok(());
            }
            customers::store::keep_own_acr(tx, signed_in.customer(), acr)?;
            audit::record(tx, &at_work.tools, &entry(LEVEL_CHOSEN, &signed_in, &origin).with_detail(serde_json::json!({ "acr": acr })))
        };
        state.db.write(work).await?;
        Ok(see_other(&format!("{PAGE}?chosen")))
    };
    finish(&state, &request, work).await
}
