//! `POST /v1/introspect` (RFC 7662): whether a token is active, and what it permits.

use serde_json::{Value, json};
use shared::domain::id::TokenId;
use shared::domain::token::{Secret, Token};
use tests::app::{UNKNOWN_TOKEN, route_permissions, specific, timestamp, token_body};
use tests::{Request, Response, TestApp, table};

tests::api_tests!(
    an_active_token_is_described,
    a_previous_secret_is_described_until_its_end,
    every_inactive_token_gets_the_same_response,
    an_address_is_compared_with_the_allowed_ones,
    decides_as_the_authorizer,
    a_path_that_cannot_be_decoded_is_denied,
    counts_as_a_use_with_the_route_of_the_rule,
    only_super_admins_and_tokens_with_a_routes_grant_are_permitted,
    rejects_invalid_forms,
    rejects_what_is_not_a_form,
);

const PATH: &str = "/v1/introspect";

/// Introspects a token with these further fields, and returns the response's body.
async fn introspect(app: &TestApp, token: &str, fields: &[(&str, &str)]) -> Value {
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
    // So that the two secrets were not made in the same second.
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

/// Returns a token with this id and a wrong secret.
fn with_wrong_secret(id: &str) -> String {
    Token::new(TokenId::parse(id).unwrap(), Secret::from_entropy([7; 32])).reveal()
}

/// Generates a token that is limited to addresses, and returns its id and the token.
pub async fn create_limited(app: &TestApp, name: &str) -> (String, String) {
    let mut body = token_body(name);
    body["allowedIps"] = json!(["192.0.2.0/24", "2001:db8::/32"]);
    let (record, token) = app.create(body).await;
    (record["id"].as_str().unwrap().to_owned(), token)
}

/// Returns one token for each way to be inactive.
pub async fn inactive_tokens(app: &TestApp) -> Vec<(&'static str, String)> {
    let (active, token) = app.create_token("active").await;
    let (deleted_id, deleted) = app.create_token("deleted").await;
    app.delete(&deleted_id).await.assert_status(204);
    let (purged_id, purged) = app.create_expired_token("purged").await;
    app.purge(&purged_id).await;
    let (_, revoked) = app.create_token("revoked").await;
    app.revoke(&revoked).await.assert_status(200);
    let (id, replaced) = app.create_token("replaced").await;
    app.regenerate(&id).await.assert_status(200);
    let (id, ended) = app.create_token("ended").await;
    let grace = json!({ "gracePeriodSeconds": 60 });
    let record = app.regenerate(&id).json(&grace).await.assert_status(200).json();
    table::end_grace_period(&app.dynamodb, &id, timestamp(&record, "updatedAt")).await;
    vec![
        ("empty", String::new()),
        ("garbage", "garbage".to_owned()),
        ("long", "x".repeat(4096)),
        ("not ASCII", "twd_\u{e9}\u{1F600}\u{0}".to_owned()),
        ("cut", token[..69].to_owned()),
        ("surrounded", format!(" {token}")),
        ("with its scheme", format!("Bearer {token}")),
        ("wrong checksum", format!("{}zzzzzz", &token[..64])),
        ("unknown", UNKNOWN_TOKEN.to_owned()),
        ("wrong secret", with_wrong_secret(&active)),
        ("deleted", deleted),
        ("purged", purged),
        ("expired", app.create_expired_token("expired").await.1),
        ("revoked", revoked),
        ("replaced", replaced),
        ("previous secret after its end", ended),
    ]
}

/// Returns what a client sees of a response, without the headers that a gateway adds to each one.
fn seen(response: Response) -> (u16, Vec<(String, String)>, String) {
    let mut headers = response.headers;
    headers.retain(|(name, _)| !["date", "apigw-requestid"].contains(&name.as_str()));
    headers.sort();
    (response.status, headers, response.text)
}

async fn every_inactive_token_gets_the_same_response(app: &TestApp) {
    let tokens = inactive_tokens(app).await;
    let (limited_id, limited) = create_limited(app, "limited").await;
    let from = ("source_ip", "198.51.100.1");
    let request = [("method", "GET"), ("path", "/orders/7")];
    let before = app.snapshot().await;
    let expected = seen(app.introspect(&[("token", UNKNOWN_TOKEN)]).await);
    assert_eq!((expected.0, expected.2.as_str()), (200, r#"{"active":false}"#));
    let mut forms: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for (name, token) in &tokens {
        forms.push((name, vec![("token", token)]));
        forms.push((name, vec![("token", token), request[0], request[1], from]));
    }
    forms.push(("limited, unknown address", vec![("token", &limited)]));
    forms.push(("limited, another address", vec![("token", &limited), from]));
    forms.push(("limited", vec![("token", &limited), request[0], request[1], from]));
    for (name, form) in forms {
        assert_eq!(seen(app.introspect(&form).await), expected, "{name}");
    }
    assert!(app.snapshot().await == before, "something was written");
    assert!(table::usages(&app.dynamodb, &limited_id).await.is_empty());
    for (name, token) in &tokens {
        let id = token.split('_').nth(1).filter(|id| id.len() == 16).unwrap_or_default();
        let usages = table::usages(&app.dynamodb, id).await;
        assert!(usages.is_empty(), "{name}: a use was written");
    }
}

async fn an_address_is_compared_with_the_allowed_ones(app: &TestApp) {
    let (id, token) = create_limited(app, "limited").await;
    for (address, is_active) in [
        ("192.0.2.9", true),
        ("::ffff:192.0.2.9", true),
        ("2001:DB8::1", true),
        ("192.0.3.0", false),
        ("2001:db9::", false),
        ("127.0.0.1", false),
    ] {
        let introspected = introspect(app, &token, &[("source_ip", address)]).await;
        assert_eq!(introspected["active"], is_active, "{address}");
    }
    // The address of the service that asks does not count.
    let everywhere = json!({ "allowedIps": ["0.0.0.0/0", "::/0"] });
    app.patch(&id, everywhere).await.assert_status(200);
    assert_eq!(introspect(app, &token, &[]).await, json!({ "active": false }));
    app.patch(&id, json!({ "allowedIps": null })).await.assert_status(200);
    assert_eq!(introspect(app, &token, &[]).await["active"], true);
}

/// Permissions that permit some of the requests below, and others none.
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
            // This would revoke the token that asks.
            if (method, path) != ("DELETE", "/v1/tokens/self") {
                requests.push((method, path.to_owned()));
            }
        }
    }
    if app.gateway().is_some() {
        // The events of the other tests contain paths as they were sent, but a gateway decodes them.
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
    assert!(table::usages(&app.dynamodb, &id).await.is_empty(), "a refusal is not a use");
}

async fn rejects_what_is_not_a_form(app: &TestApp) {
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
