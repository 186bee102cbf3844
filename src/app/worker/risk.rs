//! What the judgement of sign-ins needs done: counting what was accepted, telling and taking up who tries many accounts, and forgetting what is old.

use std::sync::Arc;

use crate::app::setup::Node;
use crate::base::encoding::base64url;
use crate::base::random;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::lease;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::risk::bots::store::sweep_puzzles;
use crate::risk::decisions::{Kind, store as decisions};
use crate::risk::login::pressure::store as pressure;
use crate::risk::login::store as counts;
use crate::risk::purchase::models::choice::end_night;
use crate::risk::purchase::models::store::{find_deciding, list_trained, next_number};
use crate::risk::purchase::models::{TreesMode, train};
use crate::risk::purchase::store::{self as orders, list_amounts, list_past};
use crate::risk::quality::stability;

/// Somebody tries many accounts, or has ceased to.
pub const ATTACK_SEEN: EventSpec =
    EventSpec::new("attack_seen", "Many more sign-ins than usual fail in the whole shop: browsers that are not known are judged more strictly. Or: that is over.");

/// What is ordered has changed.
pub const DRIFT_SEEN: EventSpec =
    EventSpec::new("drift_seen", "The amounts of orders of the last week are unlike those of the month before: what the model learned may no longer hold.");

/// Orders that are trained on, the latest.
pub const PAST_LIMIT: usize = 200_000;
const TRAIN_LEASE: &str = "risk-train";
/// How long after one training the next is due, and how long it is left to one node, in seconds.
const NIGHT_SECONDS: i64 = 20 * 3_600;
/// Orders from which on amounts are compared.
const DRIFT_LEAST: usize = 100;
/// From which stability index on it is told.
const DRIFTED: f64 = 0.2;

/// Accepted sign-ins that are counted in one go.
const COUNT_LIMIT: i64 = 1_000;
const COUNT_LEASE: &str = "risk-counts";
const ORDER_LEASE: &str = "risk-orders";
/// Orders that are looked at in one go.
const MATURE_LIMIT: i64 = 200;
/// How long a node counts alone, in seconds.
const LEASE_SECONDS: i64 = 30;
/// Rows of the largest tables that one sweep looks at.
const LOOK_LIMIT: i64 = 5_000;
/// Rows that one sweep removes.
const SWEEP_LIMIT: i64 = 500;

/// Counts accepted sign-ins, on one node at a time; how many.
///
/// # Errors
/// [`StoreError`].
pub async fn count_signins(node: &Node) -> Result<usize, StoreError> {
    if !node.base.db.read(counts::has_intake).await? {
        return Ok(0);
    }
    let (tools, holder) = (node.base.tools.clone(), node.name.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let now = tools.now();
        if !lease::take_lease(tx, COUNT_LEASE, &holder, now, now.plus(LEASE_SECONDS))? {
            return Ok(0);
        }
        counts::count_intake(tx, COUNT_LIMIT)
    };
    match node.base.db.write(work).await {
        Err(StoreError::Conflict) => Ok(0),
        settled => settled,
    }
}

/// Tells other nodes what was tried here, takes up what they tell, and judges it.
///
/// # Errors
/// [`StoreError`].
pub async fn weigh_pressure(node: &Node) -> Result<(), StoreError> {
    let (desk, now) = (Arc::clone(&node.signin.risk), node.base.tools.now());
    let pending = desk.pressure().take_pending();
    if !pending.is_empty() {
        let told = pending.clone();
        if let Err(error) = node.base.db.write_again(move |tx| pressure::tell(tx, &told)).await {
            desk.pressure().return_pending(pending);
            return Err(error);
        }
    }
    let shared = node.base.db.read(move |connection| pressure::list_recent(connection, now)).await?;
    desk.pressure().take_up(shared);
    let networks = desk.pressure().noticeable_networks(now);
    let (usual, shop) = node.base.db.read(move |connection| pressure::find_usual(connection, &networks, now)).await?;
    let (change, lately) = {
        let mut pressure = desk.pressure();
        (pressure.judge(&usual, &shop, now), pressure.lately(now))
    };
    node.http.metrics.set_pressure(desk.pressure().is_attacked(now), lately.tries, lately.failures);
    if let Some(has_begun) = change {
        let (tools, holder) = (node.base.tools.clone(), node.name.clone());
        let detail = serde_json::json!({ "begins": has_begun, "tries": lately.tries, "failures": lately.failures, "node": holder });
        let entry = Entry::success(ATTACK_SEEN, Actor::System, "shop".to_owned(), &Origin::internal("risk")).with_detail(detail);
        node.base.db.write(move |tx| audit::record(tx, &tools, &entry)).await?;
    }
    Ok(())
}

/// Looks at how strange honest sign-ins lately were, and reads the operator's lists again if they changed.
///
/// # Errors
/// [`StoreError`].
pub async fn refresh_risk(node: &Node) -> Result<(), StoreError> {
    let (desk, now) = (&node.signin.risk, node.base.tools.now());
    desk.set_weather(node.base.db.read(move |connection| counts::find_weather(connection, now)).await?);
    node.orders.set_scale(node.base.db.read(move |connection| counts::find_scale(connection, Kind::Order, now)).await?);
    node.orders.set_trees(node.base.db.read(find_deciding).await?);
    match desk.places.refresh() {
        Ok(true) => tracing::info!("the lists of countries and networks were read again"),
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "a list of countries or networks does not read; what was there before stays"),
    }
    Ok(())
}

