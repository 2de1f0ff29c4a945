//! `POST /v1/tokens`.

use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use tests::app::{order_permissions, specific, token_body};
use tests::client::RequestBuilder;
use tests::{TestApp, table};

tests::api_tests!(
    returns_the_record_and_the_token_once,
    only_super_admins_are_permitted,
    accepts_every_kind_of_expiration,
    reports_every_violation_at_once,
    rejects_invalid_names,
    rejects_invalid_descriptions,
    rejects_invalid_expirations,
    rejects_invalid_permissions,
    rejects_a_name_in_use,
    accepts_a_body_of_64_kib_and_rejects_a_larger_one,
    rejects_permissions_over_14_kib,
    reuses_the_name_of_a_purged_token,
    names_that_differ_in_one_character_are_different_tokens,
);

async fn returns_the_record_and_the_token_once(app: &TestApp) {
    let description = "GitHub Actions, payments";
    let body = json!({ "name": "ci-deployer", "description": description, "permissions": order_permissions() });
    let response = app.generate(body).await.assert_status(201);
    let record = response.json();
    let id = record["id"].as_str().unwrap();
    assert_eq!(response.header("location"), Some(format!("/v1/tokens/{id}").as_str()));
    assert_eq!(response.header("etag"), Some("\"1\""));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("content-type"), Some("application/json"));
    let token = record["token"].as_str().unwrap();
    assert_eq!((token.len(), token.starts_with(&format!("twd_{id}_"))), (70, true));
    assert_eq!(record["name"], "ci-deployer");
    assert_eq!(record["description"], description);
    assert_eq!(record["status"], "active");
    assert_eq!(record["permissions"], order_permissions());
    assert_eq!(record["version"], 1);
    assert_eq!(record["createdBy"]["name"], "admin");
    assert_eq!(record["updatedBy"], record["createdBy"]);
    assert_eq!(record["updatedAt"], record["createdAt"]);
    assert_eq!(record["regeneratedAt"], Value::Null);
    assert_eq!(lifetime(&record), 30 * 86_400);

    let mut without_token = record.clone();
    without_token.as_object_mut().unwrap().remove("token");
    assert_eq!(app.get(id).await.assert_status(200).json(), without_token);
    assert_eq!(app.use_token(token).await, 200);
}

async fn only_super_admins_are_permitted(app: &TestApp) {
    app.generate(token_body("new")).assert_super_admins_only().await;
}

async fn accepts_every_kind_of_expiration(app: &TestApp) {
    let record = app.create(with("in-days", "expiresInDays", json!(3650))).await.0;
    assert_eq!(lifetime(&record), 3650 * 86_400);
    let record = app.create(with("never", "expiresAt", Value::Null)).await.0;
    assert_eq!(record["expiresAt"], Value::Null);
    let token = table::token(&app.dynamodb, record["id"].as_str().unwrap()).await.unwrap();
    let name = table::name(&app.dynamodb, "never").await.unwrap();
    assert!(!token.contains_key("purgeAt") && !name.contains_key("purgeAt"));
    let timestamp = json!("2030-06-01T02:00:00.000+02:00");
    let record = app.create(with("at-a-time", "expiresAt", timestamp)).await.0;
    assert_eq!(record["expiresAt"], "2030-06-01T00:00:00Z");
}

async fn reports_every_violation_at_once(app: &TestApp) {
    let grant = json!({ "resource": "devtronApps", "project": "pay*", "environments": [], "applications": ["*", "x"], "role": "boss" });
    let body = json!({
        "name": "No", "description": 7, "expiresInDays": 0, "extra": 1,
        "permissions": { "type": "specific", "grants": [grant, { "resource": "moon" }], "more": 2 },
    });
    let response = app.generate(body).assert_rejected(422, "validation-failed").await;
    response.assert_violations(&[
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
    ]);
    let response = app.generate(json!({})).assert_rejected(422, "validation-failed").await;
    response.assert_violations(&[("/name", "required"), ("/permissions", "required")]);
}

