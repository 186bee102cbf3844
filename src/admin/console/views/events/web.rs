//! Webhooks, streams, and what became of each delivery.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::access::rules::Permission;
use crate::admin::console::views::parts::{Places, Said, done_of, next_of, query_of};
use crate::admin::console::web::{enter, finish};
use crate::admin::events::{DeliveryView, StreamView, Way};
use crate::admin::operations::{AdminState, Listed};
use crate::identity::signin::gate::SigninState;
use crate::platform::http::page::PageView;

#[derive(Template)]
#[template(path = "admin/console/pages/streams.html")]
struct StreamsPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    streams: Vec<StreamView>,
    may_write: bool,
    next: Option<String>,
}

impl Said for StreamsPage<'_> {}

/// Webhooks and streams.
pub async fn streams(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadClients)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let query = query_of(request.query_string(), &["after"]);
        let streams: Listed<StreamView> = room.look("list_streams", "", query.clone()).await?;
        let page = StreamsPage {
            page: &room.view,
            places: room.places(),
            here: "/admin/streams",
            done: done_of(request.query_string()),
            next: next_of("/admin/streams", &query, streams.next.as_ref()),
            streams: streams.items,
            may_write: room.may("make_webhook"),
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}

#[derive(Template)]
#[template(path = "admin/console/pages/stream.html")]
struct StreamPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    stream: &'a StreamView,
    is_webhook: bool,
    deliveries: Vec<DeliveryView>,
    only_failed: bool,
    may_write: bool,
    next: Option<String>,
}

impl Said for StreamPage<'_> {}

/// One of them, with its deliveries.
pub async fn stream(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadClients)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let view: StreamView = room.look("show_stream", &path, BTreeMap::new()).await?;
        let query = query_of(request.query_string(), &["after", "state"]);
        let deliveries: Listed<DeliveryView> = room.look("list_deliveries", &path, query.clone()).await?;
        let page = StreamPage {
            page: &room.view,
            places: room.places(),
            here: "/admin/streams",
            done: done_of(request.query_string()),
            is_webhook: view.method == Way::Webhook,
            next: next_of(&format!("/admin/streams/{}", view.stream_id), &query, deliveries.next.as_ref()),
            deliveries: deliveries.items,
            only_failed: query.contains_key("state"),
            may_write: room.may("make_webhook"),
            stream: &view,
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}
