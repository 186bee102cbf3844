//! Clients and staff.

use crate::admin::access::rules::Permission;
use crate::admin::clients::ClientView;
use crate::admin::console::snippets::{Snippet, snippets};
use crate::admin::console::views::parts::{Places, Said, done_of, name_of, next_of, query_of};
use crate::admin::console::web::{enter, finish};
use crate::admin::events::DeliveryView;
use crate::admin::operations::{AdminState, Listed};
use crate::admin::people::StaffView;
use crate::identity::signin::gate::SigninState;
use crate::oauth::clients::ClientMetadata;
use crate::platform::http::page::{ErrorKind, PageError, PageView};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "admin/console/pages/clients.html")]
struct ClientsPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    clients: Vec<ClientView>,
    may_write: bool,
    next: Option<String>,
}

impl Said for ClientsPage<'_> {}

/// Clients.
pub async fn clients(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadClients)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let query = query_of(request.query_string(), &["after"]);
        let clients: Listed<ClientView> = room.look("list_clients", "", query.clone()).await?;
        let page = ClientsPage {
            page: &room.view,
            places: room.places(),
            here: "/admin/clients",
            done: done_of(request.query_string()),
            next: next_of("/admin/clients", &query, clients.next.as_ref()),
            clients: clients.items,
            may_write: room.may("register_client"),
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}

#[derive(Template)]
#[template(path = "admin/console/pages/client.html")]
struct ClientPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    client: &'a ClientView,
    name: String,
    metadata: String,
    snippets: Vec<Snippet>,
    may_write: bool,
    /// Where a sign-in with this client can be tried.
    trial: Option<String>,
    /// The last logout tokens; none for a client that is told nowhere.
    logouts: Option<Vec<DeliveryView>>,
}

impl Said for ClientPage<'_> {}

/// An authorization request that shows how a sign-in with this client looks: it ends at the client's own address, which refuses a code that it did not ask for.
fn trial_of(issuer: &str, id: &str, metadata: &ClientMetadata) -> Option<String> {
    let redirect_uri = metadata.redirect_uris.first()?.as_str();
    // A challenge of nobody's verifier: the code that comes back can be redeemed by nobody.
    let challenge = crate::base::encoding::base64url(crate::base::encoding::sha256(b"a trial of the console"));
    let pairs = [
        ("response_type", "code"),
        ("client_id", id),
        ("redirect_uri", redirect_uri),
        ("scope", "openid"),
        ("state", "trial"),
        ("prompt", "login"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    Some(format!("{issuer}/authorize?{}", crate::base::uri::encode_form(&pairs)))
}

/// One client.
pub async fn client(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadClients)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let view: ClientView = room.look("show_client", &path, BTreeMap::new()).await?;
        let metadata: ClientMetadata = serde_json::from_value(view.metadata.clone()).map_err(|_| PageError::new(ErrorKind::Internal))?;
        let issuer = signin.http.issuer.as_str();
        let logouts = match &metadata.backchannel_logout_uri {
            Some(_) => Some(room.look::<Listed<DeliveryView>>("list_logouts", &path, BTreeMap::from([("limit".to_owned(), "10".to_owned())])).await?.items),
            None => None,
        };
        let page = ClientPage {
            logouts,
            page: &room.view,
            places: room.places(),
            here: "/admin/clients",
            done: done_of(request.query_string()),
            name: name_of(&view),
            metadata: serde_json::to_string_pretty(&view.metadata).unwrap_or_default(),
            snippets: snippets(issuer, &view.client_id, &metadata),
            may_write: room.may("replace_client"),
            trial: trial_of(issuer, &view.client_id, &metadata).filter(|_| !view.is_disabled),
            client: &view,
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}

#[derive(Template)]
#[template(path = "admin/console/pages/staff.html")]
struct StaffPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    staff: &'a StaffView,
    may_write: bool,
}

impl Said for StaffPage<'_> {}

/// Staff.
pub async fn staff(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadAdmins)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let view: StaffView = room.look("list_admins", "", BTreeMap::new()).await?;
        let page = StaffPage {
            page: &room.view,
            places: room.places(),
            here: "/admin/staff",
            done: done_of(request.query_string()),
            staff: &view,
            may_write: room.may("invite_admin"),
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}
