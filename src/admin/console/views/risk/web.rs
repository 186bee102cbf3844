//! `/admin/risk` and what is below it.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::{Map, Value, json};

use crate::admin::access::rules::Permission;
use crate::admin::console::views::parts::{Places, Said, done_of, next_of, query_of};
use crate::admin::console::waterfall::{Hub, Step, graph, steps};
use crate::admin::console::web::{enter, finish};
use crate::admin::operations::{AdminState, Listed, find_operation};
use crate::admin::risk::models::{ModelsView, TreesView};
use crate::admin::risk::trying::Tried;
use crate::admin::risk::{DecisionSummary, DecisionView};
use crate::identity::signin::gate::SigninState;
use crate::platform::http::page::{ErrorKind, PageError, PageView};
use crate::risk::login::policy::Action;
use crate::risk::simulation::chart::{Labels, Series, as_foretold, curves};

const HERE: &str = "/admin/risk";

#[derive(Template)]
#[template(path = "admin/console/pages/risk.html")]
struct QueuePage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    /// The filter: `waiting`, `acted`, or none.
    state: String,
    kind: String,
    decisions: Vec<DecisionSummary>,
    next: Option<String>,
}

impl Said for QueuePage<'_> {}

/// What waits for a look, and everything that was decided.
pub async fn queue(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadRisk)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let mut query = query_of(request.query_string(), &["after", "state", "kind", "customer"]);
        if !request.query_string().contains('=') {
            query.insert("state".to_owned(), "waiting".to_owned());
        }
        // The word for no filter is only the page's.
        let asked: BTreeMap<String, String> =
            query.iter().filter(|(name, value)| !(name.as_str() == "state" && value.as_str() == "all")).map(|(name, value)| (name.clone(), value.clone())).collect();
        let decisions: Listed<DecisionSummary> = room.look("list_decisions", "", asked).await?;
        let page = QueuePage {
            page: &room.view,
            places: room.places(),
            here: HERE,
            done: done_of(request.query_string()),
            state: query.get("state").cloned().unwrap_or_default(),
            kind: query.get("kind").cloned().unwrap_or_default(),
            next: next_of(HERE, &query, decisions.next.as_ref()),
            decisions: decisions.items,
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}

#[derive(Template)]
#[template(path = "admin/console/pages/decision.html")]
struct DecisionPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    decision: &'a DecisionView,
    steps: Vec<Step>,
    total: String,
    /// How many honest ones look so, in words.
    share: String,
    graph: String,
    may_judge: bool,
    may_see_customer: bool,
}

impl Said for DecisionPage<'_> {}

fn share_in_words(share: f64) -> String {
    match share {
        share if share >= 0.01 => format!("{:.0} of a hundred honest ones look at least so unusual", share * 100.0),
        share if share >= 0.0001 => format!("{:.0} of ten thousand honest ones look at least so unusual", share * 10_000.0),
        _ => "fewer than one of ten thousand honest ones look so unusual".to_owned(),
    }
}

/// One decision.
pub async fn decision(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadRisk)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let decision: DecisionView = room.look("show_decision", &path, BTreeMap::new()).await?;
        let parts: Vec<(String, f64)> = decision.reasons.iter().map(|reason| (reason.text.clone(), reason.weight)).collect();
        let label = |other: &DecisionSummary| {
            let said = match other.is_fraud {
                Some(true) => ", fraud",
                Some(false) => ", honest",
                None => "",
            };
            (format!("{} · {}{said}", crate::admin::console::forms::date_of(other.at), other.score), format!("{HERE}/{}", other.id))
        };
        let hubs: Vec<Hub<'_>> = decision.shared.iter().map(|shared| Hub { text: &shared.text, others: shared.others.iter().map(label).collect() }).collect();
        let page = DecisionPage {
            page: &room.view,
            places: room.places(),
            here: HERE,
            done: done_of(request.query_string()),
            steps: steps(&parts, decision.total),
            total: format!("{:+.2}", decision.total),
            share: share_in_words(decision.share),
            graph: graph("This order", &hubs),
            may_judge: room.may("judge_decision"),
            may_see_customer: room.may("show_customer"),
            decision: &decision,
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}

/// A setting of the trial.
struct Setting {
    name: &'static str,
    label: &'static str,
    value: String,
    /// What can be chosen; empty for a number.
    choices: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "admin/console/pages/trial.html")]
struct TrialPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    settings: Vec<Setting>,
    tried: Option<Tried>,
    problem: Option<String>,
}

