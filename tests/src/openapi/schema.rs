//! Compares JSON with a schema of `docs/openapi.yaml`. Members that the schema does not describe are differences, although JSON
//! Schema permits them.
//!
//! Only keywords about types and members are checked. `tests/hostile/run` checks all keywords.

use super::document;
use serde_json::{Map, Value};

/// Returns what a `$ref` refers to, or the value itself.
pub fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Returns each way in which a value differs from a schema. `pointer` is the JSON Pointer to the value.
pub fn differences(schema: &'static Value, value: &Value, pointer: &str) -> Vec<String> {
    let schema = resolve(schema);
    let mut found = Vec::new();
    // A value need match only one of the alternatives, so the nearest one is reported.
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    let each = alternatives.map(|one| differences(one, value, pointer));
    found.extend(each.min_by_key(Vec::len).unwrap_or_default());
    if !is_of_type(schema, value) {
        found.push(format!("{pointer}: {value} is not of type {}", schema["type"]));
    }
    let is_listed = schema["enum"].as_array().is_none_or(|values| values.contains(value));
    if !is_listed || schema.get("const").is_some_and(|constant| constant != value) {
        found.push(format!("{pointer}: {value} is not documented"));
    }
    match value {
        Value::Object(members) => found.extend(of_object(schema, members, pointer)),
        Value::Array(elements) => {
            if let Some(items) = schema.get("items") {
                let elements = elements.iter().enumerate();
                found.extend(elements.flat_map(|(index, element)| {
                    differences(items, element, &format!("{pointer}/{index}"))
                }));
            }
        }
        _ => {}
    }
    found
}

fn of_object(schema: &'static Value, members: &Map<String, Value>, pointer: &str) -> Vec<String> {
    let parts = parts(schema);
    let mut found = Vec::new();
    let required = parts.iter().filter_map(|part| part["required"].as_array()).flatten();
    for name in required.map(|name| name.as_str().unwrap()) {
        if !members.contains_key(name) {
            found.push(format!("{pointer}/{name} is missing"));
        }
    }
    // The members of a schema without `properties` are described by its alternatives, which `differences` compares.
    let is_described = parts.iter().any(|part| part.get("properties").is_some());
    for (name, member) in members {
        let place = format!("{pointer}/{name}");
        match parts.iter().find_map(|part| part["properties"].get(name)) {
            Some(schema) => found.extend(differences(schema, member, &place)),
            None if schema["additionalProperties"].is_object() => {
                found.extend(differences(&schema["additionalProperties"], member, &place));
            }
            None if is_described => found.push(format!("{place} is not documented")),
            None => {}
        }
    }
    found
}

/// Returns a schema and those that it combines with `allOf`.
fn parts(schema: &'static Value) -> Vec<&'static Value> {
    let all = schema["allOf"].as_array().into_iter().flatten();
    [schema].into_iter().chain(all.flat_map(|part| parts(resolve(part)))).collect()
}

fn is_of_type(schema: &Value, value: &Value) -> bool {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match &schema["type"] {
        Value::String(one) => one == name,
        Value::Array(several) => several.iter().any(|one| one == name),
        _ => true,
    }
}
