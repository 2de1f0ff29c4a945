//! `POST /v1/tokens/{id}/regenerate`.

use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use tests::table;
use tests::world::join;
use tests::{Call, World};

tests::everywhere!(
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

fn post(id: &str) -> Call {
    Call::new("POST", format!("/v1/tokens/{id}/regenerate"))
}

async fn is_for_super_admins_only(world: &World) {
    let (id, _) = world.plain("target").await;
    world.is_for_super_admins_only(post(&id)).await;
}

async fn names_who_did_it(world: &World) {
    let (id, _) = world.plain("passed-on").await;
    let (second, token) = world.second_super_admin().await;
    let record = world.send(post(&id).bearer(&token)).await.is(200).json();
    assert_eq!(record["updatedBy"], second);
    assert_eq!(record["createdBy"]["name"], "admin");
}

async fn the_old_secret_fails_and_the_new_one_works(world: &World) {
    let (id, old) = world.plain("rotated").await;
    let before = world.call(Call::new("GET", format!("/v1/tokens/{id}"))).await.json();
    let answer = world.call(post(&id)).await.is(200);
    assert_eq!(
        (answer.header("etag"), answer.header("cache-control")),
        (Some("\"2\""), Some("no-store"))
    );
    let record = answer.json();
    let new = record["token"].as_str().unwrap();
    assert!(new.starts_with(&format!("twd_{id}_")) && new != old);
    assert_eq!((world.use_token(&old).await, world.use_token(new).await), (403, 200));
    for same in ["id", "name", "description", "permissions", "createdAt", "createdBy"] {
        assert_eq!(record[same], before[same], "{same}");
    }
    assert_eq!(record["version"], 2);
    assert_eq!(record["regeneratedAt"], record["updatedAt"]);
    let shown = world.call(Call::new("GET", format!("/v1/tokens/{id}"))).await.json();
    assert_eq!((&shown["version"], shown.get("token")), (&json!(2), None));
}

async fn takes_every_kind_of_expiration_and_never_the_old_moment(world: &World) {
    let (record, _) = world
        .generate(json!({ "name": "long-lived", "expiresInDays": 3650, "permissions": tests::world::orders() }))
        .await;
    let id = record["id"].as_str().unwrap();
    let days = |record: &Value| {
        let seconds = |value: &Value| Timestamp::parse(value.as_str().unwrap()).unwrap().seconds();
        (seconds(&record["expiresAt"]) - seconds(&record["updatedAt"])) / 86_400
    };
    assert_eq!(days(&world.call(post(id)).await.is(200).json()), 30);
    assert_eq!(days(&world.call(post(id).json(&json!({}))).await.is(200).json()), 30);
    assert_eq!(
        days(&world.call(post(id).json(&json!({ "expiresInDays": 7 }))).await.is(200).json()),
        7
    );
    let never = world.call(post(id).json(&json!({ "expiresAt": null }))).await.is(200).json();
    assert_eq!(never["expiresAt"], Value::Null);
    let (token, name) = (
        table::token(&world.client, id).await.unwrap(),
        table::name(&world.client, "long-lived").await.unwrap(),
    );
    for attribute in ["expiresAt", "purgeAt"] {
        assert!(
            !token.contains_key(attribute) && !name.contains_key(attribute),
            "{attribute} survived"
        );
    }
    let at = world
        .call(post(id).json(&json!({ "expiresAt": "2030-01-01T00:00:00Z" })))
        .await
        .is(200)
        .json();
    assert_eq!(at["expiresAt"], "2030-01-01T00:00:00Z");
    let (token, name) = (
        table::token(&world.client, id).await.unwrap(),
        table::name(&world.client, "long-lived").await.unwrap(),
    );
    let moment = Timestamp::parse("2030-01-31T00:00:00Z").unwrap().seconds().to_string();
    assert_eq!(token["purgeAt"].as_n().unwrap(), &moment);
    assert_eq!(name["purgeAt"], token["purgeAt"]);
    assert_eq!(name["expiresAt"], token["expiresAt"]);
}

async fn the_same_expiration_again_makes_a_new_secret_all_the_same(world: &World) {
    for (name, expires_at) in [("never", Value::Null), ("fixed", json!("2030-01-01T00:00:00Z"))] {
        let mut body = tests::world::plain_body(name);
        body["expiresAt"] = expires_at.clone();
        let (record, leaked) = world.generate(body).await;
        let id = record["id"].as_str().unwrap();
        let again = post(id).json(&json!({ "expiresAt": expires_at }));
        let renewed = world.call(again).await.is(200).json();
        assert_eq!(renewed["expiresAt"], record["expiresAt"]);
        let token = renewed["token"].as_str().unwrap();
        assert_eq!(
            (world.use_token(&leaked).await, world.use_token(token).await),
            (403, 200),
            "{name}"
        );
    }
}

async fn an_expired_token_works_again(world: &World) {
    let (id, old) = world.expired("revived").await;
    assert_eq!(world.use_token(&old).await, 403);
    let record = world.call(post(&id)).await.is(200).json();
    assert_eq!(record["status"], "active");
    assert_eq!(world.use_token(record["token"].as_str().unwrap()).await, 200);
    assert_eq!(world.use_token(&old).await, 403);
}

async fn refuses_each_bad_body(world: &World) {
    let (id, token) = world.plain("kept").await;
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
            world.refuses(post(&id).json(&body), 422, "validation-failed").await.violations();
        assert_eq!(
            violations.iter().map(|(pointer, _)| pointer.as_str()).collect::<Vec<_>>(),
            [pointer],
            "{body}"
        );
    }
    world.refuses(raw("application/json", "{"), 400, "invalid-json").await;
    world.refuses(raw("application/json", " "), 400, "invalid-json").await;
    world.refuses(raw("text/plain", "{}"), 415, "unsupported-media-type").await;
    world.refuses(raw("application/json", &" ".repeat(64 * 1024 + 1)), 413, "body-too-large").await;
    assert_eq!(world.use_token(&token).await, 200);
}

