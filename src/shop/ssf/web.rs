//! `/.well-known/ssf-configuration` and `/ssf/…`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::rules::{self, Delivery, MIN_VERIFICATION_SECONDS, Poll, Wish};
use super::{MANAGE, READ};
use crate::base::ids::{ClientId, CustomerId, StreamId};
use crate::oauth::access::{self, bearer_of};
use crate::oauth::events::deliver::{put_own, sign_event};
use crate::oauth::events::deliveries::store::{self as deliveries, Which};
use crate::oauth::events::model::{EventKind, Method, StreamStatus};
use crate::oauth::events::streams::{MAX_STREAMS, STREAM_CHANGED, Stream, Switcher, store as streams};
use crate::oauth::events::subjects::store as subjects;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::body;
use crate::platform::http::guard::origin_of;
use crate::shop::refused::web::Refused;

/// How often a poll that waits looks again, and how long it waits between.
const LOOKS: u32 = 40;
const LOOK_PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/.well-known/ssf-configuration", web::get().to(metadata))
        .route("/ssf/streams", web::post().to(create))
        .route("/ssf/streams", web::get().to(read))
        .route("/ssf/streams", web::patch().to(update))
        .route("/ssf/streams", web::put().to(replace))
        .route("/ssf/streams", web::delete().to(remove))
        .route("/ssf/status", web::get().to(status))
        .route("/ssf/status", web::post().to(change_status))
        .route("/ssf/subjects/add", web::post().to(add_subject))
        .route("/ssf/subjects/remove", web::post().to(remove_subject))
        .route("/ssf/verify", web::post().to(verify))
        .route("/ssf/poll/{stream}", web::post().to(poll));
}

async fn metadata(state: Data<OAuthState>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "public, max-age=300"))
        .insert_header(("Access-Control-Allow-Origin", "*"))
        .json(rules::metadata(&state.http.issuer))
}

/// The client that asks, with a token of its own that allows one of `scopes`.
async fn client_of(state: &Data<OAuthState>, request: &HttpRequest, scopes: &[&str]) -> Result<ClientId, Refused> {
    let token = bearer_of(request).map_err(|_| Refused::InvalidToken)?.ok_or(Refused::NoToken)?;
    let access = access::verify(state, &token).await?.ok_or(Refused::InvalidToken)?;
    if access.grant.is_some() || !scopes.iter().any(|scope| access.scope.contains(scope)) {
        return Err(Refused::InsufficientScope("the access token is not a client's own, or lacks ssf.manage, or ssf.read where that is enough"));
    }
    Ok(access.client_id.clone())
}

async fn json_of(request: &HttpRequest, payload: Payload) -> Result<Value, Refused> {
    body::read_json(request, &mut payload.into_inner()).await.map_err(|_| Refused::Malformed("send JSON"))
}

fn done(work: Result<HttpResponse, Refused>) -> HttpResponse {
    work.unwrap_or_else(|refused| refused.respond())
}

/// A stream of the client that is no webhook.
fn find_own(connection: &mut DbConnection, client: &ClientId, id: &str) -> Result<Option<Stream>, StoreError> {
    let Ok(id) = id.parse::<StreamId>() else { return Ok(None) };
    Ok(streams::find_stream(connection, &id)?.filter(|stream| stream.client == *client && stream.method != Method::Webhook))
}

fn note(tx: &mut WriteTx<'_>, state: &OAuthState, stream: &Stream, what: &str, origin: &Origin) -> Result<(), StoreError> {
    let entry = Entry::success(STREAM_CHANGED, Actor::Client(stream.client.to_string()), format!("stream:{}", stream.id), origin).with_client(stream.client.as_str());
    audit::record(tx, &state.tools, &entry.with_detail(json!({ "what": what, "method": stream.method, "status": stream.status })))
}

async fn create(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, &[MANAGE]).await?;
        let wish = rules::read_wish(&json_of(&request, payload).await?).map_err(Refused::Malformed)?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let made = state.db.write_again(move |tx: &mut WriteTx<'_>| {
            if streams::list_streams(tx, &client)?.len() >= MAX_STREAMS {
                return Ok(None);
            }
            let tools = &at_work.tools;
            let delivery = wish.delivery.clone().unwrap_or(Delivery::POLL);
            let id = StreamId::generate(tools.now_micros(), tools.entropy());
            let receiver = (delivery.method, delivery.endpoint);
            let stream = Stream {
                requested: wish.requested.clone(),
                description: wish.description.clone(),
                ..Stream::new(id, client.clone(), receiver, Switcher::Client, tools.now())
            };
            streams::insert_stream(tx, tools, &stream, delivery.authorization.as_deref())?;
            note(tx, &at_work, &stream, "made", &origin)?;
            Ok(Some(stream))
        });
        let stream = made.await?.ok_or(Refused::Conflict("a client has at most 10 streams and webhooks"))?;
        Ok(HttpResponse::Created().json(rules::configuration(&state.http.issuer, &stream)))
    };
    done(work.await)
}

