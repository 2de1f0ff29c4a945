//! `PATCH /v1/tokens/{id}`.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::app::{join, order_permissions, route_permissions};
use tests::{TestApp, table};

tests::api_tests!(
    only_super_admins_are_permitted,
    absent_null_and_a_value_are_different,
    new_permissions_replace_the_old_ones_and_apply_to_the_next_request,
    a_patch_that_changes_nothing_writes_nothing,
    rejects_name_and_expiration_with_an_explanation,
    rejects_null_permissions_and_reports_every_violation_at_once,
    if_match_is_honoured,
    a_missing_token_is_not_found_even_with_a_stale_if_match,
    an_unreadable_token_is_not_written,
    concurrent_updates_with_the_same_if_match_apply_exactly_once,
    concurrent_updates_without_if_match_all_apply,
    records_the_caller,
);

async fn records_the_caller(app: &TestApp) {
    let (id, _) = app.create_token("shared").await;
    let (caller, token) = app.create_super_admin("second").await;
    let patch = app.patch(&id, json!({ "description": "x" }));
    let record = patch.bearer(&token).await.assert_status(200).json();
    assert_eq!(record["updatedBy"], caller);
    assert_eq!(record["createdBy"]["name"], "admin");
}

async fn only_super_admins_are_permitted(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.patch(&id, json!({ "description": "x" })).assert_super_admins_only().await;
}

async fn absent_null_and_a_value_are_different(app: &TestApp) {
    let (id, _) = app.create_token("patched").await;
    let set = app.patch(&id, json!({ "description": "one" })).await.assert_status(200);
    assert_eq!(set.header("etag"), Some("\"2\""));
    assert_eq!(set.header("cache-control"), Some("no-store"));
    assert_eq!((&set.json()["description"], &set.json()["version"]), (&json!("one"), &json!(2)));
    let permissions = route_permissions("PUT", "/orders/**");
    let patch = json!({ "permissions": permissions });
    let kept = app.patch(&id, patch).await.assert_status(200).json();
    assert_eq!((&kept["description"], &kept["version"]), (&json!("one"), &json!(3)));
    let patch = json!({ "description": null });
    let cleared = app.patch(&id, patch).await.assert_status(200).json();
    assert_eq!((&cleared["description"], &cleared["version"]), (&Value::Null, &json!(4)));
    assert_eq!(cleared["permissions"], permissions);
    assert_eq!(cleared["updatedBy"]["name"], "admin");
    assert_eq!(app.get(&id).await.json(), cleared);
    assert!(!table::token(&app.dynamodb, &id).await.unwrap().contains_key("description"));
}

async fn new_permissions_replace_the_old_ones_and_apply_to_the_next_request(app: &TestApp) {
    let (id, token) = app.create_token("changing").await;
    assert_eq!(app.use_token(&token).await, 200);
    let post_only = json!({ "permissions": route_permissions("POST", "/orders/**") });
    let record = app.patch(&id, post_only.clone()).await.assert_status(200).json();
    assert_eq!(record["permissions"], post_only["permissions"]);
    assert_eq!(app.use_token(&token).await, 403);
    let super_admin = json!({ "permissions": { "type": "superAdmin" } });
    app.patch(&id, super_admin).await.assert_status(200);
    assert_eq!(app.use_token(&token).await, 200);
    app.list("").bearer(&token).await.assert_status(200);
    app.patch(&id, post_only).await.assert_status(200);
    app.list("").bearer(&token).await.assert_gateway_error(403, "Forbidden");
}

async fn a_patch_that_changes_nothing_writes_nothing(app: &TestApp) {
    let (id, _) = app.create_token("unchanged").await;
    app.patch(&id, json!({ "description": "same" })).await.assert_status(200);
    let before = app.snapshot().await;
    let same = json!({ "description": "same", "permissions": order_permissions() });
    for patch in [json!({}), json!({ "description": "same" }), same] {
        let patch = || app.patch(&id, patch.clone());
        let response = patch().await.assert_status(200);
        assert_eq!(
            (response.header("etag"), &response.json()["version"]),
            (Some("\"2\""), &json!(2))
        );
        patch().if_match("\"2\"").await.assert_status(200);
        patch().if_match("\"1\"").await.assert_problem(412, "version-conflict");
    }
    assert!(app.snapshot().await == before, "an update that changes nothing wrote something");
    app.patch(&id, json!({ "description": null })).await.assert_status(200);
    let cleared = app.patch(&id, json!({ "description": null })).await.assert_status(200).json();
    assert_eq!(cleared["version"], 3);
    assert!(app.snapshot().await != before);
}

