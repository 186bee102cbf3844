//! What an audit event says: who, what, when, from where, with what outcome and why. No secrets; personal data only sealed.

use std::fmt;
use std::net::IpAddr;

/// A kind of event, declared by the feature that writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventSpec {
    /// Stable name, such as `signed_in`.
    pub kind: &'static str,
    /// One sentence for the catalogue.
    pub description: &'static str,
}

impl EventSpec {
    /// Declares a kind.
    pub const fn new(kind: &'static str, description: &'static str) -> Self {
        Self { kind, description }
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A customer, by id.
    Customer(String),
    /// A client, by id.
    Client(String),
    /// Staff with admin rights, by their own customer id, acting on what is not theirs.
    Staff(String),
    /// Somebody at the command line of the server.
    Operator,
    /// A job of the server itself.
    System,
    /// Somebody who has not proved who they are.
    Anonymous,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Client(id) => write!(f, "client:{id}"),
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::Operator => f.write_str("operator"),
            Self::System => f.write_str("system"),
            Self::Anonymous => f.write_str("anonymous"),
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refused => "refused",
        }
    }
}

/// Where a request came from.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// Ties the event to the request's log lines and to the error page that a person saw.
    pub correlation_id: String,
    /// The client's address; personal data, stored sealed.
    pub address: Option<IpAddr>,
    /// The browser's name of itself, at most 256 characters; personal data, stored sealed.
    pub user_agent: Option<String>,
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({})", self.correlation_id)
    }
}

impl Origin {
    /// The origin of work that no request asked for.
    pub fn internal(what: &str) -> Self {
        Self { correlation_id: what.to_owned(), address: None, user_agent: None }
    }
}

/// An event to record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which kind.
    pub spec: EventSpec,
    /// Who did it.
    pub actor: Actor,
    /// What it was done to: an id with its kind in front (`customer:cus_…`), or empty.
    pub about: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, as a closed code such as `wrong_password`; empty on plain success.
    pub reason: &'static str,
    /// The client concerned.
    pub client_id: Option<String>,
    /// The session concerned.
    pub session_id: Option<String>,
    /// Further facts without personal data.
    pub detail: serde_json::Value,
    /// From where.
    pub origin: Origin,
    /// Whose personal data the origin is, where neither `about` nor the actor names them.
    pub owner: Option<String>,
    /// What somebody wrote about it, such as the reason that staff gave; stored sealed, as the origin is.
    pub note: Option<String>,
}

impl Entry {
    /// A success of `actor` concerning `about`.
    pub fn success(spec: EventSpec, actor: Actor, about: impl Into<String>, origin: &Origin) -> Self {
        Self {
            spec,
            actor,
            about: about.into(),
            outcome: Outcome::Success,
            reason: "",
            client_id: None,
            session_id: None,
            detail: serde_json::Value::Null,
            origin: origin.clone(),
            owner: None,
            note: None,
        }
    }

    /// The customer whose personal data the origin is: the one that it is about, or the one who did it. With their key it goes when they are erased.
    pub fn owner(&self) -> Option<&str> {
        let actor = match &self.actor {
            Actor::Customer(id) => Some(id.as_str()),
            _ => None,
        };
        self.owner.as_deref().or_else(|| self.about.strip_prefix("customer:")).or(actor)
    }

    /// The same, where the origin is a customer's although a client did it: a public client runs in their browser.
    #[must_use]
    pub fn owned_by(mut self, customer: Option<&str>) -> Self {
        self.owner = customer.map(str::to_owned);
        self
    }

    /// A refusal, with its reason code.
    pub fn refusal(spec: EventSpec, actor: Actor, about: impl Into<String>, reason: &'static str, origin: &Origin) -> Self {
        Self { outcome: Outcome::Refused, reason, ..Self::success(spec, actor, about, origin) }
    }

    /// The same, refused for this reason.
    #[must_use]
    pub fn refused(self, reason: &'static str) -> Self {
        Self { outcome: Outcome::Refused, reason, ..self }
    }

    /// The same, naming a client.
    #[must_use]
    pub fn with_client(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// The same, naming a session.
    #[must_use]
    pub fn with_session(mut self, session_id: impl Into<String>) -> Self {
        self.session_id = Some(session_id.into());
        self
    }

    /// The same, with what somebody wrote about it.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The same, with further facts.
    #[must_use]
    pub fn with_detail(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}
