//! The OpenAPI 3.1 document of the API, made of the list of operations and of the types that they read and write.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::list::operations;
use super::{Method, Operation};
use crate::admin::access::rules::Role;

/// What each status of refusal means.
const fn meaning(status: u16) -> &'static str {
    match status {
        400 => "It cannot be read.",
        401 => "There is no access token, or it does not hold.",
        403 => "The scopes of the token do not allow it.",
        404 => "There is no such thing, or not for these brands.",
        409 => "Something stands in the way; `code` says what.",
        412 => "The state is not the one that `If-Match` names.",
        413 => "The body is too large.",
        415 => "The body is not JSON.",
        428 => "`If-Match` is needed.",
        429 => "Too many requests; `Retry-After` says when to come again.",
        503 => "The database does not answer.",
        _ => "",
    }
}

fn problem(status: u16) -> Value {
    let mut answer = json!({ "description": meaning(status), "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    if let (429 | 503, Some(answer)) = (status, answer.as_object_mut()) {
        answer.insert("headers".into(), json!({ "Retry-After": { "schema": { "type": "integer" }, "description": "Seconds." } }));
    }
    answer
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let subject = operation.subject().map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 128 } }));
    let query = operation.query.iter().map(|parameter| {
        let schema =
            if parameter.name == "limit" { json!({ "type": "integer", "minimum": 1, "maximum": 100 }) } else { json!({ "type": "string", "minLength": 1, "maxLength": 128 }) };
        json!({ "name": parameter.name, "in": "query", "required": false, "description": parameter.about, "schema": schema })
    });
    let key = (operation.method == Method::Post)
        .then(|| json!({ "name": "Idempotency-Key", "in": "header", "required": false, "description": "Of your choice: a request that is sent again with it gets the same answer, for a day.", "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9_-]+$" } }));
    let known = (operation.refusals.contains(&412))
        .then(|| json!({ "name": "If-Match", "in": "header", "required": false, "description": "The ETag of the state that you know.", "schema": { "type": "string", "maxLength": 128, "pattern": "^\"[A-Za-z0-9_-]+\"$" } }));
    subject.into_iter().chain(query).chain(key).chain(known).collect()
}

fn described(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let (status, output) = &operation.output;
    let mut responses = Map::new();
    let content = output.map(|schema| json!({ "application/json": { "schema": schema(generator) } }));
    let waits = operation.refusals.contains(&202);
    let mut success = json!({ "description": operation.summary });
    if let (Some(content), Some(success)) = (&content, success.as_object_mut()) {
        success.insert("content".into(), content.clone());
    }
    responses.insert(status.to_string(), success.clone());
    if waits {
        responses.insert("202".into(), success);
    }
    // Where a state can be replaced only by whoever knows it, it can be asked for only when it changed.
    if operation.method == Method::Get && operations().any(|other| other.path == operation.path && other.refusals.contains(&412)) {
        responses.insert("304".into(), json!({ "description": "It is as `If-None-Match` says." }));
    }
    for refusal in [400, 401, 403, 408, 413, 415, 429, 500, 503].iter().chain(operation.refusals).filter(|status| **status >= 400) {
        responses.insert(refusal.to_string(), problem(*refusal));
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "description": format!("Needs the permission `{}`.", json!(operation.permission).as_str().unwrap_or_default()),
        "parameters": parameters(operation),
        "responses": responses,
        "security": [{ "client_credentials": scopes_for(operation) }],
    });
    if let (Some(input), Some(described)) = (operation.input, described.as_object_mut()) {
        described.insert("requestBody".into(), json!({ "required": true, "content": { "application/json": { "schema": input(generator) } } }));
    }
    described
}

/// The scopes of the roles that may.
fn scopes_for(operation: &Operation) -> Vec<String> {
    Role::ALL.into_iter().filter(|role| role.permissions().contains(&operation.permission)).map(Role::scope).collect()
}

/// The document, for an installation at `issuer`.
pub fn document(issuer: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations() {
        let described = described(operation, &mut generator);
        let path = paths.entry(operation.full_path()).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.word().to_ascii_lowercase(), described);
        }
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert(
        "Problem".into(),
        json!({
            "type": "object",
            "description": "What stands in the way (RFC 9457).",
            "required": ["type", "title", "status", "code"],
            "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                "code": { "type": "string", "description": "A closed code." }, "correlation_id": { "type": "string" },
            },
        }),
    );
    let scopes: Map<String, Value> = Role::ALL.into_iter().map(|role| (role.scope(), json!(format!("What the role {} may.", role.title())))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Claviger administration",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the console can do, for programs. Lists are paged by `after`; a resource's ETag goes into `If-Match` when it is replaced; a POST with an `Idempotency-Key` can be sent again.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": issuer }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "client_credentials": { "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": format!("{issuer}/token"), "scopes": scopes } } } },
        },
    })
}
