//! `PATCH /v1/tokens/{id}`.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::app::orders;
use tests::table;
use tests::{Request, TestApp};

tests::api_tests!(
    is_for_super_admins_only,
    absent_null_and_a_value_are_three_different_things,
    permissions_are_replaced_as_a_whole_and_bite_on_the_next_request,
    an_empty_patch_writes_nothing,
    takes_both_media_types,
    refuses_name_and_expiration_and_says_why,
    refuses_null_permissions_and_every_violation_at_once,
    refuses_bodies_as_generate_does,
    a_precondition_is_honoured,
    not_found_comes_before_a_stale_precondition,
    an_unreadable_token_is_not_written,
    of_many_with_one_if_match_exactly_one_wins,
    without_if_match_every_update_takes_effect_once,
    names_who_did_it,
);

fn patch(id: &str, body: &Value) -> Request {
    Request::new("PATCH", format!("/v1/tokens/{id}")).json(body)
}

async fn names_who_did_it(app: &TestApp) {
    let (id, _) = app.create_token("passed-on").await;
    let (second, token) = app.create_super_admin().await;
    let call = patch(&id, &json!({ "description": "another's" }));
    let record = app.send(call.bearer(&token)).await.assert_status(200).json();
    assert_eq!(record["updatedBy"], second);
    assert_eq!(record["createdBy"]["name"], "admin");
}

async fn is_for_super_admins_only(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.assert_super_admins_only(patch(&id, &json!({ "description": "mine" }))).await;
}

async fn absent_null_and_a_value_are_three_different_things(app: &TestApp) {
    let (id, _) = app.create_token("three-states").await;
    let set = app.call(patch(&id, &json!({ "description": "one" }))).await.assert_status(200);
    assert_eq!(
        (set.header("etag"), set.header("cache-control")),
        (Some("\"2\""), Some("no-store"))
    );
    assert_eq!(set.json()["description"], "one");
    assert_eq!(set.json()["version"], 2);
    let kept =
        app.call(patch(&id, &json!({ "permissions": orders() }))).await.assert_status(200).json();
    assert_eq!((&kept["description"], &kept["version"]), (&json!("one"), &json!(3)));
    let cleared =
        app.call(patch(&id, &json!({ "description": null }))).await.assert_status(200).json();
    assert_eq!((&cleared["description"], &cleared["version"]), (&Value::Null, &json!(4)));
    assert_eq!(cleared["permissions"], orders());
    assert_eq!(cleared["updatedBy"]["name"], "admin");
    assert_eq!(app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.json(), cleared);
    assert!(!table::token(&app.client, &id).await.unwrap().contains_key("description"));
}

async fn permissions_are_replaced_as_a_whole_and_bite_on_the_next_request(app: &TestApp) {
    let (id, token) = app.create_token("bitten").await;
    assert_eq!(app.use_token(&token).await, 200);
    let other = json!({ "type": "specific", "grants": [{ "resource": "routes", "methods": ["POST"], "paths": ["/orders/**"] }] });
    let record =
        app.call(patch(&id, &json!({ "permissions": other }))).await.assert_status(200).json();
    assert_eq!(record["permissions"], other);
    assert_eq!(app.use_token(&token).await, 403);
    app.call(patch(&id, &json!({ "permissions": { "type": "superAdmin" } })))
        .await
        .assert_status(200);
    assert_eq!(app.use_token(&token).await, 200);
    app.send(Request::new("GET", "/v1/tokens").bearer(&token)).await.assert_status(200);
    app.call(patch(&id, &json!({ "permissions": other }))).await.assert_status(200);
    app.send(Request::new("GET", "/v1/tokens").bearer(&token))
        .await
        .assert_gateway_error(403, "Forbidden");
}

async fn an_empty_patch_writes_nothing(app: &TestApp) {
    let (id, _) = app.create_token("untouched").await;
    let before = app.snapshot().await;
    let answer = app.call(patch(&id, &json!({}))).await.assert_status(200);
    assert_eq!(answer.json()["version"], 1);
    let matched = patch(&id, &json!({})).header("if-match", "\"1\"");
    app.call(matched).await.assert_status(200);
    let stale = patch(&id, &json!({})).header("if-match", "\"2\"");
    app.call(stale).await.assert_problem(412, "version-conflict");
    assert!(app.snapshot().await == before);
}

