//! What a file declares, and what has to be done so that it is so: pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::admin::access::rules::Role;

/// What a file declares.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declared {
    /// Clients: exactly these metadata.
    #[serde(default)]
    pub clients: Vec<DeclaredClient>,
    /// Staff: exactly these roles.
    #[serde(default)]
    pub staff: Vec<DeclaredStaff>,
    /// Webhooks, known by client and description.
    #[serde(default)]
    pub webhooks: Vec<DeclaredWebhook>,
    /// Policies, brands and whatever else stands in the configuration: section, key, value.
    #[serde(default)]
    pub configuration: BTreeMap<String, BTreeMap<String, Value>>,
}

/// A client that is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclaredClient {
    pub client_id: String,
    /// Whether it works.
    #[serde(default = "yes")]
    pub is_enabled: bool,
    /// Names as in RFC 7591.
    pub metadata: Value,
}

const fn yes() -> bool {
    true
}

/// Somebody who is to be staff.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclaredStaff {
    pub email: String,
    pub roles: BTreeSet<Role>,
    /// All brands when none is named.
    #[serde(default)]
    pub brands: BTreeSet<String>,
}

/// A webhook that is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclaredWebhook {
    pub client_id: String,
    pub description: String,
    pub endpoint: String,
    /// Everything when none is named.
    #[serde(default)]
    pub events: BTreeSet<String>,
}

/// What there is.
#[derive(Debug, Default)]
pub(super) struct Actual {
    /// Metadata with every default, and whether it works.
    pub clients: BTreeMap<String, (Value, bool)>,
    /// By address.
    pub staff: BTreeMap<String, (BTreeSet<Role>, BTreeSet<String>)>,
    /// Open invitations, by address.
    pub invited: BTreeMap<String, (BTreeSet<Role>, BTreeSet<String>)>,
    /// By client and description: id, endpoint, events.
    pub webhooks: BTreeMap<(String, String), (String, String, BTreeSet<String>)>,
    /// Effective values, by section and key.
    pub configuration: BTreeMap<(String, String), Value>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Register a client.
    Register(String),
    /// Change these members of a client.
    Change(String, Vec<String>),
    /// Switch a client on or off.
    Switch(String, bool),
    /// Invite somebody.
    Invite(String),
    /// Give somebody other roles or brands.
    SetRoles(String),
    /// Make a webhook.
    MakeWebhook(String, String),
    /// Change a webhook.
    ChangeWebhook(String, String),
}

impl Step {
    /// A line of the plan.
    pub fn line(&self) -> String {
        match self {
            Self::Register(id) => format!("+ client {id}"),
            Self::Change(id, members) => format!("~ client {id}: {}", members.join(", ")),
            Self::Switch(id, true) => format!("~ client {id}: switched on"),
            Self::Switch(id, false) => format!("~ client {id}: switched off"),
            Self::Invite(email) => format!("+ staff {email}: invited"),
            Self::SetRoles(email) => format!("~ staff {email}: roles"),
            Self::MakeWebhook(client, description) => format!("+ webhook {client}: {description}"),
            Self::ChangeWebhook(client, description) => format!("~ webhook {client}: {description}"),
        }
    }
}

/// What is to be done, and what differs and is left alone.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub steps: Vec<Step>,
    /// A line for each thing that is there and not declared, and for each value of the configuration that is another one.
    pub drift: Vec<String>,
}

fn members_that_differ(wanted: &Value, actual: &Value) -> Vec<String> {
    let names = wanted.as_object().into_iter().flatten();
    names.filter(|(name, value)| actual.get(name.as_str()) != Some(*value)).map(|(name, _)| name.clone()).collect()
}

/// Compares. `wanted.clients` has to hold metadata with every default, as `actual` does.
pub(super) fn plan(wanted: &Declared, actual: &Actual) -> Plan {
    let mut plan = Plan::default();
    for client in &wanted.clients {
        match actual.clients.get(&client.client_id) {
            None => {
                plan.steps.push(Step::Register(client.client_id.clone()));
                if !client.is_enabled {
                    plan.steps.push(Step::Switch(client.client_id.clone(), false));
                }
            }
            Some((metadata, is_enabled)) => {
                let members = members_that_differ(&client.metadata, metadata);
                if !members.is_empty() {
                    plan.steps.push(Step::Change(client.client_id.clone(), members));
                }
                if client.is_enabled != *is_enabled {
                    plan.steps.push(Step::Switch(client.client_id.clone(), client.is_enabled));
                }
            }
        }
    }
    for person in &wanted.staff {
        let declared = (person.roles.clone(), person.brands.clone());
        match (actual.staff.get(&person.email), actual.invited.get(&person.email)) {
            (Some(current), _) if *current == declared => {}
            (Some(_), _) => plan.steps.push(Step::SetRoles(person.email.clone())),
            (None, Some(current)) if *current == declared => {}
            (None, _) => plan.steps.push(Step::Invite(person.email.clone())),
        }
    }
    for webhook in &wanted.webhooks {
        match actual.webhooks.get(&(webhook.client_id.clone(), webhook.description.clone())) {
            None => plan.steps.push(Step::MakeWebhook(webhook.client_id.clone(), webhook.description.clone())),
            Some((_, endpoint, events)) if *endpoint == webhook.endpoint && *events == webhook.events => {}
            Some(_) => plan.steps.push(Step::ChangeWebhook(webhook.client_id.clone(), webhook.description.clone())),
        }
    }
    plan.drift = drift(wanted, actual);
    plan
}

