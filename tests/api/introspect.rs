//! `POST /v1/introspect` (RFC 7662): whether a token is active, and what it permits.

use serde_json::{Value, json};
use tests::app::{UNKNOWN_TOKEN, route_permissions, specific, timestamp, token_body};
use tests::{Request, TestApp, table};

tests::api_tests!(
    an_active_token_is_described,
    a_previous_secret_is_described_until_its_end,
    decides_as_the_authorizer,
    a_path_that_cannot_be_decoded_is_denied,
    counts_as_a_use_with_the_route_of_the_rule,
    only_super_admins_and_tokens_with_a_routes_grant_are_permitted,
    rejects_invalid_forms,
    rejects_malformed_and_large_forms_and_other_content_types,
);

const PATH: &str = "/v1/introspect";

/// Introspects a token with these further fields, and returns the response's body.
pub async fn introspect(app: &TestApp, token: &str, fields: &[(&str, &str)]) -> Value {
    let fields: Vec<_> = [("token", token)].into_iter().chain(fields.iter().copied()).collect();
    let response = app.introspect(&fields).await.assert_status(200).assert_security_headers();
    assert_eq!(response.header("content-type"), Some("application/json"));
    response.json()
}

async fn an_active_token_is_described(app: &TestApp) {
    let mut body = token_body("checkout");
    body["owner"] = json!("payments-team");
    let (record, token) = app.create(body).await;
    let mut expected = json!({
        "active": true,
        "sub": record["id"],
        "username": "checkout",
        "iat": timestamp(&record, "createdAt"),
        "exp": timestamp(&record, "expiresAt"),
        "super_admin": false,
        "owner": "payments-team",
    });
    assert_eq!(introspect(app, &token, &[]).await, expected);
    expected["allowed"] = json!(true);
    expected["grant"] = json!(0);
    let order = [("method", "GET"), ("path", "/orders/7")];
    assert_eq!(introspect(app, &token, &order).await, expected);
    expected["allowed"] = json!(false);
    expected["grant"] = Value::Null;
    let order = [("method", "POST"), ("path", "/orders/7"), ("token_type_hint", "access_token")];
    assert_eq!(introspect(app, &token, &order).await, expected);

    let super_admin = json!({ "type": "superAdmin" });
    let body = json!({ "name": "root", "permissions": super_admin, "expiresAt": null });
    let (record, token) = app.create(body).await;
    let expected = json!({
        "active": true,
        "sub": record["id"],
        "username": "root",
        "iat": timestamp(&record, "createdAt"),
        "super_admin": true,
        "owner": null,
        "allowed": true,
        "grant": null,
    });
    let delete = [("method", "DELETE"), ("path", "/anything")];
    assert_eq!(introspect(app, &token, &delete).await, expected);
}

async fn a_previous_secret_is_described_until_its_end(app: &TestApp) {
    let (before, old) = app.create(token_body("rotated")).await;
    let id = before["id"].as_str().unwrap();
    // Otherwise the two secrets could have been made in the same second.
    table::set_timestamp(&app.dynamodb, id, "createdAt", 1_700_000_000).await;
    let grace = json!({ "gracePeriodSeconds": 60, "expiresInDays": 90 });
    let after = app.regenerate(id).json(&grace).await.assert_status(200).json();
    let of_old = introspect(app, &old, &[]).await;
    assert_eq!(of_old["iat"], 1_700_000_000);
    assert_eq!(of_old["exp"], timestamp(&after["previousSecret"], "validUntil"));
    let of_new = introspect(app, after["token"].as_str().unwrap(), &[]).await;
    assert_eq!(of_new["iat"], timestamp(&after, "regeneratedAt"));
    assert_eq!(of_new["exp"], timestamp(&after, "expiresAt"));
    assert_eq!((&of_old["sub"], &of_new["sub"]), (&before["id"], &before["id"]));
    table::end_grace_period(&app.dynamodb, id, timestamp(&after, "updatedAt")).await;
    assert_eq!(introspect(app, &old, &[]).await, json!({ "active": false }));
    assert_eq!(introspect(app, after["token"].as_str().unwrap(), &[]).await["active"], true);
}

/// Returns different permissions, each with a name for a token that has them.
fn permissions() -> Vec<(&'static str, Value)> {
    let devtron_apps = |role: &str| {
        json!({ "resource": "devtronApps", "project": "payments", "environments": ["staging"],
            "applications": ["checkout"], "role": role })
    };
    vec![
        ("super-admin", json!({ "type": "superAdmin" })),
        ("orders", route_permissions("GET", "/orders/**")),
        ("everything", route_permissions("*", "/**")),
        ("introspection", route_permissions("POST", PATH)),
        ("viewer", specific(json!([devtron_apps("view")]))),
        ("trigger", specific(json!([devtron_apps("view"), devtron_apps("trigger")]))),
    ]
}