async fn a_precondition_is_honoured(world: &World) {
    let (id, token) = world.plain("guarded").await;
    for stale in ["\"2\"", "W/\"1\"", "1", ""] {
        world.refuses(post(&id).header("if-match", stale), 412, "version-conflict").await;
    }
    assert_eq!(world.use_token(&token).await, 200);
    world.call(post(&id).header("if-match", "\"1\"")).await.is(200);
    world.call(post(&id).header("if-match", "*")).await.is(200);
}

async fn not_found_comes_before_a_stale_precondition(world: &World) {
    let (id, _) = world.plain("purged").await;
    table::set_moment(&world.client, &id, "purgeAt", 1_000).await;
    for id in [id.as_str(), "0000000000000000", "malformed"] {
        world.refuses(post(id), 404, "token-not-found").await;
        world.refuses(post(id).header("if-match", "\"9\""), 404, "token-not-found").await;
    }
}

async fn of_many_with_one_if_match_exactly_one_wins(world: &World) {
    let (id, _) = world.plain("contended").await;
    let calls = (0..20).map(|_| world.call(post(&id).header("if-match", "\"1\""))).collect();
    let mut statuses: Vec<_> = join(calls).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, [412; 19].as_slice()));
}

async fn of_many_without_if_match_the_last_secret_works(world: &World) {
    let (id, _) = world.plain("many").await;
    let calls = (0..5).map(|_| world.call(post(&id))).collect();
    let mut records: Vec<_> =
        join(calls).await.into_iter().map(|answer| answer.is(200).json()).collect();
    records.sort_by_key(|record| record["version"].as_u64());
    let versions: Vec<_> =
        records.iter().map(|record| record["version"].as_u64().unwrap()).collect();
    assert_eq!(versions, [2, 3, 4, 5, 6]);
    let last = records.pop().unwrap();
    assert_eq!(world.use_token(last["token"].as_str().unwrap()).await, 200);
    for record in records {
        assert_eq!(world.use_token(record["token"].as_str().unwrap()).await, 403);
    }
}

async fn against_delete_one_order_holds(world: &World) {
    for number in 0..10 {
        let (id, old) = world.plain(&format!("fight-{number}")).await;
        let delete = Call::new("DELETE", format!("/v1/tokens/{id}"));
        let answers = join(vec![world.call(post(&id)), world.call(delete)]).await;
        let deleted = answers[1].status;
        assert_eq!(deleted, 204);
        match answers[0].status {
            200 => {
                assert_eq!(world.use_token(answers[0].json()["token"].as_str().unwrap()).await, 403)
            }
            status => assert_eq!(status, 404),
        }
        assert_eq!(world.use_token(&old).await, 403);
        assert!(table::token(&world.client, &id).await.is_none());
        assert!(table::name(&world.client, &format!("fight-{number}")).await.is_none());
    }
}
