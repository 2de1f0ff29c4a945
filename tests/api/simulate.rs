//! `POST /v1/tokens/{id}/simulate` and `POST /v1/simulate`.

use serde_json::{Value, json};
use tests::TestApp;
use tests::app::specific;

tests::api_tests!(
    only_super_admins_are_permitted,
    names_the_grant_that_allows_or_what_the_nearest_grant_lacks,
    permissions_get_the_same_result_as_a_token_with_them,
    agrees_with_the_authorizer_for_every_grant_kind,
    an_expired_token_is_allowed_nothing,
    the_reason_names_the_end_of_a_previous_secret_while_it_works,
    a_missing_token_is_not_found,
    judges_methods_that_are_not_listed_anywhere,
    rejects_invalid_members,
);

/// Method and path.
type Endpoint = (&'static str, &'static str);

/// Returns one grant of each kind, with a name for its token and the requests in [`REQUESTS`] that it allows.
fn grants() -> Vec<(&'static str, Value, Vec<Endpoint>)> {
    let apps = json!({ "resource": "devtronApps", "project": "pay", "environments": ["prod"], "applications": ["shop"], "role": "trigger" });
    let helm = json!({ "resource": "helmApps", "project": "pay", "environments": ["c1/web"], "applications": ["shop"], "role": "edit" });
    let jobs = json!({ "resource": "jobs", "project": "pay", "environments": ["prod"], "jobs": ["nightly"], "workflows": ["*"], "role": "trigger" });
    let kubernetes = json!({ "resource": "kubernetes", "cluster": "c1", "namespaces": ["web"], "apiGroups": ["apps"], "kinds": ["*"], "names": ["*"], "role": "view" });
    let charts = json!({ "resource": "chartGroups", "names": ["team"], "role": "edit" });
    let routes = json!({ "resource": "routes", "methods": ["PUT"], "paths": ["/orders/*"] });
    vec![
        ("apps", apps, vec![("GET", APPLICATION), ("POST", DEPLOYMENT)]),
        ("helm", helm, vec![("GET", HELM_APP), ("PATCH", HELM_APP)]),
        ("jobs", jobs, vec![("POST", JOB_RUNS)]),
        ("kubernetes", kubernetes, vec![("GET", OBJECT)]),
        (
            "charts",
            charts,
            vec![("GET", CHART_GROUP), ("PUT", CHART_GROUP), ("GET", "/chart-groups/other")],
        ),
        ("routes", routes, vec![("PUT", ORDER)]),
    ]
}

const APPLICATION: &str = "/projects/pay/applications/shop";
const DEPLOYMENT: &str = "/projects/pay/applications/shop/deployments/prod";
const HELM_APP: &str = "/helm/pay/c1/web/shop";
const JOB_RUNS: &str = "/jobs/pay/prod/nightly/runs";
const OBJECT: &str = "/clusters/c1/namespaces/web/apps/Deployment/api";
const CHART_GROUP: &str = "/chart-groups/team";
const ORDER: &str = "/orders/7";

/// Requests to every demo route.
const REQUESTS: [Endpoint; 15] = [
    ("GET", "/whoami"),
    ("GET", APPLICATION),
    ("DELETE", APPLICATION),
    ("POST", DEPLOYMENT),
    ("GET", HELM_APP),
    ("PATCH", HELM_APP),
    ("POST", JOB_RUNS),
    ("GET", OBJECT),
    ("DELETE", OBJECT),
    ("GET", CHART_GROUP),
    ("PUT", CHART_GROUP),
    ("GET", "/chart-groups/other"),
    ("PUT", ORDER),
    ("GET", ORDER),
    ("PUT", OBJECT),
];

async fn only_super_admins_are_permitted(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.simulate(&id, "GET", "/orders/7").assert_super_admins_only().await;
    let permissions = json!({ "type": "superAdmin" });
    app.simulate_permissions(&permissions, "GET", "/orders/7").assert_super_admins_only().await;
}

/// Creates a token with one grant and returns its permissions, its id and the token.
async fn create(app: &TestApp, name: &str, grant: Value) -> (Value, String, String) {
    let permissions = specific(json!([grant]));
    let (record, token) = app.create(json!({ "name": name, "permissions": permissions })).await;
    (permissions, record["id"].as_str().unwrap().to_owned(), token)
}