async fn rejects_invalid_names(app: &TestApp) {
    let too_long = "a".repeat(51);
    // The last name starts with the Cyrillic letter `а`.
    for name in ["", "ab", too_long.as_str(), "Abc", "-abc", "abc_", "a b", "аbc"] {
        assert_violation(app, "name", json!(name), "/name").await;
    }
    for name in [json!(null), json!(7), json!(["abc"])] {
        assert_violation(app, "name", name, "/name").await;
    }
}

async fn rejects_invalid_descriptions(app: &TestApp) {
    let too_long = json!("é".repeat(351));
    for description in [too_long, json!("a\u{0}b"), json!("a\rb"), json!(7), json!({})] {
        assert_violation(app, "description", description, "/description").await;
    }
    let longest = json!(format!("{}\n\t", "é".repeat(348)));
    for (name, description) in [("longest", longest), ("null-description", Value::Null)] {
        let (record, _) = app.create(with(name, "description", description.clone())).await;
        assert_eq!(record["description"], description);
    }
}

async fn rejects_invalid_expirations(app: &TestApp) {
    for days in
        [json!(0), json!(3651), json!(-1), json!(1.5), json!("30"), json!(null), json!(u64::MAX)]
    {
        assert_violation(app, "expiresInDays", days, "/expiresInDays").await;
    }
    for timestamp in [
        "2020-01-01T00:00:00Z",
        "2099-01-01T00:00:00Z",
        "2030-01-01",
        "2030-01-01 00:00:00Z",
        "2030-02-29T00:00:00Z",
        "2030-01-01T23:59:60Z",
        "soon",
    ] {
        assert_violation(app, "expiresAt", json!(timestamp), "/expiresAt").await;
    }
    let mut both = with("both", "expiresInDays", json!(30));
    both["expiresAt"] = Value::Null;
    let response = app.generate(both).assert_rejected(422, "validation-failed").await;
    response.assert_violations(&[("/expiresAt", "expiration-conflict")]);
}

async fn rejects_invalid_permissions(app: &TestApp) {
    for (permissions, pointer) in [
        (json!("superAdmin"), "/permissions"),
        (json!(null), "/permissions"),
        (json!({}), "/permissions/type"),
        (json!({ "type": "root" }), "/permissions/type"),
        (json!({ "type": "superAdmin", "grants": [] }), "/permissions/grants"),
        (json!({ "type": "specific" }), "/permissions/grants"),
        (specific(json!([])), "/permissions/grants"),
        (specific(json!(vec![routes(json!(["GET"]), json!(["/a"])); 101])), "/permissions/grants"),
    ] {
        assert_violation(app, "permissions", permissions, pointer).await;
    }
    let paths: Vec<_> = (0..101).map(|number| format!("/a{number}")).collect();
    for (grant, pointer) in [
        (json!(7), ""),
        (json!({ "resource": "routes", "methods": ["GET"] }), "/paths"),
        (routes(json!(["get"]), json!(["/a"])), "/methods/0"),
        (routes(json!(["*", "GET"]), json!(["/a"])), "/methods/0"),
        (routes(json!(["GET", "GET"]), json!(["/a"])), "/methods/1"),
        (routes(json!(["GET"]), json!(["a"])), "/paths/0"),
        (routes(json!(["GET"]), json!(["/**/a"])), "/paths/0"),
        (routes(json!(["GET"]), json!(["/a/../b"])), "/paths/0"),
        (routes(json!(["GET"]), json!(paths)), "/paths"),
        (
            json!({ "resource": "helmApps", "project": "p", "environments": ["*/x"], "applications": ["a"], "role": "view" }),
            "/environments/0",
        ),
        (json!({ "resource": "chartGroups", "names": ["team"], "role": "admin" }), "/names"),
        (
            json!({ "resource": "jobs", "project": "a/b", "environments": ["*"], "jobs": ["j"], "workflows": ["*"], "role": "view" }),
            "/project",
        ),
    ] {
        let pointer = format!("/permissions/grants/0{pointer}");
        assert_violation(app, "permissions", specific(json!([grant])), &pointer).await;
    }
}

