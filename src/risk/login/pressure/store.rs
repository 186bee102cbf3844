//! The table through which nodes tell each other who tries many accounts.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Counted, SLOT_SECONDS, Tally, Usual};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::risk::login::model::Value;

mod tables {
    diesel::table! {
        risk_pressure (kind, value, slot) { kind -> Integer, value -> BigInt, slot -> BigInt, tries -> BigInt, failures -> BigInt, strangers -> BigInt, names -> BigInt, }
    }
}

use tables::risk_pressure;

/// What is added to the kind of a row that counts an hour.
const HOURLY: i32 = 10;
/// Days that hours are kept: what is usual is learned from them.
const DAYS: i64 = 8;
/// Rows that are taken up at a time.
const LIMIT: i64 = 20_000;

type Row = (i64, i64, i64, i64);

/// What was counted of somebody in a slot.
pub type Told = ((Counted, i64), Tally);

fn add(tx: &mut WriteTx<'_>, (kind, value, slot): (i32, i64, i64), tally: &Tally) -> Result<(), StoreError> {
    use risk_pressure::dsl;
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    loop {
        let before: Option<Row> = dsl::risk_pressure.find((kind, value, slot)).select((dsl::tries, dsl::failures, dsl::strangers, dsl::names)).first(&mut **tx).optional()?;
        let Some((tries, failures, strangers, names)) = before else {
            diesel::insert_into(dsl::risk_pressure)
                .values((
                    dsl::kind.eq(kind),
                    dsl::value.eq(value),
                    dsl::slot.eq(slot),
                    dsl::tries.eq(signed(tally.tries)),
                    dsl::failures.eq(signed(tally.failures)),
                    dsl::strangers.eq(signed(tally.strangers)),
                    dsl::names.eq(tally.names.cast_signed()),
                ))
                .execute(&mut **tx)?;
            return Ok(());
        };
        // Only if no other node counted in between.
        let unchanged = dsl::risk_pressure.find((kind, value, slot)).filter(dsl::tries.eq(tries)).filter(dsl::names.eq(names));
        let done = diesel::update(unchanged)
            .set((
                dsl::tries.eq(tries.saturating_add(signed(tally.tries))),
                dsl::failures.eq(failures.saturating_add(signed(tally.failures))),
                dsl::strangers.eq(strangers.saturating_add(signed(tally.strangers))),
                dsl::names.eq(names | tally.names.cast_signed()),
            ))
            .execute(&mut **tx)?;
        if done > 0 {
            return Ok(());
        }
    }
}

/// Tells what one node counted.
///
/// # Errors
/// [`StoreError::Conflict`] when two nodes told of the same for the first time: again.
pub fn tell(tx: &mut WriteTx<'_>, counted: &BTreeMap<(Counted, i64), Tally>) -> Result<(), StoreError> {
    let mut hours: BTreeMap<(Counted, i64), Tally> = BTreeMap::new();
    for ((whose, slot), tally) in counted {
        let (kind, value) = whose.parts();
        add(tx, (kind, value.cast_signed(), *slot), tally)?;
        if !matches!(whose, Counted::Source(_)) {
            let hour = hours.entry((*whose, slot * SLOT_SECONDS / 3_600)).or_default();
            *hour = hour.with(Tally { names: 0, ..*tally });
        }
    }
    for ((whose, hour), tally) in hours {
        let (kind, value) = whose.parts();
        add(tx, (kind + HOURLY, value.cast_signed(), hour), &tally)?;
    }
    Ok(())
}

/// What all nodes told of the last ten minutes.
///
/// # Errors
/// [`StoreError`].
pub fn list_recent(connection: &mut DbConnection, now: UnixSeconds) -> Result<Vec<Told>, StoreError> {
    use risk_pressure::dsl;
    type Full = (i32, i64, i64, i64, i64, i64, i64);
    let since = now.plus(-600).0.div_euclid(SLOT_SECONDS);
    let rows: Vec<Full> = dsl::risk_pressure
        .filter(dsl::kind.lt(HOURLY))
        .filter(dsl::slot.ge(since))
        .order(dsl::failures.desc())
        .limit(LIMIT)
        .select((dsl::kind, dsl::value, dsl::slot, dsl::tries, dsl::failures, dsl::strangers, dsl::names))
        .load(connection)?;
    let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
    let read = |(kind, value, slot, tries, failures, strangers, names): Full| {
        let counted = Counted::of(kind, value.cast_unsigned())?;
        Some(((counted, slot), Tally { tries: unsigned(tries), failures: unsigned(failures), strangers: unsigned(strangers), names: names.cast_unsigned() }))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// What is usual for some networks, and for the shop: the last seven days, without the hour that is now and the one before it.
///
/// # Errors
/// [`StoreError`].
pub fn find_usual(connection: &mut DbConnection, networks: &[Value], now: UnixSeconds) -> Result<(Vec<(Value, Usual)>, Usual), StoreError> {
    use risk_pressure::dsl;
    let hour = now.0.div_euclid(3_600);
    let (network_kind, _) = Counted::Network(0).parts();
    let (shop_kind, _) = Counted::Shop.parts();
    let values: Vec<i64> = networks.iter().map(|value| value.cast_signed()).collect();
    let is_past = dsl::slot.ge(hour - 7 * 24).and(dsl::slot.lt(hour - 1));
    let of_network = dsl::kind.eq(network_kind + HOURLY).and(dsl::value.eq_any(values));
    let rows: Vec<(i32, i64, i64, i64)> = dsl::risk_pressure
        .filter(is_past)
        .filter(of_network.or(dsl::kind.eq(shop_kind + HOURLY)))
        .select((dsl::kind, dsl::value, dsl::tries, dsl::failures))
        .load(connection)?;
    let (mut usual, mut shop): (BTreeMap<Value, Usual>, Usual) = (networks.iter().map(|value| (*value, Usual::default())).collect(), Usual::default());
    for (kind, value, tries, failures) in rows {
        let mine = if kind == shop_kind + HOURLY { Some(&mut shop) } else { usual.get_mut(&value.cast_unsigned()) };
        if let Some(mine) = mine {
            mine.tries += u64::try_from(tries).unwrap_or_default();
            mine.failures += u64::try_from(failures).unwrap_or_default();
            // Hours without any try have no row, and make nothing usual.
            mine.windows += 6;
        }
    }
    Ok((usual.into_iter().collect(), shop))
}

/// Removes what is looked at no longer; how many rows.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_pressure(tx: &mut WriteTx<'_>, now: UnixSeconds) -> Result<usize, StoreError> {
    use risk_pressure::dsl;
    let (slot, hour) = (now.plus(-1_200).0.div_euclid(SLOT_SECONDS), now.plus(-DAYS * 86_400).0.div_euclid(3_600));
    let minutes = diesel::delete(dsl::risk_pressure.filter(dsl::kind.lt(HOURLY)).filter(dsl::slot.lt(slot))).execute(&mut **tx)?;
    Ok(minutes + diesel::delete(dsl::risk_pressure.filter(dsl::kind.ge(HOURLY)).filter(dsl::slot.lt(hour))).execute(&mut **tx)?)
}
