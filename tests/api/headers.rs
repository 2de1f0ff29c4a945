//! The headers that every response has, and request headers that must not have any effect.

use serde_json::json;
use tests::app::self_regenerating_body;
use tests::{Request, TestApp};

tests::api_tests!(every_response_has_the_security_headers, method_override_headers_are_ignored,);

/// Request headers by which some frameworks replace the method of a request.
const METHOD_OVERRIDES: [&str; 3] =
    ["x-http-method-override", "x-http-method", "x-method-override"];

/// An id that no token has.
const UNKNOWN: &str = "4GkTz0a9QmW1xB7c";

async fn every_response_has_the_security_headers(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    for request in Request::management(&id) {
        let response = app.build(request.clone()).await;
        assert!((200..300).contains(&response.status), "{request:?}: {}", response.text);
        response.assert_security_headers();
    }
    let (_, token) = app.create(self_regenerating_body("holder")).await;
    let mut token = token;
    for request in Request::self_service() {
        let response = app.build(request.clone()).bearer(&token).await;
        assert!((200..300).contains(&response.status), "{request:?}: {}", response.text);
        if let Some(new) = response.clone().assert_security_headers().new_token() {
            token = new;
        }
    }
    app.revoke("unknown").await.assert_status(200).assert_security_headers();
    // The demo's function.
    app.request("GET", "/whoami").await.assert_status(200).assert_security_headers();
    let incomplete = |request: Request| request.body("application/json", "{");
    for (request, status, code) in [
        (incomplete(Request::new("POST", "/v1/tokens")), 400, "invalid-json"),
        (Request::list("unknown=1"), 400, "invalid-query"),
        (Request::get(UNKNOWN), 404, "token-not-found"),
        (Request::patch(UNKNOWN, &json!({ "description": "x" })), 404, "token-not-found"),
        (Request::regenerate(UNKNOWN), 404, "token-not-found"),
        (Request::simulate(UNKNOWN, "GET", "/whoami"), 404, "token-not-found"),
        (incomplete(Request::new("POST", "/v1/simulate")), 400, "invalid-json"),
        (Request::delete(UNKNOWN), 404, "token-not-found"),
    ] {
        // `assert_problem` also asserts the headers.
        app.build(request).await.assert_problem(status, code);
    }
}

async fn method_override_headers_are_ignored(app: &TestApp) {
    let (id, token) = app.create_token("target").await;
    let before = app.snapshot().await;
    for name in METHOD_OVERRIDES {
        let record = app.get(&id).header(name, "DELETE").await.assert_status(200).json();
        assert_eq!(record["name"], "target", "{name}");
        let page = app.list("").header(name, "POST").await.assert_status(200).json();
        assert!(page["tokens"].is_array(), "{name}");
        let simulated = app.simulate(&id, "GET", "/orders/7").header(name, "DELETE").await;
        assert_eq!(simulated.assert_status(200).json()["allowed"], true, "{name}");
        // The token is permitted to GET this path, and no header makes another method a GET.
        let order = |method| app.request(method, "/orders/7").bearer(&token).header(name, "GET");
        order("GET").await.assert_status(200);
        order("DELETE").await.assert_gateway_error(403, "Forbidden");
    }
    assert!(app.snapshot().await == before, "a read with a method override wrote something");
}
