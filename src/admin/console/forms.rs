//! The form of an operation, made of the schema of what it reads; and what was typed, read back as JSON. Pure.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Number, Value, json};

use crate::admin::operations::{Method, Operation};
use crate::platform::http::params::Params;

/// What a field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A line.
    Line,
    /// Several lines.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// One of these: word and text.
    Choice(Vec<(String, String)>),
    /// Some of these.
    Choices(Vec<(String, String)>),
    /// A list, one a line.
    Lines,
    /// JSON.
    Json,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it is.
    pub kind: FieldKind,
    /// Whether it has to be filled in.
    pub is_required: bool,
    /// The most characters.
    pub max_length: u64,
    /// What stands in it.
    pub value: String,
}

impl Field {
    /// The choices, for a template.
    pub fn choices(&self) -> &[(String, String)] {
        match &self.kind {
            FieldKind::Choice(choices) | FieldKind::Choices(choices) => choices,
            _ => &[],
        }
    }

    /// The word of its kind, for a template.
    pub const fn word(&self) -> &'static str {
        match self.kind {
            FieldKind::Line => "line",
            FieldKind::Text | FieldKind::Json | FieldKind::Lines => "text",
            FieldKind::Number => "number",
            FieldKind::Flag => "flag",
            FieldKind::Choice(_) => "choice",
            FieldKind::Choices(_) => "choices",
        }
    }

    /// Whether a choice is the one that stands in it.
    pub fn is_chosen(&self, word: &str) -> bool {
        self.value.split(' ').any(|chosen| chosen == word)
    }
}

/// A word as people read it: `max_age` is `Max age`.
pub fn title_of(word: &str) -> String {
    let spaced = word.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn label_of(name: &str) -> String {
    match name {
        "reason" => "Reason; the customer reads it".to_owned(),
        "email" => "E-mail address".to_owned(),
        "brands" => "Brands, one a line; none for all".to_owned(),
        "overlap_seconds" => "Seconds for which the secret before goes on working".to_owned(),
        "metadata" => "Metadata (names as in RFC 7591)".to_owned(),
        "is_enabled" => "The client works".to_owned(),
        "code" => "The code that the caller reads out".to_owned(),
        "factor" => "Id of one factor; every one when empty".to_owned(),
        "purpose" => "What for; it counts for nothing else".to_owned(),
        "way" => "How the caller shows that they are the customer".to_owned(),
        other => title_of(other),
    }
}

/// The words of an enumeration, and what each says.
fn words_of(schema: &Value) -> Vec<(String, String)> {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().filter_map(Value::as_str).map(|word| (word.to_owned(), title_of(word))).collect();
    }
    let variants = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
    let word = |variant: &Value| {
        let word = variant.get("const")?.as_str()?.to_owned();
        // Where the standard says so is for programmers.
        let plain = |text: &str| text.split_once(" (").filter(|(_, place)| place.contains(" section ")).map_or_else(|| text.to_owned(), |(text, _)| format!("{text}."));
        let said = variant.get("description").and_then(Value::as_str).map_or_else(|| title_of(&word), plain);
        Some((word, said))
    };
    variants.iter().filter_map(word).collect()
}

fn kind_of(name: &str, schema: &Value, resolve: &dyn Fn(&Value) -> Value) -> FieldKind {
    let schema = resolve(schema);
    let words = words_of(&schema);
    if !words.is_empty() {
        return FieldKind::Choice(words);
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if kinds.contains(&"array") {
        let words = schema.get("items").map(|items| words_of(&resolve(items))).unwrap_or_default();
        return if words.is_empty() { FieldKind::Lines } else { FieldKind::Choices(words) };
    }
    match kinds.first() {
        Some(&"boolean") => FieldKind::Flag,
        Some(&("integer" | "number")) => FieldKind::Number,
        Some(&"object") => FieldKind::Json,
        _ if name == "reason" => FieldKind::Text,
        _ => FieldKind::Line,
    }
}

/// The fields of an operation, empty.
pub fn fields_of(operation: &Operation) -> Vec<Field> {
    let Some(input) = operation.input else { return Vec::new() };
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let root = input(&mut generator).to_value();
    let definitions = generator.take_definitions(true);
    let resolve = |schema: &Value| -> Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
        name.and_then(|name| definitions.get(name)).unwrap_or(schema).clone()
    };
    let schema = resolve(&root);
    let required: Vec<&str> = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut fields: Vec<Field> = properties
        .iter()
        .map(|(name, property)| Field {
            label: if name == "client_id" && !required.contains(&"client_id") { "Client id; made up when empty".to_owned() } else { label_of(name) },
            kind: kind_of(name, property, &resolve),
            is_required: required.contains(&name.as_str()),
            max_length: property.get("maxLength").and_then(Value::as_u64).unwrap_or(20_000),
            value: String::new(),
            name: name.clone(),
        })
        .collect();
    // The reason comes last: first what, then why.
    fields.sort_by_key(|field| field.name == "reason");
    fields
}

