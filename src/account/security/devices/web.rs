//! Taking back the trust in a device.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{PAGE, entry, finish, proven, read_form};
use crate::base::ids::TrustedDeviceId;
use crate::identity::factors::trusted_device::store;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::WriteTx;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, see_other};

/// A customer trusts a device no longer.
pub const DEVICE_DISTRUSTED: EventSpec = EventSpec::new("device_distrusted", "A customer chose to be asked for the second factor again on a device.");

/// Where it is done.
pub const REMOVE: &str = "/account/security/devices/remove";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(REMOVE, web::post().to(remove));
}

async fn remove(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, REMOVE, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let id: TrustedDeviceId = form.get("device").and_then(|id| id.parse().ok()).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("device is missing"))?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if store::remove_device(tx, signed_in.customer(), &id)? {
                audit::record(tx, &at_work.tools, &entry(DEVICE_DISTRUSTED, &signed_in, &origin).with_detail(serde_json::json!({ "device": id })))?;
            }
            Ok(())
        };
        state.db.write(work).await?;
        Ok(see_other(&format!("{PAGE}?removed")))
    };
    finish(&state, &request, work).await
}
