//! `DELETE /v1/tokens/{id}`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::table;
use tests::world::{join, orders};
use tests::{Call, World};

tests::everywhere!(
    is_for_super_admins_only,
    the_token_fails_at_once_and_both_items_are_gone,
    a_new_token_of_the_name_inherits_nothing,
    a_precondition_is_honoured,
    not_found_comes_before_a_stale_precondition,
    an_expired_token_can_be_deleted,
    of_many_exactly_one_deletes,
    nothing_stored_can_block_a_revocation,
    a_name_that_another_token_took_over_stays_its,
);

fn delete(id: &str) -> Call {
    Call::new("DELETE", format!("/v1/tokens/{id}"))
}

async fn is_for_super_admins_only(world: &World) {
    let (id, _) = world.plain("target").await;
    world.is_for_super_admins_only(delete(&id)).await;
}

async fn the_token_fails_at_once_and_both_items_are_gone(world: &World) {
    let before = world.snapshot().await;
    let (id, token) = world.plain("doomed").await;
    let answer = world.call(delete(&id)).await.is(204);
    assert_eq!((answer.text.as_str(), answer.header("cache-control")), ("", Some("no-store")));
    assert_eq!(world.use_token(&token).await, 403);
    assert!(world.snapshot().await == before);
    world.refuses(delete(&id), 404, "token-not-found").await;
}

async fn a_new_token_of_the_name_inherits_nothing(world: &World) {
    let body = json!({ "name": "phoenix", "description": "mighty", "expiresAt": null, "permissions": { "type": "superAdmin" } });
    let (old, old_token) = world.generate(body).await;
    let old = old["id"].as_str().unwrap().to_owned();
    world.call(Call::new("POST", format!("/v1/tokens/{old}/regenerate"))).await.is(200);
    world.call(delete(&old)).await.is(204);
    let (new, token) = world.plain("phoenix").await;
    assert_ne!(old, new);
    let record = world.call(Call::new("GET", format!("/v1/tokens/{new}"))).await.json();
    assert_eq!(record["version"], 1);
    assert_eq!(record["permissions"], orders());
    assert_eq!((&record["description"], &record["regeneratedAt"]), (&Value::Null, &Value::Null));
    assert_ne!(record["expiresAt"], Value::Null);
    world.send(Call::new("GET", "/v1/tokens").bearer(&token)).await.gateway(403, "Forbidden");
    assert_eq!((world.use_token(&old_token).await, world.use_token(&token).await), (403, 200));
}

async fn a_precondition_is_honoured(world: &World) {
    let (id, token) = world.plain("guarded").await;
    for stale in ["\"2\"", "W/\"1\"", "1", "\"1"] {
        world.refuses(delete(&id).header("if-match", stale), 412, "version-conflict").await;
    }
    assert_eq!(world.use_token(&token).await, 200);
    world.call(delete(&id).header("if-match", "\"1\"")).await.is(204);
    let (id, _) = world.plain("guarded").await;
    world.call(delete(&id).header("if-match", "*")).await.is(204);
}

async fn not_found_comes_before_a_stale_precondition(world: &World) {
    let (id, _) = world.plain("purged").await;
    table::set_moment(&world.client, &id, "purgeAt", 1_000).await;
    for id in [id.as_str(), "0000000000000000", "malformed"] {
        world.refuses(delete(id), 404, "token-not-found").await;
        world.refuses(delete(id).header("if-match", "\"9\""), 404, "token-not-found").await;
    }
}

async fn an_expired_token_can_be_deleted(world: &World) {
    let (id, _) = world.expired("old").await;
    world.call(delete(&id)).await.is(204);
    world.plain("old").await;
}

async fn of_many_exactly_one_deletes(world: &World) {
    let (id, _) = world.plain("contended").await;
    let calls = (0..20).map(|_| world.call(delete(&id))).collect();
    let mut statuses: Vec<_> = join(calls).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (204, [404; 19].as_slice()));
}

async fn nothing_stored_can_block_a_revocation(world: &World) {
    for attribute in [
        "schema",
        "name",
        "permissions",
        "secretHash",
        "version",
        "createdAt",
        "createdBy",
        "updatedAt",
        "updatedBy",
    ] {
        let name = format!("broken-{}", attribute.to_lowercase());
        let (id, _) = world.plain(&name).await;
        let key = format!("TOKEN#{id}");
        table::set(&world.client, &key, "TOKEN", attribute, Some(AttributeValue::Bool(true))).await;
        world.refuses(delete(&id).header("if-match", "\"7\""), 412, "version-conflict").await;
        world.call(delete(&id)).await.is(204);
        assert!(table::token(&world.client, &id).await.is_none(), "{attribute}");
        let freed = table::name(&world.client, &name).await.is_none();
        assert_eq!(
            freed,
            attribute != "name",
            "{attribute}: the name goes where the item still says which it is"
        );
    }
}

async fn a_name_that_another_token_took_over_stays_its(world: &World) {
    let (old, _) = world.plain("shared-name").await;
    table::set_moment(&world.client, &old, "purgeAt", 1_000).await;
    let (new, token) = world.plain("shared-name").await;
    // The old token as a caller sees it whose clock is behind: not yet past its purge.
    let later = AttributeValue::N("32503680000".to_owned());
    table::set(&world.client, &format!("TOKEN#{old}"), "TOKEN", "purgeAt", Some(later)).await;
    world
        .call(Call::new("POST", format!("/v1/tokens/{old}/regenerate")))
        .await
        .problem(404, "token-not-found");
    assert_eq!(table::text(&table::name(&world.client, "shared-name").await.unwrap(), "id"), new);
    world.call(delete(&old)).await.is(204);
    assert!(table::token(&world.client, &old).await.is_none());
    assert_eq!(table::text(&table::name(&world.client, "shared-name").await.unwrap(), "id"), new);
    assert_eq!(world.use_token(&token).await, 200);
}
