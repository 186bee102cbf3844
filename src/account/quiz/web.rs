//! `/account/quiz`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::rules::{Item, choose, look_alike};
use crate::account::security::web::{entry, finish, is_current, read_form, seen_for};
use crate::base::random;
use crate::identity::care::QUIZ_TAKEN;
use crate::identity::messages::rules::generate;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit;
use crate::platform::db::WriteTx;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PagePolicy, PageView, respond};

const PAGE: &str = "/account/quiz";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(PAGE, web::post().to(judge));
}

/// A message on the page.
struct Shown {
    number: usize,
    subject: String,
    text: String,
    /// What was said of it; empty before.
    answer: String,
    is_right: bool,
    is_genuine: bool,
    why: String,
}

impl Shown {
    fn said(&self, word: &str) -> bool {
        self.answer == word
    }
}

#[derive(Template)]
#[template(path = "account/quiz/pages/quiz.html")]
struct QuizPage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    seed: String,
    items: Vec<Shown>,
    /// How many were right; none before.
    right: Option<usize>,
    problem: Option<String>,
}

fn write(state: &SigninState, view: &PageView, item: Item, number: usize) -> Shown {
    let (http, host) = (&state.http, state.http.issuer.authority());
    let foreign = look_alike(host);
    let address = |path: &str| if item.is_genuine() { http.issuer.at(path) } else { format!("https://{foreign}{path}") };
    let text = |key: &str, values: &[(&str, &str)]| http.texts.text(view.language, key, values);
    let (what, undo, look) = (text("contact-email", &[]), address("/undo/4f7c"), address("/account"));
    let link = if item == Item::ContactUndo { &undo } else { &look };
    let values = [("brand", view.brand.as_str()), ("what", &what), ("link", link.as_str()), ("code", "482913")];
    let mut parts = vec![text(&format!("mail-{}-text", item.mail()), &values)];
    if !item.is_genuine() {
        parts.push(text(&format!("quiz-lure-{}", item.clue()), &values));
    }
    if matches!(item, Item::NewDevice | Item::PasswordChanged | Item::LookAlike) {
        parts.push(text("mail-not-me", &[("link", &address("/not-me/4f7c"))]));
    }
    // What calls for a number or an answer has no need of a foot.
    if !matches!(item, Item::CallUs | Item::SendCode) {
        let code = generate(state.tools.entropy());
        parts.push(text("mail-foot", &[("brand", &view.brand), ("code", &code), ("link", &address("/verify-message"))]));
    }
    Shown {
        number,
        subject: text(&format!("mail-{}-subject", item.mail()), &values),
        text: parts.join("\n\n"),
        answer: String::new(),
        is_right: false,
        is_genuine: item.is_genuine(),
        why: text(&format!("quiz-why-{}", item.clue()), &[("host", host), ("foreign", &foreign)]),
    }
}

fn page(state: &SigninState, request: &HttpRequest, seed: u64, answers: &[String], problem: bool) -> (HttpResponse, Option<usize>) {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let token = csrf::token(&state.tools.ring, &browser, PAGE);
    let mut items: Vec<Shown> = choose(seed).into_iter().enumerate().map(|(at, item)| write(state, &view, item, at + 1)).collect();
    for (item, answer) in items.iter_mut().zip(answers) {
        item.answer.clone_from(answer);
        item.is_right = answer == if item.is_genuine { "genuine" } else { "altered" };
    }
    let right = (!answers.is_empty() && !problem).then(|| items.iter().filter(|item| item.is_right).count());
    let template = QuizPage { page: &view, csrf: &token, seed: seed.to_string(), items, right, problem: problem.then(|| view.t("quiz-missing")) };
    let mut response = respond(if problem { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    (response, right)
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        match seen_for(&state, &request, PAGE).await? {
            Ok(_) => Ok(page(&state, &request, u64::from_be_bytes(random::bytes::<8>(state.tools.entropy())), &[], false).0),
            Err(elsewhere) => Ok(elsewhere),
        }
    };
    finish(&state, &request, work).await
}

async fn judge(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, PAGE, payload).await?;
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let seed = form.get("seed").and_then(|seed| seed.parse().ok()).unwrap_or_default();
        let answer = |number: usize| form.get(&format!("answer{number}")).filter(|answer| ["genuine", "altered"].contains(answer)).unwrap_or_default().to_owned();
        let answers: Vec<String> = (1..=super::rules::COUNT).map(answer).collect();
        let (response, right) = page(&state, &request, seed, &answers, answers.iter().any(String::is_empty));
        if let Some(right) = right {
            let (at_work, origin) = (state.clone(), origin_of(&request));
            let work = move |tx: &mut WriteTx<'_>| {
                if !is_current(tx, &signed_in)? {
                    return Ok(());
                }
                let detail = serde_json::json!({ "right": right, "of": super::rules::COUNT });
                audit::record(tx, &at_work.tools, &entry(QUIZ_TAKEN, &signed_in, &origin).with_detail(detail))
            };
            state.db.write(work).await?;
        }
        Ok(response)
    };
    finish(&state, &request, work).await
}
