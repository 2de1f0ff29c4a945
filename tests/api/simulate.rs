//! `POST /v1/tokens/{id}/simulate` and `POST /v1/simulate`.

use serde_json::{Value, json};
use tests::table;
use tests::{Request, TestApp};

tests::api_tests!(
    is_for_super_admins_only,
    says_which_grant_allows_and_what_the_nearest_one_lacks,
    says_the_same_of_a_draft,
    says_what_the_authorizer_does_for_every_kind_of_permission,
    an_expired_token_would_be_allowed_nothing,
    an_unknown_token_is_not_found,
    refuses_each_bad_body,
);

fn simulate(id: &str, method: &str, path: &str) -> Request {
    Request::new("POST", format!("/v1/tokens/{id}/simulate"))
        .json(&json!({ "method": method, "path": path }))
}

fn draft(permissions: &Value, method: &str, path: &str) -> Request {
    let body = json!({ "permissions": permissions, "method": method, "path": path });
    Request::new("POST", "/v1/simulate").json(&body)
}

/// Method and path.
type Endpoint = (&'static str, &'static str);

/// One grant per kind under a name, with the demo's requests that it allows.
fn kinds() -> Vec<(&'static str, Value, Vec<Endpoint>)> {
    let apps = json!({ "resource": "devtronApps", "project": "pay", "environments": ["prod"], "applications": ["shop"], "role": "trigger" });
    let helm = json!({ "resource": "helmApps", "project": "pay", "environments": ["c1/web"], "applications": ["shop"], "role": "edit" });
    let jobs = json!({ "resource": "jobs", "project": "pay", "environments": ["prod"], "jobs": ["nightly"], "workflows": ["*"], "role": "trigger" });
    let kubernetes = json!({ "resource": "kubernetes", "cluster": "c1", "namespaces": ["web"], "apiGroups": ["apps"], "kinds": ["*"], "names": ["*"], "role": "view" });
    let charts = json!({ "resource": "chartGroups", "names": ["team"], "role": "edit" });
    let routes = json!({ "resource": "routes", "methods": ["PUT"], "paths": ["/orders/*"] });
    vec![
        ("kind-apps", apps, vec![("GET", REQUESTS[1].1), ("POST", REQUESTS[3].1)]),
        ("kind-helm", helm, vec![("GET", REQUESTS[4].1), ("PATCH", REQUESTS[5].1)]),
        ("kind-jobs", jobs, vec![("POST", REQUESTS[6].1)]),
        ("kind-kubernetes", kubernetes, vec![("GET", REQUESTS[7].1)]),
        (
            "kind-charts",
            charts,
            vec![("GET", REQUESTS[9].1), ("PUT", REQUESTS[10].1), ("GET", REQUESTS[11].1)],
        ),
        ("kind-routes", routes, vec![("PUT", REQUESTS[12].1)]),
    ]
}

/// A walk over all demo routes.
const REQUESTS: [Endpoint; 15] = [
    ("GET", "/whoami"),
    ("GET", "/projects/pay/applications/shop"),
    ("DELETE", "/projects/pay/applications/shop"),
    ("POST", "/projects/pay/applications/shop/deployments/prod"),
    ("GET", "/helm/pay/c1/web/shop"),
    ("PATCH", "/helm/pay/c1/web/shop"),
    ("POST", "/jobs/pay/prod/nightly/runs"),
    ("GET", "/clusters/c1/namespaces/web/apps/Deployment/api"),
    ("DELETE", "/clusters/c1/namespaces/web/apps/Deployment/api"),
    ("GET", "/chart-groups/team"),
    ("PUT", "/chart-groups/team"),
    ("GET", "/chart-groups/other"),
    ("PUT", "/orders/7"),
    ("GET", "/orders/7"),
    ("PUT", "/clusters/c1/namespaces/web/apps/Deployment/api"),
];