#[derive(serde::Deserialize)]
struct Named {
    stream_id: Option<String>,
}

async fn read(state: Data<OAuthState>, request: HttpRequest, which: Query<Named>) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, &[READ, MANAGE]).await?;
        let issuer = state.http.issuer.clone();
        match which.into_inner().stream_id {
            Some(id) => {
                let stream = state.db.read(move |connection| find_own(connection, &client, &id)).await?.ok_or(Refused::NotFound)?;
                Ok(HttpResponse::Ok().json(rules::configuration(&issuer, &stream)))
            }
            None => {
                let mine = state.db.read(move |connection| streams::list_streams(connection, &client)).await?;
                let views: Vec<Value> = mine.iter().filter(|stream| stream.method != Method::Webhook).map(|stream| rules::configuration(&issuer, stream)).collect();
                Ok(HttpResponse::Ok().json(views))
            }
        }
    };
    done(work.await)
}

/// What a stream becomes by a wish; what the wish does not name stays, or goes when it replaces everything.
fn changed(stream: &Stream, wish: &Wish, replaces: Replaces) -> (Stream, Option<Delivery>) {
    let delivery = wish.delivery.clone().or_else(|| (replaces == Replaces::Everything).then_some(Delivery::POLL));
    let mut next = stream.clone();
    if let Some(delivery) = &delivery {
        (next.method, next.endpoint) = (delivery.method, delivery.endpoint.clone());
    }
    match (&wish.requested, replaces) {
        (Some(requested), _) => next.requested = Some(requested.clone()),
        (None, Replaces::Everything) => next.requested = None,
        (None, Replaces::Named) => {}
    }
    match (&wish.description, replaces) {
        (Some(description), _) => next.description = Some(description.clone()),
        (None, Replaces::Everything) => next.description = None,
        (None, Replaces::Named) => {}
    }
    (next, delivery)
}

/// Whether a delivery goes to the server that it went to before.
fn is_same_place(stream: &Stream, delivery: &Delivery) -> bool {
    let origin = |text: &Option<String>| text.as_deref().and_then(|text| url::Url::parse(text).ok()).map(|url| url.origin());
    delivery.method == stream.method && origin(&stream.endpoint).is_some_and(|before| origin(&delivery.endpoint) == Some(before))
}

/// How much a change replaces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Replaces {
    /// Only what is named.
    Named,
    /// Everything that is the receiver's.
    Everything,
}

async fn update(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    done(change(&state, &request, payload, Replaces::Named).await)
}

async fn replace(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    done(change(&state, &request, payload, Replaces::Everything).await)
}

async fn change(state: &Data<OAuthState>, request: &HttpRequest, payload: Payload, replaces: Replaces) -> Result<HttpResponse, Refused> {
    let client = client_of(state, request, &[MANAGE]).await?;
    let body = json_of(request, payload).await?;
    let wish = rules::read_wish(&body).map_err(Refused::Malformed)?;
    let id = wish.stream.clone().ok_or(Refused::Malformed("stream_id is missing"))?;
    let (at_work, origin) = (state.clone(), origin_of(request));
    let work = state.db.write_again(move |tx: &mut WriteTx<'_>| {
        let Some(stream) = find_own(tx, &client, &id)? else { return Ok(Err(Refused::NotFound)) };
        if !rules::keeps_ours(&body, &rules::configuration(&at_work.http.issuer, &stream)) {
            return Ok(Err(Refused::Malformed("what the transmitter supplies cannot be changed")));
        }
        let (next, delivery) = changed(&stream, &wish, replaces);
        let kept = match &delivery {
            Some(delivery) if delivery.authorization.is_some() || !is_same_place(&stream, delivery) => delivery.authorization.clone(),
            // It is not told when the stream is read, so whoever sends back what was read means to keep it.
            _ => streams::find_authorization(tx, &at_work.tools, &stream.id)?,
        };
        streams::keep_stream(tx, &at_work.tools, &next, kept.as_deref(), at_work.tools.now())?;
        note(tx, &at_work, &next, "changed", &origin)?;
        Ok(Ok(next))
    });
    let stream = work.await??;
    Ok(HttpResponse::Ok().json(rules::configuration(&state.http.issuer, &stream)))
}

