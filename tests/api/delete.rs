//! `DELETE /v1/tokens/{id}`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::app::{join, orders};
use tests::table;
use tests::{Request, TestApp};

tests::api_tests!(
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

fn delete(id: &str) -> Request {
    Request::new("DELETE", format!("/v1/tokens/{id}"))
}

async fn is_for_super_admins_only(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.assert_super_admins_only(delete(&id)).await;
}

async fn the_token_fails_at_once_and_both_items_are_gone(app: &TestApp) {
    let before = app.snapshot().await;
    let (id, token) = app.create_token("doomed").await;
    let answer = app.call(delete(&id)).await.assert_status(204);
    assert_eq!((answer.text.as_str(), answer.header("cache-control")), ("", Some("no-store")));
    assert_eq!(app.use_token(&token).await, 403);
    assert!(app.snapshot().await == before);
    app.assert_rejected(delete(&id), 404, "token-not-found").await;
}

async fn a_new_token_of_the_name_inherits_nothing(app: &TestApp) {
    let body = json!({ "name": "phoenix", "description": "mighty", "expiresAt": null, "permissions": { "type": "superAdmin" } });
    let (old, old_token) = app.generate(body).await;
    let old = old["id"].as_str().unwrap().to_owned();
    app.call(Request::new("POST", format!("/v1/tokens/{old}/regenerate"))).await.assert_status(200);
    app.call(delete(&old)).await.assert_status(204);
    let (new, token) = app.create_token("phoenix").await;
    assert_ne!(old, new);
    let record = app.call(Request::new("GET", format!("/v1/tokens/{new}"))).await.json();
    assert_eq!(record["version"], 1);
    assert_eq!(record["permissions"], orders());
    assert_eq!((&record["description"], &record["regeneratedAt"]), (&Value::Null, &Value::Null));
    assert_ne!(record["expiresAt"], Value::Null);
    app.send(Request::new("GET", "/v1/tokens").bearer(&token))
        .await
        .assert_gateway_error(403, "Forbidden");
    assert_eq!((app.use_token(&old_token).await, app.use_token(&token).await), (403, 200));
}

async fn a_precondition_is_honoured(app: &TestApp) {
    let (id, token) = app.create_token("guarded").await;
    for stale in ["\"2\"", "W/\"1\"", "1", "\"1"] {
        app.assert_rejected(delete(&id).header("if-match", stale), 412, "version-conflict").await;
    }
    assert_eq!(app.use_token(&token).await, 200);
    app.call(delete(&id).header("if-match", "\"1\"")).await.assert_status(204);
    let (id, _) = app.create_token("guarded").await;
    app.call(delete(&id).header("if-match", "*")).await.assert_status(204);
}

async fn not_found_comes_before_a_stale_precondition(app: &TestApp) {
    let (id, _) = app.create_token("purged").await;
    table::set_timestamp(&app.client, &id, "purgeAt", 1_000).await;
    for id in [id.as_str(), "0000000000000000", "malformed"] {
        app.assert_rejected(delete(id), 404, "token-not-found").await;
        app.assert_rejected(delete(id).header("if-match", "\"9\""), 404, "token-not-found").await;
    }
}

async fn an_expired_token_can_be_deleted(app: &TestApp) {
    let (id, _) = app.create_expired_token("old").await;
    app.call(delete(&id)).await.assert_status(204);
    app.create_token("old").await;
}

async fn of_many_exactly_one_deletes(app: &TestApp) {
    let (id, _) = app.create_token("contended").await;
    let calls = (0..20).map(|_| app.call(delete(&id))).collect();
    let mut statuses: Vec<_> = join(calls).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (204, [404; 19].as_slice()));
}

async fn nothing_stored_can_block_a_revocation(app: &TestApp) {
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
        let key = format!("TOKEN#{id}");
        table::set(&app.client, &key, "TOKEN", attribute, Some(AttributeValue::Bool(true))).await;
        app.assert_rejected(delete(&id).header("if-match", "\"7\""), 412, "version-conflict").await;
        app.call(delete(&id)).await.assert_status(204);
        assert!(table::token(&app.client, &id).await.is_none(), "{attribute}");
        let freed = table::name(&app.client, &name).await.is_none();
        assert_eq!(
            freed,
            attribute != "name",
            "{attribute}: the name goes where the item still says which it is"
        );
    }
}

async fn a_name_that_another_token_took_over_stays_its(app: &TestApp) {
    let (old, _) = app.create_token("shared-name").await;
    table::set_timestamp(&app.client, &old, "purgeAt", 1_000).await;
    let (new, token) = app.create_token("shared-name").await;
    // The old token as a caller sees it whose clock is behind: not yet past its purge.
    let later = AttributeValue::N("32503680000".to_owned());
    table::set(&app.client, &format!("TOKEN#{old}"), "TOKEN", "purgeAt", Some(later)).await;
    app.call(Request::new("POST", format!("/v1/tokens/{old}/regenerate")))
        .await
        .assert_problem(404, "token-not-found");
    assert_eq!(table::text(&table::name(&app.client, "shared-name").await.unwrap(), "id"), new);
    app.call(delete(&old)).await.assert_status(204);
    assert!(table::token(&app.client, &old).await.is_none());
    assert_eq!(table::text(&table::name(&app.client, "shared-name").await.unwrap(), "id"), new);
    assert_eq!(app.use_token(&token).await, 200);
}
