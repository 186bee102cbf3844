//! `claviger risk train`, `models`, `activate` and `rollback`.

use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::admin::risk::models::MODEL_REPLACED;
use crate::app::worker::risk::PAST_LIMIT;
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{DbConnection, WriteTx};
use crate::risk::purchase::models::store::{find_active, find_trained, keep_active, keep_trained, list_trained, next_number};
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
        let kept = trained.clone();
        base.db.write(move |tx| keep_trained(tx, &kept)).await?;
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

/// Has one decide.
pub(super) fn activate(context: &Context, version: &str) -> Result<(), Failure> {
    let wanted = (version != "online").then(|| version.to_owned());
    context.with_base(async |_, base| {
        let tools = base.tools.clone();
        let work = move |tx: &mut WriteTx<'_>| {
            if let Some(version) = &wanted
                && !find_trained(tx, version)?.is_some_and(|trained| trained.is_measured())
            {
                return Ok(false);
            }
            let now = tools.now();
            let active = find_active(tx)?.replaced(wanted.clone(), BY, now);
            keep_active(tx, &active, now)?;
            note(tx, &tools, active.version.as_deref())?;
            Ok(true)
        };
        if !base.db.write(work).await? {
            return Err(Failure::Refused(format!("there is no model {version}, or it looks at other numbers than this version of the program, or fewer than {MEASURED} honest orders are known, with which no score would mean anything; claviger risk models lists them")));
        }
        say(&format!("{version} decides, on every node within a minute"));
        Ok(())
    })
}

fn note(tx: &mut WriteTx<'_>, tools: &crate::platform::tools::Tools, version: Option<&str>) -> Result<(), crate::platform::db::StoreError> {
    let entry = Entry::success(MODEL_REPLACED, Actor::Operator, "model:orders".to_owned(), &Origin::internal("cli"));
    audit::record(tx, tools, &entry.with_detail(json!({ "version": version.unwrap_or("online") })))
}

/// Has the one before decide again.
pub(super) fn roll_back(context: &Context) -> Result<(), Failure> {
    context.with_base(async |_, base| {
        let tools = base.tools.clone();
        let work = move |tx: &mut WriteTx<'_>| {
            let now = tools.now();
            let Some(active) = find_active(tx)?.rolled_back(BY, now) else { return Ok(None) };
            keep_active(tx, &active, now)?;
            note(tx, &tools, active.version.as_deref())?;
            Ok(Some(active.version.unwrap_or_else(|| "online".to_owned())))
        };
        let Some(version) = base.db.write(work).await? else { return Err(Failure::Refused("no other model decided before".to_owned())) };
        say(&format!("{version} decides again, on every node within a minute"));
        Ok(())
    })
}