async fn remove(state: Data<OAuthState>, request: HttpRequest, which: Query<Named>) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, &[MANAGE]).await?;
        let id = which.into_inner().stream_id.ok_or(Refused::Malformed("stream_id is missing"))?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let gone = state.db.write_again(move |tx: &mut WriteTx<'_>| {
            let Some(stream) = find_own(tx, &client, &id)? else { return Ok(false) };
            deliveries::forget_receiver(tx, stream.id.as_str())?;
            note(tx, &at_work, &stream, "removed", &origin)?;
            streams::remove_stream(tx, &stream.id)
        });
        if gone.await? { Ok(HttpResponse::NoContent().finish()) } else { Err(Refused::NotFound) }
    };
    done(work.await)
}

fn status_view(stream: &Stream) -> Value {
    let mut view = json!({ "stream_id": stream.id, "status": stream.status });
    if let (Some(view), Some(reason)) = (view.as_object_mut(), &stream.status_reason) {
        view.insert("reason".to_owned(), reason.as_str().into());
    }
    view
}

async fn status(state: Data<OAuthState>, request: HttpRequest, which: Query<Named>) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, &[READ, MANAGE]).await?;
        let id = which.into_inner().stream_id.ok_or(Refused::Malformed("stream_id is missing"))?;
        let stream = state.db.read(move |connection| find_own(connection, &client, &id)).await?.ok_or(Refused::NotFound)?;
        Ok(HttpResponse::Ok().json(status_view(&stream)))
    };
    done(work.await)
}

fn named<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

async fn change_status(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, &[MANAGE]).await?;
        let body = json_of(&request, payload).await?;
        let id = named(&body, "stream_id").ok_or(Refused::Malformed("stream_id is missing"))?.to_owned();
        let status = named(&body, "status").and_then(StreamStatus::parse).ok_or(Refused::Malformed("status is enabled, paused or disabled"))?;
        let reason: Option<String> = named(&body, "reason").map(|reason| reason.chars().filter(|letter| !letter.is_control()).take(200).collect());
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = state.db.write_again(move |tx: &mut WriteTx<'_>| {
            let Some(stream) = find_own(tx, &client, &id)? else { return Ok(Err(Refused::NotFound)) };
            let now = at_work.tools.now();
            // What staff stopped, staff let run again.
            if stream.switched_by == Switcher::House && stream.status != StreamStatus::Enabled {
                return Ok(Err(Refused::Forbidden("the stream was stopped here; ask whoever runs this server")));
            }
            if !streams::change_status(tx, &stream.id, (status, Switcher::Client), reason.as_deref(), now)? {
                return Ok(Ok(stream));
            }
            if status == StreamStatus::Disabled {
                deliveries::drop_waiting(tx, stream.id.as_str())?;
            }
            let next = Stream { status, status_reason: reason.clone(), ..stream };
            note(tx, &at_work, &next, "switched", &origin)?;
            Ok(Ok(next))
        });
        let stream = work.await??;
        Ok(HttpResponse::Ok().json(status_view(&stream)))
    };
    done(work.await)
}

async fn subject(
    state: &Data<OAuthState>,
    request: &HttpRequest,
    payload: Payload,
    keep: fn(&mut WriteTx<'_>, &StreamId, &CustomerId) -> Result<(), StoreError>,
) -> Result<(), Refused> {
    let id = client_of(state, request, &[MANAGE]).await?;
    let body = json_of(request, payload).await?;
    let stream = named(&body, "stream_id").ok_or(Refused::Malformed("stream_id is missing"))?.to_owned();
    let meant = body.get("subject").filter(|subject| subject.is_object()).ok_or(Refused::Malformed("subject is missing"))?;
    let sub = rules::subject_of(meant, state.http.issuer.as_str()).map(str::to_owned);
    let work = state.db.write_again(move |tx: &mut WriteTx<'_>| {
        let Some(stream) = find_own(tx, &id, &stream)? else { return Ok(false) };
        // Somebody whom the client does not know is passed over in silence: it learns of nobody by asking.
        if let Some(sub) = &sub
            && let Some(customer) = subjects::find_by_told(tx, &id, sub)?
        {
            keep(tx, &stream.id, &customer)?;
        }
        Ok(true)
    });
    if work.await? { Ok(()) } else { Err(Refused::NotFound) }
}

async fn add_subject(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    done(subject(&state, &request, payload, streams::add_subject).await.map(|()| HttpResponse::Ok().finish()))
}

async fn remove_subject(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    done(subject(&state, &request, payload, streams::remove_subject).await.map(|()| HttpResponse::NoContent().finish()))
}

