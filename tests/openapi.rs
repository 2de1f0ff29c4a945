//! The OpenAPI document describes the routes, statuses, responses, problems and limits as they are.

use serde_json::{Value, json};
use shared::domain::description::Description;
use shared::domain::expiration::ExpirationPolicy;
use shared::domain::name::TokenName;
use shared::domain::time::Timestamp;
use shared::domain::token::TOKEN_LENGTH;
use shared::http::Fields;
use std::collections::BTreeSet;
use tests::app::self_regenerating_body;
use tests::openapi::{Operation, document, resolve};
use tests::stack::Stack;
use tests::{Request, TestApp};

#[test]
fn the_document_has_our_routes_under_v1_and_no_others() {
    let routes = Stack::shipped().our_routes().into_iter();
    let routes = routes.filter(|route| route.path.starts_with("/v1/"));
    let routes = routes.map(|route| format!("{} {}", route.method, route.path));
    let documented = Operation::all().iter().map(Operation::route_key).collect::<BTreeSet<_>>();
    assert_eq!(documented, routes.collect());
}

/// Returns the statuses that an operation can have, according to its body, parameters and method.
fn statuses(operation: &Operation) -> BTreeSet<u16> {
    let success = operation.statuses().into_iter().filter(|status| *status < 300);
    let mut statuses: BTreeSet<_> = success.collect();
    assert_eq!(statuses.len(), 1, "{}", operation.route_key());
    statuses.extend([400, 429, 500, 503]);
    if !operation.is_open() {
        statuses.extend([401, 403]);
    }
    let body = operation.body_schema();
    let has_form = operation.content_types().contains(&"application/x-www-form-urlencoded");
    let is_self_route = operation.path.contains("/self");
    let may_have_name = body.is_some_and(|body| body["properties"].get("name").is_some());
    for (is_possible, possible) in [
        (body.is_some(), &[413, 415, 422][..]),
        (has_form, &[413, 415]),
        (operation.has_parameter_in("path") || is_self_route, &[404]),
        // Revoke is the one open operation. It has no `If-Match`, but other writes can overtake it.
        (operation.is_open(), &[409]),
        (may_have_name, &[409]),
        (operation.has_parameter_in("header"), &[409, 412]),
    ] {
        statuses.extend(possible.iter().filter(|_| is_possible));
    }
    statuses
}

#[test]
fn each_operation_documents_each_of_its_statuses() {
    for operation in Operation::all() {
        assert_eq!(operation.statuses(), statuses(&operation), "{}", operation.route_key());
    }
}

#[tokio::test]
async fn each_operation_responds_as_documented() {
    let app = TestApp::in_process().await;
    let (id, _) = app.create_token("target").await;
    let handlers = app.handlers().unwrap();
    for request in Request::management(&id) {
        let route = handlers.route_key(&request).unwrap();
        let operation = Operation::all().into_iter().find(|one| one.route_key() == route).unwrap();
        let response = handlers.send_as_super_admin(&request).await;
        assert!((200..300).contains(&response.status), "{route}: {}", response.text);
        assert_eq!(operation.differences(&response), Vec::<String>::new(), "{route}");
    }
    let (_, token) = app.create(self_regenerating_body("holder")).await;
    let id = token.split('_').nth(1).unwrap();
    for request in Request::self_service().into_iter().chain([Request::revoke(&token)]) {
        let route = handlers.route_key(&request).unwrap();
        let operation = Operation::all().into_iter().find(|one| one.route_key() == route).unwrap();
        let response = handlers.send_as_holder(&request, id, 1).await;
        assert!((200..300).contains(&response.status), "{route}: {}", response.text);
        assert_eq!(operation.differences(&response), Vec::<String>::new(), "{route}");
    }
}

/// Returns whether a lifetime of this many days is accepted.
fn accepts_days(days: usize) -> bool {
    let body = json!({ "expiresInDays": days });
    let policy =
        ExpirationPolicy { now: Timestamp::parse("2026-11-23T09:00:00Z").unwrap(), max_days: None };
    Fields::parse(&body, |fields| fields.expiration(&policy)).is_ok()
}

#[test]
fn the_limits_in_the_document_are_those_that_apply() {
    let limit = |schema: &str, limit: &str| {
        let limit = document()["components"]["schemas"][schema][limit].as_u64();
        usize::try_from(limit.unwrap()).unwrap()
    };
    let (least, most) = (limit("TokenName", "minLength"), limit("TokenName", "maxLength"));
    let name = |length| TokenName::parse(&"a".repeat(length)).is_ok();
    assert_eq!([least - 1, least, most, most + 1].map(name), [false, true, true, false]);
    let most = limit("Description", "maxLength");
    let description = |length| Description::parse(&"é".repeat(length)).is_ok();
    assert_eq!([most, most + 1].map(description), [true, false]);
    let (least, most) = (limit("ExpiresInDays", "minimum"), limit("ExpiresInDays", "maximum"));
    assert_eq!([least - 1, least, most, most + 1].map(accepts_days), [false, true, true, false]);
    assert_eq!(limit("TokenString", "minLength"), TOKEN_LENGTH);
    assert_eq!(limit("TokenString", "maxLength"), TOKEN_LENGTH);
}

