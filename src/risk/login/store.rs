//! The tables of what sign-ins are compared with: counts of everybody's, each customer's own, and how strange honest ones are.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::history::{History, hour_of};
use super::model::{Crowd, DEVICES, Observation, PLACES, Seen, Value};
use super::scale::{BUCKETS, Scale};
use crate::base::encoding::base64url;
use crate::base::random;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell, DataKey};
use crate::risk::decisions::Kind;

mod tables {
    diesel::table! { risk_counts (value, quarter) { value -> BigInt, quarter -> Integer, level -> Integer, count -> BigInt, } }
    diesel::table! { risk_intake (id) { id -> Text, at -> BigInt, observed -> Binary, is_first -> Bool, bucket -> Nullable<Integer>, } }
    diesel::table! { risk_scale (kind, day) { kind -> Text, day -> BigInt, counts -> Binary, } }
    diesel::table! { risk_histories (customer_id) { customer_id -> Text, history_sealed -> Binary, updated_at -> BigInt, } }
}

use tables::{risk_counts, risk_histories, risk_intake, risk_scale};

/// Levels of an observation.
const LEVELS: usize = PLACES + DEVICES;
/// Places of totals among the values: sign-ins, customers, different values of each level from here on, and sign-ins in each hour of the day.
const LOGINS: i64 = 0;
const CUSTOMERS: i64 = 1;
const DISTINCT: i64 = 10;
const HOURS: i64 = 100;
/// The level of totals.
const TOTAL: i32 = -1;
/// The quarter of what does not pass.
const ALWAYS: i32 = 0;
/// Quarters that are counted, the current one too: between 12 and 15 months.
const QUARTERS: i32 = 5;
const QUARTER_SECONDS: i64 = 90 * 86_400;
/// Days whose honest sign-ins the scale is made of.
const SCALE_DAYS: i64 = 30;
const HISTORY: Cell = Cell { table: "risk_histories", column: "history_sealed" };

fn quarter(at: UnixSeconds) -> i32 {
    i32::try_from(at.0.div_euclid(QUARTER_SECONDS)).unwrap_or(i32::MAX).max(1)
}

fn values(observed: &Observation) -> impl Iterator<Item = Value> + use<> {
    observed.place.into_iter().chain(observed.device)
}

/// What is known of everybody's sign-ins, about the values of `observed`.
///
/// # Errors
/// [`StoreError`].
pub fn find_crowd(connection: &mut DbConnection, observed: &Observation, now: UnixSeconds) -> Result<Crowd, StoreError> {
    use risk_counts::dsl;
    let totals = [LOGINS, CUSTOMERS].into_iter().chain((DISTINCT..).take(LEVELS));
    let wanted: Vec<i64> = totals.chain(values(observed).map(u64::cast_signed)).collect();
    let oldest = quarter(now) - QUARTERS + 1;
    let rows: Vec<(i64, i64)> = dsl::risk_counts
        .filter(dsl::value.eq_any(wanted))
        .filter(dsl::quarter.ge(oldest).or(dsl::quarter.eq(ALWAYS)))
        .select((dsl::value, dsl::count))
        .load(connection)?;
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for (value, count) in rows {
        *counts.entry(value).or_default() += u64::try_from(count).unwrap_or_default();
    }
    let of = |value: i64| counts.get(&value).copied().unwrap_or_default();
    let mut seen = (DISTINCT..).zip(values(observed)).map(|(distinct, value)| Seen { count: of(value.cast_signed()), distinct: of(distinct) });
    let mut crowd = Crowd { logins: of(LOGINS), customers: of(CUSTOMERS), ..Crowd::default() };
    crowd.place.iter_mut().chain(&mut crowd.device).for_each(|level| *level = seen.next().unwrap_or_default());
    Ok(crowd)
}

/// A customer's own sign-ins; none where there are none.
///
/// # Errors
/// [`StoreError::Corrupt`] when they do not open.
pub fn find_history(connection: &mut DbConnection, tools: &Tools, customer: &str) -> Result<History, StoreError> {
    use risk_histories::dsl;
    let sealed: Option<Vec<u8>> = dsl::risk_histories.find(customer).select(dsl::history_sealed).first(connection).optional()?;
    let (Some(sealed), Some(key)) = (sealed, vault::find_data_key(connection, &tools.ring, customer)?) else { return Ok(History::default()) };
    open(&key, customer, &sealed)
}