async fn is_for_super_admins_only(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.assert_super_admins_only(simulate(&id, "GET", "/orders/7")).await;
    for name in ["grid-plain", "grid-expired"] {
        let found =
            app.call(Request::new("GET", format!("/v1/tokens?namePrefix={name}"))).await.json();
        let id = found["tokens"][0]["id"].as_str().unwrap().to_owned();
        app.call(Request::new("DELETE", format!("/v1/tokens/{id}"))).await.assert_status(204);
    }
    app.assert_super_admins_only(draft(&json!({ "type": "superAdmin" }), "GET", "/orders/7")).await;
}

async fn says_which_grant_allows_and_what_the_nearest_one_lacks(app: &TestApp) {
    let grants = json!([
        { "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] },
        { "resource": "devtronApps", "project": "payments", "environments": ["staging"], "applications": ["*"], "role": "trigger" },
    ]);
    let body =
        json!({ "name": "explained", "permissions": { "type": "specific", "grants": grants } });
    let (record, _) = app.generate(body).await;
    let id = record["id"].as_str().unwrap();
    let before = app.snapshot().await;
    let rule = "POST /projects/{project}/applications/{application}/deployments/{environment}";
    let answer = app
        .call(simulate(id, "POST", "/projects/payments/applications/checkout/deployments/staging"))
        .await
        .assert_status(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let expected = json!({ "allowed": true, "rule": rule, "grantedBy": 1, "missing": [], "reason": "grant 1 allows it" });
    assert_eq!(answer.json(), expected);
    let answer = app
        .call(simulate(id, "POST", "/projects/payments/applications/checkout/deployments/prod"))
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&answer["allowed"], &answer["rule"], &answer["grantedBy"]),
        (&json!(false), &json!(rule), &Value::Null)
    );
    assert_eq!(answer["missing"], json!(["environments:trigger:payments/prod/checkout"]));
    let answer = app.call(simulate(id, "GET", "/v1/tokens")).await.assert_status(200).json();
    assert_eq!((&answer["allowed"], &answer["rule"]), (&json!(false), &json!("ANY /v1/tokens")));
    let answer = app.call(simulate(id, "GET", "/elsewhere")).await.assert_status(200).json();
    assert_eq!((&answer["allowed"], &answer["rule"]), (&json!(false), &Value::Null));
    assert!(app.snapshot().await == before, "a simulation wrote something");
}

async fn says_the_same_of_a_draft(app: &TestApp) {
    for (name, grant, _) in kinds() {
        let permissions = json!({ "type": "specific", "grants": [grant] });
        let (record, _) = app.generate(json!({ "name": name, "permissions": permissions })).await;
        let id = record["id"].as_str().unwrap();
        for (method, path) in REQUESTS {
            let of_token = app.call(simulate(id, method, path)).await.assert_status(200).json();
            let of_draft =
                app.call(draft(&permissions, method, path)).await.assert_status(200).json();
            assert_eq!(of_token, of_draft, "{name} {method} {path}");
        }
    }
    let admin = app
        .call(draft(&json!({ "type": "superAdmin" }), "GET", "/v1/tokens"))
        .await
        .assert_status(200)
        .json();
    assert_eq!((&admin["allowed"], &admin["grantedBy"]), (&json!(true), &Value::Null));
}

async fn says_what_the_authorizer_does_for_every_kind_of_permission(app: &TestApp) {
    for (name, grant, allowed) in kinds() {
        let permissions = json!({ "type": "specific", "grants": [grant] });
        let (record, token) =
            app.generate(json!({ "name": name, "permissions": permissions })).await;
        let id = record["id"].as_str().unwrap();
        for (method, path) in REQUESTS {
            let granted = path == "/whoami" || allowed.contains(&(method, path));
            let status = app.send(Request::new(method, path).bearer(&token)).await.status;
            assert_eq!(status, if granted { 200 } else { 403 }, "{name} {method} {path}");
            let simulated = app.call(simulate(id, method, path)).await.assert_status(200).json();
            assert_eq!(simulated["allowed"], granted, "{name} {method} {path}");
        }
        // Other permissions show on the very next request.
        let (_, other, now) = kinds().into_iter().find(|(kind, ..)| *kind != name).unwrap();
        let patch = json!({ "permissions": { "type": "specific", "grants": [other] } });
        app.call(Request::new("PATCH", format!("/v1/tokens/{id}")).json(&patch))
            .await
            .assert_status(200);
        for (method, path) in allowed.into_iter().filter(|request| !now.contains(request)) {
            app.send(Request::new(method, path).bearer(&token))
                .await
                .assert_gateway_error(403, "Forbidden");
        }
        for (method, path) in now {
            app.send(Request::new(method, path).bearer(&token)).await.assert_status(200);
        }
    }
}