/// Lets orders that are old enough count, with what became of them, on one node at a time; how many.
///
/// # Errors
/// [`StoreError`].
pub async fn mature_orders(node: &Node) -> Result<usize, StoreError> {
    let (tools, holder, now) = (node.base.tools.clone(), node.name.clone(), node.base.tools.now());
    if !node.base.db.read(move |connection| orders::has_waiting(connection, now)).await? {
        return Ok(0);
    }
    let work = move |tx: &mut WriteTx<'_>| {
        let now = tools.now();
        if !lease::take_lease(tx, ORDER_LEASE, &holder, now, now.plus(LEASE_SECONDS))? {
            return Ok(0);
        }
        orders::mature_orders(tx, now, MATURE_LIMIT)
    };
    match node.base.db.write(work).await {
        Err(StoreError::Conflict) => Ok(0),
        settled => settled,
    }
}

/// Trains trees once a night, on one node, off the threads that answer; and notes whether what is ordered has changed. Whether it trained.
///
/// # Errors
/// [`StoreError`].
pub async fn train_orders(node: &Node) -> Result<bool, StoreError> {
    let (tools, now) = (node.base.tools.clone(), node.base.tools.now());
    // Of this one try: neither this node nor another one tries again in the same night.
    let holder = format!("{}-{}", node.name, base64url(random::bytes::<9>(tools.entropy())));
    if node.orders_trees == TreesMode::Off {
        return Ok(false);
    }
    let latest = node.base.db.read(move |connection| Ok(list_trained(connection)?.into_iter().next())).await?;
    if latest.as_ref().is_some_and(|latest| now.since(latest.at) < NIGHT_SECONDS) {
        return Ok(false);
    }
    let lease = {
        let tools = tools.clone();
        move |tx: &mut WriteTx<'_>| lease::take_lease(tx, TRAIN_LEASE, &holder, tools.now(), tools.now().plus(NIGHT_SECONDS))
    };
    match node.base.db.write(lease).await {
        Err(StoreError::Conflict) | Ok(false) => return Ok(false),
        settled => settled?,
    };
    watch_drift(node).await?;
    let past = node.base.db.read_apart(move |connection| list_past(connection, now, PAST_LIMIT)).await?;
    let number = node.base.db.read(next_number).await?;
    let nights = latest.as_ref().map_or(0, |latest| latest.nights);
    let work = tokio::task::spawn_blocking(move || train(&past, (number, nights, now)));
    let trained = match work.await {
        Ok(Ok(trained)) => trained,
        Ok(Err(few)) => {
            tracing::debug!(%few, "no trees were trained");
            return Ok(false);
        }
        Err(error) => return Err(StoreError::Unavailable(error.to_string())),
    };
    let may_promote = node.orders_trees == TreesMode::Promote;
    node.base.db.with_long_deadline().write(move |tx| end_night(tx, &tools, &trained, may_promote)).await?;
    Ok(true)
}

/// Compares what was ordered within a week with the month before, in the currency that is used most.
async fn watch_drift(node: &Node) -> Result<(), StoreError> {
    let (tools, now) = (node.base.tools.clone(), node.base.tools.now());
    let (week, month) = (now.plus(-7 * 86_400), now.plus(-37 * 86_400));
    let (lately, usual) = node.base.db.read_apart(move |connection| Ok((list_amounts(connection, week, now)?, list_amounts(connection, month, week)?))).await?;
    let Some((currency, lately)) = lately.into_iter().max_by_key(|(_, amounts)| amounts.len()).filter(|(_, amounts)| amounts.len() >= DRIFT_LEAST) else { return Ok(()) };
    let Some(usual) = usual.get(&currency).filter(|amounts| amounts.len() >= DRIFT_LEAST) else { return Ok(()) };
    let drift = stability(usual, &lately);
    node.http.metrics.set_drift(drift);
    if drift > DRIFTED {
        let entry = Entry::success(DRIFT_SEEN, Actor::System, "shop".to_owned(), &Origin::internal("risk"));
        let entry = entry.with_detail(serde_json::json!({ "of": "amount", "currency": currency, "stability_index": drift, "orders": lately.len() }));
        node.base.db.write(move |tx| audit::record(tx, &tools, &entry)).await?;
    }
    Ok(())
}

/// Removes counts, tries and decisions that are old; how many rows.
///
/// # Errors
/// [`StoreError`].
pub async fn sweep_risk(node: &Node) -> Result<usize, StoreError> {
    let (now, kept) = (node.base.tools.now(), node.keep_decisions_seconds);
    let from = i64::from_le_bytes(random::bytes::<8>(node.base.tools.entropy()));
    let look =
        move |connection: &mut DbConnection| Ok((counts::list_passed(connection, from, now, LOOK_LIMIT)?, orders::list_forgotten(connection, from, now.plus(-kept), LOOK_LIMIT)?));
    let (passed, forgotten) = node.base.db.read(look).await?;
    let work = move |tx: &mut WriteTx<'_>| {
        Ok(counts::sweep_counts(tx, now, &passed)?
            + pressure::sweep_pressure(tx, now)?
            + sweep_puzzles(tx, now, SWEEP_LIMIT)?
            + orders::sweep_orders(tx, now.plus(-kept), SWEEP_LIMIT, &forgotten)?
            + decisions::sweep_decisions(tx, now.plus(-kept), SWEEP_LIMIT)?)
    };
    node.base.db.write(work).await
}