fn routes(methods: Value, paths: Value) -> Value {
    json!({ "resource": "routes", "methods": methods, "paths": paths })
}

async fn rejects_a_name_in_use(app: &TestApp) {
    app.create_token("active").await;
    app.create_expired_token("expired").await;
    for name in ["active", "expired"] {
        let response = app.generate(token_body(name)).assert_rejected(409, "name-taken").await;
        let error = &response.json()["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/name"), &json!("name-taken")));
    }
}

async fn accepts_a_body_of_64_kib_and_rejects_a_larger_one(app: &TestApp) {
    let largest = 64 * 1024;
    padded(app, "too-large", largest + 1).assert_rejected(413, "body-too-large").await;
    padded(app, "largest", largest).await.assert_status(201);
}

/// Generates a token with a body of exactly this many bytes.
fn padded<'a>(app: &'a TestApp, name: &str, length: usize) -> RequestBuilder<'a> {
    let body = token_body(name).to_string();
    let padding = " ".repeat(length - body.len());
    app.request("POST", "/v1/tokens").body("application/json", body + &padding)
}

async fn rejects_permissions_over_14_kib(app: &TestApp) {
    let grant = |length: usize| routes(json!(["GET"]), json!([format!("/{}", "a".repeat(length))]));
    let with_last = |length: usize| {
        let grants: Vec<_> = (0..60).map(|_| grant(180)).chain([grant(length)]).collect();
        specific(json!(grants))
    };
    let longest = 14 * 1024 + 1 - with_last(1).to_string().len();
    assert_eq!(with_last(longest).to_string().len(), 14 * 1024);
    assert_violation(app, "permissions", with_last(longest + 1), "/permissions").await;
    app.create(json!({ "name": "largest", "permissions": with_last(longest) })).await;
}

async fn reuses_the_name_of_a_purged_token(app: &TestApp) {
    let (old_id, old_token) = app.create_expired_token("reused").await;
    app.purge(&old_id).await;
    let (id, token) = app.create_token("reused").await;
    assert_ne!(old_id, id);
    assert_eq!((app.use_token(&old_token).await, app.use_token(&token).await), (403, 200));
    app.get(&old_id).await.assert_problem(404, "token-not-found");
    assert_eq!(table::string(&table::name(&app.dynamodb, "reused").await.unwrap(), "id"), id);
}

async fn names_that_differ_in_one_character_are_different_tokens(app: &TestApp) {
    let mut tokens = Vec::new();
    // A SQL `LIKE` pattern with the underscore would match all of these.
    for name in ["ci_bot", "ci-bot", "ci1bot", "cixbot"] {
        tokens.push(app.create_token(name).await);
    }
    let page = app.list("namePrefix=ci_").await.assert_status(200).json();
    assert_eq!(page["tokens"].as_array().unwrap().len(), 1);
    assert_eq!(page["tokens"][0]["id"], tokens[0].0);
    app.delete(&tokens[0].0).await.assert_status(204);
    for (index, (id, token)) in tokens.iter().enumerate() {
        let (used, shown) = if index == 0 { (403, 404) } else { (200, 200) };
        assert_eq!(app.use_token(token).await, used);
        assert_eq!(app.get(id).await.status, shown);
    }
}

/// Asserts that this value of a member is the only violation, and that nothing is written.
async fn assert_violation(app: &TestApp, member: &str, value: Value, pointer: &str) {
    let body = with("violation", member, value);
    let response = app.generate(body.clone()).assert_rejected(422, "validation-failed").await;
    assert_eq!(response.violation_pointers(), [pointer], "{body}");
}

/// Returns the body of an ordinary token with one more member.
fn with(name: &str, member: &str, value: Value) -> Value {
    let mut body = token_body(name);
    body[member] = value;
    body
}

/// Returns the seconds from `createdAt` to `expiresAt`.
fn lifetime(record: &Value) -> i64 {
    let seconds =
        |member: &str| Timestamp::parse(record[member].as_str().unwrap()).unwrap().seconds();
    seconds("expiresAt") - seconds("createdAt")
}