/// Reads a form as what the operation reads; a sentence when something is no number, or no JSON.
///
/// # Errors
/// A sentence.
pub fn read(fields: &[Field], form: &Params) -> Result<Value, String> {
    let mut object = Map::new();
    for field in fields {
        let typed = form.get(&field.name).unwrap_or_default().trim();
        let value = match &field.kind {
            FieldKind::Line | FieldKind::Text | FieldKind::Choice(_) | FieldKind::Number if typed.is_empty() && !field.is_required => continue,
            FieldKind::Line | FieldKind::Text | FieldKind::Choice(_) => json!(typed),
            FieldKind::Number => Value::Number(Number::from(typed.parse::<i64>().map_err(|_| format!("{}: a whole number", field.label))?)),
            FieldKind::Flag => json!(typed == "yes"),
            FieldKind::Choices(choices) => {
                json!(choices.iter().map(|(word, _)| word).filter(|word| form.get(&format!("{}.{word}", field.name)) == Some("yes")).collect::<Vec<_>>())
            }
            FieldKind::Lines => json!(typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>()),
            FieldKind::Json => serde_json::from_str(typed).map_err(|error| format!("{}: {error}", field.label))?,
        };
        object.insert(field.name.clone(), value);
    }
    Ok(if fields.is_empty() { Value::Null } else { Value::Object(object) })
}

/// The fields with what was typed, so that nothing is lost.
pub fn filled(mut fields: Vec<Field>, form: &Params) -> Vec<Field> {
    for field in &mut fields {
        field.value = match &field.kind {
            FieldKind::Choices(choices) => {
                let chosen = choices.iter().map(|(word, _)| word.as_str()).filter(|word| form.get(&format!("{}.{word}", field.name)) == Some("yes"));
                chosen.collect::<Vec<_>>().join(" ")
            }
            _ => form.get(&field.name).unwrap_or_default().to_owned(),
        };
    }
    fields
}

/// A line of an answer, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub text: String,
    /// Whether it is a secret that is shown once.
    pub is_secret: bool,
}

/// An answer as lines.
pub fn facts_of(value: &Value) -> Vec<Fact> {
    fn walk(label: &str, name: &str, value: &Value, facts: &mut Vec<Fact>) {
        let text = match value {
            Value::Null => return,
            Value::Object(object) => {
                // A piece of advice is one line.
                if let (Some(severity), Some(member), Some(text)) = (object.get("severity"), object.get("member"), object.get("text")) {
                    let [severity, member, text] = [severity, member, text].map(|value| value.as_str().unwrap_or_default());
                    facts.push(Fact { label: format!("{}: {member}", title_of(severity)), text: text.to_owned(), is_secret: false });
                    return;
                }
                for (inner, value) in object {
                    walk(&if label.is_empty() { title_of(inner) } else { format!("{label}: {}", title_of(inner).to_lowercase()) }, inner, value, facts);
                }
                return;
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                for (number, item) in items.iter().enumerate() {
                    walk(&format!("{label} {}", number + 1), name, item, facts);
                }
                return;
            }
            Value::Array(items) => items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect::<Vec<_>>().join(", "),
            Value::String(text) => text.clone(),
            Value::Number(number) if name == "at" || name.ends_with("_at") || name.ends_with("_until") => date_of(number.as_i64().unwrap_or_default()),
            Value::Bool(flag) => (if *flag { "yes" } else { "no" }).to_owned(),
            Value::Number(number) => number.to_string(),
        };
        if !text.is_empty() {
            facts.push(Fact { label: label.to_owned(), text, is_secret: matches!(name, "client_secret" | "secret" | "link" | "number") });
        }
    }
    let mut facts = Vec::new();
    walk("", "", value, &mut facts);
    // What is told once comes first.
    facts.sort_by_key(|fact| !fact.is_secret);
    facts
}

/// A moment as staff read it: `2027-01-01 09:30 UTC`.
pub fn date_of(seconds: i64) -> String {
    let text = crate::base::time::UnixSeconds(seconds).rfc3339();
    format!("{} UTC", text.get(..16).unwrap_or(&text).replace('T', " "))
}

/// What is written on the button of an operation.
pub fn button_of(operation: &Operation) -> String {
    title_of(operation.id)
}

/// Whether pressing the button takes something away for good.
pub fn is_destructive(operation: &Operation) -> bool {
    operation.method == Method::Delete || matches!(operation.id, "erase" | "remove_factors" | "lock_customer" | "end_sessions")
}

#[cfg(test)]
#[path = "forms_tests.rs"]
mod tests;
