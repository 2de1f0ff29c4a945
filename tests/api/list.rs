//! `GET /v1/tokens` and `GET /v1/tokens/{id}`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::app::token_body;
use tests::{TestApp, table};

tests::api_tests!(
    lists_tokens_by_name_and_without_secrets,
    only_super_admins_are_permitted,
    shows_a_write_at_once,
    filters_by_prefix,
    filters_by_status,
    filters_by_the_exact_owner,
    filters_by_the_token_that_generated,
    pages_contain_every_token_once,
    rejects_unknown_and_malformed_parameters,
    rejects_a_damaged_cursor_and_one_of_other_filters,
    gets_a_token_by_id,
    an_unknown_or_malformed_id_is_not_found,
    an_id_with_an_encoded_slash_is_not_found,
    a_purged_token_is_not_found,
    an_unreadable_token_does_not_fail_the_list,
    unreadable_names_do_not_fail_the_list,
    a_newer_schema_is_unreadable_but_an_unknown_attribute_is_kept,
);

async fn list(app: &TestApp, query: &str) -> Value {
    let response = app.list(query).await.assert_status(200);
    assert_eq!(response.header("cache-control"), Some("no-store"));
    response.json()
}

async fn listed_names(app: &TestApp, query: &str) -> Vec<String> {
    names(&list(app, query).await)
}

fn names(page: &Value) -> Vec<String> {
    let tokens = page["tokens"].as_array().unwrap();
    tokens.iter().map(|token| token["name"].as_str().unwrap().to_owned()).collect()
}

async fn lists_tokens_by_name_and_without_secrets(app: &TestApp) {
    for name in ["zeta", "alpha", "m-1", "m-10", "m-2", "m_1"] {
        app.create_token(name).await;
    }
    let page = list(app, "").await;
    assert_eq!(names(&page), ["admin", "alpha", "m-1", "m-10", "m-2", "m_1", "zeta"]);
    assert_eq!(page["nextCursor"], Value::Null);
    assert!(page["tokens"].as_array().unwrap().iter().all(|token| token.get("token").is_none()));
}

async fn only_super_admins_are_permitted(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.list("").assert_super_admins_only().await;
    app.get(&id).assert_super_admins_only().await;
}

async fn shows_a_write_at_once(app: &TestApp) {
    for number in 0..10 {
        let name = format!("new-{number}");
        let (id, _) = app.create_token(&name).await;
        assert_eq!(listed_names(app, "namePrefix=new-").await, [name]);
        app.delete(&id).await.assert_status(204);
        assert!(listed_names(app, "namePrefix=new-").await.is_empty());
    }
}

async fn filters_by_prefix(app: &TestApp) {
    for name in ["ci-a", "ci-b", "cia", "c-i"] {
        app.create_token(name).await;
    }
    assert_eq!(listed_names(app, "namePrefix=ci-").await, ["ci-a", "ci-b"]);
    assert_eq!(listed_names(app, "namePrefix=ci").await, ["ci-a", "ci-b", "cia"]);
    assert!(listed_names(app, "namePrefix=nobody").await.is_empty());
}

async fn filters_by_status(app: &TestApp) {
    app.create_token("works").await;
    app.create_expired_token("worked").await;
    let expired = list(app, "status=expired").await;
    assert_eq!(names(&expired), ["worked"]);
    assert_eq!(expired["tokens"][0]["status"], "expired");
    assert_eq!(listed_names(app, "status=active").await, ["admin", "works"]);
    assert_eq!(listed_names(app, "status=active&namePrefix=wo").await, ["works"]);
}

/// Asserts that the cursor of a filter is rejected with each of the `others`, and that with its own filter it returns the names
/// in `rest`.
async fn assert_cursor_is_bound(app: &TestApp, filter: &str, others: &[&str], rest: &[&str]) {
    let page = list(app, &format!("{filter}&limit=1")).await;
    let cursor = page["nextCursor"].as_str().unwrap();
    for other in others {
        let query = format!("{other}&cursor={cursor}");
        app.list(&query).assert_rejected(400, "invalid-query").await;
    }
    let query = format!("{filter}&cursor={cursor}");
    assert_eq!(names(&page)[0], listed_names(app, filter).await[0]);
    assert_eq!(listed_names(app, &query).await, rest);
}

