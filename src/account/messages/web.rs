//! `/account/messages`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{finish, seen_for};
use crate::base::page::PageRequest;
use crate::identity::messages::rules::Channel;
use crate::identity::messages::store::list_messages;
use crate::identity::signin::gate::SigninState;
use crate::platform::db::DbConnection;
use crate::platform::http::page::{PagePolicy, PageView, respond};

const PAGE: &str = "/account/messages";
/// Messages on a page.
const LIMIT: u32 = 30;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show));
}

/// A message of the list.
struct Line {
    subject: String,
    to: String,
    when: String,
    text: String,
}

#[derive(Template)]
#[template(path = "account/messages/pages/messages.html")]
struct MessagesPage<'a> {
    page: &'a PageView,
    lines: Vec<Line>,
    /// Where older messages are.
    next: Option<String>,
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let cursor = request.query_string();
        let is_cursor = cursor.len() <= 64 && cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let page = PageRequest { after: (is_cursor && !cursor.is_empty()).then(|| cursor.to_owned()), limit: LIMIT };
        let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
        let found = state.db.read(move |connection: &mut DbConnection| list_messages(connection, &tools, &id, &page)).await?;
        let (view, now) = (PageView::new(&state.http, &request, &[]), state.tools.now());
        let lines = found.items.into_iter().map(|message| Line {
            subject: if message.content.channel == Channel::Text { view.t("messages-text") } else { message.content.subject },
            to: message.content.to,
            when: view.since(message.sent_at, now),
            text: message.content.text,
        });
        let template = MessagesPage { page: &view, lines: lines.collect(), next: found.next.map(|next| format!("{PAGE}?{next}")) };
        Ok(respond(StatusCode::OK, &view, &template, &PagePolicy::default()))
    };
    finish(&state, &request, work).await
}
