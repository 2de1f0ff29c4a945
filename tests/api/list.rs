//! `GET /v1/tokens` and `GET /v1/tokens/{id}`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::table;
use tests::{Call, World};

tests::everywhere!(
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

async fn list(world: &World, query: &str) -> Value {
    let answer = world.call(Call::new("GET", format!("/v1/tokens{query}"))).await.is(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

fn names(page: &Value) -> Vec<String> {
    let tokens = page["tokens"].as_array().unwrap();
    tokens.iter().map(|token| token["name"].as_str().unwrap().to_owned()).collect()
}

async fn shows_tokens_in_name_order_and_no_secret(world: &World) {
    for name in ["zeta", "alpha", "m-1", "m-10", "m-2", "m_1"] {
        world.plain(name).await;
    }
    let page = list(world, "").await;
    assert_eq!(names(&page), ["admin", "alpha", "m-1", "m-10", "m-2", "m_1", "zeta"]);
    assert_eq!(page["nextCursor"], Value::Null);
    assert!(page["tokens"].as_array().unwrap().iter().all(|token| token.get("token").is_none()));
}

async fn is_for_super_admins_only(world: &World) {
    world.is_for_super_admins_only(Call::new("GET", "/v1/tokens")).await;
    let (id, _) = world.plain("secretive").await;
    for token in ["grid-plain", "grid-expired"] {
        let found = list(world, &format!("?namePrefix={token}")).await;
        let id = found["tokens"][0]["id"].as_str().unwrap().to_owned();
        world.call(Call::new("DELETE", format!("/v1/tokens/{id}"))).await.is(204);
    }
    world.is_for_super_admins_only(Call::new("GET", format!("/v1/tokens/{id}"))).await;
}

async fn shows_a_write_at_once(world: &World) {
    for number in 0..10 {
        let (id, _) = world.plain(&format!("now-{number}")).await;
        assert_eq!(names(&list(world, "?namePrefix=now-").await), [format!("now-{number}")]);
        world.call(Call::new("DELETE", format!("/v1/tokens/{id}"))).await.is(204);
        assert!(names(&list(world, "?namePrefix=now-").await).is_empty());
    }
}

async fn filters_by_prefix(world: &World) {
    for name in ["ci-a", "ci-b", "cia", "c-i"] {
        world.plain(name).await;
    }
    assert_eq!(names(&list(world, "?namePrefix=ci-").await), ["ci-a", "ci-b"]);
    assert_eq!(names(&list(world, "?namePrefix=ci").await), ["ci-a", "ci-b", "cia"]);
    assert_eq!(names(&list(world, "?namePrefix=").await), ["admin", "c-i", "ci-a", "ci-b", "cia"]);
    assert!(names(&list(world, "?namePrefix=nobody").await).is_empty());
}

async fn filters_by_status(world: &World) {
    world.plain("works").await;
    world.expired("worked").await;
    let expired = list(world, "?status=expired").await;
    assert_eq!(names(&expired), ["worked"]);
    assert_eq!(expired["tokens"][0]["status"], "expired");
    assert_eq!(names(&list(world, "?status=active").await), ["admin", "works"]);
    assert_eq!(names(&list(world, "?status=active&namePrefix=wo").await), ["works"]);
}

async fn pages_without_missing_or_repeating(world: &World) {
    for number in 0..23 {
        world.plain(&format!("page-{number:02}")).await;
    }
    let mut seen = Vec::new();
    let mut query = "?limit=5".to_owned();
    loop {
        let page = list(world, &query).await;
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

async fn refuses_unknown_and_malformed_parameters(world: &World) {
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
        let call = Call::new("GET", format!("/v1/tokens?{query}"));
        world.refuses(call, 400, "invalid-query").await;
    }
    let long = "a".repeat(51);
    world
        .refuses(Call::new("GET", format!("/v1/tokens?namePrefix={long}")), 400, "invalid-query")
        .await;
    let (id, _) = world.plain("plain").await;
    world.refuses(Call::new("GET", format!("/v1/tokens/{id}?limit=5")), 400, "invalid-query").await;
}

async fn refuses_a_damaged_cursor_and_one_of_other_filters(world: &World) {
    world.plain("alpha").await;
    world.plain("beta").await;
    let cursor = list(world, "?limit=1").await["nextCursor"].as_str().unwrap().to_owned();
    let damaged = cursor.replace(|character: char| character.is_ascii_digit(), "x");
    assert_ne!(damaged, cursor);
    for query in [
        format!("cursor={damaged}"),
        format!("cursor={cursor}A"),
        format!("cursor={}", "A".repeat(40)),
        format!("cursor={cursor}&status=active"),
        format!("cursor={cursor}&namePrefix=a"),
    ] {
        let call = Call::new("GET", format!("/v1/tokens?{query}"));
        world.refuses(call, 400, "invalid-query").await;
    }
    assert_eq!(
        names(&list(world, &format!("?cursor={cursor}&limit=100")).await),
        ["alpha", "beta"]
    );
}

async fn one_token_is_shown_by_its_id(world: &World) {
    let (record, _) = world.generate(tests::world::plain_body("one")).await;
    let id = record["id"].as_str().unwrap();
    let answer = world.call(Call::new("GET", format!("/v1/tokens/{id}"))).await.is(200);
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut expected = record;
    expected.as_object_mut().unwrap().remove("token");
    assert_eq!(answer.json(), expected);
}

async fn an_unknown_and_a_malformed_id_are_not_found(world: &World) {
    for id in ["0000000000000000", "short", "0000000000000000x", "000000000000000-", "%20"] {
        let call = Call::new("GET", format!("/v1/tokens/{id}"));
        world.refuses(call, 404, "token-not-found").await;
    }
}

async fn an_id_with_an_encoded_slash_is_not_found(world: &World) {
    let call = Call::new("GET", "/v1/tokens/a%2Fb");
    world.refuses(call, 404, "token-not-found").await;
}

async fn a_purged_token_is_gone(world: &World) {
    let (id, token) = world.plain("purged").await;
    table::set_moment(&world.client, &id, "purgeAt", 1_000).await;
    assert!(names(&list(world, "?namePrefix=purged").await).is_empty());
    world.refuses(Call::new("GET", format!("/v1/tokens/{id}")), 404, "token-not-found").await;
    assert_eq!(world.use_token(&token).await, 403);
}

async fn a_damaged_token_does_not_take_the_list_down(world: &World) {
    let (id, token) = world.plain("damaged").await;
    world.plain("sound").await;
    let key = format!("TOKEN#{id}");
    table::set(
        &world.client,
        &key,
        "TOKEN",
        "permissions",
        Some(AttributeValue::S("{".to_owned())),
    )
    .await;
    let page = list(world, "").await;
    assert_eq!(names(&page), ["admin", "damaged", "sound"]);
    assert_eq!(page["tokens"][1], json!({ "id": id, "name": "damaged", "unreadable": true }));
    world.refuses(Call::new("GET", format!("/v1/tokens/{id}")), 500, "internal").await;
    assert_eq!(world.use_token(&token).await, 403);
}

async fn damaged_names_do_not_take_the_list_down(world: &World) {
    let (id, _) = world.plain("alpha").await;
    world.plain("beta").await;
    let text = |text: &str| Some(AttributeValue::S(text.to_owned()));
    table::set(&world.client, "NAMES", "twin", "id", text(&id)).await;
    table::set(&world.client, "NAMES", "twin", "schema", Some(AttributeValue::N("1".to_owned())))
        .await;
    table::set(&world.client, "NAMES", "beta", "id", text("nobody")).await;
    table::set(&world.client, "NAMES", "/strange name", "id", None).await;
    let page = list(world, "").await;
    let unreadable = |name: &str| json!({ "id": null, "name": name, "unreadable": true });
    let tokens = page["tokens"].as_array().unwrap();
    assert!(
        tokens.contains(&unreadable("beta")) && tokens.contains(&unreadable("/strange name")),
        "{page}"
    );
    assert!(names(&page).contains(&"alpha".to_owned()));
    let first = list(world, "?limit=1").await;
    let cursor = first["nextCursor"].as_str().unwrap();
    assert_eq!(names(&list(world, &format!("?limit=1&cursor={cursor}")).await), ["admin"]);
}

async fn a_newer_schema_is_unreadable_and_an_unknown_attribute_is_not(world: &World) {
    let (id, token) = world.plain("evolving").await;
    let key = format!("TOKEN#{id}");
    table::set(&world.client, &key, "TOKEN", "novelty", Some(AttributeValue::Bool(true))).await;
    assert_eq!(world.use_token(&token).await, 200);
    world.call(Call::new("POST", format!("/v1/tokens/{id}/regenerate"))).await.is(200);
    let patch =
        Call::new("PATCH", format!("/v1/tokens/{id}")).json(&json!({ "description": "kept" }));
    world.call(patch.clone()).await.is(200);
    let item = table::token(&world.client, &id).await.unwrap();
    assert_eq!(
        item.get("novelty"),
        Some(&AttributeValue::Bool(true)),
        "a newer release's attribute was wiped"
    );
    table::set(&world.client, &key, "TOKEN", "schema", Some(AttributeValue::N("2".to_owned())))
        .await;
    assert_eq!(world.use_token(&token).await, 403);
    world.refuses(Call::new("GET", format!("/v1/tokens/{id}")), 500, "internal").await;
    world.refuses(patch, 500, "internal").await;
    world.refuses(Call::new("POST", format!("/v1/tokens/{id}/regenerate")), 500, "internal").await;
    world.call(Call::new("DELETE", format!("/v1/tokens/{id}"))).await.is(204);
}