#[test]
fn every_problem_is_documented_and_every_documented_one_exists() {
    let source = include_str!("../shared/src/http/error.rs").split("#[cfg(test)]").next().unwrap();
    // In the source, the status of each problem is followed by its code.
    let statuses = source.split("StatusCode::").skip(1).filter_map(|rest| rest.split_once(','));
    let codes =
        statuses.filter_map(|(_, rest)| rest.trim_start().strip_prefix('"')?.split('"').next());
    let types = codes.map(|code| format!("urn:tokenward:problem:{code}"));
    // Examples and not an `enum`, so that a client generated today can read the codes of a later release.
    let documented = &document()["components"]["schemas"]["Problem"]["properties"]["type"];
    let documented = &documented["examples"];
    let documented = documented.as_array().unwrap().iter().map(|one| one.as_str().unwrap());
    assert_eq!(documented.map(str::to_owned).collect::<BTreeSet<_>>(), types.collect());
}

#[test]
fn all_content_types_of_a_response_have_one_schema() {
    // Generated clients use the schema of only one of them, and fail on a response of another.
    for operation in Operation::all() {
        for (status, response) in operation.responses() {
            let content = response["content"].as_object().into_iter().flatten();
            let schemas: BTreeSet<_> =
                content.map(|(_, content)| content["schema"].to_string()).collect();
            assert!(schemas.len() < 2, "{} {status}: {schemas:?}", operation.route_key());
        }
    }
}

#[test]
fn operation_ids_are_a_verb_and_a_noun() {
    // Generated clients rename a method that is a word of their language, such as `delete`.
    for operation in Operation::all() {
        let id = operation.id();
        let is_camel_case = id.chars().all(char::is_alphabetic) && id.contains(char::is_uppercase);
        assert!(is_camel_case && id.starts_with(char::is_lowercase), "{id}");
    }
}

/// Collects the names of the members of responses that a schema documents as optional.
fn optional_members(schema: &'static Value, found: &mut BTreeSet<String>) {
    let schema = resolve(schema);
    for keyword in ["oneOf", "allOf"] {
        for part in schema[keyword].as_array().into_iter().flatten() {
            optional_members(part, found);
        }
    }
    if let Some(items) = schema.get("items") {
        optional_members(items, found);
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        if !schema["required"].as_array().is_some_and(|names| names.contains(&json!(name))) {
            found.insert(name.clone());
        }
        optional_members(member, found);
    }
}

#[test]
fn only_role_errors_and_the_members_of_introspections_are_optional_in_responses() {
    // A missing member is found only if it is required. Those of an introspection are compared in `tests/api/introspect.rs`.
    let mut found = BTreeSet::new();
    for operation in Operation::all().iter().filter(|one| one.id() != "introspectToken") {
        for (_, response) in operation.responses() {
            for content in response["content"].as_object().into_iter().flatten().map(|one| one.1) {
                optional_members(&content["schema"], &mut found);
            }
        }
    }
    assert_eq!(found, BTreeSet::from(["errors".to_owned(), "role".to_owned()]));
    assert_eq!(document()["components"]["schemas"]["Introspection"]["required"], json!(["active"]));
}

/// Returns the differences between the response to a get and the document, once the record is changed.
async fn differences(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let app = TestApp::in_process().await;
    let (id, _) = app.create_token("target").await;
    let mut response = app.get(&id).await.assert_status(200);
    let mut record = response.json();
    change(&mut record);
    response.text = record.to_string();
    let operations = Operation::all().into_iter();
    let mut get = operations.filter(|one| one.route_key() == "GET /v1/tokens/{id}");
    get.next().unwrap().differences(&response)
}

#[tokio::test]
async fn an_undocumented_member_and_a_missing_one_are_found_at_any_depth() {
    let colour = differences(|record| record["colour"] = json!("red"));
    assert_eq!(colour.await, ["/colour is not documented"]);
    let nested = differences(|record| record["createdBy"]["colour"] = json!("red"));
    assert_eq!(nested.await, ["/createdBy/colour is not documented"]);
    let missing = differences(|record| drop(record.as_object_mut().unwrap().remove("version")));
    assert_eq!(missing.await, ["/version is missing"]);
    let wrong = differences(|record| record["version"] = json!("1"));
    assert_eq!(wrong.await, [r#"/version: "1" is not of type "integer""#]);
    let status = differences(|record| record["status"] = json!("asleep"));
    assert_eq!(status.await, [r#"/status: "asleep" is not documented"#]);
    let grant = differences(|record| record["permissions"]["grants"][0]["paths"] = json!(7));
    assert_eq!(grant.await, ["/permissions/grants/0/paths: 7 is not of type \"string\""]);
    assert_eq!(differences(|_| {}).await, Vec::<String>::new());
}