async fn filters_by_the_exact_owner(app: &TestApp) {
    for (name, owner) in [
        ("owned-1", json!("Team A")),
        ("owned-2", json!("Team A")),
        ("owned-3", json!("Team A/B")),
        ("owned-4", json!("team a")),
        ("owned-5", json!("Team")),
        ("owned-6", Value::Null),
    ] {
        let mut body = token_body(name);
        body["owner"] = owner;
        app.create(body).await;
    }
    let filter = "namePrefix=owned-&owner=Team%20A";
    assert_eq!(listed_names(app, filter).await, ["owned-1", "owned-2"]);
    assert_eq!(listed_names(app, "owner=Team%20A%2FB").await, ["owned-3"]);
    assert!(listed_names(app, "owner=Te").await.is_empty());
    app.list("owner=").assert_rejected(400, "invalid-query").await;
    let others = ["namePrefix=owned-", "namePrefix=owned-&owner=Team", "owner=Team%20A"];
    assert_cursor_is_bound(app, filter, &others, &["owned-2"]).await;
}

async fn filters_by_the_token_that_generated(app: &TestApp) {
    let (creator, token) = app.create_super_admin("creator").await;
    for name in ["made-1", "made-2"] {
        app.generate(token_body(name)).bearer(&token).await.assert_status(201);
    }
    let (changed, _) = app.create_token("made-3").await;
    app.patch(&changed, json!({ "owner": "x" })).bearer(&token).await.assert_status(200);
    let id = creator["id"].as_str().unwrap();
    let filter = format!("namePrefix=made-&createdBy={id}");
    assert_eq!(listed_names(app, &filter).await, ["made-1", "made-2"]);
    assert!(listed_names(app, "createdBy=0000000000000000").await.is_empty());
    for invalid in [&id[1..], &format!("{id}0"), "creator", "", "000000000000000-", "%20"] {
        app.list(&format!("createdBy={invalid}")).assert_rejected(400, "invalid-query").await;
    }
    let other = format!("namePrefix=made-&createdBy={changed}");
    assert_cursor_is_bound(app, &filter, &["namePrefix=made-", &other], &["made-2"]).await;
}

async fn pages_contain_every_token_once(app: &TestApp) {
    for number in 0..23 {
        app.create_token(&format!("page-{number:02}")).await;
    }
    let mut seen = Vec::new();
    let mut query = "limit=5".to_owned();
    loop {
        let page = list(app, &query).await;
        assert!(page["tokens"].as_array().unwrap().len() <= 5);
        seen.extend(names(&page));
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)));
        query = format!("limit=5&cursor={cursor}");
    }
    let expected: Vec<_> = (0..23).map(|number| format!("page-{number:02}")).collect();
    assert_eq!(seen, [vec!["admin".to_owned()], expected].concat());
}

async fn rejects_unknown_and_malformed_parameters(app: &TestApp) {
    let too_long = format!("namePrefix={}", "a".repeat(51));
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
        "namePrefix=",
        "limit=",
        "namePrefix=A",
        "namePrefix=-a",
        "namePrefix=a%2A",
        &too_long,
        "cursor=",
        "page=2",
        "Limit=5",
    ] {
        app.list(query).assert_rejected(400, "invalid-query").await;
    }
    let (id, _) = app.create_token("one").await;
    let get = app.request("GET", &format!("/v1/tokens/{id}?limit=5"));
    get.assert_rejected(400, "invalid-query").await;
}

async fn rejects_a_damaged_cursor_and_one_of_other_filters(app: &TestApp) {
    app.create_token("alpha").await;
    app.create_token("beta").await;
    let cursor = list(app, "limit=1").await["nextCursor"].as_str().unwrap().to_owned();
    let damaged = cursor.replace(|character: char| character.is_ascii_digit(), "x");
    assert_ne!(damaged, cursor);
    for query in [
        format!("cursor={damaged}"),
        format!("cursor={cursor}A"),
        format!("cursor={}", "A".repeat(40)),
        format!("cursor={cursor}&status=active"),
        format!("cursor={cursor}&namePrefix=a"),
    ] {
        app.list(&query).assert_rejected(400, "invalid-query").await;
    }
    let rest = format!("cursor={cursor}&limit=100");
    assert_eq!(listed_names(app, &rest).await, ["alpha", "beta"]);
}

