//! Every function checks its caller itself, independent of the gateway in front of it.

use serde_json::{Value, json};
use shared::service::Policy;
use std::collections::BTreeSet;
use tests::app::{POLICY, UNKNOWN_TOKEN};
use tests::handlers::template;
use tests::{Request, TestApp};

/// Asserts that every function rejects an event with this authorizer context, and writes nothing. Self-service routes are
/// called only if the expected status is 401, because they permit callers who are not super admins.
async fn assert_all_reject(context: Option<Value>, status: u16, code: &str) {
    let app = TestApp::in_process().await;
    let (id, _) = app.create_token("target").await;
    let before = app.snapshot().await;
    let mut requests = Request::management(&id);
    if status == 401 {
        requests.extend(Request::self_service());
    }
    for request in requests {
        let handlers = app.handlers().unwrap();
        let response = handlers.send_with_context(&request, context.clone()).await;
        response.assert_problem(status, code);
    }
    assert!(app.snapshot().await == before, "a request was rejected but wrote something");
    app.assert_no_secret_leaked().await;
}

/// Returns the context of our authorizer for this caller.
fn caller(super_admin: Value, id: &str) -> Value {
    json!({ "lambda": { "superAdmin": super_admin, "tokenId": id, "tokenName": "caller" } })
}

const ID: &str = "4GkTz0a9QmW1xB7c";

#[tokio::test]
async fn a_401_names_the_scheme() {
    let app = TestApp::in_process().await;
    let request = Request::list("");
    let response = app.handlers().unwrap().send_with_context(&request, None).await;
    assert_eq!((response.status, response.header("www-authenticate")), (401, Some("Bearer")));
}

#[tokio::test]
async fn an_event_without_an_authorizer_is_unauthenticated() {
    assert_all_reject(None, 401, "unauthenticated").await;
}

#[tokio::test]
async fn an_empty_authorizer_context_is_unauthenticated() {
    assert_all_reject(Some(json!({})), 401, "unauthenticated").await;
    assert_all_reject(Some(json!({ "lambda": null })), 401, "unauthenticated").await;
    assert_all_reject(Some(json!({ "lambda": {} })), 401, "unauthenticated").await;
}

#[tokio::test]
async fn the_context_of_another_authorizer_is_unauthenticated() {
    let jwt = json!({ "jwt": { "claims": { "superAdmin": "true" }, "scopes": [] } });
    assert_all_reject(Some(jwt), 401, "unauthenticated").await;
}

#[tokio::test]
async fn a_caller_with_a_malformed_id_is_unauthenticated() {
    assert_all_reject(Some(caller(json!(true), "nobody")), 401, "unauthenticated").await;
}

#[tokio::test]
async fn a_caller_who_is_not_a_super_admin_is_forbidden() {
    assert_all_reject(Some(caller(json!(false), ID)), 403, "forbidden").await;
}

#[tokio::test]
async fn only_json_true_is_a_super_admin() {
    for value in
        [json!("true"), json!(1), json!(null), json!("yes"), json!([true]), json!({ "true": true })]
    {
        assert_all_reject(Some(caller(value, ID)), 403, "forbidden").await;
    }
}

#[tokio::test]
async fn introspection_permits_a_caller_that_a_grant_let_in() {
    let app = TestApp::in_process().await;
    let request = Request::introspect(&[("token", UNKNOWN_TOKEN)]);
    for (grant, status) in [
        (json!(0), 200),
        (json!(99), 200),
        // With payload 1.0, API Gateway makes each value of the context a string.
        (json!("0"), 200),
        (json!(null), 403),
        (json!(""), 403),
        (json!("all"), 403),
        (json!(true), 403),
        (json!(-1), 403),
        (json!([0]), 403),
    ] {
        let mut context = caller(json!(false), ID);
        context["lambda"]["grant"] = grant.clone();
        let response = app.handlers().unwrap().send_with_context(&request, Some(context)).await;
        assert_eq!(response.status, status, "{grant}: {}", response.text);
    }
}

#[tokio::test]
async fn every_function_permits_a_super_admin() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let (id, _) = app.create_token("target").await;
    let mut routes = BTreeSet::new();
    for request in Request::management(&id) {
        let context = caller(json!(true), ID);
        let response = handlers.send_with_context(&request, Some(context)).await;
        assert!((200..300).contains(&response.status), "{request:?}: {}", response.text);
        if response.status == 201 {
            let actor = json!({ "id": ID, "name": "caller" });
            assert_eq!(response.json()["createdBy"], actor);
        }
        routes.insert(handlers.route_key(&request).unwrap());
    }
    let mut holder = json!({ "name": "holder", "permissions": { "type": "superAdmin" } });
    holder["selfRegenerate"] = json!(true);
    let (record, _) = app.create(holder).await;
    for request in Request::self_service().into_iter().chain([Request::revoke("unknown")]) {
        let response = handlers.send_as_holder(&request, record["id"].as_str().unwrap(), 1).await;
        assert!((200..300).contains(&response.status), "{request:?}: {}", response.text);
        routes.insert(handlers.route_key(&request).unwrap());
    }
    let management = template().routes.iter().filter(|route| route.path.starts_with("/v1/"));
    let management = management.map(|route| format!("{} {}", route.method, route.path));
    assert_eq!(
        routes,
        management.collect(),
        "Request::management, self_service and revoke must cover every route"
    );
}

#[tokio::test]
async fn the_bootstrap_event_generates_the_first_super_admin() {
    let app = TestApp::in_process().await;
    let page = app.list("").await.assert_status(200).json();
    let admin = &page["tokens"][0];
    assert_eq!(admin["name"], "admin");
    assert_eq!(admin["permissions"], json!({ "type": "superAdmin" }));
    assert_eq!(admin["expiresAt"], Value::Null);
    assert_eq!(admin["createdBy"], json!({ "id": null, "name": "bootstrap" }));
}

#[tokio::test]
async fn a_maximum_lifetime_applies_to_every_caller_but_the_bootstrap() {
    let policy = Policy { max_lifetime_days: Some(7), ..POLICY };
    let app = TestApp::in_process_with(policy).await;
    let body =
        json!({ "name": "eternal", "expiresAt": null, "permissions": { "type": "superAdmin" } });
    let rejected = app.generate(body).assert_rejected(422, "validation-failed").await;
    rejected.assert_violations(&[("/expiresAt", "expiration-required")]);
    let event = include_str!("../../infra/bootstrap.json").replace("admin\\\"", "back-in\\\"");
    let event = serde_json::from_str(&event).unwrap();
    let handlers = app.handlers().unwrap();
    let record = handlers.invoke("GenerateFunction", &event).await.assert_status(201).json();
    assert_eq!((&record["name"], &record["expiresAt"]), (&json!("back-in"), &Value::Null));
}
