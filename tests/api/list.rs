//! `GET /v1/tokens` and `GET /v1/tokens/{id}`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::table;
use tests::{Request, TestApp};

tests::api_tests!(
    shows_tokens_in_name_order_and_no_secret,
    is_for_super_admins_only,
    shows_a_write_at_once,
    filters_by_prefix,
    filters_by_status,
    pages_without_missing_or_repeating,
    refuses_unknown_and_malformed_parameters,
    refuses_a_damaged_cursor_and_one_of_other_filters,
    one_token_is_shown_by_its_id,
    an_unknown_and_a_malformed_id_are_not_found,
    an_id_with_an_encoded_slash_is_not_found,
    a_purged_token_is_gone,
    a_damaged_token_does_not_take_the_list_down,
    damaged_names_do_not_take_the_list_down,
    a_newer_schema_is_unreadable_and_an_unknown_attribute_is_not,
);

async fn list(app: &TestApp, query: &str) -> Value {
    let answer =
        app.call(Request::new("GET", format!("/v1/tokens{query}"))).await.assert_status(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

fn names(page: &Value) -> Vec<String> {
    let tokens = page["tokens"].as_array().unwrap();
    tokens.iter().map(|token| token["name"].as_str().unwrap().to_owned()).collect()
}

async fn shows_tokens_in_name_order_and_no_secret(app: &TestApp) {
    for name in ["zeta", "alpha", "m-1", "m-10", "m-2", "m_1"] {
        app.create_token(name).await;
    }
    let page = list(app, "").await;
    assert_eq!(names(&page), ["admin", "alpha", "m-1", "m-10", "m-2", "m_1", "zeta"]);
    assert_eq!(page["nextCursor"], Value::Null);
    assert!(page["tokens"].as_array().unwrap().iter().all(|token| token.get("token").is_none()));
}

async fn is_for_super_admins_only(app: &TestApp) {
    app.assert_super_admins_only(Request::new("GET", "/v1/tokens")).await;
    let (id, _) = app.create_token("secretive").await;
    for token in ["grid-plain", "grid-expired"] {
        let found = list(app, &format!("?namePrefix={token}")).await;
        let id = found["tokens"][0]["id"].as_str().unwrap().to_owned();
        app.call(Request::new("DELETE", format!("/v1/tokens/{id}"))).await.assert_status(204);
    }
    app.assert_super_admins_only(Request::new("GET", format!("/v1/tokens/{id}"))).await;
}

async fn shows_a_write_at_once(app: &TestApp) {
    for number in 0..10 {
        let (id, _) = app.create_token(&format!("now-{number}")).await;
        assert_eq!(names(&list(app, "?namePrefix=now-").await), [format!("now-{number}")]);
        app.call(Request::new("DELETE", format!("/v1/tokens/{id}"))).await.assert_status(204);
        assert!(names(&list(app, "?namePrefix=now-").await).is_empty());
    }
}

async fn filters_by_prefix(app: &TestApp) {
    for name in ["ci-a", "ci-b", "cia", "c-i"] {
        app.create_token(name).await;
    }
    assert_eq!(names(&list(app, "?namePrefix=ci-").await), ["ci-a", "ci-b"]);
    assert_eq!(names(&list(app, "?namePrefix=ci").await), ["ci-a", "ci-b", "cia"]);
    assert_eq!(names(&list(app, "?namePrefix=").await), ["admin", "c-i", "ci-a", "ci-b", "cia"]);
    assert!(names(&list(app, "?namePrefix=nobody").await).is_empty());
}

async fn filters_by_status(app: &TestApp) {
    app.create_token("works").await;
    app.create_expired_token("worked").await;
    let expired = list(app, "?status=expired").await;
    assert_eq!(names(&expired), ["worked"]);
    assert_eq!(expired["tokens"][0]["status"], "expired");
    assert_eq!(names(&list(app, "?status=active").await), ["admin", "works"]);
    assert_eq!(names(&list(app, "?status=active&namePrefix=wo").await), ["works"]);
}

async fn pages_without_missing_or_repeating(app: &TestApp) {
    for number in 0..23 {
        app.create_token(&format!("page-{number:02}")).await;
    }
    let mut seen = Vec::new();
    let mut query = "?limit=5".to_owned();
    loop {
        let page = list(app, &query).await;
        assert!(page["tokens"].as_array().unwrap().len() <= 5);
        seen.extend(names(&page));
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)));
        query = format!("?limit=5&cursor={cursor}");
    }
    let expected: Vec<_> = (0..23).map(|number| format!("page-{number:02}")).collect();
    assert_eq!(seen, [vec!["admin".to_owned()], expected].concat());
}

async fn refuses_unknown_and_malformed_parameters(app: &TestApp) {
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=+5",
        "limit=05",
        "limit=five",
        "limit=",
        "limit=1.0",
        "limit=99999999999999999999",
        "limit=1&limit=1",
        "status=gone",
        "status=",
        "status=Active",
        "namePrefix=A",
        "namePrefix=-a",
        "namePrefix=a%2A",
        "cursor=",
        "page=2",
        "Limit=5",
    ] {
        let call = Request::new("GET", format!("/v1/tokens?{query}"));
        app.assert_rejected(call, 400, "invalid-query").await;
    }
    let long = "a".repeat(51);
    app.assert_rejected(
        Request::new("GET", format!("/v1/tokens?namePrefix={long}")),
        400,
        "invalid-query",
    )
    .await;
    let (id, _) = app.create_token("plain").await;
    app.assert_rejected(
        Request::new("GET", format!("/v1/tokens/{id}?limit=5")),
        400,
        "invalid-query",
    )
    .await;
}

