//! The OpenAPI document and the routes agree, and so do the problems that it names.

use local::TEMPLATE;
use local::template::Template;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::json;
use shared::domain::description::Description;
use shared::domain::document::Object;
use shared::domain::expiration::ExpirationPolicy;
use shared::domain::name::TokenName;
use shared::domain::time::Timestamp;
use shared::domain::token::TOKEN_LENGTH;
use shared::domain::violation::{Pointer, Violations};
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../docs/openapi.yaml");

/// The statuses that each operation can answer with, by the function itself.
const OPERATIONS: [(&str, &[u16]); 8] = [
    ("POST /v1/simulate", &[200, 400, 401, 403, 413, 415, 422, 500, 503]),
    ("POST /v1/tokens/{id}/simulate", &[200, 400, 401, 403, 404, 413, 415, 422, 429, 500, 503]),
    ("POST /v1/tokens", &[201, 400, 401, 403, 409, 413, 415, 422, 429, 500, 503]),
    ("GET /v1/tokens", &[200, 400, 401, 403, 429, 500, 503]),
    ("GET /v1/tokens/{id}", &[200, 400, 401, 403, 404, 429, 500, 503]),
    ("PATCH /v1/tokens/{id}", &[200, 400, 401, 403, 404, 412, 413, 415, 422, 429, 500, 503]),
    (
        "POST /v1/tokens/{id}/regenerate",
        &[200, 400, 401, 403, 404, 412, 413, 415, 422, 429, 500, 503],
    ),
    ("DELETE /v1/tokens/{id}", &[204, 401, 403, 404, 412, 429, 500, 503]),
];

const PROBLEMS: [&str; 13] = [
    "invalid-json",
    "invalid-query",
    "unauthenticated",
    "forbidden",
    "token-not-found",
    "name-taken",
    "version-conflict",
    "body-too-large",
    "unsupported-media-type",
    "validation-failed",
    "throttled",
    "unavailable",
    "internal",
];

fn document() -> Yaml<'static> {
    Yaml::load_from_str(DOCUMENT).unwrap().remove(0)
}

fn operations<'a>(document: &'a Yaml<'a>) -> Vec<(String, &'a Yaml<'a>)> {
    let mut operations = Vec::new();
    for (path, methods) in document.as_mapping_get("paths").unwrap().as_mapping().unwrap() {
        for (method, operation) in methods.as_mapping().unwrap() {
            let method = method.as_str().unwrap();
            if ["get", "post", "patch", "put", "delete"].contains(&method) {
                operations.push((
                    format!("{} {}", method.to_uppercase(), path.as_str().unwrap()),
                    operation,
                ));
            }
        }
    }
    operations
}

#[test]
fn the_document_has_the_templates_management_routes_and_no_other() {
    let routes = Template::parse(TEMPLATE).unwrap().routes.into_iter();
    let routes = routes
        .filter(|route| route.path.starts_with("/v1/"))
        .map(|route| format!("{} {}", route.method, route.path));
    let document = document();
    let documented: BTreeSet<_> =
        operations(&document).into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(documented, routes.collect());
}

#[test]
fn each_operation_documents_each_of_its_statuses() {
    let document = document();
    for (name, operation) in operations(&document) {
        let responses = operation.as_mapping_get("responses").unwrap().as_mapping().unwrap();
        let status = |status: &Yaml<'_>| {
            status
                .as_str()
                .and_then(|text| text.parse().ok())
                .or(status.as_integer().map(|number| number as u16))
        };
        let documented: BTreeSet<u16> = responses.keys().filter_map(status).collect();
        let (_, expected) = OPERATIONS.iter().find(|(operation, _)| *operation == name).unwrap();
        assert_eq!(documented, expected.iter().copied().collect(), "{name}");
    }
}

/// Whether a lifetime of so many days is taken.
fn admits_days(days: usize) -> bool {
    let body = json!({ "expiresInDays": days });
    let mut violations = Violations::default();
    let mut body = Object::begin(&body, &Pointer::root(), &mut violations).unwrap();
    let policy =
        ExpirationPolicy { now: Timestamp::parse("2026-11-23T09:00:00Z").unwrap(), max_days: None };
    let read = policy.read(&mut body, &mut violations);
    violations.none_or(read).is_ok()
}

#[test]
fn the_limits_in_the_document_are_those_that_count() {
    let document = document();
    let schemas = document.as_mapping_get("components").unwrap();
    let schemas = schemas.as_mapping_get("schemas").unwrap();
    let limit = |schema: &str, limit: &str| {
        let schema = schemas.as_mapping_get(schema).unwrap();
        let limit = schema.as_mapping_get(limit).unwrap();
        usize::try_from(limit.as_integer().unwrap()).unwrap()
    };
    let (least, most) = (limit("TokenName", "minLength"), limit("TokenName", "maxLength"));
    let name = |length| TokenName::parse(&"a".repeat(length)).is_ok();
    assert_eq!([least - 1, least, most, most + 1].map(name), [false, true, true, false]);
    let most = limit("Description", "maxLength");
    let description = |length| Description::parse(&"é".repeat(length)).is_ok();
    assert_eq!([most, most + 1].map(description), [true, false]);
    let (least, most) = (limit("ExpiresInDays", "minimum"), limit("ExpiresInDays", "maximum"));
    assert_eq!([least - 1, least, most, most + 1].map(admits_days), [false, true, true, false]);
    assert_eq!(limit("TokenString", "minLength"), TOKEN_LENGTH);
    assert_eq!(limit("TokenString", "maxLength"), TOKEN_LENGTH);
}

#[test]
fn every_problem_is_documented_and_every_documented_one_exists() {
    let source = include_str!("../shared/src/http/error.rs").split("#[cfg(test)]").next().unwrap();
    // Every problem is written as its status and, next, its code.
    let statuses = source.split("StatusCode::").skip(1).filter_map(|rest| rest.split_once(','));
    let codes =
        statuses.filter_map(|(_, rest)| rest.trim_start().strip_prefix('"')?.split('"').next());
    assert_eq!(codes.collect::<BTreeSet<_>>(), PROBLEMS.into_iter().collect());
    let documented: BTreeSet<_> = DOCUMENT
        .split("urn:tokenward:problem:")
        .skip(1)
        .map(|rest| {
            rest.split(|character: char| !character.is_ascii_lowercase() && character != '-')
                .next()
                .unwrap()
        })
        .filter(|code| !code.is_empty())
        .collect();
    assert_eq!(documented, PROBLEMS.into_iter().collect());
}
