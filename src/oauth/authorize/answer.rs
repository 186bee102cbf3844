//! Sends the answer of an authorization request: by redirect, or in a form that the browser posts. `iss` stands in every one (RFC 9207).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::model::ResponseMode;
use super::params::ReplyTo;
use crate::base::secret::Secret;
use crate::oauth::error::OAuthError;
use crate::oauth::state::OAuthState;
use crate::platform::http::page::{PagePolicy, PageView, form_target, respond, see_other};

#[derive(Template)]
#[template(path = "oauth/authorize/pages/form_post.html")]
struct FormPostPage<'a> {
    page: &'a PageView,
    client_name: &'a str,
    action: &'a str,
    fields: &'a [(&'a str, &'a str)],
}

/// What is answered.
pub(super) enum Answer<'a> {
    /// A code.
    Code(&'a Secret),
    /// An error.
    Error(OAuthError),
}

/// Sends `answer` to where the request said, which was checked.
pub(super) fn send(state: &OAuthState, request: &HttpRequest, client_name: &str, reply: &ReplyTo, answer: &Answer<'_>) -> HttpResponse {
    let mut fields: Vec<(&str, &str)> = match answer {
        Answer::Code(code) => vec![("code", code.expose())],
        Answer::Error(error) => vec![("error", error.code), ("error_description", error.description)],
    };
    if let Some(word) = &reply.state {
        fields.push(("state", word));
    }
    fields.push(("iss", state.http.issuer.as_str()));
    match reply.response_mode {
        ResponseMode::Query => see_other(&reply.redirect_uri.with_query(&fields)),
        ResponseMode::Fragment => see_other(&reply.redirect_uri.with_fragment(&fields)),
        ResponseMode::FormPost => {
            let view = PageView::new(&state.http, request, &[]);
            let page = FormPostPage { page: &view, client_name, action: reply.redirect_uri.as_str(), fields: &fields };
            let policy = PagePolicy { form_targets: form_target(reply.redirect_uri.as_str()).into_iter().collect(), image_sources: Vec::new(), has_script: true };
            respond(StatusCode::OK, &view, &page, &policy)
        }
    }
}
