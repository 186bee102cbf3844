//! What staff can do, as one list: the console, the API and its document read it. An operation is one transaction; nothing is allowed that its line does not name.

pub mod limiter;
pub mod list;
pub mod openapi;
pub mod run;
pub mod store;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use list::find as find_operation;

use super::access::rules::Permission;
use super::access::staff::Staff;
use crate::identity::attempts::rules::Throttled;
use crate::identity::signin::gate::SigninState;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{EventSpec, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::updates::UpdateWatch;
use crate::risk::purchase::desk::OrderDesk;

/// Staff was refused something.
pub const STAFF_REFUSED: EventSpec = EventSpec::new("staff_refused", "Staff, or a client of the API, asked for something that its roles, limits or brands do not allow.");

/// How the desk works here.
#[derive(Debug, Clone)]
pub struct AdminPolicy {
    /// The operations that a second person has to approve.
    pub approvals: Vec<String>,
    /// How long weakly proven changes wait for a veto, in seconds.
    pub wait_seconds: i64,
    /// How long an invitation can be taken, in seconds.
    pub invitation_seconds: i64,
    /// Look-ups by one member of staff in an hour.
    pub finds_per_hour: i64,
    /// Customers shown in full to one member of staff in an hour.
    pub reveals_per_hour: i64,
    /// Changes to accounts by one member of staff in an hour.
    pub actions_per_hour: i64,
    /// Requests to the API by one caller in a minute.
    pub requests_per_minute: i64,
}

/// What operations work with.
pub struct AdminState {
    /// Sign-in, its database and tools.
    pub signin: Arc<SigninState>,
    /// The protocol.
    pub oauth: Arc<OAuthState>,
    /// How the desk works.
    pub policy: AdminPolicy,
    /// Where orders are judged.
    pub orders: Arc<OrderDesk>,
    /// News of this program.
    pub updates: UpdateWatch,
}

impl AdminState {
    /// Clock, randomness, keys.
    pub fn tools(&self) -> &Tools {
        &self.signin.tools
    }
}

/// How it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something.
    Post,
    /// Replaces a thing.
    Put,
    /// Takes a thing away.
    Delete,
}

impl Method {
    /// The word in HTTP.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What is counted against whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// Nothing but the API's own limit.
    None,
    /// Look-ups.
    Finds,
    /// Looks in full.
    Reveals,
    /// Changes to accounts.
    Actions,
}

/// A parameter in the query.
#[derive(Debug, Clone, Copy)]
pub struct QueryParameter {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
}

/// Where a list goes on.
pub const CURSOR: QueryParameter = QueryParameter { name: "after", about: "Where the page before ended: its `next`." };
/// How much of a list.
pub const LIMIT: QueryParameter = QueryParameter { name: "limit", about: "How many, 1 to 100; 50 when absent." };

/// A schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The schema of `T`.
pub fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Something that staff can do.
pub struct Operation {
    /// Its name: `operationId`, and its page in the console.
    pub id: &'static str,
    /// How it is asked for.
    pub method: Method,
    /// Where, under `/api/v1`. At most one part stands in braces: what it is done to.
    pub path: &'static str,
    /// What it needs.
    pub permission: Permission,
    /// Whether a person has to show who they are again first.
    pub is_dangerous: bool,
    /// What it is counted against.
    pub budget: Budget,
    /// In a line.
    pub summary: &'static str,
    /// Parameters in the query.
    pub query: &'static [QueryParameter],
    /// What is sent.
    pub input: Option<SchemaOf>,
    /// The status of success, and what comes back.
    pub output: (u16, Option<SchemaOf>),
    /// Statuses of refusal besides 400, 401, 403, 429 and 503.
    pub refusals: &'static [u16],
    /// What is done.
    pub run: Run,
}

impl Operation {
    /// Whether its answer holds a customer's contact in full.
    pub fn shows_customers(&self) -> bool {
        matches!(self.permission, Permission::RevealCustomers | Permission::ViewAsCustomer)
    }

    /// The name of the part in braces; none when there is none.
    pub fn subject(&self) -> Option<&'static str> {
        self.path.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| name)
    }

    /// The whole path.
    pub fn full_path(&self) -> String {
        format!("{API}{}", self.path)
    }
}

/// Where the API is.
pub const API: &str = "/api/v1";