async fn decides_as_the_authorizer(app: &TestApp) {
    let mut requests: Vec<(&str, String)> = Vec::new();
    for method in ["GET", "HEAD", "POST", "DELETE"] {
        for path in [
            "/whoami",
            "/orders/7",
            "/orders/7/items",
            "/orders/..",
            "/orders/a;b",
            "/orders/*",
            "/projects/payments/applications/checkout",
            "/projects/payments/applications/cart",
            "/projects/payments/applications/checkout/deployments/staging",
            "/projects/payments/applications/checkout/deployments/prod",
            "/clusters/c/namespaces/n/apps/Deployment/web",
            "/v1/tokens",
            "/v1/tokens/self",
            "/v1/introspect",
            "/v1/events",
        ] {
            // This request would revoke the token that sends it.
            if (method, path) != ("DELETE", "/v1/tokens/self") {
                requests.push((method, path.to_owned()));
            }
        }
    }
    if app.gateway().is_some() {
        // Only a gateway decodes paths. Without one, the events contain the paths as they were sent.
        for path in
            ["/orders/%37", "/orders/a%20b", "/orders/a%2Fb", "/orders/%2e%2e", "/%6frders/7"]
        {
            requests.push(("GET", path.to_owned()));
        }
    }
    let mut seen = Vec::new();
    for (name, permissions) in permissions() {
        let (_, token) = app.create(json!({ "name": name, "permissions": permissions })).await;
        for (method, path) in &requests {
            let response = app.request(method, path).bearer(&token).await;
            // Without a route, the gateway does not ask the authorizer.
            if response.status == 404 {
                continue;
            }
            let is_denied = response.status == 403 && !response.text.contains("urn:tokenward");
            let form = [("method", *method), ("path", path)];
            let allowed = introspect(app, &token, &form).await["allowed"].clone();
            assert_eq!(allowed, !is_denied, "{name} {method} {path}: {}", response.status);
            seen.push(is_denied);
        }
    }
    assert!(seen.len() > 100 && seen.contains(&true) && seen.contains(&false), "{}", seen.len());
}

async fn a_path_that_cannot_be_decoded_is_denied(app: &TestApp) {
    let everything = json!({ "name": "all", "permissions": route_permissions("*", "/**") });
    let (_, token) = app.create(everything).await;
    let long = format!("/orders/{}", "a".repeat(8000));
    for (path, allowed) in [
        ("/orders/%ff", false),
        ("/%ff", false),
        ("/orders/%00", false),
        ("/orders/%2e%2e/secret", false),
        ("/orders/a%252Fb", false),
        ("//orders/7", false),
        ("/", true),
        ("/elsewhere/%C3%A9", true),
        (&long, true),
    ] {
        let form = [("method", "GET"), ("path", path)];
        assert_eq!(introspect(app, &token, &form).await["allowed"], allowed, "{path}");
        assert_eq!(introspect(app, &app.admin, &form).await["allowed"], true, "{path}");
    }
}

async fn counts_as_a_use_with_the_route_of_the_rule(app: &TestApp) {
    for (name, fields, route) in [
        ("only", vec![], "POST /v1/introspect"),
        ("ruled", vec![("method", "GET"), ("path", "/orders/alice")], "GET /orders/{proxy+}"),
        // The token is active, although it does not permit this.
        ("denied", vec![("method", "POST"), ("path", "/orders/alice")], "POST /orders/{proxy+}"),
        ("unruled", vec![("method", "GET"), ("path", "/users/alice")], "POST /v1/introspect"),
    ] {
        let (id, token) = app.create_token(name).await;
        let from = [("source_ip", "::ffff:203.0.113.7")];
        introspect(app, &token, &[&from[..], &fields].concat()).await;
        let used = app.get(&id).await.json()["lastUsed"].clone();
        assert_eq!((&used["route"], &used["sourceIp"]), (&json!(route), &json!("203.0.113.7")));
    }
    let (id, token) = app.create_token("anywhere").await;
    introspect(app, &token, &[]).await;
    let record = app.get(&id).await.json();
    assert_eq!(record["lastUsed"]["sourceIp"], Value::Null, "not the service's own address");
    assert_eq!(record["version"], 1, "a use does not change the record");
}

