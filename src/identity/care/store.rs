//! The tables of what keeps customers safe: their moments, and reports of scams.

use diesel::prelude::*;

use super::rules::{self, Card, CareState, ShownCard};
use crate::base::card_number;
use crate::base::ids::{CustomerId, ReportId, SessionId};
use crate::base::page::{MAX_PAGE, Page, PageRequest};
use crate::base::time::UnixSeconds;
use crate::identity::customers;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

mod tables {
    diesel::table! {
        care_states (customer_id) {
            customer_id -> Text, devices_reviewed_at -> Nullable<BigInt>, checkup_at -> Nullable<BigInt>, checkup_score -> Nullable<BigInt>,
            moment -> Nullable<Text>, moment_at -> Nullable<BigInt>,
            card -> Nullable<Text>, card_session -> Nullable<Text>, card_at -> Nullable<BigInt>, card_answered_at -> Nullable<BigInt>,
        }
    }
    diesel::table! {
        known_payees (customer_id, hash) { customer_id -> Text, hash -> Binary, paid_at -> BigInt, }
    }
    diesel::table! {
        scam_reports (id) { id -> Text, customer_id -> Nullable<Text>, kind -> Text, content_sealed -> Binary, reported_at -> BigInt, }
    }
}

use tables::{care_states, known_payees, scam_reports};

const CONTENT: Cell = Cell { table: "scam_reports", column: "content_sealed" };

type Row = (Option<i64>, Option<i64>, Option<i64>, Option<String>, Option<i64>, Option<String>, Option<String>, Option<i64>, Option<i64>);

/// What is known of a customer's moments.
///
/// # Errors
/// [`StoreError`].
pub fn find_state(connection: &mut DbConnection, customer: &CustomerId) -> Result<CareState, StoreError> {
    use care_states::dsl;
    let columns = (dsl::devices_reviewed_at, dsl::checkup_at, dsl::checkup_score, dsl::moment, dsl::moment_at, dsl::card, dsl::card_session, dsl::card_at, dsl::card_answered_at);
    let row: Option<Row> = dsl::care_states.find(customer.as_str()).select(columns).first(connection).optional()?;
    let Some((reviewed, checkup_at, score, moment, moment_at, card, session, card_at, answered_at)) = row else { return Ok(CareState::default()) };
    let card_of = |word: Option<String>| word.and_then(|word| Card::parse(&word));
    let shown = card_of(card).zip(session).zip(card_at);
    Ok(CareState {
        devices_reviewed_at: reviewed.map(UnixSeconds),
        checkup: checkup_at.map(UnixSeconds).zip(score),
        moment: card_of(moment).zip(moment_at.map(UnixSeconds)),
        shown: shown.map(|((card, session), at)| ShownCard { card, session, at: UnixSeconds(at), is_answered: answered_at.is_some() }),
    })
}

