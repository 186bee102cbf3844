//! `claviger risk train`, `models`, `activate` and `rollback`.

use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::app::worker::risk::PAST_LIMIT;
use crate::platform::audit::{Actor, Entry, Origin};
use crate::platform::db::DbConnection;
use crate::risk::purchase::models::choice::{Chooser, MODEL_REPLACED, SUBJECT, Unchosen, choose, take_back};
use crate::risk::purchase::models::store::{find_active, keep_trained, list_trained, next_number};
use crate::risk::purchase::models::{MEASURED, Trained, train as train_trees};
use crate::risk::purchase::store::list_past;

const BY: &str = "command line";

fn say_trained(trained: &Trained) {
    let Trained { version, at, examples, fraud, evaluation, .. } = trained;
    say(&format!(
        "{version:<10} {}  of {examples} orders, {fraud} fraud; on {} later ones ({} fraud): precision {:.3}, the regression {:.3} ({:+.3}, 95 %: {:+.3} to {:+.3}); area {:.3} and {:.3}",
        at.rfc3339(),
        evaluation.tested,
        evaluation.tested_fraud,
        evaluation.trees.average_precision,
        evaluation.online.average_precision,
        evaluation.gain,
        evaluation.interval.0,
        evaluation.interval.1,
        evaluation.trees.area,
        evaluation.online.area,
    ));
}

/// Trains, measures, and keeps.
pub(super) fn train(context: &Context, is_json: bool) -> Result<(), Failure> {
    context.with_base(async |_, base| {
        let now = base.tools.now();
        let read = move |connection: &mut DbConnection| Ok((list_past(connection, now, PAST_LIMIT)?, list_trained(connection)?.into_iter().next(), next_number(connection)?));
        let (past, latest, number) = base.db.read(read).await?;
        let nights = latest.map_or(0, |latest| latest.nights);
        let trained = train_trees(&past, (number, nights, now)).map_err(|few| Failure::Refused(few.to_string()))?;
        let trained = base.db.write(move |tx| keep_trained(tx, &trained)).await?;
        if is_json {
            say_json(&json!({ "version": trained.version, "examples": trained.examples, "fraud": trained.fraud, "evaluation": trained.evaluation }));
        } else {
            say_trained(&trained);
            say(&format!("It decides nothing yet. To have it decide: claviger risk activate {}", trained.version));
        }
        Ok(())
    })
}

/// Lists.
pub(super) fn list(context: &Context, is_json: bool) -> Result<(), Failure> {
    context.with_base(async |_, base| {
        let (all, active) = base.db.read(|connection| Ok((list_trained(connection)?, find_active(connection)?))).await?;
        let deciding = active.version.clone().unwrap_or_else(|| "online".to_owned());
        if is_json {
            let rows: Vec<_> = all.iter().map(|trained| json!({ "version": trained.version, "at": trained.at.rfc3339(), "examples": trained.examples, "fraud": trained.fraud, "nights": trained.nights, "gain": trained.evaluation.gain, "interval_95": trained.evaluation.interval, "average_precision": trained.evaluation.trees.average_precision, "online_average_precision": trained.evaluation.online.average_precision })).collect();
            say_json(&json!({ "deciding": deciding, "since": active.since, "by": active.by, "models": rows }));
            return Ok(());
        }
        say(&format!("deciding: {deciding}"));
        all.iter().for_each(say_trained);
        Ok(())
    })
}

fn chooser() -> Chooser {
    Chooser { by: BY.to_owned(), entry: Entry::success(MODEL_REPLACED, Actor::Operator, SUBJECT.to_owned(), &Origin::internal("cli")) }
}

fn refused(unchosen: Unchosen, version: &str) -> Failure {
    Failure::Refused(match unchosen {
        Unchosen::Unknown => format!("there is no model {version}, or it looks at other numbers than this version of the program; claviger risk models lists them"),
        Unchosen::Unmeasured => format!("of {version} fewer than {MEASURED} honest orders are known, with which no score would mean anything"),
        Unchosen::NoneBefore => "no other model decided before".to_owned(),
    })
}

/// Has one decide.
pub(super) fn activate(context: &Context, version: &str) -> Result<(), Failure> {
    context.with_base(async |_, base| {
        let (tools, wanted) = (base.tools.clone(), version.to_owned());
        let chosen = base.db.write(move |tx| choose(tx, &tools, &wanted, chooser())).await?.map_err(|unchosen| refused(unchosen, version))?;
        say(&format!("{chosen} decides, on every node within a minute"));
        Ok(())
    })
}

/// Has the one before decide again.
pub(super) fn roll_back(context: &Context) -> Result<(), Failure> {
    context.with_base(async |_, base| {
        let tools = base.tools.clone();
        let version = base.db.write(move |tx| take_back(tx, &tools, chooser())).await?.map_err(|unchosen| refused(unchosen, ""))?;
        say(&format!("{version} decides again, on every node within a minute"));
        Ok(())
    })
}