async fn refuses_a_damaged_cursor_and_one_of_other_filters(app: &TestApp) {
    app.create_token("alpha").await;
    app.create_token("beta").await;
    let cursor = list(app, "?limit=1").await["nextCursor"].as_str().unwrap().to_owned();
    let damaged = cursor.replace(|character: char| character.is_ascii_digit(), "x");
    assert_ne!(damaged, cursor);
    for query in [
        format!("cursor={damaged}"),
        format!("cursor={cursor}A"),
        format!("cursor={}", "A".repeat(40)),
        format!("cursor={cursor}&status=active"),
        format!("cursor={cursor}&namePrefix=a"),
    ] {
        let call = Request::new("GET", format!("/v1/tokens?{query}"));
        app.assert_rejected(call, 400, "invalid-query").await;
    }
    assert_eq!(names(&list(app, &format!("?cursor={cursor}&limit=100")).await), ["alpha", "beta"]);
}

async fn one_token_is_shown_by_its_id(app: &TestApp) {
    let (record, _) = app.generate(tests::app::token_body("one")).await;
    let id = record["id"].as_str().unwrap();
    let answer = app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.assert_status(200);
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut expected = record;
    expected.as_object_mut().unwrap().remove("token");
    assert_eq!(answer.json(), expected);
}

async fn an_unknown_and_a_malformed_id_are_not_found(app: &TestApp) {
    for id in ["0000000000000000", "short", "0000000000000000x", "000000000000000-", "%20"] {
        let call = Request::new("GET", format!("/v1/tokens/{id}"));
        app.assert_rejected(call, 404, "token-not-found").await;
    }
}

async fn an_id_with_an_encoded_slash_is_not_found(app: &TestApp) {
    let call = Request::new("GET", "/v1/tokens/a%2Fb");
    app.assert_rejected(call, 404, "token-not-found").await;
}

async fn a_purged_token_is_gone(app: &TestApp) {
    let (id, token) = app.create_token("purged").await;
    table::set_timestamp(&app.client, &id, "purgeAt", 1_000).await;
    assert!(names(&list(app, "?namePrefix=purged").await).is_empty());
    app.assert_rejected(Request::new("GET", format!("/v1/tokens/{id}")), 404, "token-not-found")
        .await;
    assert_eq!(app.use_token(&token).await, 403);
}

async fn a_damaged_token_does_not_take_the_list_down(app: &TestApp) {
    let (id, token) = app.create_token("damaged").await;
    app.create_token("sound").await;
    let key = format!("TOKEN#{id}");
    table::set(&app.client, &key, "TOKEN", "permissions", Some(AttributeValue::S("{".to_owned())))
        .await;
    let page = list(app, "").await;
    assert_eq!(names(&page), ["admin", "damaged", "sound"]);
    assert_eq!(page["tokens"][1], json!({ "id": id, "name": "damaged", "unreadable": true }));
    app.assert_rejected(Request::new("GET", format!("/v1/tokens/{id}")), 500, "internal").await;
    assert_eq!(app.use_token(&token).await, 403);
}

async fn damaged_names_do_not_take_the_list_down(app: &TestApp) {
    let (id, _) = app.create_token("alpha").await;
    app.create_token("beta").await;
    let text = |text: &str| Some(AttributeValue::S(text.to_owned()));
    table::set(&app.client, "NAMES", "twin", "id", text(&id)).await;
    table::set(&app.client, "NAMES", "twin", "schema", Some(AttributeValue::N("1".to_owned())))
        .await;
    table::set(&app.client, "NAMES", "beta", "id", text("nobody")).await;
    table::set(&app.client, "NAMES", "/strange name", "id", None).await;
    let page = list(app, "").await;
    let unreadable = |name: &str| json!({ "id": null, "name": name, "unreadable": true });
    let tokens = page["tokens"].as_array().unwrap();
    assert!(
        tokens.contains(&unreadable("beta")) && tokens.contains(&unreadable("/strange name")),
        "{page}"
    );
    assert!(names(&page).contains(&"alpha".to_owned()));
    let first = list(app, "?limit=1").await;
    let cursor = first["nextCursor"].as_str().unwrap();
    assert_eq!(names(&list(app, &format!("?limit=1&cursor={cursor}")).await), ["admin"]);
}

async fn a_newer_schema_is_unreadable_and_an_unknown_attribute_is_not(app: &TestApp) {
    let (id, token) = app.create_token("evolving").await;
    let key = format!("TOKEN#{id}");
    table::set(&app.client, &key, "TOKEN", "novelty", Some(AttributeValue::Bool(true))).await;
    assert_eq!(app.use_token(&token).await, 200);
    app.call(Request::new("POST", format!("/v1/tokens/{id}/regenerate"))).await.assert_status(200);
    let patch =
        Request::new("PATCH", format!("/v1/tokens/{id}")).json(&json!({ "description": "kept" }));
    app.call(patch.clone()).await.assert_status(200);
    let item = table::token(&app.client, &id).await.unwrap();
    assert_eq!(
        item.get("novelty"),
        Some(&AttributeValue::Bool(true)),
        "a newer release's attribute was wiped"
    );
    table::set(&app.client, &key, "TOKEN", "schema", Some(AttributeValue::N("2".to_owned()))).await;
    assert_eq!(app.use_token(&token).await, 403);
    app.assert_rejected(Request::new("GET", format!("/v1/tokens/{id}")), 500, "internal").await;
    app.assert_rejected(patch, 500, "internal").await;
    app.assert_rejected(
        Request::new("POST", format!("/v1/tokens/{id}/regenerate")),
        500,
        "internal",
    )
    .await;
    app.call(Request::new("DELETE", format!("/v1/tokens/{id}"))).await.assert_status(204);
}
