//! `POST /v1/tokens/{id}/regenerate`.

use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use tests::app::join;
use tests::table;
use tests::{Request, TestApp};

tests::api_tests!(
    is_for_super_admins_only,
    the_old_secret_fails_and_the_new_one_works,
    takes_every_kind_of_expiration_and_never_the_old_moment,
    the_same_expiration_again_makes_a_new_secret_all_the_same,
    an_expired_token_works_again,
    refuses_each_bad_body,
    a_precondition_is_honoured,
    not_found_comes_before_a_stale_precondition,
    of_many_with_one_if_match_exactly_one_wins,
    of_many_without_if_match_the_last_secret_works,
    against_delete_one_order_holds,
    names_who_did_it,
);

fn post(id: &str) -> Request {
    Request::new("POST", format!("/v1/tokens/{id}/regenerate"))
}

async fn is_for_super_admins_only(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.assert_super_admins_only(post(&id)).await;
}

async fn names_who_did_it(app: &TestApp) {
    let (id, _) = app.create_token("passed-on").await;
    let (second, token) = app.create_super_admin().await;
    let record = app.send(post(&id).bearer(&token)).await.assert_status(200).json();
    assert_eq!(record["updatedBy"], second);
    assert_eq!(record["createdBy"]["name"], "admin");
}

async fn the_old_secret_fails_and_the_new_one_works(app: &TestApp) {
    let (id, old) = app.create_token("rotated").await;
    let before = app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.json();
    let answer = app.call(post(&id)).await.assert_status(200);
    assert_eq!(
        (answer.header("etag"), answer.header("cache-control")),
        (Some("\"2\""), Some("no-store"))
    );
    let record = answer.json();
    let new = record["token"].as_str().unwrap();
    assert!(new.starts_with(&format!("twd_{id}_")) && new != old);
    assert_eq!((app.use_token(&old).await, app.use_token(new).await), (403, 200));
    for same in ["id", "name", "description", "permissions", "createdAt", "createdBy"] {
        assert_eq!(record[same], before[same], "{same}");
    }
    assert_eq!(record["version"], 2);
    assert_eq!(record["regeneratedAt"], record["updatedAt"]);
    let shown = app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.json();
    assert_eq!((&shown["version"], shown.get("token")), (&json!(2), None));
}

async fn takes_every_kind_of_expiration_and_never_the_old_moment(app: &TestApp) {
    let (record, _) = app
        .generate(json!({ "name": "long-lived", "expiresInDays": 3650, "permissions": tests::app::orders() }))
        .await;
    let id = record["id"].as_str().unwrap();
    let days = |record: &Value| {
        let seconds = |value: &Value| Timestamp::parse(value.as_str().unwrap()).unwrap().seconds();
        (seconds(&record["expiresAt"]) - seconds(&record["updatedAt"])) / 86_400
    };
    assert_eq!(days(&app.call(post(id)).await.assert_status(200).json()), 30);
    assert_eq!(days(&app.call(post(id).json(&json!({}))).await.assert_status(200).json()), 30);
    assert_eq!(
        days(
            &app.call(post(id).json(&json!({ "expiresInDays": 7 })))
                .await
                .assert_status(200)
                .json()
        ),
        7
    );
    let never =
        app.call(post(id).json(&json!({ "expiresAt": null }))).await.assert_status(200).json();
    assert_eq!(never["expiresAt"], Value::Null);
    let (token, name) = (
        table::token(&app.client, id).await.unwrap(),
        table::name(&app.client, "long-lived").await.unwrap(),
    );
    for attribute in ["expiresAt", "purgeAt"] {
        assert!(
            !token.contains_key(attribute) && !name.contains_key(attribute),
            "{attribute} survived"
        );
    }
    let at = app
        .call(post(id).json(&json!({ "expiresAt": "2030-01-01T00:00:00Z" })))
        .await
        .assert_status(200)
        .json();
    assert_eq!(at["expiresAt"], "2030-01-01T00:00:00Z");
    let (token, name) = (
        table::token(&app.client, id).await.unwrap(),
        table::name(&app.client, "long-lived").await.unwrap(),
    );
    let moment = Timestamp::parse("2030-01-31T00:00:00Z").unwrap().seconds().to_string();
    assert_eq!(token["purgeAt"].as_n().unwrap(), &moment);
    assert_eq!(name["purgeAt"], token["purgeAt"]);
    assert_eq!(name["expiresAt"], token["expiresAt"]);
}

async fn the_same_expiration_again_makes_a_new_secret_all_the_same(app: &TestApp) {
    for (name, expires_at) in [("never", Value::Null), ("fixed", json!("2030-01-01T00:00:00Z"))] {
        let mut body = tests::app::token_body(name);
        body["expiresAt"] = expires_at.clone();
        let (record, leaked) = app.generate(body).await;
        let id = record["id"].as_str().unwrap();
        let again = post(id).json(&json!({ "expiresAt": expires_at }));
        let renewed = app.call(again).await.assert_status(200).json();
        assert_eq!(renewed["expiresAt"], record["expiresAt"]);
        let token = renewed["token"].as_str().unwrap();
        assert_eq!(
            (app.use_token(&leaked).await, app.use_token(token).await),
            (403, 200),
            "{name}"
        );
    }
}

