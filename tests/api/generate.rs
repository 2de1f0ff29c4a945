//! `POST /v1/tokens`.

use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use tests::app::{orders, token_body};
use tests::table;
use tests::{Request, TestApp};

tests::api_tests!(
    answers_the_record_and_the_token_once,
    is_for_super_admins_only,
    takes_every_kind_of_expiration,
    refuses_every_violation_at_once,
    refuses_each_bad_name,
    refuses_each_bad_description,
    refuses_each_bad_expiration,
    refuses_each_bad_permission,
    refuses_a_taken_name,
    refuses_a_body_that_is_not_json,
    refuses_a_body_that_is_not_utf_8,
    refuses_a_repeated_member,
    refuses_other_media_types,
    refuses_a_body_over_64_kib,
    takes_a_body_of_exactly_64_kib,
    refuses_permissions_over_14_kib,
    frees_the_name_of_a_purged_token,
    names_that_differ_in_one_character_are_different_tokens,
);

fn post(body: &Value) -> Request {
    Request::new("POST", "/v1/tokens").json(body)
}

async fn answers_the_record_and_the_token_once(app: &TestApp) {
    let body = json!({ "name": "ci-deployer", "description": "GitHub Actions, payments", "permissions": orders() });
    let answer = app.call(post(&body)).await.assert_status(201);
    let record = answer.json();
    let id = record["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), Some(format!("/v1/tokens/{id}").as_str()));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let token = record["token"].as_str().unwrap();
    assert_eq!((token.len(), token.starts_with(&format!("twd_{id}_"))), (70, true));
    assert_eq!(record["name"], "ci-deployer");
    assert_eq!(record["description"], "GitHub Actions, payments");
    assert_eq!(record["status"], "active");
    assert_eq!(record["permissions"], orders());
    assert_eq!(record["version"], 1);
    assert_eq!(record["createdBy"]["name"], "admin");
    assert_eq!(record["updatedBy"], record["createdBy"]);
    assert_eq!(record["updatedAt"], record["createdAt"]);
    assert_eq!(record["regeneratedAt"], Value::Null);
    let days = seconds(&record["expiresAt"]) - seconds(&record["createdAt"]);
    assert_eq!(days, 30 * 86_400);

    let mut shown = record.clone();
    shown.as_object_mut().unwrap().remove("token");
    assert_eq!(
        app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.assert_status(200).json(),
        shown
    );
    assert_eq!(app.use_token(token).await, 200);
}

async fn is_for_super_admins_only(app: &TestApp) {
    app.assert_super_admins_only(post(&token_body("by-somebody-else"))).await;
}

async fn takes_every_kind_of_expiration(app: &TestApp) {
    let generated = async |name: &str, member: &str, value: Value| {
        let mut body = token_body(name);
        body[member] = value;
        app.generate(body).await.0
    };
    let record = generated("in-days", "expiresInDays", json!(3650)).await;
    assert_eq!(seconds(&record["expiresAt"]) - seconds(&record["createdAt"]), 3650 * 86_400);
    let record = generated("never", "expiresAt", Value::Null).await;
    assert_eq!(record["expiresAt"], Value::Null);
    assert!(
        !table::token(&app.client, record["id"].as_str().unwrap())
            .await
            .unwrap()
            .contains_key("purgeAt")
    );
    assert!(!table::name(&app.client, "never").await.unwrap().contains_key("purgeAt"));
    let record =
        generated("at-a-moment", "expiresAt", json!("2030-06-01T02:00:00.000+02:00")).await;
    assert_eq!(record["expiresAt"], "2030-06-01T00:00:00Z");
}

async fn refuses_every_violation_at_once(app: &TestApp) {
    let grant = json!({ "resource": "devtronApps", "project": "pay*", "environments": [], "applications": ["*", "x"], "role": "boss" });
    let body = json!({
        "name": "No", "description": 7, "expiresInDays": 0, "extra": 1,
        "permissions": { "type": "specific", "grants": [grant, { "resource": "moon" }], "more": 2 },
    });
    let violations = app.assert_rejected(post(&body), 422, "validation-failed").await.violations();
    let expected = [
        ("/description", "type"),
        ("/expiresInDays", "expiration-range"),
        ("/extra", "unknown-member"),
        ("/name", "name-length"),
        ("/permissions/grants/0/applications/0", "wildcard"),
        ("/permissions/grants/0/environments", "list-length"),
        ("/permissions/grants/0/project", "value"),
        ("/permissions/grants/0/role", "role"),
        ("/permissions/grants/1/resource", "resource"),
        ("/permissions/more", "unknown-member"),
    ];
    assert_eq!(violations, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    let violations =
        app.assert_rejected(post(&json!({})), 422, "validation-failed").await.violations();
    let expected = [("/name", "required"), ("/permissions", "required")];
    assert_eq!(violations, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
}

async fn refuses_each_bad_name(app: &TestApp) {
    let long = "a".repeat(51);
    for name in ["", "ab", long.as_str(), "Abc", "-abc", "abc_", "a b", "аbc"] {
        violates(app, "name", json!(name), "/name").await;
    }
    for name in [json!(null), json!(7), json!(["abc"])] {
        violates(app, "name", name, "/name").await;
    }
}

async fn refuses_each_bad_description(app: &TestApp) {
    for description in
        [json!("é".repeat(351)), json!("a\u{0}b"), json!("a\rb"), json!(7), json!({})]
    {
        violates(app, "description", description, "/description").await;
    }
    let mut body = token_body("longest");
    body["description"] = json!(format!("{}\n\t", "é".repeat(348)));
    let (record, _) = app.generate(body.clone()).await;
    assert_eq!(record["description"], body["description"]);
    let mut body = token_body("null-description");
    body["description"] = Value::Null;
    assert_eq!(app.generate(body).await.0["description"], Value::Null);
}

async fn refuses_each_bad_expiration(app: &TestApp) {
    for days in
        [json!(0), json!(3651), json!(-1), json!(1.5), json!("30"), json!(null), json!(u64::MAX)]
    {
        violates(app, "expiresInDays", days, "/expiresInDays").await;
    }
    for moment in [
        "2020-01-01T00:00:00Z",
        "2099-01-01T00:00:00Z",
        "2030-01-01",
        "2030-01-01T00:00:00.5Z",
        "soon",
    ] {
        violates(app, "expiresAt", json!(moment), "/expiresAt").await;
    }
    let mut body = token_body("both");
    body["expiresInDays"] = json!(30);
    body["expiresAt"] = Value::Null;
    let violations = app.assert_rejected(post(&body), 422, "validation-failed").await.violations();
    assert_eq!(violations, [("/expiresAt".to_owned(), "expiration-conflict".to_owned())]);
}

async fn refuses_each_bad_permission(app: &TestApp) {
    let specific = |grants: Value| json!({ "type": "specific", "grants": grants });
    let routes = |methods: Value, paths: Value| json!({ "resource": "routes", "methods": methods, "paths": paths });
    let many = vec![routes(json!(["GET"]), json!(["/a"])); 101];
    let names: Vec<_> = (0..101).map(|number| format!("/a{number}")).collect();
    let first = "/permissions/grants/0";
    for (permissions, pointer) in [
        (json!("superAdmin"), "/permissions".to_owned()),
        (json!(null), "/permissions".to_owned()),
        (json!({}), "/permissions/type".to_owned()),
        (json!({ "type": "root" }), "/permissions/type".to_owned()),
        (json!({ "type": "superAdmin", "grants": [] }), "/permissions/grants".to_owned()),
        (json!({ "type": "specific" }), "/permissions/grants".to_owned()),
        (specific(json!([])), "/permissions/grants".to_owned()),
        (specific(json!(many)), "/permissions/grants".to_owned()),
        (specific(json!([7])), first.to_owned()),
        (specific(json!([{ "resource": "routes", "methods": ["GET"] }])), format!("{first}/paths")),
        (specific(json!([routes(json!(["get"]), json!(["/a"]))])), format!("{first}/methods/0")),
        (
            specific(json!([routes(json!(["*", "GET"]), json!(["/a"]))])),
            format!("{first}/methods/0"),
        ),
        (
            specific(json!([routes(json!(["GET", "GET"]), json!(["/a"]))])),
            format!("{first}/methods/1"),
        ),
        (specific(json!([routes(json!(["GET"]), json!(["a"]))])), format!("{first}/paths/0")),
        (specific(json!([routes(json!(["GET"]), json!(["/**/a"]))])), format!("{first}/paths/0")),
        (specific(json!([routes(json!(["GET"]), json!(["/a/../b"]))])), format!("{first}/paths/0")),
        (specific(json!([routes(json!(["GET"]), json!(names))])), format!("{first}/paths")),
        (
            specific(
                json!([{ "resource": "helmApps", "project": "p", "environments": ["*/x"], "applications": ["a"], "role": "view" }]),
            ),
            format!("{first}/environments/0"),
        ),
        (
            specific(json!([{ "resource": "chartGroups", "names": ["team"], "role": "admin" }])),
            format!("{first}/names"),
        ),
        (
            specific(
                json!([{ "resource": "jobs", "project": "a/b", "environments": ["*"], "jobs": ["j"], "workflows": ["*"], "role": "view" }]),
            ),
            format!("{first}/project"),
        ),
    ] {
        violates(app, "permissions", permissions, &pointer).await;
    }
}

async fn refuses_a_taken_name(app: &TestApp) {
    app.create_token("taken").await;
    let problem = app.assert_rejected(post(&token_body("taken")), 409, "name-taken").await.json();
    assert_eq!(problem["errors"][0]["pointer"], "/name");
    assert_eq!(problem["errors"][0]["code"], "name-taken");
    app.create_expired_token("taken-by-expired").await;
    app.assert_rejected(post(&token_body("taken-by-expired")), 409, "name-taken").await;
}

async fn refuses_a_body_that_is_not_json(app: &TestApp) {
    for body in ["{", "null x", "{\"a\":1}{}", "\u{feff}{}"] {
        let call = Request::new("POST", "/v1/tokens").raw("application/json", body);
        app.assert_rejected(call, 400, "invalid-json").await;
    }
    app.assert_rejected(Request::new("POST", "/v1/tokens"), 400, "invalid-json").await;
    for body in ["[]", "7", "null", "\"text\""] {
        let call = Request::new("POST", "/v1/tokens").raw("application/json", body);
        let violations = app.assert_rejected(call, 422, "validation-failed").await.violations();
        assert_eq!(violations, [(String::new(), "type".to_owned())]);
    }
}

async fn refuses_a_body_that_is_not_utf_8(app: &TestApp) {
    let body = Request::new("POST", "/v1/tokens").raw("application/json", b"{\"name\":\"\xff\"}");
    app.assert_rejected(body, 400, "invalid-json").await;
}

async fn refuses_a_repeated_member(app: &TestApp) {
    for body in [
        r#"{"name":"abc","name":"abd","permissions":{"type":"superAdmin"}}"#,
        r#"{"name":"abc","permissions":{"type":"superAdmin","type":"specific"}}"#,
    ] {
        let call = Request::new("POST", "/v1/tokens").raw("application/json", body);
        app.assert_rejected(call, 400, "invalid-json").await;
    }
}

async fn refuses_other_media_types(app: &TestApp) {
    let body = token_body("typed").to_string();
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/jsonx",
    ] {
        let call = Request::new("POST", "/v1/tokens").raw(media, body.clone());
        app.assert_rejected(call, 415, "unsupported-media-type").await;
    }
    let mut untyped = Request::new("POST", "/v1/tokens");
    untyped.body = body.clone().into();
    app.assert_rejected(untyped, 415, "unsupported-media-type").await;
    let call = Request::new("POST", "/v1/tokens").raw("Application/JSON; charset=utf-8", body);
    app.call(call).await.assert_status(201);
}

async fn refuses_a_body_over_64_kib(app: &TestApp) {
    app.assert_rejected(padded("too-long", 64 * 1024 + 1), 413, "body-too-large").await;
}

async fn takes_a_body_of_exactly_64_kib(app: &TestApp) {
    app.call(padded("just-right", 64 * 1024)).await.assert_status(201);
}

async fn refuses_permissions_over_14_kib(app: &TestApp) {
    let grant = |length: usize| json!({ "resource": "routes", "methods": ["GET"], "paths": [format!("/{}", "a".repeat(length))] });
    let of = |last: usize| {
        let grants: Vec<_> = (0..60).map(|_| grant(180)).chain([grant(last)]).collect();
        json!({ "type": "specific", "grants": grants })
    };
    let fitting = 14 * 1024 + 1 - of(1).to_string().len();
    assert_eq!(of(fitting).to_string().len(), 14 * 1024);
    violates(app, "permissions", of(fitting + 1), "/permissions").await;
    app.generate(json!({ "name": "largest", "permissions": of(fitting) })).await;
}

async fn frees_the_name_of_a_purged_token(app: &TestApp) {
    let (old, old_token) = app.create_token("reborn").await;
    table::set_timestamp(&app.client, &old, "expiresAt", 1_000).await;
    table::set_timestamp(&app.client, &old, "purgeAt", 1_000).await;
    let (new, token) = app.create_token("reborn").await;
    assert_ne!(old, new);
    assert_eq!((app.use_token(&old_token).await, app.use_token(&token).await), (403, 200));
    app.call(Request::new("GET", format!("/v1/tokens/{old}")))
        .await
        .assert_problem(404, "token-not-found");
    assert_eq!(table::text(&table::name(&app.client, "reborn").await.unwrap(), "id"), new);
}

async fn names_that_differ_in_one_character_are_different_tokens(app: &TestApp) {
    let mut tokens = Vec::new();
    // In a pattern of SQL the underscore would stand for each of these.
    for name in ["ci_bot", "ci-bot", "ci1bot", "cixbot"] {
        tokens.push(app.create_token(name).await);
    }
    let found = Request::new("GET", "/v1/tokens?namePrefix=ci_");
    let found = app.call(found).await.assert_status(200).json();
    assert_eq!(found["tokens"].as_array().unwrap().len(), 1);
    assert_eq!(found["tokens"][0]["id"], tokens[0].0);
    app.call(Request::new("DELETE", format!("/v1/tokens/{}", tokens[0].0)))
        .await
        .assert_status(204);
    for (place, (id, token)) in tokens.iter().enumerate() {
        let (used, shown) = if place == 0 { (403, 404) } else { (200, 200) };
        assert_eq!(app.use_token(token).await, used);
        let one = Request::new("GET", format!("/v1/tokens/{id}"));
        assert_eq!(app.call(one).await.status, shown);
    }
}

/// Proves that this value of a member is one violation, there and nowhere else, and that nothing was written.
async fn violates(app: &TestApp, member: &str, value: Value, pointer: &str) {
    let mut body = token_body("violation");
    body[member] = value;
    let violations = app.assert_rejected(post(&body), 422, "validation-failed").await.violations();
    let pointers: Vec<_> = violations.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, [pointer], "{body}");
}

fn padded(name: &str, length: usize) -> Request {
    let body = token_body(name).to_string();
    let padding = " ".repeat(length - body.len());
    Request::new("POST", "/v1/tokens").raw("application/json", format!("{body}{padding}"))
}

fn seconds(moment: &Value) -> i64 {
    Timestamp::parse(moment.as_str().unwrap()).unwrap().seconds()
}
