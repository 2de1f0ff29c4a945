//! Every function checks its caller itself, whatever the gateway in front of it does.

use serde_json::{Map, Value, json};
use tests::app::token_body;
use tests::handlers::event_with_body;
use tests::{Request, Response, TestApp};

/// Every management route with a call that a super admin would be answered.
fn routes(id: &str) -> Vec<(&'static str, &'static str, Request)> {
    let one = format!("/v1/tokens/{id}");
    vec![
        (
            "GenerateFunction",
            "POST /v1/tokens",
            Request::new("POST", "/v1/tokens").json(&token_body("by-nobody")),
        ),
        ("ListFunction", "GET /v1/tokens", Request::new("GET", "/v1/tokens")),
        ("ListFunction", "GET /v1/tokens/{id}", Request::new("GET", &one)),
        (
            "UpdateFunction",
            "PATCH /v1/tokens/{id}",
            Request::new("PATCH", &one).json(&json!({ "description": "x" })),
        ),
        (
            "RegenerateFunction",
            "POST /v1/tokens/{id}/regenerate",
            Request::new("POST", format!("{one}/regenerate")),
        ),
        (
            "SimulateFunction",
            "POST /v1/tokens/{id}/simulate",
            Request::new("POST", format!("{one}/simulate"))
                .json(&json!({ "method": "GET", "path": "/orders/7" })),
        ),
        (
            "SimulateFunction",
            "POST /v1/simulate",
            Request::new("POST", "/v1/simulate").json(
                &json!({ "permissions": { "type": "superAdmin" }, "method": "GET", "path": "/x" }),
            ),
        ),
        ("DeleteFunction", "DELETE /v1/tokens/{id}", Request::new("DELETE", &one)),
    ]
}

async fn refused(context: Option<Value>, status: u16, code: &str) {
    let app = TestApp::in_process().await;
    let (id, _) = app.create_token("target").await;
    let before = app.snapshot().await;
    for (function, route, call) in routes(&id) {
        let answer = invoke(&app, function, route, &call, &id, context.clone()).await;
        answer.assert_problem(status, code);
    }
    assert!(app.snapshot().await == before, "a refusal wrote something");
    app.assert_no_secret_leaked().await;
}

async fn invoke(
    app: &TestApp,
    function: &str,
    route: &str,
    call: &Request,
    id: &str,
    context: Option<Value>,
) -> Response {
    let parameters = if route.contains("{id}") {
        Map::from_iter([("id".to_owned(), json!(id))])
    } else {
        Map::new()
    };
    let mut event = event_with_body(call, route, &parameters);
    if let Some(context) = context {
        event["requestContext"]["authorizer"] = context;
    }
    app.handlers().unwrap().invoke(function, &event).await
}

#[tokio::test]
async fn an_event_without_authorizer_is_unauthenticated() {
    refused(None, 401, "unauthenticated").await;
}

#[tokio::test]
async fn an_event_with_an_empty_authorizer_is_unauthenticated() {
    refused(Some(json!({})), 401, "unauthenticated").await;
    refused(Some(json!({ "lambda": null })), 401, "unauthenticated").await;
    refused(Some(json!({ "lambda": {} })), 401, "unauthenticated").await;
}

#[tokio::test]
async fn another_kind_of_authorizer_is_unauthenticated() {
    let jwt = json!({ "jwt": { "claims": { "superAdmin": "true" }, "scopes": [] } });
    refused(Some(jwt), 401, "unauthenticated").await;
}

#[tokio::test]
async fn a_caller_whose_id_is_none_is_unauthenticated() {
    let context =
        json!({ "lambda": { "superAdmin": true, "tokenId": "nobody", "tokenName": "x" } });
    refused(Some(context), 401, "unauthenticated").await;
}

#[tokio::test]
async fn a_caller_who_is_no_super_admin_is_forbidden() {
    let context = json!({ "lambda": { "superAdmin": false, "tokenId": "4GkTz0a9QmW1xB7c", "tokenName": "ci" } });
    refused(Some(context), 403, "forbidden").await;
}

#[tokio::test]
async fn only_json_true_is_a_super_admin() {
    for value in
        [json!("true"), json!(1), json!(null), json!("yes"), json!([true]), json!({ "true": true })]
    {
        let context = json!({ "lambda": { "superAdmin": value, "tokenId": "4GkTz0a9QmW1xB7c", "tokenName": "ci" } });
        refused(Some(context), 403, "forbidden").await;
    }
}

#[tokio::test]
async fn a_super_admin_is_answered_by_every_function() {
    let app = TestApp::in_process().await;
    let (id, _) = app.create_token("target").await;
    for (function, route, call) in routes(&id) {
        let context = json!({ "lambda": { "superAdmin": true, "tokenId": "4GkTz0a9QmW1xB7c", "tokenName": "boss" } });
        let answer = invoke(&app, function, route, &call, &id, Some(context)).await;
        assert!((200..300).contains(&answer.status), "{route}: {}", answer.text);
        if function == "GenerateFunction" {
            assert_eq!(
                answer.json()["createdBy"],
                json!({ "id": "4GkTz0a9QmW1xB7c", "name": "boss" })
            );
        }
    }
}

#[tokio::test]
async fn the_bootstrap_event_makes_the_first_super_admin() {
    let app = TestApp::in_process().await;
    let record = app.call(Request::new("GET", "/v1/tokens")).await.assert_status(200).json();
    let admin = &record["tokens"][0];
    assert_eq!(admin["name"], "admin");
    assert_eq!(admin["permissions"], json!({ "type": "superAdmin" }));
    assert_eq!(admin["expiresAt"], Value::Null);
    assert_eq!(admin["createdBy"], json!({ "id": null, "name": "bootstrap" }));
}