async fn verify(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, &[MANAGE]).await?;
        let body = json_of(&request, payload).await?;
        let id = named(&body, "stream_id").ok_or(Refused::Malformed("stream_id is missing"))?.to_owned();
        let mark: Option<String> = named(&body, "state").map(str::to_owned);
        if mark.as_ref().is_some_and(|mark| mark.len() > 1_000) {
            return Err(Refused::Malformed("state has at most 1000 bytes"));
        }
        let at_work = state.clone();
        let work = state.db.write_again(move |tx: &mut WriteTx<'_>| {
            let Some(stream) = find_own(tx, &client, &id)? else { return Ok(Err(Refused::NotFound)) };
            if stream.status != StreamStatus::Enabled {
                return Ok(Err(Refused::Malformed("the stream is not enabled")));
            }
            let now = at_work.tools.now();
            if !streams::note_verification(tx, &stream.id, MIN_VERIFICATION_SECONDS, now)? {
                return Ok(Err(Refused::TooMany(MIN_VERIFICATION_SECONDS)));
            }
            let facts: Map<String, Value> = mark.iter().map(|mark| ("state".to_owned(), mark.as_str().into())).collect();
            put_own(tx, &at_work, &stream, EventKind::Verification, facts, now)?;
            Ok(Ok(()))
        });
        work.await??;
        Ok(HttpResponse::NoContent().finish())
    };
    done(work.await)
}

async fn poll(state: Data<OAuthState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, &[READ, MANAGE]).await?;
        let poll = rules::read_poll(&json_of(&request, payload).await?).map_err(Refused::Malformed)?;
        let id = path.into_inner();
        let (owner, wanted) = (client.clone(), id.clone());
        let stream = state.db.read(move |connection| find_own(connection, &owner, &wanted)).await?.filter(|stream| stream.method == Method::Poll).ok_or(Refused::NotFound)?;
        settle(&state, &stream, &poll).await?;
        // One waits for each stream, and so many in all; whoever comes besides is answered at once.
        let waiting = if poll.waits && poll.most > 0 { state.polls.wait_for(stream.id.as_str()) } else { None };
        for look in 0..LOOKS {
            let (tokens, has_more) = fetch(&state, &client, &id, poll.most).await?;
            if !tokens.is_empty() || waiting.is_none() || look + 1 == LOOKS {
                let mut answer = json!({ "sets": tokens });
                if let (Some(answer), true) = (answer.as_object_mut(), has_more) {
                    answer.insert("moreAvailable".to_owned(), true.into());
                }
                return Ok(HttpResponse::build(StatusCode::OK).json(answer));
            }
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        Ok(HttpResponse::Ok().json(json!({ "sets": {} })))
    };
    done(work.await)
}

/// Notes what was taken, and what was refused.
async fn settle(state: &Data<OAuthState>, stream: &Stream, poll: &Poll) -> Result<(), Refused> {
    if poll.acknowledged.is_empty() && poll.refused.is_empty() {
        return Ok(());
    }
    let (tools, receiver, poll) = (state.tools.clone(), stream.id.to_string(), poll.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let now = tools.now();
        if !poll.acknowledged.is_empty() {
            deliveries::acknowledge(tx, &receiver, &poll.acknowledged, now)?;
        }
        for (id, why) in &poll.refused {
            deliveries::refuse(tx, &receiver, id, why, now)?;
        }
        deliveries::note_success(tx, &receiver, now)
    };
    Ok(state.db.write_again(work).await?)
}

/// What waits for a stream, signed; and whether there is more. Nothing while it is not enabled.
async fn fetch(state: &Data<OAuthState>, client: &ClientId, id: &str, most: i64) -> Result<(Map<String, Value>, bool), Refused> {
    let (tools, client, id) = (state.tools.clone(), client.clone(), id.to_owned());
    let find = move |connection: &mut DbConnection| {
        let Some(stream) = find_own(connection, &client, &id)? else { return Ok(Vec::new()) };
        // That it is held is told all the same.
        let which = if stream.status == StreamStatus::Enabled { Which::All } else { Which::Own };
        deliveries::list_waiting(connection, &tools, stream.id.as_str(), which, most + 1)
    };
    let mut waiting = state.db.read(find).await?;
    let most = usize::try_from(most).unwrap_or(0);
    let has_more = waiting.len() > most;
    waiting.truncate(most);
    let signed = waiting.iter().map(|delivery| Ok((delivery.id.clone(), Value::String(sign_event(state, delivery)?)))).collect::<Result<_, StoreError>>()?;
    Ok((signed, has_more))
}