fn open(key: &DataKey, customer: &str, sealed: &[u8]) -> Result<History, StoreError> {
    let plain = key.open_in_row(HISTORY, customer, sealed)?;
    History::parse(&plain).ok_or_else(|| StoreError::corrupt(HISTORY.table, HISTORY.column, customer))
}

/// Keeps a customer's own sign-ins.
///
/// # Errors
/// [`StoreError`].
pub fn keep_history(tx: &mut WriteTx<'_>, tools: &Tools, customer: &str, history: &History) -> Result<(), StoreError> {
    use risk_histories::dsl;
    let key = vault::need_data_key(tx, &tools.ring, customer)?;
    let sealed = key.seal_in_row(HISTORY, customer, &history.to_bytes(), tools.entropy())?;
    let now = tools.now().0;
    let done = diesel::update(dsl::risk_histories.find(customer)).set((dsl::history_sealed.eq(&sealed), dsl::updated_at.eq(now))).execute(&mut **tx)?;
    if done == 0 {
        diesel::insert_into(dsl::risk_histories).values((dsl::customer_id.eq(customer), dsl::history_sealed.eq(&sealed), dsl::updated_at.eq(now))).execute(&mut **tx)?;
    }
    Ok(())
}

/// A key and a history that belong to nobody: opened for names that nobody has, so that the time tells nothing.
pub struct Decoy {
    wrapped: Vec<u8>,
    sealed: Vec<u8>,
}

/// Who the decoy belongs to.
const NOBODY: &str = "nobody";

impl Decoy {
    /// Makes one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the library fails.
    pub fn new(tools: &Tools) -> Result<Self, StoreError> {
        let (key, wrapped) = DataKey::generate(&tools.ring, NOBODY, tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let sealed = key.seal_in_row(HISTORY, NOBODY, &History::default().to_bytes(), tools.entropy())?;
        Ok(Self { wrapped, sealed })
    }

    /// Does what [`find_history`] does.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(&self, tools: &Tools) -> Result<History, StoreError> {
        let key = DataKey::unwrap(&tools.ring, NOBODY, &self.wrapped).map_err(|_| StoreError::corrupt(HISTORY.table, HISTORY.column, NOBODY))?;
        open(&key, NOBODY, &self.sealed)
    }
}

/// An accepted sign-in, to be counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intake {
    /// What was observed.
    pub observation: Observation,
    /// Whether it is the customer's first.
    pub is_first: bool,
    /// How strange it was; none where it was not judged.
    pub bucket: Option<usize>,
}