async fn gets_a_token_by_id(app: &TestApp) {
    let (mut record, _) = app.create(token_body("one")).await;
    record.as_object_mut().unwrap().remove("token");
    let response = app.get(record["id"].as_str().unwrap()).await.assert_status(200);
    assert_eq!(response.header("etag"), Some("\"1\""));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.json(), record);
}

async fn an_unknown_or_malformed_id_is_not_found(app: &TestApp) {
    for id in ["0000000000000000", "short", "0000000000000000x", "000000000000000-", "%20"] {
        app.get(id).assert_rejected(404, "token-not-found").await;
    }
}

async fn an_id_with_an_encoded_slash_is_not_found(app: &TestApp) {
    app.get("a%2Fb").assert_rejected(404, "token-not-found").await;
}

async fn a_purged_token_is_not_found(app: &TestApp) {
    let (id, token) = app.create_token("purged").await;
    app.purge(&id).await;
    assert!(listed_names(app, "namePrefix=purged").await.is_empty());
    app.get(&id).assert_rejected(404, "token-not-found").await;
    assert_eq!(app.use_token(&token).await, 403);
}

async fn an_unreadable_token_does_not_fail_the_list(app: &TestApp) {
    let (id, token) = app.create_token("damaged").await;
    app.create_token("sound").await;
    let permissions = AttributeValue::S("{".to_owned());
    table::set_token(&app.dynamodb, &id, "permissions", Some(permissions)).await;
    let page = list(app, "").await;
    assert_eq!(names(&page), ["admin", "damaged", "sound"]);
    assert_eq!(page["tokens"][1], json!({ "id": id, "name": "damaged", "unreadable": true }));
    app.get(&id).assert_rejected(500, "internal").await;
    assert_eq!(app.use_token(&token).await, 500);
}

async fn unreadable_names_do_not_fail_the_list(app: &TestApp) {
    let (id, _) = app.create_token("alpha").await;
    app.create_token("beta").await;
    let string = |text: &str| Some(AttributeValue::S(text.to_owned()));
    let schema = Some(AttributeValue::N("1".to_owned()));
    table::set(&app.dynamodb, "NAMES", "twin", "id", string(&id)).await;
    table::set(&app.dynamodb, "NAMES", "twin", "schema", schema).await;
    table::set(&app.dynamodb, "NAMES", "beta", "id", string("nobody")).await;
    table::set(&app.dynamodb, "NAMES", "/strange name", "id", None).await;
    let page = list(app, "").await;
    let tokens = page["tokens"].as_array().unwrap();
    for name in ["beta", "/strange name"] {
        let unreadable = json!({ "id": null, "name": name, "unreadable": true });
        assert!(tokens.contains(&unreadable), "{page}");
    }
    assert!(names(&page).contains(&"alpha".to_owned()));
    let first = list(app, "limit=1").await;
    let cursor = first["nextCursor"].as_str().unwrap();
    assert_eq!(listed_names(app, &format!("limit=1&cursor={cursor}")).await, ["admin"]);
}

async fn a_newer_schema_is_unreadable_but_an_unknown_attribute_is_kept(app: &TestApp) {
    let (id, token) = app.create_token("evolving").await;
    let added = AttributeValue::Bool(true);
    table::set_token(&app.dynamodb, &id, "addedLater", Some(added.clone())).await;
    assert_eq!(app.use_token(&token).await, 200);
    app.regenerate(&id).await.assert_status(200);
    let patch = json!({ "description": "kept" });
    app.patch(&id, patch.clone()).await.assert_status(200);
    let item = table::token(&app.dynamodb, &id).await.unwrap();
    assert_eq!(item.get("addedLater"), Some(&added), "a newer release's attribute was removed");

    let newer = AttributeValue::N("3".to_owned());
    table::set_token(&app.dynamodb, &id, "schema", Some(newer)).await;
    assert_eq!(app.use_token(&token).await, 500);
    app.get(&id).assert_rejected(500, "internal").await;
    app.patch(&id, patch).assert_rejected(500, "internal").await;
    app.regenerate(&id).assert_rejected(500, "internal").await;
    app.delete(&id).await.assert_status(204);
}
