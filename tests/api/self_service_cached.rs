//! The self-service routes, if the token or its secret changed after a request was authorized, as it may if API Gateway caches
//! the decisions of the authorizer.

use crate::self_service::{create, id};
use serde_json::{Map, Value, json};
use tests::handlers::authorizer_event;
use tests::{Request, TestApp};

#[tokio::test]
async fn a_token_that_was_deleted_after_it_was_authorized_is_not_found() {
    let app = TestApp::in_process().await;
    let (record, _) = create(&app, "deleted").await;
    app.delete(id(&record)).await.assert_status(204);
    let before = app.snapshot().await;
    for request in Request::self_service() {
        // Generation 1 is the secret that the token was generated with.
        let response = app.handlers().unwrap().send_as_holder(&request, id(&record), 1).await;
        response.assert_problem(404, "token-not-found");
    }
    assert!(app.snapshot().await == before, "a request was rejected but wrote something");
}

#[tokio::test]
async fn a_token_that_was_revoked_after_it_was_authorized_cannot_regenerate_itself() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let (record, token) = create(&app, "revoked").await;
    app.revoke_self(&token).await.assert_status(204);
    let before = app.snapshot().await;
    let response = handlers.send_as_holder(&Request::regenerate_self(), id(&record), 1).await;
    response.assert_problem(403, "forbidden");
    // A direct invocation has no token of its own.
    let bootstrap = json!({ "lambda": { "superAdmin": true } });
    for request in Request::self_service() {
        let response = handlers.send_with_context(&request, Some(bootstrap.clone())).await;
        response.assert_problem(403, "forbidden");
    }
    assert!(app.snapshot().await == before, "a request was rejected but wrote something");
}

/// Returns the authorizer's context for a request, which API Gateway may cache.
async fn authorized(app: &TestApp, request: &Request, token: &str) -> Option<Value> {
    let handlers = app.handlers().unwrap();
    let request = request.clone().bearer(token);
    let route = handlers.route_key(&request).unwrap();
    let decision = handlers.authorize(authorizer_event(&request, &route, &Map::new())).await;
    Some(json!({ "lambda": decision["context"] }))
}

#[tokio::test]
async fn a_secret_that_was_replaced_after_it_was_authorized_changes_nothing() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let (record, leaked) = create(&app, "leaked").await;
    let regenerate = Request::regenerate_self().json(&json!({ "gracePeriodSeconds": 0 }));
    let contexts = [
        authorized(&app, &regenerate, &leaked).await,
        authorized(&app, &Request::revoke_self(), &leaked).await,
    ];
    let new = app.regenerate(id(&record)).await.assert_status(200).new_token().unwrap();
    let before = app.tokens_and_names().await;
    let [regenerating, revoking] = contexts;
    let response = handlers.send_with_context(&regenerate, regenerating.clone()).await;
    response.assert_problem(403, "forbidden");
    // The regenerate has already ended this secret, so the revocation succeeds without a write.
    let response = handlers.send_with_context(&Request::revoke_self(), revoking.clone()).await;
    response.assert_status(204);
    assert_eq!(app.tokens_and_names().await, before);
    assert_eq!((app.use_token(&leaked).await, app.use_token(&new).await), (403, 200));
    // The authorizer of an earlier release returns a context without the generation of the secret.
    for (request, context) in [(regenerate, regenerating), (Request::revoke_self(), revoking)] {
        let mut context = context.unwrap();
        context["lambda"].as_object_mut().unwrap().remove("generation").unwrap();
        let response = handlers.send_with_context(&request, Some(context)).await;
        response.assert_problem(403, "forbidden");
    }
    assert_eq!(app.tokens_and_names().await, before);
}

#[tokio::test]
async fn a_secret_that_got_a_grace_period_since_it_was_authorized_revokes_only_itself() {
    let app = TestApp::in_process().await;
    let (record, old) = create(&app, "rotated").await;
    let context = authorized(&app, &Request::revoke_self(), &old).await;
    let grace = json!({ "gracePeriodSeconds": 60 });
    let new = app.regenerate(id(&record)).json(&grace).await.assert_status(200).new_token();
    let handlers = app.handlers().unwrap();
    handlers.send_with_context(&Request::revoke_self(), context).await.assert_status(204);
    assert_eq!((app.use_token(&old).await, app.use_token(&new.unwrap()).await), (403, 200));
}