/// Writes down an accepted sign-in, to be counted soon: everybody's counts are few rows that all sign-ins change, which is done by one node for many at a time.
///
/// # Errors
/// [`StoreError`].
pub fn insert_intake(tx: &mut WriteTx<'_>, tools: &Tools, intake: &Intake) -> Result<(), StoreError> {
    use risk_intake::dsl;
    let observed: Vec<u8> = values(&intake.observation).flat_map(u64::to_le_bytes).collect();
    diesel::insert_into(dsl::risk_intake)
        .values((
            dsl::id.eq(base64url(random::bytes::<12>(tools.entropy()))),
            dsl::at.eq(tools.now().0),
            dsl::observed.eq(observed),
            dsl::is_first.eq(intake.is_first),
            dsl::bucket.eq(intake.bucket.and_then(|bucket| i32::try_from(bucket).ok())),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Whether accepted sign-ins wait to be counted.
///
/// # Errors
/// [`StoreError`].
pub fn has_intake(connection: &mut DbConnection) -> Result<bool, StoreError> {
    let found: Option<String> = risk_intake::table.select(risk_intake::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Counts up to `limit` accepted sign-ins; how many. One node at a time: take a lease first.
///
/// # Errors
/// [`StoreError`].
pub fn count_intake(tx: &mut WriteTx<'_>, limit: i64) -> Result<usize, StoreError> {
    use risk_intake::dsl;
    type Row = (String, i64, Vec<u8>, bool, Option<i32>);
    let rows: Vec<Row> = dsl::risk_intake.select((dsl::id, dsl::at, dsl::observed, dsl::is_first, dsl::bucket)).limit(limit).load(&mut **tx)?;
    let mut added: BTreeMap<(i64, i32), (i32, i64)> = BTreeMap::new();
    let mut scales: BTreeMap<i64, Scale> = BTreeMap::new();
    for (_, at, observed, is_first, bucket) in &rows {
        let at = UnixSeconds(*at);
        let quarter = quarter(at);
        let mut add = |value: i64, quarter: i32, level: i32| added.entry((value, quarter)).or_insert((level, 0)).1 += 1;
        add(LOGINS, quarter, TOTAL);
        add(HOURS + i64::try_from(hour_of(at)).unwrap_or_default(), quarter, TOTAL);
        if *is_first {
            add(CUSTOMERS, ALWAYS, TOTAL);
        }
        for (level, value) in (0..).zip(observed.chunks_exact(8)) {
            let value = value.try_into().map(u64::from_le_bytes).unwrap_or_default();
            add(value.cast_signed(), quarter, level);
        }
        if let Some(bucket) = bucket.and_then(|bucket| usize::try_from(bucket).ok()) {
            scales.entry(at.0.div_euclid(86_400)).or_default().count_bucket(bucket);
        }
    }
    let met: Vec<i64> = added.keys().map(|(value, _)| *value).collect();
    let mut known: std::collections::BTreeSet<i64> = std::collections::BTreeSet::new();
    for part in met.chunks(500) {
        known.extend(risk_counts::table.filter(risk_counts::value.eq_any(part)).select(risk_counts::value).load::<i64>(&mut **tx)?);
    }
    for ((value, _), (level, _)) in added.clone() {
        // Noted, so that it is new only once, in whichever quarter.
        if level >= 0 && known.insert(value) {
            added.entry((DISTINCT + i64::from(level), ALWAYS)).or_insert((TOTAL, 0)).1 += 1;
        }
    }
    for ((value, quarter), (level, count)) in added {
        add_count(tx, (value, quarter), level, count)?;
    }
    for (day, scale) in scales {
        add_scale(tx, Kind::Signin, day, &scale)?;
    }
    let ids: Vec<&str> = rows.iter().map(|(id, ..)| id.as_str()).collect();
    for part in ids.chunks(500) {
        diesel::delete(dsl::risk_intake.filter(dsl::id.eq_any(part))).execute(&mut **tx)?;
    }
    Ok(rows.len())
}

fn add_count(tx: &mut WriteTx<'_>, (value, quarter): (i64, i32), level: i32, count: i64) -> Result<(), StoreError> {
    use risk_counts::dsl;
    let done = diesel::update(dsl::risk_counts.find((value, quarter))).set(dsl::count.eq(dsl::count + count)).execute(&mut **tx)?;
    if done == 0 {
        diesel::insert_into(dsl::risk_counts).values((dsl::value.eq(value), dsl::quarter.eq(quarter), dsl::level.eq(level), dsl::count.eq(count))).execute(&mut **tx)?;
    }
    Ok(())
}

fn scale_bytes(scale: &Scale) -> Vec<u8> {
    scale.counts().iter().flat_map(|count| count.to_le_bytes()).collect()
}

fn parse_scale(bytes: &[u8]) -> Scale {
    Scale::of(bytes.chunks_exact(8).take(BUCKETS).map(|part| part.try_into().map(u64::from_le_bytes).unwrap_or_default()))
}

/// Counts scores of a day.
///
/// # Errors
/// [`StoreError`].
pub fn add_scale(tx: &mut WriteTx<'_>, kind: Kind, day: i64, scale: &Scale) -> Result<(), StoreError> {
    use risk_scale::dsl;
    let before: Option<Vec<u8>> = dsl::risk_scale.find((kind.word(), day)).select(dsl::counts).first(&mut **tx).optional()?;
    let Some(before) = before else {
        diesel::insert_into(dsl::risk_scale).values((dsl::kind.eq(kind.word()), dsl::day.eq(day), dsl::counts.eq(scale_bytes(scale)))).execute(&mut **tx)?;
        return Ok(());
    };
    let sum = parse_scale(&before).with(scale);
    diesel::update(dsl::risk_scale.find((kind.word(), day))).set(dsl::counts.eq(scale_bytes(&sum))).execute(&mut **tx)?;
    Ok(())
}

/// How strange honest sign-ins lately were, and at what hours people sign in.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    /// The scores of the last thirty days.
    pub scale: Scale,
    /// Sign-ins in each hour of the day, by UTC.
    pub hours: [u64; 24],
}

/// The scores of the last thirty days.
///
/// # Errors
/// [`StoreError`].
pub fn find_scale(connection: &mut DbConnection, kind: Kind, now: UnixSeconds) -> Result<Scale, StoreError> {
    let since = now.0.div_euclid(86_400) - SCALE_DAYS;
    let days: Vec<Vec<u8>> = risk_scale::table.filter(risk_scale::kind.eq(kind.word())).filter(risk_scale::day.gt(since)).select(risk_scale::counts).load(connection)?;
    Ok(days.iter().map(|counts| parse_scale(counts)).fold(Scale::default(), |sum, day| sum.with(&day)))
}

/// Looks at the weather.
///
/// # Errors
/// [`StoreError`].
pub fn find_weather(connection: &mut DbConnection, now: UnixSeconds) -> Result<Weather, StoreError> {
    let scale = find_scale(connection, Kind::Signin, now)?;
    let is_hour = risk_counts::value.between(HOURS, HOURS + 23);
    let rows: Vec<(i64, i64)> =
        risk_counts::table.filter(is_hour).filter(risk_counts::quarter.gt(quarter(now) - QUARTERS)).select((risk_counts::value, risk_counts::count)).load(connection)?;
    let mut hours = [0; 24];
    for (value, count) in rows {
        if let Some(hour) = usize::try_from(value - HOURS).ok().and_then(|hour| hours.get_mut(hour)) {
            *hour += u64::try_from(count).unwrap_or_default();
        }
    }
    Ok(Weather { scale, hours })
}

/// A count of a quarter: what was counted, when, and of which level it is.
pub type Counted = (i64, i32, i32);

/// Counts of quarters that have passed: of `limit` counts, from a value on, and then from the first one on. There are millions, and from a value drawn by lot all have their turn.
///
/// # Errors
/// [`StoreError`].
pub fn list_passed(connection: &mut DbConnection, from: i64, now: UnixSeconds, limit: i64) -> Result<Vec<Counted>, StoreError> {
    use risk_counts::dsl;
    let oldest = quarter(now) - QUARTERS + 1;
    let in_order = || dsl::risk_counts.order((dsl::value, dsl::quarter)).limit(limit).select((dsl::value, dsl::quarter, dsl::level));
    let mut rows: Vec<Counted> = in_order().filter(dsl::value.ge(from)).load(connection)?;
    if i64::try_from(rows.len()).is_ok_and(|count| count < limit) {
        rows.extend(in_order().filter(dsl::value.lt(from)).load::<Counted>(connection)?);
    }
    Ok(rows.into_iter().filter(|(_, quarter, _)| *quarter < oldest && *quarter > ALWAYS).collect())
}

/// Removes counts that [`list_passed`] found, and scales of days that have passed; how many. What no quarter has any longer is one less that is different.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_counts(tx: &mut WriteTx<'_>, now: UnixSeconds, passed: &[Counted]) -> Result<usize, StoreError> {
    use risk_counts::dsl;
    let mut removed = 0;
    for (value, quarter, level) in passed {
        // Another node may have been here.
        if diesel::delete(dsl::risk_counts.find((value, quarter))).execute(&mut **tx)? == 0 {
            continue;
        }
        removed += 1;
        let is_left: Option<i32> = dsl::risk_counts.filter(dsl::value.eq(value)).select(dsl::quarter).first(&mut **tx).optional()?;
        if *level >= 0 && is_left.is_none() {
            add_count(tx, (DISTINCT + i64::from(*level), ALWAYS), TOTAL, -1)?;
        }
    }
    let days = diesel::delete(risk_scale::table.filter(risk_scale::day.lt(now.0.div_euclid(86_400) - 2 * SCALE_DAYS))).execute(&mut **tx)?;
    Ok(removed + days)
}