async fn only_super_admins_and_tokens_with_a_routes_grant_are_permitted(app: &TestApp) {
    let ask = || app.introspect(&[("token", UNKNOWN_TOKEN)]);
    ask().await.assert_status(200);
    for (name, grants, is_permitted) in [
        ("exact", json!([{ "resource": "routes", "methods": ["POST"], "paths": [PATH] }]), true),
        ("wider", json!([{ "resource": "routes", "methods": ["*"], "paths": ["/**"] }]), true),
        ("method", json!([{ "resource": "routes", "methods": ["GET"], "paths": [PATH] }]), false),
        ("path", json!([{ "resource": "routes", "methods": ["POST"], "paths": ["/a"] }]), false),
        (
            "kind",
            json!([{ "resource": "devtronApps", "project": "*", "environments": ["*"],
                "applications": ["*"], "role": "manager" }]),
            false,
        ),
    ] {
        let (_, token) = app.create(json!({ "name": name, "permissions": specific(grants) })).await;
        let response = ask().bearer(&token).await;
        match is_permitted {
            true => assert_eq!(response.assert_status(200).json(), json!({ "active": false })),
            false => response.assert_gateway_error(403, "Forbidden"),
        }
    }
    for token in [UNKNOWN_TOKEN, "garbage"] {
        ask().bearer(token).await.assert_gateway_error(403, "Forbidden");
    }
    ask().anonymous().await.assert_gateway_error(401, "Unauthorized");
    // The token in the form is not a credential.
    let form = app.introspect(&[("token", &app.admin)]).anonymous();
    form.await.assert_gateway_error(401, "Unauthorized");
}

async fn rejects_invalid_forms(app: &TestApp) {
    let (id, token) = app.create_token("kept").await;
    let token = ("token", token.as_str());
    let get = ("method", "GET");
    let path = ("path", "/orders/7");
    for (fields, detail) in [
        (vec![], "Field `token` is required."),
        (vec![get, path], "Field `token` is required."),
        (vec![token, token], "Field `token` must be given once."),
        (vec![token, get], "Field `path` is required with `method`."),
        (vec![token, path], "Field `method` is required with `path`."),
        (vec![token, ("method", ""), path], "Field `method` must be a method"),
        (vec![token, ("method", "get"), path], "Field `method` must be a method"),
        (vec![token, ("method", "ANY"), path], "Field `method` must be a method"),
        (vec![token, get, ("path", "")], "Field `path` must start with `/`."),
        (vec![token, get, ("path", "orders")], "Field `path` must start with `/`."),
        (vec![token, get, ("path", "/a?b")], "Field `path` must not contain a query"),
        (vec![token, get, ("path", "/a#b")], "Field `path` must not contain a query"),
        (vec![token, get, ("path", "/a\nb")], "Field `path` must not contain a query"),
        (vec![token, ("source_ip", "")], "Field `source_ip` must be an IPv4 or IPv6 address"),
        (vec![token, ("source_ip", "10.0.0.0/8")], "Field `source_ip` must be an IPv4"),
        (vec![token, ("source_ip", "1.2.3.4, 5.6.7.8")], "Field `source_ip` must be an IPv4"),
    ] {
        let rejected = app.introspect(&fields).assert_rejected(400, "invalid-form").await;
        let problem = rejected.json();
        let text = problem["detail"].as_str().unwrap();
        assert!(text.starts_with(detail), "{text}");
        assert!(!rejected.text.contains(token.1), "{text}");
    }
    assert!(table::usages(&app.dynamodb, &id).await.is_empty(), "a rejected request is not a use");
}

async fn rejects_malformed_and_large_forms_and_other_content_types(app: &TestApp) {
    let (_, token) = app.create_token("kept").await;
    let body = json!({ "token": token });
    let as_json = app.build(Request::new("POST", PATH).json(&body));
    as_json.assert_rejected(415, "unsupported-media-type").await;
    app.request("POST", PATH).assert_rejected(415, "unsupported-media-type").await;
    for form in ["token=%", "token=%ff", "token=a&path=%C3"] {
        let form = app.build(Request::new("POST", PATH).form(form));
        form.assert_rejected(400, "invalid-form").await;
    }
    let large = app.introspect(&[("token", &token), ("x", &"a".repeat(64 * 1024))]);
    large.assert_rejected(413, "body-too-large").await;
    let in_query = app.request("POST", &format!("{PATH}?token={token}"));
    let rejected = in_query.assert_rejected(400, "invalid-query").await;
    assert!(!rejected.text.contains(&token), "{}", rejected.text);
}
