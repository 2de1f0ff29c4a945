//! `POST /v1/revoke` (RFC 7009): revokes the token that the form contains. The response does not tell whether it existed.

use serde_json::{Value, json};
use tests::app::{UNKNOWN_TOKEN, self_regenerating_body, token_body};
use tests::clock::FixedClock;
use tests::{Request, Response, TestApp};

tests::api_tests!(
    a_token_in_a_form_is_revoked,
    revoking_a_previous_secret_ends_only_its_grace_period,
    a_token_is_revoked_from_any_address,
    an_invalid_token_gets_the_same_response_and_nothing_is_written,
    other_fields_are_ignored_and_credentials_not_read,
    rejects_malformed_and_large_forms_and_other_content_types,
);

const FORM: &str = "application/x-www-form-urlencoded";

#[track_caller]
fn assert_empty(response: Response) {
    let response = response.assert_status(200).assert_security_headers();
    // The content type is not asserted, because a gateway may add one although there is no content.
    assert_eq!(response.text, "");
}

async fn a_token_in_a_form_is_revoked(app: &TestApp) {
    let (id, token) = app.create_token("leaked").await;
    assert_empty(app.revoke(&token).await);
    assert_eq!(app.use_token(&token).await, 403);
    let record = app.get(&id).await.assert_status(200).json();
    assert_eq!((&record["status"], &record["version"]), (&json!("expired"), &json!(2)));
    let actor = json!({ "id": id, "name": "leaked" });
    assert_eq!((&record["expiresAt"], &record["updatedBy"]), (&record["updatedAt"], &actor));
    let event = app.token_events(&id, "").await.json()["events"][0].clone();
    assert_eq!((&event["action"], &event["actor"]), (&json!("revoked"), &actor));
    assert!(event["sourceIp"].is_string() && event["requestId"].is_string(), "{event}");
    let before = app.snapshot().await;
    assert_empty(app.revoke(&token).await);
    assert!(app.snapshot().await == before, "a second revocation wrote something");
    app.regenerate(&id).await.assert_status(200);
}

async fn revoking_a_previous_secret_ends_only_its_grace_period(app: &TestApp) {
    let (record, old) = app.create(self_regenerating_body("rotated")).await;
    // By default, the old secret still works for an hour.
    let new = app.regenerate_self(&old).await.assert_status(200).new_token().unwrap();
    assert_empty(app.revoke(&old).await);
    assert_eq!((app.use_token(&old).await, app.use_token(&new).await), (403, 200));
    let id = record["id"].as_str().unwrap();
    assert_eq!(app.get(id).await.json()["previousSecret"], Value::Null);
    let events = app.token_events(id, "").await.json();
    assert_eq!(events["events"][0]["action"], "previousEnded");
    // A secret whose grace period has ended can no longer revoke anything.
    assert_empty(app.revoke(&old).await);
    assert_eq!(app.use_token(&new).await, 200);
}

async fn a_token_is_revoked_from_any_address(app: &TestApp) {
    let mut body = token_body("limited");
    body["allowedIps"] = json!(["192.0.2.0/24"]);
    let (record, token) = app.create(body).await;
    assert_empty(app.revoke(&token).await);
    let record = app.get(record["id"].as_str().unwrap()).await.json();
    assert_eq!(record["status"], "expired");
}

async fn an_invalid_token_gets_the_same_response_and_nothing_is_written(app: &TestApp) {
    let (_, valid) = app.create_token("kept").await;
    let (_, expired) = app.create_expired_token("expired").await;
    let (deleted_id, deleted) = app.create_token("deleted").await;
    app.delete(&deleted_id).await.assert_status(204);
    let (id, replaced) = app.create_token("replaced").await;
    app.regenerate(&id).await.assert_status(200);
    let cut = &valid[..69];
    let before = app.snapshot().await;
    for token in ["", "garbage", cut, UNKNOWN_TOKEN, &expired, &deleted, &replaced] {
        assert_empty(app.revoke(token).await);
    }
    let send_form =
        |body: &str| app.build(Request::new("POST", "/v1/revoke").form(body)).anonymous();
    for body in ["x", "other=1", "token", "&&"] {
        assert_empty(send_form(body).await);
    }
    assert!(app.snapshot().await == before, "something was written");
    assert_eq!(app.use_token(&valid).await, 200);
}

async fn other_fields_are_ignored_and_credentials_not_read(app: &TestApp) {
    let (_, token) = app.create_token("leaked").await;
    let (_, credential) = app.create_token("credential").await;
    let body = format!("token_type_hint=access_token&x=1&x=2&token={token}");
    let request = Request::new("POST", "/v1/revoke").form(&body);
    assert_empty(app.build(request).bearer(&credential).await);
    assert_eq!((app.use_token(&token).await, app.use_token(&credential).await), (403, 200));
}

async fn rejects_malformed_and_large_forms_and_other_content_types(app: &TestApp) {
    let (_, token) = app.create_token("kept").await;
    let post = || app.request("POST", "/v1/revoke").anonymous();
    let form = format!("token={token}");
    for content_type in ["application/json", "text/plain", "multipart/form-data", ""] {
        let request = post().body(content_type, form.clone());
        request.assert_rejected(415, "unsupported-media-type").await;
    }
    post().assert_rejected(415, "unsupported-media-type").await;
    let encoded = post().body(FORM, form.clone()).header("content-encoding", "gzip");
    encoded.assert_rejected(415, "unsupported-media-type").await;
    for body in [format!("{form}&token=x"), format!("{form}&x=%"), format!("{form}&x=%ff")] {
        post().body(FORM, body).assert_rejected(400, "invalid-form").await;
    }
    post()
        .body(FORM, [form.as_bytes(), b"&x=\xff"].concat())
        .assert_rejected(400, "invalid-form")
        .await;
    let large = format!("{form}&x={}", "a".repeat(64 * 1024));
    post().body(FORM, large).assert_rejected(413, "body-too-large").await;
    let query = app.request("POST", &format!("/v1/revoke?{form}")).anonymous().body(FORM, "");
    let rejected = query.assert_rejected(400, "invalid-query").await;
    assert!(!rejected.text.contains(&token), "{}", rejected.text);
    assert_eq!(app.use_token(&token).await, 200);
}

#[tokio::test]
async fn a_revoked_token_is_refused_at_once_by_functions_whose_clocks_are_behind() {
    const NOW: i64 = 1_795_424_400;
    let clock = FixedClock::at(NOW);
    let app = TestApp::in_process_at(clock.clone()).await;
    let (_, by_form) = app.create_token("by-form").await;
    let (_, by_itself) = app.create_token("by-itself").await;
    assert_empty(app.revoke(&by_form).await);
    app.revoke_self(&by_itself).await.assert_status(204);
    clock.set(NOW - 1);
    let before = app.snapshot().await;
    for token in [by_form, by_itself] {
        assert_eq!(app.use_token(&token).await, 403);
        assert_eq!(app.introspect(&[("token", &token)]).await.json(), json!({ "active": false }));
        assert_empty(app.revoke(&token).await);
    }
    let active = app.list("status=active&namePrefix=by-").await.assert_status(200);
    assert_eq!(active.json()["tokens"], json!([]));
    assert!(app.snapshot().await == before, "a second revocation wrote something");
}
