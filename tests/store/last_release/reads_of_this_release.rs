//! What this release reads of the last release's items, and that its operations work on them.

use super::*;
use tests::app::order_permissions;

#[tokio::test(start_paused = true)]
async fn this_release_reads_a_token_of_the_last_release_as_it_is() {
    let releases = Releases::new().await;
    for (index, permissions) in permissions_of_both_releases().iter().enumerate() {
        let (id, first) = releases.generate_by_last(&format!("token-{index}"), permissions).await;
        let generated = releases.record(&id).await;
        assert_same_record(&generated, &releases.last_record(&id).await.unwrap());
        let new = ["owner", "allowedIps", "selfRegenerate", "previousSecret", "lastUsed"];
        let values = new.map(|member| generated[member].clone());
        assert_eq!(values, [Value::Null, Value::Null, json!(false), Value::Null, Value::Null]);
        assert_eq!(releases.accept(&first).await, (true, true));

        releases.update_by_last(&id, "changed", Some(&order_permissions())).await.unwrap();
        let updated = releases.record(&id).await;
        assert_same_record(&updated, &releases.last_record(&id).await.unwrap());
        assert_eq!((&updated["version"], &updated["description"]), (&json!(2), &json!("changed")));

        let second = releases.regenerate_by_last(&id).await.unwrap();
        let regenerated = releases.record(&id).await;
        assert_same_record(&regenerated, &releases.last_record(&id).await.unwrap());
        assert!(regenerated["regeneratedAt"].is_string());
        assert_eq!(releases.accept(&first).await, (false, false));
        assert_eq!(releases.accept(&second).await, (true, true));

        releases.delete_by_last(&id).await.unwrap();
        assert_eq!(releases.accept(&second).await, (false, false));
        let response = releases.handlers.send_as_super_admin(&Request::get(&id)).await;
        response.assert_problem(404, "token-not-found");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_of_the_last_release_has_the_first_generation() {
    let releases = Releases::new().await;
    let (id, first) = releases.generate_by_last("older", &order_permissions()).await;
    assert_eq!(releases.accept(&first).await, (true, true));
    assert!(!releases.record(&id).await["lastUsed"].is_null());
    let regenerate = Request::regenerate(&id).json(&json!({ "gracePeriodSeconds": 3600 }));
    let regenerated = releases.send(regenerate).await;
    let last_used = &regenerated["previousSecret"]["lastUsedAt"];
    assert!(last_used.is_string(), "the use of the first secret is found");
    assert_eq!(regenerated["lastUsed"], Value::Null);
    let uses = table::usages(&releases.dynamodb, &id).await;
    assert_eq!(table::string(&uses[0], "sk"), "SECRET#1");
}

#[tokio::test(start_paused = true)]
async fn every_operation_works_on_a_token_of_the_last_release() {
    let releases = Releases::new().await;
    let (id, first) = releases.generate_by_last("older", &order_permissions()).await;
    let changes = json!({ "owner": "team", "selfRegenerate": true, "description": "changed" });
    let regenerate =
        || Request::regenerate(&id).json(&json!({ "expiresInDays": 7, "gracePeriodSeconds": 600 }));
    releases.send(Request::patch(&id, &changes)).await;
    let second = string(&releases.send(regenerate()).await["token"]);
    assert_eq!(releases.accept(&first).await, (true, false));
    assert_eq!(releases.accept(&second).await, (true, true));
    releases.send(Request::rollback(&id)).await;
    assert_eq!(releases.accept(&first).await, (true, true));
    assert_eq!(releases.accept(&second).await, (false, false));
    let third = string(&releases.send(regenerate()).await["token"]);
    releases.send(Request::end_previous(&id)).await;
    assert_eq!(releases.accept(&first).await, (false, false));
    assert_eq!(releases.accept(&third).await, (true, true));
    let page = releases.send(Request::list("")).await;
    assert_eq!(page["tokens"], json!([releases.record(&id).await]));
    assert_same_record(&page["tokens"][0], &releases.last_record(&id).await.unwrap());
    releases.send(Request::revoke(&third)).await;
    assert_eq!(releases.accept(&third).await, (false, false));
    releases.send(Request::delete(&id)).await;
    // The name is free again, for both.
    let (id, _) = releases.generate_by_last("older", &order_permissions()).await;
    releases.send(Request::delete(&id)).await;
    releases.generate(tests::app::token_body("older")).await;
}
