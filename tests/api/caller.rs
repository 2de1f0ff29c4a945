//! Every function checks its caller itself, independent of the gateway in front of it.

use serde_json::{Map, Value, json};
use tests::app::token_body;
use tests::handlers::function_event;
use tests::{Request, Response, TestApp};

/// A request to every management route that succeeds for a super admin: function, route and request.
fn management_requests(id: &str) -> Vec<(&'static str, &'static str, Request)> {
    let super_admin = json!({ "type": "superAdmin" });
    vec![
        ("GenerateFunction", "POST /v1/tokens", Request::generate(&token_body("new"))),
        ("ListFunction", "GET /v1/tokens", Request::list("")),
        ("ListFunction", "GET /v1/tokens/{id}", Request::get(id)),
        (
            "UpdateFunction",
            "PATCH /v1/tokens/{id}",
            Request::patch(id, &json!({ "description": "x" })),
        ),
        ("RegenerateFunction", "POST /v1/tokens/{id}/regenerate", Request::regenerate(id)),
        (
            "SimulateFunction",
            "POST /v1/tokens/{id}/simulate",
            Request::simulate(id, "GET", "/orders/7"),
        ),
        (
            "SimulateFunction",
            "POST /v1/simulate",
            Request::simulate_permissions(&super_admin, "GET", "/x"),
        ),
        ("DeleteFunction", "DELETE /v1/tokens/{id}", Request::delete(id)),
    ]
}

/// Asserts that every function rejects an event with this authorizer context, and writes nothing.
async fn assert_all_reject(context: Option<Value>, status: u16, code: &str) {
    let app = TestApp::in_process().await;
    let (id, _) = app.create_token("target").await;
    let before = app.snapshot().await;
    for (function, route, request) in management_requests(&id) {
        let response = invoke(&app, function, route, &request, &id, context.clone()).await;
        response.assert_problem(status, code);
    }
    assert!(app.snapshot().await == before, "a request was rejected but wrote something");
    app.assert_no_secret_leaked().await;
}

async fn invoke(
    app: &TestApp,
    function: &str,
    route: &str,
    request: &Request,
    id: &str,
    context: Option<Value>,
) -> Response {
    let parameters = route.contains("{id}").then(|| ("id".to_owned(), json!(id)));
    let mut event = function_event(request, route, &Map::from_iter(parameters));
    if let Some(context) = context {
        event["requestContext"]["authorizer"] = context;
    }
    app.handlers().unwrap().invoke(function, &event).await
}

/// Returns the context of our authorizer for this caller.
fn caller(super_admin: Value, id: &str) -> Value {
    json!({ "lambda": { "superAdmin": super_admin, "tokenId": id, "tokenName": "caller" } })
}

const ID: &str = "4GkTz0a9QmW1xB7c";

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
async fn every_function_permits_a_super_admin() {
    let app = TestApp::in_process().await;
    let (id, _) = app.create_token("target").await;
    for (function, route, request) in management_requests(&id) {
        let context = caller(json!(true), ID);
        let response = invoke(&app, function, route, &request, &id, Some(context)).await;
        assert!((200..300).contains(&response.status), "{route}: {}", response.text);
        if function == "GenerateFunction" {
            let actor = json!({ "id": ID, "name": "caller" });
            assert_eq!(response.json()["createdBy"], actor);
        }
    }
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
