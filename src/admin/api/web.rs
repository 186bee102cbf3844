//! `/api/v1`: JSON in and out, problems as RFC 9457 says, ETags, idempotency keys, limits.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method as HttpMethod, StatusCode};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::admin::access::web::{NoProgram, program};
use crate::admin::operations::limiter::{Budgeted, RequestLimiter};
use crate::admin::operations::list::operations;
use crate::admin::operations::openapi::document;
use crate::admin::operations::run::run;
use crate::admin::operations::store::IdempotencyKey;
use crate::admin::operations::{AdminState, Answer, Call, Method, Operation, Refused, find_operation};
use crate::base::encoding::sha256;
use crate::platform::http::api_problem::ApiProblem as Problem;
use crate::platform::http::body;
use crate::platform::http::guard::origin_of;
use crate::platform::http::params::Params;

const DOCUMENT: &str = "/api/v1/openapi.json";
/// Everything else under the API.
const ELSEWHERE: &str = "/api/v1/{rest:.*}";

fn method_of(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
        Method::Put => HttpMethod::PUT,
        Method::Delete => HttpMethod::DELETE,
    }
}

/// The routes: one for each operation, and the document.
pub fn routes(config: &mut ServiceConfig) {
    config.route(DOCUMENT, web::get().to(show_document));
    for operation in operations() {
        let Some(operation) = find_operation(operation.id) else { continue };
        let handle = move |state: Data<AdminState>, limiter: Data<RequestLimiter>, request: HttpRequest, payload: Payload| serve(operation, state, limiter, request, payload);
        config.route(&operation.full_path(), web::method(method_of(operation.method)).to(handle));
    }
    config.route(ELSEWHERE, web::route().to(elsewhere));
}

/// Whether `path` is one of `pattern`, whose parts in braces stand for anything.
fn is_of(pattern: &str, path: &str) -> bool {
    let (left, right) = (pattern.split('/').collect::<Vec<_>>(), path.split('/').collect::<Vec<_>>());
    left.len() == right.len() && left.iter().zip(&right).all(|(left, right)| left == right || (left.starts_with('{') && !right.is_empty()))
}

/// What is left over: another method than there is, or nothing at all.
async fn elsewhere(request: HttpRequest) -> HttpResponse {
    let path = request.path();
    let mut allowed: Vec<&str> = operations().filter(|operation| is_of(&operation.full_path(), path)).map(|operation| operation.method.word()).collect();
    if path == DOCUMENT {
        allowed.push(Method::Get.word());
    }
    if allowed.is_empty() {
        return Problem { status: 404, code: "not_found", title: "There is no such call here.".to_owned(), retry_after: None }.respond(&request);
    }
    let problem = Problem { status: 405, code: "method_not_allowed", title: format!("There is only: {}.", allowed.join(", ")), retry_after: None };
    let mut response = problem.respond(&request);
    if let Ok(value) = HeaderValue::from_str(&allowed.join(", ")) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

async fn show_document(state: Data<AdminState>) -> HttpResponse {
    HttpResponse::Ok().json(document(state.signin.http.issuer.as_str()))
}

fn problem_of(refused: &Refused) -> Problem {
    let retry_after = match refused {
        Refused::Throttled(throttled) => Some(throttled.retry_after_seconds),
        _ => None,
    };
    Problem { retry_after, ..Problem::new(refused.status(), refused.code(), refused.sentence()) }
}

fn malformed(title: impl Into<String>) -> Problem {
    Problem::malformed(title)
}

fn query_of(operation: &Operation, request: &HttpRequest) -> Result<BTreeMap<String, String>, Problem> {
    let params = Params::parse(request.query_string().as_bytes()).map_err(|error| malformed(error.to_string()))?;
    if params.has_repeated() {
        return Err(malformed("a parameter was sent twice"));
    }
    let mut query = BTreeMap::new();
    for (name, value) in params.iter() {
        if !operation.query.iter().any(|parameter| parameter.name == name) {
            return Err(malformed(format!(
                "there is no parameter of that name here; there are: {}",
                operation.query.iter().map(|parameter| parameter.name).collect::<Vec<_>>().join(", ")
            )));
        }
        query.insert(name.to_owned(), value.to_owned());
    }
    Ok(query)
}

fn header_of<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).map(|value| value.to_str().unwrap_or("?"))
}

