//! `claviger risk replay` and `claviger risk explain`: decisions of the past under the configuration as it is now, and one of them in words.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::app::setup::Base;
use crate::base::ids::DecisionId;
use crate::base::page::{MAX_PAGE, Page, PageRequest};
use crate::platform::db::{DbConnection, StoreError};
use crate::risk::decisions::store::{Wanted, find_decision, find_labels, list_decisions};
use crate::risk::decisions::{Decision, Kind, Label, counts};
use crate::risk::login::record::SigninRecord;
use crate::risk::login::store::find_scale;
use crate::risk::purchase::record::OrderRecord;

/// What became of decisions from one action to another.
#[derive(Default, Clone, Copy)]
struct Moved {
    all: u64,
    fraud: u64,
    honest: u64,
}

impl Moved {
    fn count(&mut self, verdict: Option<bool>) {
        self.all += 1;
        self.fraud += u64::from(verdict == Some(true));
        self.honest += u64::from(verdict == Some(false));
    }
}

/// Computes the decisions over sign-ins of the last `days` anew, by model and policy of the configuration, and says where they differ.
pub(super) fn replay(context: &Context, days: u32, is_json: bool) -> Result<(), Failure> {
    context.with_base(async |config, base| {
        let (now, policy, model) = (base.tools.now(), config.risk.policy, config.risk.model);
        let scale = base.db.read(move |connection| find_scale(connection, Kind::Signin, now)).await?.or_usual();
        let since = now.plus(-i64::from(days) * 86_400);
        let mut moved: BTreeMap<(String, String), Moved> = BTreeMap::new();
        let mut page = PageRequest::first(MAX_PAGE);
        loop {
            let wanted = Wanted { kind: Some(Kind::Signin), since: Some(since), ..Wanted::default() };
            let (found, labels) = read_page(&base, wanted, page.clone()).await?;
            for decision in found.items {
                let Ok(record) = serde_json::from_str::<SigninRecord>(&decision.record) else { continue };
                let again = record.replayed(&model, &scale, &policy);
                let verdict = labels.get(decision.id.as_str()).and_then(|labels: &Vec<Label>| counts(labels));
                moved.entry((decision.action, again.action.word().to_owned())).or_default().count(verdict);
            }
            page.after = found.next;
            if page.after.is_none() {
                break;
            }
        }
        if is_json {
            let rows: Vec<_> =
                moved.iter().map(|((then, again), moved)| json!({ "then": then, "now": again, "sign_ins": moved.all, "fraud": moved.fraud, "honest": moved.honest })).collect();
            say_json(&json!({ "days": days, "model": model.version, "moved": rows }));
            return Ok(());
        }
        say(&format!("sign-ins of {days} days, by model {} and the policy of the configuration", model.version));
        say("then      now       sign-ins  of which fraud, and honest, as far as somebody said");
        for ((then, again), moved) in &moved {
            say(&format!("{then:<8}  {again:<8}  {:>8}  {:>5}  {:>5}", moved.all, moved.fraud, moved.honest));
        }
        Ok(())
    })
}

/// Computes the decisions over orders of the last `days` anew, by policy and rules of the configuration, and says where they differ, and what each rule would do.
pub(super) fn replay_orders(context: &Context, days: u32, is_json: bool) -> Result<(), Failure> {
    context.with_base(async |config, base| {
        let (policy, rules) = (config.risk.orders, config.risk.order_rules);
        let since = base.tools.now().plus(-i64::from(days) * 86_400);
        let (mut moved, mut fired) = (BTreeMap::<(String, String), Moved>::new(), BTreeMap::<String, Moved>::new());
        let mut page = PageRequest::first(MAX_PAGE);
        loop {
            let wanted = Wanted { kind: Some(Kind::Order), since: Some(since), ..Wanted::default() };
            let (found, labels) = read_page(&base, wanted, page.clone()).await?;
            for decision in found.items {
                let Ok(record) = serde_json::from_str::<OrderRecord>(&decision.record) else { continue };
                let (action, held) = record.replayed(&policy, &rules);
                let verdict = labels.get(decision.id.as_str()).and_then(|labels: &Vec<Label>| counts(labels));
                moved.entry((decision.action, action.word().to_owned())).or_default().count(verdict);
                held.into_iter().for_each(|rule| fired.entry(rule.rule).or_default().count(verdict));
            }
            page.after = found.next;
            if page.after.is_none() {
                break;
            }
        }
        if is_json {
            let rows: Vec<_> =
                moved.iter().map(|((then, again), moved)| json!({ "then": then, "now": again, "orders": moved.all, "fraud": moved.fraud, "honest": moved.honest })).collect();
            let held: Vec<_> = fired.iter().map(|(rule, moved)| json!({ "rule": rule, "orders": moved.all, "fraud": moved.fraud, "honest": moved.honest })).collect();
            say_json(&json!({ "days": days, "rules_version": rules.version, "moved": rows, "rules": held }));
            return Ok(());
        }
        say(&format!("orders of {days} days, by the rules {} and the policy of the configuration", rules.version));
        say("then      now       orders    of which fraud, and honest, as far as somebody said");
        for ((then, again), moved) in &moved {
            say(&format!("{then:<8}  {again:<8}  {:>8}  {:>5}  {:>5}", moved.all, moved.fraud, moved.honest));
        }
        say("rule                                      orders    fraud  honest");
        for (rule, moved) in &fired {
            say(&format!("{rule:<40}  {:>8}  {:>5}  {:>5}", moved.all, moved.fraud, moved.honest));
        }
        Ok(())
    })
}