impl Said for TrialPage<'_> {}

/// Another policy, tried on what was decided.
pub async fn trial(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadRisk)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let asked = query_of(request.query_string(), &["days", "elevated", "high", "severe", "orders_step_up", "orders_review", "orders_deny"]);
        let (policy, orders) = (signin.risk.policy, room.admin.orders.policy);
        let actions: Vec<&'static str> = Action::ALL.iter().map(|action| action.word()).collect();
        let value = |name: &str, usual: String| asked.get(name).cloned().unwrap_or(usual);
        let settings = vec![
            Setting { name: "days", label: "Days", value: value("days", "30".to_owned()), choices: Vec::new() },
            Setting {
                name: "elevated",
                label: "Sign-ins that look as ten in a hundred do",
                value: value("elevated", policy.elevated.word().to_owned()),
                choices: actions.clone(),
            },
            Setting { name: "high", label: "As two in a hundred do", value: value("high", policy.high.word().to_owned()), choices: actions.clone() },
            Setting { name: "severe", label: "As two in a thousand do", value: value("severe", policy.severe.word().to_owned()), choices: actions },
            Setting {
                name: "orders_step_up",
                label: "Orders: the customer confirms from this score on",
                value: value("orders_step_up", orders.step_up.to_string()),
                choices: Vec::new(),
            },
            Setting {
                name: "orders_review",
                label: "Somebody looks from this score on",
                value: value("orders_review", orders.review.to_string()),
                choices: Vec::new(),
            },
            Setting {
                name: "orders_deny",
                label: "They are refused from this score on (1001: never)",
                value: value("orders_deny", orders.deny.to_string()),
                choices: Vec::new(),
            },
        ];
        let (mut tried, mut problem) = (None, None);
        if !asked.is_empty() {
            let fields: Map<String, Value> =
                settings.iter().map(|setting| (setting.name.to_owned(), setting.value.parse::<i64>().map_or_else(|_| json!(setting.value), |number| json!(number)))).collect();
            let operation = find_operation("try_policy").ok_or_else(|| PageError::new(ErrorKind::Internal))?;
            match room.run(operation, "", BTreeMap::new(), Value::Object(fields)).await? {
                Ok(answer) => tried = serde_json::from_value(answer.body).ok(),
                Err(refused) => problem = Some(refused.sentence()),
            }
        }
        let status = if problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        Ok(room.show(status, &TrialPage { page: &room.view, places: room.places(), here: HERE, settings, tried, problem }, None))
    };
    finish(&signin, &request, work).await
}

/// A card of trees: what was measured, and its curves.
struct Card {
    trees: TreesView,
    curve: String,
    precision: String,
    calibration: String,
    is_deciding: bool,
}

#[derive(Template)]
#[template(path = "admin/console/pages/models.html")]
struct ModelsPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    models: &'a ModelsView,
    signin_model: &'a str,
    lists: String,
    cards: Vec<Card>,
    may_manage: bool,
}

impl Said for ModelsPage<'_> {}

fn card(trees: TreesView, deciding: &str) -> Card {
    let two = |own: &[(f64, f64)], other: &[(f64, f64)], labels: &Labels<'_>, is_rooted| {
        curves(labels, &[Series { name: "trees", points: own }, Series { name: "the regression", points: other }], is_rooted)
    };
    Card {
        curve: two(&trees.trees.curve, &trees.online.curve, &Labels { title: "Fraud caught", across: "honest orders flagged", up: "fraud caught" }, true),
        precision: two(
            &trees.trees.precision_recall,
            &trees.online.precision_recall,
            &Labels { title: "Precision over recall", across: "fraud caught", up: "of the flagged, fraud" },
            false,
        ),
        calibration: curves(
            &Labels { title: "Foretold, and as it came", across: "foretold", up: "came to be" },
            &[Series { name: "trees", points: &trees.calibration }, Series { name: "as foretold", points: &as_foretold() }],
            true,
        ),
        is_deciding: trees.version == deciding,
        trees,
    }
}

/// The models.
pub async fn models(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadRisk)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let models: ModelsView = room.look("list_models", "", BTreeMap::new()).await?;
        let cards = models.trees.iter().cloned().map(|trees| card(trees, &models.deciding)).collect();
        let page = ModelsPage {
            page: &room.view,
            places: room.places(),
            here: HERE,
            done: done_of(request.query_string()),
            signin_model: &signin.risk.model.version,
            lists: signin.risk.places.version(),
            models: &models,
            cards,
            may_manage: room.may("activate_model"),
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}