fn drift(wanted: &Declared, actual: &Actual) -> Vec<String> {
    let mut lines = Vec::new();
    // A file that says nothing of a kind does not claim to know all of it.
    if !wanted.clients.is_empty() {
        let declared: BTreeSet<&str> = wanted.clients.iter().map(|client| client.client_id.as_str()).collect();
        lines.extend(actual.clients.keys().filter(|id| !declared.contains(id.as_str())).map(|id| format!("client {id} is not declared")));
    }
    if !wanted.staff.is_empty() {
        let declared: BTreeSet<&str> = wanted.staff.iter().map(|person| person.email.as_str()).collect();
        let known = actual.staff.keys().chain(actual.invited.keys()).collect::<BTreeSet<_>>();
        lines.extend(known.into_iter().filter(|email| !declared.contains(email.as_str())).map(|email| format!("staff {email} is not declared")));
    }
    if !wanted.webhooks.is_empty() {
        let declared: BTreeSet<(&str, &str)> = wanted.webhooks.iter().map(|webhook| (webhook.client_id.as_str(), webhook.description.as_str())).collect();
        let others = actual.webhooks.keys().filter(|(client, description)| !declared.contains(&(client.as_str(), description.as_str())));
        lines.extend(others.map(|(client, description)| format!("webhook {client}: {description} is not declared")));
    }
    for (section, keys) in &wanted.configuration {
        for (key, value) in keys {
            match actual.configuration.get(&(section.clone(), key.clone())) {
                Some(current) if current == value => {}
                // What stands there may be secret: only that it differs is said.
                Some(_) => lines.push(format!("{section}.{key} is another value in the configuration")),
                None => lines.push(format!("{section}.{key} is no key of the configuration")),
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wanted(text: &str) -> Declared {
        toml::from_str(text).unwrap()
    }

    const FILE: &str = r#"
        [[clients]]
        client_id = "shop"
        metadata = { client_name = "Shop", scope = "openid" }
        [[staff]]
        email = "eva@shop.example"
        roles = ["owner"]
        [[webhooks]]
        client_id = "shop"
        description = "Orders"
        endpoint = "https://shop.example/hook"
        events = ["account.purged"]
        [configuration.passwords]
        min_length = 12
    "#;

    #[test]
    fn what_is_declared_is_made_once() {
        let file = wanted(FILE);
        let first = plan(&file, &Actual::default());
        let lines: Vec<String> = first.steps.iter().map(Step::line).collect();
        assert_eq!(lines, ["+ client shop", "+ staff eva@shop.example: invited", "+ webhook shop: Orders"]);
        assert_eq!(first.drift, ["passwords.min_length is no key of the configuration"]);
        let roles: (BTreeSet<Role>, BTreeSet<String>) = ([Role::Owner].into(), BTreeSet::new());
        let mut there = Actual {
            clients: [("shop".to_owned(), (json!({ "client_name": "Shop", "scope": "openid" }), true))].into(),
            invited: [("eva@shop.example".to_owned(), roles.clone())].into(),
            webhooks: [(("shop".to_owned(), "Orders".to_owned()), ("str_1".to_owned(), "https://shop.example/hook".to_owned(), ["account.purged".to_owned()].into()))].into(),
            configuration: [(("passwords".to_owned(), "min_length".to_owned()), json!(12))].into(),
            ..Actual::default()
        };
        assert_eq!(plan(&file, &there), Plan::default(), "nothing is left to do");
        there.staff.insert("eva@shop.example".to_owned(), roles);
        there.invited.clear();
        assert_eq!(plan(&file, &there), Plan::default());
    }

    #[test]
    fn what_differs_is_changed_and_what_is_not_declared_is_told_and_left() {
        let file = wanted(FILE);
        let there = Actual {
            clients: [("shop".to_owned(), (json!({ "client_name": "Old", "scope": "openid" }), false)), ("other".to_owned(), (json!({}), true))].into(),
            staff: [("eva@shop.example".to_owned(), ([Role::Support].into(), BTreeSet::new())), ("max@shop.example".to_owned(), ([Role::Owner].into(), BTreeSet::new()))].into(),
            webhooks: [(("shop".to_owned(), "Orders".to_owned()), ("str_1".to_owned(), "https://old.example/".to_owned(), BTreeSet::new()))].into(),
            configuration: [(("passwords".to_owned(), "min_length".to_owned()), json!(8))].into(),
            ..Actual::default()
        };
        let found = plan(&file, &there);
        let lines: Vec<String> = found.steps.iter().map(Step::line).collect();
        assert_eq!(lines, ["~ client shop: client_name", "~ client shop: switched on", "~ staff eva@shop.example: roles", "~ webhook shop: Orders"]);
        assert_eq!(found.drift, ["client other is not declared", "staff max@shop.example is not declared", "passwords.min_length is another value in the configuration"]);
        assert_eq!(plan(&Declared::default(), &there), Plan::default(), "a file that says nothing claims nothing");
    }

    #[test]
    fn a_file_with_a_slip_is_refused() {
        for bad in ["[[client]]\nclient_id = \"x\"", "[[customers]]\nemail = \"x\"", "[[staff]]\nemail = \"x\"\nroles = [\"king\"]"] {
            assert!(toml::from_str::<Declared>(bad).is_err(), "{bad}");
        }
    }
}