async fn rejects_name_and_expiration_with_an_explanation(app: &TestApp) {
    let (id, _) = app.create_token("fixed").await;
    let patch = json!({ "name": "other", "expiresAt": null, "expiresInDays": 7, "description": "x", "id": "x" });
    let response = app.patch(&id, patch).assert_rejected(422, "validation-failed").await;
    assert!(response.text.contains("regenerate"));
    response.assert_violations(&[
        ("/expiresAt", "immutable"),
        ("/expiresInDays", "immutable"),
        ("/id", "unknown-member"),
        ("/name", "immutable"),
    ]);
}

async fn rejects_null_permissions_and_reports_every_violation_at_once(app: &TestApp) {
    let (id, _) = app.create_token("strict").await;
    let patch = json!({ "permissions": null, "description": 7 });
    let response = app.patch(&id, patch).assert_rejected(422, "validation-failed").await;
    response.assert_violations(&[("/description", "type"), ("/permissions", "type")]);
    let patch = json!({ "permissions": { "type": "specific", "grants": [] } });
    app.patch(&id, patch).assert_rejected(422, "validation-failed").await;
}

async fn if_match_is_honoured(app: &TestApp) {
    let (id, _) = app.create_token("guarded").await;
    let patch = |tags: &str| app.patch(&id, json!({ "description": tags })).if_match(tags);
    for stale in ["\"0\"", "\"2\"", "W/\"1\"", "1", "\"01\"", "nonsense", "\"2\", \"3\""] {
        patch(stale).assert_rejected(412, "version-conflict").await;
    }
    for (current, version) in [("\"1\"", 2), ("*", 3), ("\"9\", \"3\"", 4)] {
        assert_eq!(patch(current).await.assert_status(200).json()["version"], version);
    }
}

async fn a_missing_token_is_not_found_even_with_a_stale_if_match(app: &TestApp) {
    let (purged, _) = app.create_token("purged").await;
    app.purge(&purged).await;
    for id in [&purged, "0000000000000000", "malformed"] {
        let patch = json!({ "description": "x" });
        let stale = app.patch(id, patch.clone()).if_match("\"9\"");
        stale.assert_rejected(404, "token-not-found").await;
        app.patch(id, patch).assert_rejected(404, "token-not-found").await;
        app.patch(id, json!({})).assert_rejected(404, "token-not-found").await;
    }
}

async fn an_unreadable_token_is_not_written(app: &TestApp) {
    for attribute in ["schema", "permissions", "createdBy", "secretHash", "version", "updatedAt"] {
        let (id, _) = app.create_token(&format!("un-{}", attribute.to_lowercase())).await;
        // A boolean, one byte less than a hash has, and no value: none of them is valid for any of these attributes.
        let damages =
            [Some(AttributeValue::Bool(true)), Some(AttributeValue::B(Blob::new([7; 31]))), None];
        for damage in damages {
            table::set_token(&app.dynamodb, &id, attribute, damage).await;
            let patch = app.patch(&id, json!({ "description": "x" }));
            patch.assert_rejected(500, "internal").await;
        }
    }
}

async fn concurrent_updates_with_the_same_if_match_apply_exactly_once(app: &TestApp) {
    let (id, _) = app.create_token("contended").await;
    let patch = |number: u8| app.patch(&id, json!({ "description": number.to_string() }));
    // Only the problem `contended` is sent again, so that a 412 stays a 412.
    let responses =
        join((0..20).map(|number| patch(number).if_match("\"1\"").until_uncontended())).await;
    let mut statuses: Vec<_> = responses.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, [412; 19].as_slice()));
    assert_eq!(app.get(&id).await.json()["version"], 2);
}

async fn concurrent_updates_without_if_match_all_apply(app: &TestApp) {
    let (id, _) = app.create_token("last-wins").await;
    let patch = |number: u8| app.patch(&id, json!({ "description": number.to_string() }));
    let responses = join((0..20).map(|number| patch(number).until_uncontended())).await;
    let mut records: Vec<_> =
        responses.into_iter().map(|response| response.assert_status(200).json()).collect();
    records.sort_by_key(|record| record["version"].as_u64());
    let versions: Vec<_> =
        records.iter().map(|record| record["version"].as_u64().unwrap()).collect();
    assert_eq!(versions, (2..=21).collect::<Vec<_>>());
    assert_eq!(app.get(&id).await.json(), records[19]);
}