async fn takes_both_media_types(app: &TestApp) {
    let (id, _) = app.create_token("media").await;
    for (version, media) in [(2, "application/json"), (3, "application/merge-patch+json")] {
        let call =
            Request::new("PATCH", format!("/v1/tokens/{id}")).raw(media, r#"{"description":"x"}"#);
        assert_eq!(app.call(call).await.assert_status(200).json()["version"], version);
    }
}

async fn refuses_name_and_expiration_and_says_why(app: &TestApp) {
    let (id, _) = app.create_token("fixed").await;
    let body = json!({ "name": "other", "expiresAt": null, "expiresInDays": 7, "description": "x", "id": "x" });
    let answer = app.assert_rejected(patch(&id, &body), 422, "validation-failed").await;
    assert!(answer.text.contains("regenerate"));
    let expected = [
        ("/expiresAt", "immutable"),
        ("/expiresInDays", "immutable"),
        ("/id", "unknown-member"),
        ("/name", "immutable"),
    ];
    assert_eq!(
        answer.violations(),
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
}

async fn refuses_null_permissions_and_every_violation_at_once(app: &TestApp) {
    let (id, _) = app.create_token("strict").await;
    let body = json!({ "permissions": null, "description": 7 });
    let answer = app.assert_rejected(patch(&id, &body), 422, "validation-failed").await;
    let expected = [("/description", "type"), ("/permissions", "type")];
    assert_eq!(
        answer.violations(),
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
    let empty = json!({ "permissions": { "type": "specific", "grants": [] } });
    app.assert_rejected(patch(&id, &empty), 422, "validation-failed").await;
}

async fn refuses_bodies_as_generate_does(app: &TestApp) {
    let (id, _) = app.create_token("bodies").await;
    let target = format!("/v1/tokens/{id}");
    let raw = |media: &str, body: &str| Request::new("PATCH", &target).raw(media, body);
    app.assert_rejected(raw("application/json", "{"), 400, "invalid-json").await;
    app.assert_rejected(
        raw("application/json", r#"{"description":"a","description":"b"}"#),
        400,
        "invalid-json",
    )
    .await;
    app.assert_rejected(raw("application/json", "[]"), 422, "validation-failed").await;
    app.assert_rejected(raw("text/plain", "{}"), 415, "unsupported-media-type").await;
    app.assert_rejected(raw("application/json", &" ".repeat(64 * 1024 + 1)), 413, "body-too-large")
        .await;
    app.assert_rejected(Request::new("PATCH", &target), 400, "invalid-json").await;
}

async fn a_precondition_is_honoured(app: &TestApp) {
    let (id, _) = app.create_token("guarded").await;
    let with = |tag: &str| patch(&id, &json!({ "description": "x" })).header("if-match", tag);
    for stale in ["\"0\"", "\"2\"", "W/\"1\"", "1", "\"01\"", "nonsense", "\"2\", \"3\""] {
        app.assert_rejected(with(stale), 412, "version-conflict").await;
    }
    assert_eq!(app.call(with("\"1\"")).await.assert_status(200).json()["version"], 2);
    assert_eq!(app.call(with("*")).await.assert_status(200).json()["version"], 3);
    assert_eq!(app.call(with("\"9\", \"3\"")).await.assert_status(200).json()["version"], 4);
}

async fn not_found_comes_before_a_stale_precondition(app: &TestApp) {
    let stale = |id: &str| patch(id, &json!({ "description": "x" })).header("if-match", "\"9\"");
    for id in ["0000000000000000", "malformed"] {
        app.assert_rejected(stale(id), 404, "token-not-found").await;
    }
    let (id, _) = app.create_token("purged").await;
    table::set_timestamp(&app.client, &id, "purgeAt", 1_000).await;
    app.assert_rejected(stale(&id), 404, "token-not-found").await;
    app.assert_rejected(patch(&id, &json!({ "description": "x" })), 404, "token-not-found").await;
    app.assert_rejected(patch(&id, &json!({})), 404, "token-not-found").await;
}

async fn an_unreadable_token_is_not_written(app: &TestApp) {
    for attribute in ["schema", "permissions", "createdBy", "secretHash", "version", "updatedAt"] {
        let (id, _) = app.create_token(&format!("un-{}", attribute.to_lowercase())).await;
        let key = format!("TOKEN#{id}");
        let damages =
            [Some(AttributeValue::Bool(true)), Some(AttributeValue::B(Blob::new([7; 31]))), None];
        for damage in damages {
            table::set(&app.client, &key, "TOKEN", attribute, damage).await;
            app.assert_rejected(patch(&id, &json!({ "description": "x" })), 500, "internal").await;
        }
    }
}

async fn of_many_with_one_if_match_exactly_one_wins(app: &TestApp) {
    let (id, _) = app.create_token("contended").await;
    let calls: Vec<_> = (0..20)
        .map(|number| {
            patch(&id, &json!({ "description": format!("{number}") })).header("if-match", "\"1\"")
        })
        .map(|call| app.call(call))
        .collect();
    let mut statuses: Vec<_> = join(calls).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, [412; 19].as_slice()));
    let record = app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.json();
    assert_eq!(record["version"], 2);
}

async fn without_if_match_every_update_takes_effect_once(app: &TestApp) {
    let (id, _) = app.create_token("last-wins").await;
    let calls: Vec<_> = (0..20)
        .map(|number| app.call(patch(&id, &json!({ "description": format!("{number}") }))))
        .collect();
    let mut versions: Vec<_> =
        join(calls).await.into_iter().map(|answer| answer.assert_status(200).json()).collect();
    versions.sort_by_key(|record| record["version"].as_u64());
    let numbers: Vec<_> =
        versions.iter().map(|record| record["version"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (2..=21).collect::<Vec<_>>());
    let record = app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.json();
    assert_eq!(record, versions[19]);
}

async fn join<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    tests::app::join(futures).await
}