async fn names_the_grant_that_allows_or_what_the_nearest_grant_lacks(app: &TestApp) {
    let permissions = specific(json!([
        { "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] },
        { "resource": "devtronApps", "project": "payments", "environments": ["staging"], "applications": ["*"], "role": "trigger" },
    ]));
    let (record, _) = app.create(json!({ "name": "explained", "permissions": permissions })).await;
    let id = record["id"].as_str().unwrap();
    let before = app.snapshot().await;
    let simulate = async |method: &str, path: &str| {
        let response = app.simulate(id, method, path).await.assert_status(200);
        assert_eq!(response.header("cache-control"), Some("no-store"));
        response.json()
    };
    let deployments = "/projects/payments/applications/checkout/deployments";
    let rule = "POST /projects/{project}/applications/{application}/deployments/{environment}";
    let allowed = simulate("POST", &format!("{deployments}/staging")).await;
    let expected = json!({ "allowed": true, "rule": rule, "grantedBy": 1, "missing": [], "reason": "grant 1 allows it" });
    assert_eq!(allowed, expected);
    let denied = simulate("POST", &format!("{deployments}/prod")).await;
    assert_eq!((&denied["allowed"], &denied["rule"]), (&json!(false), &json!(rule)));
    assert_eq!(denied["grantedBy"], Value::Null);
    assert_eq!(denied["missing"], json!(["environments:trigger:payments/prod/checkout"]));
    for (path, rule) in [("/v1/tokens", json!("ANY /v1/tokens")), ("/elsewhere", Value::Null)] {
        let denied = simulate("GET", path).await;
        assert_eq!((&denied["allowed"], &denied["rule"]), (&json!(false), &rule));
    }
    assert!(app.snapshot().await == before, "a simulation wrote something");
}

async fn permissions_get_the_same_result_as_a_token_with_them(app: &TestApp) {
    for (name, grant, _) in grants() {
        let (permissions, id, _) = create(app, name, grant).await;
        for (method, path) in REQUESTS {
            let of_token = app.simulate(&id, method, path).await;
            let of_permissions = app.simulate_permissions(&permissions, method, path).await;
            let [of_token, of_permissions] =
                [of_token, of_permissions].map(|response| response.assert_status(200).json());
            assert_eq!(of_token, of_permissions, "{name} {method} {path}");
        }
    }
    let permissions = json!({ "type": "superAdmin" });
    let simulated = app.simulate_permissions(&permissions, "GET", "/v1/tokens").await;
    let simulated = simulated.assert_status(200).json();
    assert_eq!((&simulated["allowed"], &simulated["grantedBy"]), (&json!(true), &Value::Null));
}

async fn agrees_with_the_authorizer_for_every_grant_kind(app: &TestApp) {
    for (name, grant, allowed) in grants() {
        let (_, id, token) = create(app, name, grant).await;
        for (method, path) in REQUESTS {
            let is_allowed = path == "/whoami" || allowed.contains(&(method, path));
            let status = app.request(method, path).bearer(&token).await.status;
            assert_eq!(status, if is_allowed { 200 } else { 403 }, "{name} {method} {path}");
            let simulated = app.simulate(&id, method, path).await.assert_status(200).json();
            assert_eq!(simulated["allowed"], is_allowed, "{name} {method} {path}");
        }
        // New permissions apply to the next request.
        let (_, grant, now_allowed) =
            grants().into_iter().find(|(other, ..)| *other != name).unwrap();
        let patch = json!({ "permissions": specific(json!([grant])) });
        app.patch(&id, patch).await.assert_status(200);
        for (method, path) in allowed {
            if !now_allowed.contains(&(method, path)) {
                let request = app.request(method, path).bearer(&token);
                request.await.assert_gateway_error(403, "Forbidden");
            }
        }
        for (method, path) in now_allowed {
            app.request(method, path).bearer(&token).await.assert_status(200);
        }
    }
}

async fn an_expired_token_is_allowed_nothing(app: &TestApp) {
    let (id, _) = app.create_expired_token("expired").await;
    // The token's grant covers the first path, and not the second.
    for path in ["/orders/7", "/projects/pay/applications/shop"] {
        let simulated = app.simulate(&id, "GET", path).await.assert_status(200).json();
        assert_eq!(simulated["allowed"], false);
        assert_eq!((&simulated["grantedBy"], &simulated["missing"]), (&Value::Null, &json!([])));
        assert_eq!(simulated["reason"], "the token has expired");
    }
}

async fn the_reason_names_the_end_of_a_previous_secret_while_it_works(app: &TestApp) {
    let (id, _) = app.create_token("rotated").await;
    let reason = async |path: &str| {
        let simulated = app.simulate(&id, "GET", path).await.assert_status(200).json();
        simulated["reason"].as_str().unwrap().to_owned()
    };
    let allowed = reason("/orders/7").await;
    let denied = reason("/elsewhere").await;
    assert_eq!(allowed, "grant 0 allows it");
    let grace = json!({ "gracePeriodSeconds": 60 });
    let record = app.regenerate(&id).json(&grace).await.assert_status(200).json();
    let until = record["previousSecret"]["validUntil"].as_str().unwrap();
    let with_previous = format!("{allowed}; the previous secret works until {until}");
    assert_eq!((reason("/orders/7").await, reason("/elsewhere").await), (with_previous, denied));
    app.end_previous(&id).await.assert_status(200);
    assert_eq!(reason("/orders/7").await, allowed);
}

async fn a_missing_token_is_not_found(app: &TestApp) {
    let (purged, _) = app.create_token("purged").await;
    app.purge(&purged).await;
    for id in [&purged, "0000000000000000", "malformed"] {
        app.simulate(id, "GET", "/orders/7").assert_rejected(404, "token-not-found").await;
    }
}

async fn judges_methods_that_are_not_listed_anywhere(app: &TestApp) {
    let (_, id, _) = create(
        app,
        "any-method",
        json!({ "resource": "routes", "methods": ["*"], "paths": ["/**"] }),
    )
    .await;
    for (method, path, allowed) in [
        ("PURGE", "/orders/7", true),
        ("VERSION-CONTROL", "/orders/7", true),
        ("PURGE", "/v1/tokens", false),
    ] {
        let simulated = app.simulate(&id, method, path).await.assert_status(200).json();
        assert_eq!(simulated["allowed"], allowed, "{method} {path}");
    }
}

async fn rejects_invalid_members(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    let target = format!("/v1/tokens/{id}/simulate");
    let too_long = format!("/{}", "x".repeat(2048));
    let super_admin = json!({ "type": "superAdmin" });
    for (target, body, pointers) in [
        (&*target, json!({ "path": "/x" }), &["/method"][..]),
        (&target, json!({ "method": "GET" }), &["/path"]),
        (&target, json!({ "method": "get", "path": "/x" }), &["/method"]),
        (&target, json!({ "method": "ANY", "path": "/x" }), &["/method"]),
        (&target, json!({ "method": 7, "path": "/x" }), &["/method"]),
        (&target, json!({ "method": "GET", "path": "x" }), &["/path"]),
        (&target, json!({ "method": "GET", "path": "/x?y=1" }), &["/path"]),
        (&target, json!({ "method": "GET", "path": "/x#y" }), &["/path"]),
        (&target, json!({ "method": "GET", "path": "/x\ny" }), &["/path"]),
        (&target, json!({ "method": "GET", "path": "/%ff" }), &["/path"]),
        (&target, json!({ "method": "GET", "path": too_long }), &["/path"]),
        (
            &target,
            json!({ "method": "GET", "path": "/x", "permissions": super_admin }),
            &["/permissions"],
        ),
        ("/v1/simulate", json!({}), &["/method", "/path", "/permissions"]),
        (
            "/v1/simulate",
            json!({ "method": "GET", "path": "/x", "permissions": specific(json!([])) }),
            &["/permissions/grants"],
        ),
    ] {
        let simulate = app.request("POST", target).json(&body);
        let response = simulate.assert_rejected(422, "validation-failed").await;
        assert_eq!(response.violation_pointers(), pointers, "{body}");
    }
}
