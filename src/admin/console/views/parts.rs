//! What the pages of the console have in common.

use crate::admin::clients::ClientView;
use crate::admin::console::forms::{date_of, title_of};
use crate::admin::operations::find_operation;
use crate::platform::http::params::Params;
use std::collections::BTreeMap;

/// The places of the console that somebody may see: address and name.
pub type Places = Vec<(&'static str, &'static str)>;

/// What was just done, by the end of the address.
pub fn done_of(query: &str) -> Option<String> {
    let id = query.strip_prefix("done-")?;
    find_operation(id).map(|operation| format!("Done: {}.", title_of(operation.id).to_lowercase()))
}

/// The query of a page that is handed on to an operation.
pub fn query_of(query: &str, names: &[&str]) -> BTreeMap<String, String> {
    let Ok(params) = Params::parse(query.as_bytes()) else { return BTreeMap::new() };
    names.iter().filter_map(|name| Some(((*name).to_owned(), params.get(name).filter(|value| !value.is_empty())?.to_owned()))).collect()
}

/// The address of the next page of a list.
pub fn next_of(path: &str, query: &BTreeMap<String, String>, next: Option<&String>) -> Option<String> {
    let mut pairs: Vec<(&str, &str)> = query.iter().filter(|(name, _)| *name != "after").map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.push(("after", next?));
    Some(format!("{path}?{}", crate::base::uri::encode_form(&pairs)))
}

/// How a page says what is no text of its own.
pub trait Said {
    /// A moment.
    fn date(&self, seconds: &i64) -> String {
        date_of(*seconds)
    }

    /// A number with three places.
    fn number(&self, value: &f64) -> String {
        format!("{value:.3}")
    }

    /// A word of the house as a title.
    fn title(&self, word: &str) -> String {
        title_of(word)
    }

    /// The word of an enumeration.
    fn word(&self, value: &impl serde::Serialize) -> String {
        word_of(value)
    }

    /// The name of a client.
    fn name(&self, client: &ClientView) -> String {
        name_of(client)
    }

    /// Roles in a row.
    fn roles(&self, roles: &[crate::admin::access::rules::Role]) -> String {
        roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", ")
    }
}

/// The word of an enumeration, as people read it.
pub fn word_of(value: &impl serde::Serialize) -> String {
    title_of(serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default().as_str())
}

/// The name of a client, empty when it has none.
pub fn name_of(client: &ClientView) -> String {
    client.metadata.get("client_name").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}
