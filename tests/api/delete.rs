//! `DELETE /v1/tokens/{id}`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use tests::app::{join, order_permissions};
use tests::{TestApp, table};

tests::api_tests!(
    only_super_admins_are_permitted,
    the_token_fails_at_once_and_both_items_are_deleted,
    a_new_token_of_the_same_name_inherits_nothing,
    if_match_is_honoured,
    a_missing_token_is_not_found_even_with_a_stale_if_match,
    an_expired_token_can_be_deleted,
    concurrent_deletes_succeed_exactly_once,
    an_unreadable_token_can_be_deleted,
    a_name_that_another_token_has_taken_over_is_kept,
    delete_and_regenerate_succeed_while_clients_keep_patching,
);

async fn only_super_admins_are_permitted(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.delete(&id).assert_super_admins_only().await;
}

async fn the_token_fails_at_once_and_both_items_are_deleted(app: &TestApp) {
    let before = app.tokens_and_names().await;
    let (id, token) = app.create_token("short-lived").await;
    let response = app.delete(&id).await.assert_status(204);
    assert_eq!((response.text.as_str(), response.header("cache-control")), ("", Some("no-store")));
    assert_eq!(app.use_token(&token).await, 403);
    assert!(app.tokens_and_names().await == before);
    app.delete(&id).assert_rejected(404, "token-not-found").await;
}

async fn a_new_token_of_the_same_name_inherits_nothing(app: &TestApp) {
    let body = json!({ "name": "reused", "description": "old", "expiresAt": null, "permissions": { "type": "superAdmin" } });
    let (old, old_token) = app.create(body).await;
    let old_id = old["id"].as_str().unwrap();
    app.regenerate(old_id).await.assert_status(200);
    app.delete(old_id).await.assert_status(204);
    let (id, token) = app.create_token("reused").await;
    assert_ne!(old_id, id);
    let record = app.get(&id).await.json();
    assert_eq!(record["version"], 1);
    assert_eq!(record["permissions"], order_permissions());
    assert_eq!((&record["description"], &record["regeneratedAt"]), (&Value::Null, &Value::Null));
    assert_ne!(record["expiresAt"], Value::Null);
    app.list("").bearer(&token).await.assert_gateway_error(403, "Forbidden");
    assert_eq!((app.use_token(&old_token).await, app.use_token(&token).await), (403, 200));
}

async fn if_match_is_honoured(app: &TestApp) {
    let (id, token) = app.create_token("guarded").await;
    for stale in ["\"2\"", "W/\"1\"", "1", "\"1"] {
        app.delete(&id).if_match(stale).assert_rejected(412, "version-conflict").await;
    }
    assert_eq!(app.use_token(&token).await, 200);
    app.delete(&id).if_match("\"1\"").await.assert_status(204);
    let (id, _) = app.create_token("guarded").await;
    app.delete(&id).if_match("*").await.assert_status(204);
}

async fn a_missing_token_is_not_found_even_with_a_stale_if_match(app: &TestApp) {
    let (purged, _) = app.create_token("purged").await;
    app.purge(&purged).await;
    for id in [&purged, "0000000000000000", "malformed"] {
        app.delete(id).assert_rejected(404, "token-not-found").await;
        app.delete(id).if_match("\"9\"").assert_rejected(404, "token-not-found").await;
    }
}

async fn an_expired_token_can_be_deleted(app: &TestApp) {
    let (id, _) = app.create_expired_token("expired").await;
    app.delete(&id).await.assert_status(204);
    app.create_token("expired").await;
}

async fn concurrent_deletes_succeed_exactly_once(app: &TestApp) {
    let (id, _) = app.create_token("contended").await;
    let responses = join((0..20).map(|_| app.delete(&id).until_uncontended())).await;
    let mut statuses: Vec<_> = responses.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (204, [404; 19].as_slice()));
}

async fn an_unreadable_token_can_be_deleted(app: &TestApp) {
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
        let (id, _) = app.create_token(&name).await;
        let damage = AttributeValue::Bool(true);
        table::set_token(&app.dynamodb, &id, attribute, Some(damage)).await;
        app.delete(&id).if_match("\"7\"").assert_rejected(412, "version-conflict").await;
        app.delete(&id).await.assert_status(204);
        assert!(table::token(&app.dynamodb, &id).await.is_none(), "{attribute}");
        // The name item can be found, and so deleted, only if the token's item still contains the name.
        let name_remains = table::name(&app.dynamodb, &name).await.is_some();
        assert_eq!(name_remains, attribute == "name", "{attribute}");
    }
}

async fn a_name_that_another_token_has_taken_over_is_kept(app: &TestApp) {
    let (old_id, _) = app.create_token("shared").await;
    app.purge(&old_id).await;
    let (id, token) = app.create_token("shared").await;
    // A function whose clock is behind sees the old token as not yet purged. This makes it appear so to every function.
    let later = AttributeValue::N("32503680000".to_owned());
    table::set_token(&app.dynamodb, &old_id, "purgeAt", Some(later)).await;
    let id_in_name_item =
        async || table::string(&table::name(&app.dynamodb, "shared").await.unwrap(), "id");
    app.regenerate(&old_id).await.assert_problem(404, "token-not-found");
    assert_eq!(id_in_name_item().await, id);
    app.delete(&old_id).await.assert_status(204);
    assert!(table::token(&app.dynamodb, &old_id).await.is_none());
    assert_eq!(id_in_name_item().await, id);
    assert_eq!(app.use_token(&token).await, 200);
}

/// Patches a token with 24 concurrent clients until it is deleted or `stop` is set.
async fn keep_patching(app: &TestApp, id: &str, stop: &AtomicBool) {
    let clients = (0..24).map(async |client| {
        for round in 0.. {
            let body = json!({ "description": format!("{client}-{round}") });
            let status = app.patch(id, body).await.status;
            // The clients contend with each other too, so a patch may run out of attempts or of time.
            assert!([200, 404, 409, 503].contains(&status), "{status}");
            if status == 404 || stop.load(Ordering::Relaxed) {
                return;
            }
        }
    });
    join(clients).await;
}

async fn delete_and_regenerate_succeed_while_clients_keep_patching(app: &TestApp) {
    let (id, first) = app.create_token("contended").await;
    let stop = AtomicBool::new(false);
    let regenerate_and_delete = async {
        let mut old = first;
        for _ in 0..3 {
            let response = app.regenerate(&id).until_uncontended().await;
            let response = response.assert_status(200).json();
            let new = response["token"].as_str().unwrap().to_owned();
            assert_eq!((app.use_token(&old).await, app.use_token(&new).await), (403, 200));
            old = new;
        }
        app.delete(&id).until_uncontended().await.assert_status(204);
        assert_eq!(app.use_token(&old).await, 403);
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(keep_patching(app, &id, &stop), regenerate_and_delete);
}