/// A page of decisions, with what was said of them.
async fn read_page(base: &Base, wanted: Wanted, page: PageRequest) -> Result<(Page<Decision>, BTreeMap<String, Vec<Label>>), StoreError> {
    let read = move |connection: &mut DbConnection| {
        let found = list_decisions(connection, &wanted, &page)?;
        let ids: Vec<&str> = found.items.iter().map(|decision| decision.id.as_str()).collect();
        let labels = find_labels(connection, &ids)?;
        Ok((found, labels))
    };
    base.db.read(read).await
}

/// Says in words why a decision was what it was.
pub(super) fn explain(context: &Context, id: &str, is_json: bool) -> Result<(), Failure> {
    let id: DecisionId = id.parse().map_err(|_| Failure::Refused(format!("“{id}” is no decision: dec_ and 26 characters")))?;
    context.with_base(async |_, base| {
        let wanted = id.clone();
        let found = base.db.read(move |connection| Ok((find_decision(connection, &wanted)?, find_labels(connection, &[wanted.as_str()])?))).await?;
        let (Some(decision), labels) = found else { return Err(Failure::Refused(format!("there is no decision {id}"))) };
        let labels = labels.get(id.as_str()).cloned().unwrap_or_default();
        if is_json {
            let record: serde_json::Value = serde_json::from_str(&decision.record).unwrap_or_default();
            let said: Vec<_> = labels.iter().map(|label| json!({ "source": label.source, "fraud": label.is_fraud, "at": label.at.rfc3339() })).collect();
            say_json(&json!({
                "id": decision.id, "kind": decision.kind, "customer": decision.customer, "at": decision.at.rfc3339(), "score": decision.score, "level": decision.level, "action": decision.action,
                "done": decision.done, "model": decision.model, "outcome": decision.outcome, "labels": said, "record": record,
            }));
            return Ok(());
        }
        say(&format!("{} {} of {}: score {} ({}), {}; done: {}; by {}", decision.id, decision.kind.word(), decision.at.rfc3339(), decision.score, decision.level, decision.action, decision.done, decision.model));
        let reasons: Vec<(String, f64)> = match decision.kind {
            Kind::Signin => serde_json::from_str::<SigninRecord>(&decision.record).map(|record| record.reasons.iter().map(|reason| (reason.code.word().to_owned(), reason.weight)).collect()),
            Kind::Order => serde_json::from_str::<OrderRecord>(&decision.record).map(|record| {
                let fired = record.fired.iter().map(|fired| (format!("rule {} ({})", fired.rule, fired.action.word()), 0.0));
                fired.chain(record.contributions.iter().map(|(feature, weight)| (feature.word().to_owned(), *weight))).collect()
            }),
        }
        .map_err(|error| format!("the record does not read: {error}"))?;
        for (code, weight) in reasons {
            say(&format!("  {weight:>7.3}  {code}"));
        }
        for label in labels {
            say(&format!("  {} said on {} that it was {}", label.source.word(), label.at.rfc3339(), if label.is_fraud { "fraud" } else { "honest" }));
        }
        Ok(())
    })
}