fn key_of(operation: &Operation, call: &Call, request: &HttpRequest) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(text) = header_of(request, "idempotency-key").filter(|_| operation.method == Method::Post) else { return Ok(None) };
    let is_key = (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !is_key {
        return Err(malformed("Idempotency-Key: 1 to 128 letters, digits, dashes and underscores"));
    }
    let over = |parts: &[&str]| sha256(parts.join("\n").as_bytes());
    Ok(Some(IdempotencyKey { hash: over(&[&call.staff.key(), operation.id, text]), request_hash: over(&[request.path(), &call.body.to_string()]) }))
}

fn known_of(request: &HttpRequest) -> Result<Option<String>, Problem> {
    match header_of(request, "if-match") {
        None => Ok(None),
        Some(text) => {
            let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|inner| inner.len() <= 64);
            inner.map(|inner| Some(inner.to_owned())).ok_or_else(|| malformed("If-Match: one ETag in quotes"))
        }
    }
}

async fn serve(operation: &'static Operation, state: Data<AdminState>, limiter: Data<RequestLimiter>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let mut budget = None;
    let mut response = match answer(operation, &state.into_inner(), &limiter, &request, payload, &mut budget).await {
        Ok(answer) => told(operation, &request, answer),
        Err(problem) => problem.respond(&request),
    };
    if let Some((limit, budgeted)) = budget {
        let headers = response.headers_mut();
        let mut add = |name: &'static str, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        add("ratelimit-policy", format!("\"requests\";q={limit};w=60"));
        add("ratelimit", format!("\"requests\";r={};t={}", budgeted.remaining.unwrap_or(0), budgeted.reset_seconds));
    }
    response
}

async fn answer(
    operation: &'static Operation,
    state: &Arc<AdminState>,
    limiter: &RequestLimiter,
    request: &HttpRequest,
    payload: Payload,
    budget: &mut Option<(i64, Budgeted)>,
) -> Result<Answer, Problem> {
    let staff = program(state, request).await?.map_err(|refused| match refused {
        NoProgram::NoToken => Problem { status: 401, code: "no_token", title: "Send an access token of the client's own.".to_owned(), retry_after: None },
        NoProgram::InvalidToken => Problem { status: 401, code: "invalid_token", title: "The access token does not hold, or is a customer's.".to_owned(), retry_after: None },
    })?;
    let limit = state.policy.requests_per_minute;
    let counted = limiter.count(&staff.key(), limit, state.tools().clock.monotonic());
    *budget = Some((limit, counted));
    if counted.remaining.is_none() {
        return Err(Problem { status: 429, code: "throttled", title: "Too many requests in a minute.".to_owned(), retry_after: Some(counted.reset_seconds) });
    }
    let body = body::read_json(request, &mut payload.into_inner()).await.map_err(|refused| Problem {
        status: refused.status(),
        code: "malformed",
        title: refused.to_string(),
        retry_after: None,
    })?;
    if operation.input.is_none() && !body.is_null() {
        return Err(malformed("no body is read here"));
    }
    let subject = operation.subject().and_then(|name| request.match_info().get(name)).unwrap_or_default().to_owned();
    if subject.len() > 128 {
        return Err(problem_of(&Refused::NotFound));
    }
    let call = Call { staff, subject, query: query_of(operation, request)?, body, known: known_of(request)?, origin: origin_of(request) };
    let key = key_of(operation, &call, request)?;
    run(state, operation, call, key).await?.map_err(|refused| problem_of(&refused))
}

fn told(operation: &Operation, request: &HttpRequest, answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status.unwrap_or(operation.output.0)).unwrap_or(StatusCode::OK);
    let etag = answer.etag.map(|etag| format!("\"{etag}\""));
    if operation.method == Method::Get && etag.is_some() && header_of(request, "if-none-match") == etag.as_deref() {
        return HttpResponse::NotModified().insert_header((header::ETAG, etag.unwrap_or_default())).finish();
    }
    let mut response = HttpResponse::build(status);
    if let Some(etag) = etag {
        response.insert_header((header::ETAG, etag));
    }
    if answer.body.is_null() { response.finish() } else { response.json(answer.body) }
}