async fn an_expired_token_works_again(app: &TestApp) {
    let (id, old) = app.create_expired_token("revived").await;
    assert_eq!(app.use_token(&old).await, 403);
    let record = app.call(post(&id)).await.assert_status(200).json();
    assert_eq!(record["status"], "active");
    assert_eq!(app.use_token(record["token"].as_str().unwrap()).await, 200);
    assert_eq!(app.use_token(&old).await, 403);
}

async fn refuses_each_bad_body(app: &TestApp) {
    let (id, token) = app.create_token("kept").await;
    let raw = |media: &str, body: &str| post(&id).raw(media, body);
    for (body, pointer) in [
        (json!({ "expiresInDays": 0 }), "/expiresInDays"),
        (json!({ "expiresInDays": null }), "/expiresInDays"),
        (json!({ "expiresAt": "2020-01-01T00:00:00Z" }), "/expiresAt"),
        (json!({ "expiresAt": null, "expiresInDays": 1 }), "/expiresAt"),
        (json!({ "name": "other" }), "/name"),
        (json!({ "permissions": { "type": "superAdmin" } }), "/permissions"),
        (json!([]), ""),
    ] {
        let violations =
            app.assert_rejected(post(&id).json(&body), 422, "validation-failed").await.violations();
        assert_eq!(
            violations.iter().map(|(pointer, _)| pointer.as_str()).collect::<Vec<_>>(),
            [pointer],
            "{body}"
        );
    }
    app.assert_rejected(raw("application/json", "{"), 400, "invalid-json").await;
    app.assert_rejected(raw("application/json", " "), 400, "invalid-json").await;
    app.assert_rejected(raw("text/plain", "{}"), 415, "unsupported-media-type").await;
    app.assert_rejected(raw("application/json", &" ".repeat(64 * 1024 + 1)), 413, "body-too-large")
        .await;
    assert_eq!(app.use_token(&token).await, 200);
}

async fn a_precondition_is_honoured(app: &TestApp) {
    let (id, token) = app.create_token("guarded").await;
    for stale in ["\"2\"", "W/\"1\"", "1", ""] {
        app.assert_rejected(post(&id).header("if-match", stale), 412, "version-conflict").await;
    }
    assert_eq!(app.use_token(&token).await, 200);
    app.call(post(&id).header("if-match", "\"1\"")).await.assert_status(200);
    app.call(post(&id).header("if-match", "*")).await.assert_status(200);
}

async fn not_found_comes_before_a_stale_precondition(app: &TestApp) {
    let (id, _) = app.create_token("purged").await;
    table::set_timestamp(&app.client, &id, "purgeAt", 1_000).await;
    for id in [id.as_str(), "0000000000000000", "malformed"] {
        app.assert_rejected(post(id), 404, "token-not-found").await;
        app.assert_rejected(post(id).header("if-match", "\"9\""), 404, "token-not-found").await;
    }
}

async fn of_many_with_one_if_match_exactly_one_wins(app: &TestApp) {
    let (id, _) = app.create_token("contended").await;
    let calls = (0..20).map(|_| app.call(post(&id).header("if-match", "\"1\""))).collect();
    let mut statuses: Vec<_> = join(calls).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, [412; 19].as_slice()));
}

async fn of_many_without_if_match_the_last_secret_works(app: &TestApp) {
    let (id, _) = app.create_token("many").await;
    let calls = (0..5).map(|_| app.call(post(&id))).collect();
    let mut records: Vec<_> =
        join(calls).await.into_iter().map(|answer| answer.assert_status(200).json()).collect();
    records.sort_by_key(|record| record["version"].as_u64());
    let versions: Vec<_> =
        records.iter().map(|record| record["version"].as_u64().unwrap()).collect();
    assert_eq!(versions, [2, 3, 4, 5, 6]);
    let last = records.pop().unwrap();
    assert_eq!(app.use_token(last["token"].as_str().unwrap()).await, 200);
    for record in records {
        assert_eq!(app.use_token(record["token"].as_str().unwrap()).await, 403);
    }
}

async fn against_delete_one_order_holds(app: &TestApp) {
    for number in 0..10 {
        let (id, old) = app.create_token(&format!("fight-{number}")).await;
        let delete = Request::new("DELETE", format!("/v1/tokens/{id}"));
        let answers = join(vec![app.call(post(&id)), app.call(delete)]).await;
        let deleted = answers[1].status;
        assert_eq!(deleted, 204);
        match answers[0].status {
            200 => {
                assert_eq!(app.use_token(answers[0].json()["token"].as_str().unwrap()).await, 403)
            }
            status => assert_eq!(status, 404),
        }
        assert_eq!(app.use_token(&old).await, 403);
        assert!(table::token(&app.client, &id).await.is_none());
        assert!(table::name(&app.client, &format!("fight-{number}")).await.is_none());
    }
}
