//! Which model decides over orders is chosen, and taken back, in one place, whoever asks for it.

use serde_json::json;

use super::store::{find_active, find_trained, keep_active, keep_trained};
use super::{Active, Trained};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

/// Another model decides over orders.
pub const MODEL_REPLACED: EventSpec = EventSpec::new("model_replaced", "Another model decides over orders: by command, by staff, or since trees did better for a week.");

/// What [`MODEL_REPLACED`] is about.
pub const SUBJECT: &str = "model:orders";
/// What the regression is called where a version is asked for.
pub const ONLINE: &str = "online";

/// Why another model does not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unchosen {
    /// There are no such trees, or they look at other numbers than this version of the program.
    Unknown,
    /// Too few honest orders are known for a score of these trees to mean anything.
    Unmeasured,
    /// No other model decided before.
    NoneBefore,
}

/// Who chooses: as the record of the choice names them, with the entry of the log that will tell of it.
pub struct Chooser {
    /// The name in the record.
    pub by: String,
    /// The entry, without its detail.
    pub entry: Entry,
}

fn settle(tx: &mut WriteTx<'_>, tools: &Tools, active: Active, entry: Entry) -> Result<String, StoreError> {
    keep_active(tx, &active, tools.now())?;
    let version = active.version.unwrap_or_else(|| ONLINE.to_owned());
    audit::record(tx, tools, &entry.with_detail(json!({ "version": version })))?;
    Ok(version)
}

/// Has the model of `version` decide: [`ONLINE`], or trees. Gives the version.
///
/// # Errors
/// [`StoreError`].
pub fn choose(tx: &mut WriteTx<'_>, tools: &Tools, version: &str, chooser: Chooser) -> Result<Result<String, Unchosen>, StoreError> {
    let wanted = (version != ONLINE).then(|| version.to_owned());
    if let Some(version) = &wanted {
        match find_trained(tx, version)? {
            None => return Ok(Err(Unchosen::Unknown)),
            Some(trained) if !trained.is_measured() => return Ok(Err(Unchosen::Unmeasured)),
            Some(_) => {}
        }
    }
    let active = find_active(tx)?.replaced(wanted, &chooser.by, tools.now());
    settle(tx, tools, active, chooser.entry).map(Ok)
}

/// Has the one before decide again. Gives its version.
///
/// # Errors
/// [`StoreError`].
pub fn take_back(tx: &mut WriteTx<'_>, tools: &Tools, chooser: Chooser) -> Result<Result<String, Unchosen>, StoreError> {
    let mut active = find_active(tx)?;
    // One that this version of the program cannot use, or that is gone, decides nothing.
    while let Some(before) = active.rolled_back(&chooser.by, tools.now()) {
        let is_there = match &before.version {
            None => true,
            Some(version) => find_trained(tx, version)?.is_some_and(|trained| trained.is_measured()),
        };
        if is_there {
            return settle(tx, tools, before, chooser.entry).map(Ok);
        }
        active = before;
    }
    Ok(Err(Unchosen::NoneBefore))
}

/// Keeps the trees of a night; where they `may_decide`, they do once [`Active::gives_way_to`] says so.
///
/// # Errors
/// [`StoreError`].
pub fn end_night(tx: &mut WriteTx<'_>, tools: &Tools, trained: &Trained, may_decide: bool) -> Result<(), StoreError> {
    let trained = &keep_trained(tx, trained)?;
    let active = find_active(tx)?;
    if may_decide && active.gives_way_to(trained, tools.now()) {
        let entry = Entry::success(MODEL_REPLACED, Actor::System, SUBJECT.to_owned(), &Origin::internal("risk"));
        settle(tx, tools, active.replaced(Some(trained.version.clone()), super::NIGHT, tools.now()), entry)?;
    }
    Ok(())
}