/// What came of it: an answer, or a refusal; `Err` only when the database failed.
pub type Ran = Result<Result<Answer, Refused>, StoreError>;

/// The work of an operation.
#[derive(Clone, Copy)]
pub enum Run {
    /// Only looks.
    Read(fn(&mut DbConnection, &AdminState, &Call) -> Ran),
    /// Changes something, in one transaction with its audit event.
    Write(fn(&mut WriteTx<'_>, &AdminState, &Call) -> Ran),
}

/// A request for an operation by somebody who may.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who asks.
    pub staff: Staff,
    /// What it is done to; empty where the path names nothing.
    pub subject: String,
    /// The query.
    pub query: BTreeMap<String, String>,
    /// What was sent; null for nothing.
    pub body: Value,
    /// The state that the caller knows, by its ETag.
    pub known: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

impl Call {
    /// What was sent, read.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        serde_json::from_value(self.body.clone()).map_err(|error| Refused::Malformed(error.to_string()))
    }

    /// The page of a list that is asked for.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn page(&self) -> Result<crate::base::page::PageRequest, Refused> {
        let limit = match self.query.get("limit") {
            None => 50,
            Some(text) => text.parse::<u32>().ok().filter(|limit| (1..=100).contains(limit)).ok_or_else(|| Refused::Malformed("limit: 1 to 100".to_owned()))?,
        };
        let after = self.query.get("after").cloned();
        let is_cursor = |text: &String| (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.~".contains(&byte));
        if after.as_ref().is_some_and(|after| !is_cursor(after)) {
            return Err(Refused::Malformed("after: not the next of a page".to_owned()));
        }
        Ok(crate::base::page::PageRequest { after, limit })
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its body; null for none.
    pub body: Value,
    /// What the state is known by.
    pub etag: Option<String>,
    /// Another status than the operation's own, as when something waits.
    pub status: Option<u16>,
}

impl Answer {
    /// An answer without a body.
    pub const EMPTY: Self = Self { body: Value::Null, etag: None, status: None };

    /// An answer that says `value`.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn of(value: &impl Serialize) -> Result<Self, StoreError> {
        let body = serde_json::to_value(value).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { body, etag: None, status: None })
    }

    /// With what the state is known by: the hash of the body.
    #[must_use]
    pub fn with_etag(mut self) -> Self {
        self.etag = Some(etag_of(&self.body));
        self
    }
}

/// The ETag of a state.
pub fn etag_of(body: &Value) -> String {
    let hash = crate::base::encoding::sha256(body.to_string().as_bytes());
    crate::base::encoding::base64url(hash.get(..15).unwrap_or_default())
}

/// A list, and where it goes on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Listed<T> {
    /// What there is, in order.
    pub items: Vec<T>,
    /// Pass as `after` for the next page; null at the end.
    pub next: Option<String>,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It cannot be read.
    Malformed(String),
    /// There is no such thing, or not for this brand.
    NotFound,
    /// The roles do not allow it.
    Forbidden(&'static str),
    /// A person has to show who they are again.
    NotFresh,
    /// Something stands in the way: its code, and a sentence.
    Conflict(&'static str, String),
    /// The state is not the one that the caller knows.
    Stale,
    /// Too many.
    Throttled(Throttled),
}

impl Refused {
    /// The status in HTTP.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::NotFound => 404,
            Self::Forbidden(_) | Self::NotFresh => 403,
            Self::Conflict(..) => 409,
            Self::Stale => 412,
            Self::Throttled(_) => 429,
        }
    }

    /// A closed code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::NotFound => "not_found",
            Self::Forbidden(_) => "forbidden",
            Self::NotFresh => "fresh_proof_needed",
            Self::Conflict(code, _) => code,
            Self::Stale => "stale",
            Self::Throttled(_) => "throttled",
        }
    }

    /// A sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Malformed(text) | Self::Conflict(_, text) => text.clone(),
            Self::NotFound => "There is no such thing here.".to_owned(),
            Self::Forbidden(text) => (*text).to_owned(),
            Self::NotFresh => "Show who you are again first.".to_owned(),
            Self::Stale => "It was changed by somebody else meanwhile: read it again.".to_owned(),
            Self::Throttled(throttled) => format!("Too many in a short time. Try again in {} minutes.", throttled.minutes()),
        }
    }
}