async fn an_expired_token_would_be_allowed_nothing(app: &TestApp) {
    let (id, _) = app.create_expired_token("expired").await;
    // What it might once have done, and what it lacked even then.
    for path in ["/orders/7", "/projects/pay/applications/shop"] {
        let answer = app.call(simulate(&id, "GET", path)).await.assert_status(200).json();
        assert_eq!(
            (&answer["allowed"], &answer["grantedBy"], &answer["missing"]),
            (&json!(false), &Value::Null, &json!([]))
        );
        assert_eq!(answer["reason"], "the token has expired");
    }
}

async fn an_unknown_token_is_not_found(app: &TestApp) {
    let (id, _) = app.create_token("purged").await;
    table::set_timestamp(&app.client, &id, "purgeAt", 1_000).await;
    for id in [id.as_str(), "0000000000000000", "malformed"] {
        app.assert_rejected(simulate(id, "GET", "/orders/7"), 404, "token-not-found").await;
    }
}

async fn refuses_each_bad_body(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    let target = format!("/v1/tokens/{id}/simulate");
    for (body, pointer) in [
        (json!({ "path": "/x" }), "/method"),
        (json!({ "method": "GET" }), "/path"),
        (json!({ "method": "get", "path": "/x" }), "/method"),
        (json!({ "method": "ANY", "path": "/x" }), "/method"),
        (json!({ "method": 7, "path": "/x" }), "/method"),
        (json!({ "method": "GET", "path": "x" }), "/path"),
        (json!({ "method": "GET", "path": "/x?y=1" }), "/path"),
        (json!({ "method": "GET", "path": "/x#y" }), "/path"),
        (json!({ "method": "GET", "path": "/x\ny" }), "/path"),
        (json!({ "method": "GET", "path": "/%ff" }), "/path"),
        (json!({ "method": "GET", "path": format!("/{}", "x".repeat(2048)) }), "/path"),
        (
            json!({ "method": "GET", "path": "/x", "permissions": { "type": "superAdmin" } }),
            "/permissions",
        ),
        (json!([]), ""),
    ] {
        let answer = app
            .assert_rejected(Request::new("POST", &target).json(&body), 422, "validation-failed")
            .await;
        let pointers: Vec<_> =
            answer.violations().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, [pointer], "{body}");
    }
    let nothing = app
        .assert_rejected(
            Request::new("POST", "/v1/simulate").json(&json!({})),
            422,
            "validation-failed",
        )
        .await;
    let pointers: Vec<_> = nothing.violations().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(pointers, ["/method", "/path", "/permissions"]);
    let empty = json!({ "type": "specific", "grants": [] });
    app.assert_rejected(draft(&empty, "GET", "/x"), 422, "validation-failed").await;
    for target in [target.as_str(), "/v1/simulate"] {
        let raw = |media: &str, body: &str| Request::new("POST", target).raw(media, body);
        app.assert_rejected(Request::new("POST", target), 400, "invalid-json").await;
        app.assert_rejected(raw("application/json", "{"), 400, "invalid-json").await;
        app.assert_rejected(raw("text/plain", "{}"), 415, "unsupported-media-type").await;
        app.assert_rejected(
            raw("application/json", &" ".repeat(64 * 1024 + 1)),
            413,
            "body-too-large",
        )
        .await;
    }
}