/// Makes the row of a customer, if there is none. The customer's own row is held, so that nobody else makes it meanwhile.
fn hold(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<(), StoreError> {
    use care_states::dsl;
    customers::store::hold_row(tx, customer)?;
    let found: Option<String> = dsl::care_states.find(customer.as_str()).select(dsl::customer_id).first(&mut **tx).optional()?;
    if found.is_none() {
        diesel::insert_into(dsl::care_states).values(dsl::customer_id.eq(customer.as_str())).execute(&mut **tx)?;
    }
    Ok(())
}

/// Notes a moment of risk.
///
/// # Errors
/// [`StoreError`].
pub fn note_moment(tx: &mut WriteTx<'_>, customer: &CustomerId, moment: Card, now: UnixSeconds) -> Result<(), StoreError> {
    use care_states::dsl;
    hold(tx, customer)?;
    if !rules::replaces(&find_state(tx, customer)?, moment, now) {
        return Ok(());
    }
    diesel::update(dsl::care_states.find(customer.as_str())).set((dsl::moment.eq(Some(moment.word())), dsl::moment_at.eq(Some(now.0)))).execute(&mut **tx)?;
    Ok(())
}

/// Payees that are remembered of a customer: the fifty paid last.
const MAX_PAYEES: i64 = 50;

/// Notes whom a customer paid; somebody new beside those known is a moment of risk. Only a MAC of the name is kept.
///
/// # Errors
/// [`StoreError`].
pub fn note_payee(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, payee: &str) -> Result<(), StoreError> {
    use known_payees::dsl;
    let normal: String = payee.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let hash = tools.ring.pepper.mac(&[b"payee", customer.as_str().as_bytes(), normal.as_bytes()]).to_vec();
    // Held, so that of two purchases at once one is the first.
    customers::store::hold_row(tx, customer)?;
    let now = tools.now();
    if diesel::update(dsl::known_payees.find((customer.as_str(), &hash))).set(dsl::paid_at.eq(now.0)).execute(&mut **tx)? > 0 {
        return Ok(());
    }
    let mine = dsl::known_payees.filter(dsl::customer_id.eq(customer.as_str()));
    let is_first = mine.select(dsl::paid_at).first::<i64>(&mut **tx).optional()?.is_none();
    diesel::insert_into(dsl::known_payees).values((dsl::customer_id.eq(customer.as_str()), dsl::hash.eq(hash), dsl::paid_at.eq(now.0))).execute(&mut **tx)?;
    let old: Vec<Vec<u8>> = mine.order(dsl::paid_at.desc()).offset(MAX_PAYEES).limit(100).select(dsl::hash).load(&mut **tx)?;
    diesel::delete(mine.filter(dsl::hash.eq_any(old))).execute(&mut **tx)?;
    // With nobody to compare with, nobody is unusual.
    if is_first { Ok(()) } else { note_moment(tx, customer, Card::NewPayee, now) }
}

/// Notes that a card is shown in a session; false when one was already.
///
/// # Errors
/// [`StoreError`].
pub fn note_shown(tx: &mut WriteTx<'_>, customer: &CustomerId, card: Card, session: &SessionId, now: UnixSeconds) -> Result<bool, StoreError> {
    use care_states::dsl;
    hold(tx, customer)?;
    let other = dsl::card_session.is_null().or(dsl::card_session.ne(session.as_str()));
    let done = diesel::update(dsl::care_states.find(customer.as_str()).filter(other))
        .set((dsl::card.eq(Some(card.word())), dsl::card_session.eq(Some(session.as_str())), dsl::card_at.eq(Some(now.0)), dsl::card_answered_at.eq(None::<i64>)))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Notes that the card of a session was answered; false when it was, or is another one.
///
/// # Errors
/// [`StoreError`].
pub fn note_answer(tx: &mut WriteTx<'_>, customer: &CustomerId, card: Card, session: &SessionId, now: UnixSeconds) -> Result<bool, StoreError> {
    use care_states::dsl;
    let open = dsl::care_states
        .find(customer.as_str())
        .filter(dsl::card.eq(card.word()))
        .filter(dsl::card_session.eq(session.as_str()))
        .filter(dsl::card_answered_at.is_null());
    Ok(diesel::update(open).set(dsl::card_answered_at.eq(Some(now.0))).execute(&mut **tx)? > 0)
}

/// Notes that the browsers of a customer were looked at.
///
/// # Errors
/// [`StoreError`].
pub fn note_review(tx: &mut WriteTx<'_>, customer: &CustomerId, now: UnixSeconds) -> Result<(), StoreError> {
    use care_states::dsl;
    hold(tx, customer)?;
    diesel::update(dsl::care_states.find(customer.as_str())).set(dsl::devices_reviewed_at.eq(Some(now.0))).execute(&mut **tx)?;
    Ok(())
}

/// Notes that the check-up was looked at.
///
/// # Errors
/// [`StoreError`].
pub fn note_checkup(tx: &mut WriteTx<'_>, customer: &CustomerId, score: u8, now: UnixSeconds) -> Result<(), StoreError> {
    use care_states::dsl;
    hold(tx, customer)?;
    diesel::update(dsl::care_states.find(customer.as_str()))
        .set((dsl::checkup_at.eq(Some(now.0)), dsl::checkup_score.eq(Some(i64::from(score)))))
        .execute(&mut **tx)?;
    Ok(())
}

/// A report of a scam, opened.
pub struct ScamReport {
    /// Its id.
    pub id: ReportId,
    /// Who told us, if signed in.
    pub customer: Option<CustomerId>,
    /// `site`, `message`, `call`, or what a pasted message turned out to be.
    pub kind: String,
    /// What was told.
    pub content: String,
    /// When.
    pub reported_at: UnixSeconds,
}

fn place(id: &ReportId) -> String {
    format!("scam_reports|content|{id}")
}

/// Keeps a report.
///
/// # Errors
/// [`StoreError`].
pub fn insert_report(tx: &mut WriteTx<'_>, tools: &Tools, customer: Option<&CustomerId>, kind: &str, content: &str) -> Result<ReportId, StoreError> {
    use scam_reports::dsl;
    // Somebody else's message may hold anything.
    let content = card_number::redacted(content);
    let id = ReportId::generate(tools.now_micros(), tools.entropy());
    let sealed = match customer {
        Some(customer) => vault::need_data_key(tx, &tools.ring, customer.as_str())?.seal_in_row(CONTENT, id.as_str(), content.as_bytes(), tools.entropy())?,
        None => tools.ring.outbox.seal(content.as_bytes(), &place(&id), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?,
    };
    diesel::insert_into(dsl::scam_reports)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::customer_id.eq(customer.map(CustomerId::as_str)),
            dsl::kind.eq(kind),
            dsl::content_sealed.eq(sealed),
            dsl::reported_at.eq(tools.now().0),
        ))
        .execute(&mut **tx)?;
    Ok(id)
}

type ReportRow = (String, Option<String>, String, Vec<u8>, i64);

/// Reports, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_reports(connection: &mut DbConnection, tools: &Tools, page: &PageRequest) -> Result<Page<ScamReport>, StoreError> {
    use scam_reports::dsl;
    let before = page.after.clone().unwrap_or_else(|| "~".to_owned());
    let rows: Vec<ReportRow> = dsl::scam_reports
        .filter(dsl::id.lt(before))
        .order(dsl::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select((dsl::id, dsl::customer_id, dsl::kind, dsl::content_sealed, dsl::reported_at))
        .load(connection)?;
    let reports = rows.into_iter().map(|row| open(connection, tools, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(reports, page.limit, |report| report.id.as_str().to_owned()))
}

/// What a customer reported, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_reports_of(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Vec<ScamReport>, StoreError> {
    use scam_reports::dsl;
    let mine = dsl::scam_reports.filter(dsl::customer_id.eq(customer.as_str())).order(dsl::id.desc()).limit(i64::from(MAX_PAGE));
    let rows: Vec<ReportRow> = mine.select((dsl::id, dsl::customer_id, dsl::kind, dsl::content_sealed, dsl::reported_at)).load(connection)?;
    rows.into_iter().map(|row| open(connection, tools, row)).collect()
}

fn open(connection: &mut DbConnection, tools: &Tools, (id, customer, kind, sealed, at): ReportRow) -> Result<ScamReport, StoreError> {
    let corrupt = |column| StoreError::corrupt("scam_reports", column, id.clone());
    let report: ReportId = id.parse().map_err(|_| corrupt("id"))?;
    let plain = match &customer {
        Some(customer) => vault::need_data_key(connection, &tools.ring, customer)?.open_in_row(CONTENT, &id, &sealed)?,
        None => zeroize::Zeroizing::new(tools.ring.outbox.open(&sealed, &place(&report)).map_err(|_| corrupt("content_sealed"))?),
    };
    let content = std::str::from_utf8(&plain).map_err(|_| corrupt("content_sealed"))?.to_owned();
    let customer = customer.map(|customer| customer.parse().map_err(|_| corrupt("customer_id"))).transpose()?;
    Ok(ScamReport { id: report, customer, kind, content, reported_at: UnixSeconds(at) })
}

/// Removes reports made before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_reports(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use scam_reports::dsl;
    let old: Vec<String> = dsl::scam_reports.filter(dsl::reported_at.lt(before.0)).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::scam_reports.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}
