//! The authorizer: which credentials it accepts.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use shared::domain::id::TokenId;
use shared::domain::time::Timestamp;
use shared::domain::token::{Secret, Token};
use shared::runtime::SystemClock;
use shared::service::Clock;
use tests::app::{UNKNOWN_TOKEN, token_body};
use tests::{TestApp, table};

tests::api_tests!(
    malformed_and_unknown_tokens_are_denied,
    a_token_with_another_tokens_hash_is_denied,
    a_stored_hash_is_not_a_credential,
    a_token_expires_to_the_second,
    a_purged_token_is_denied,
    an_unreadable_token_does_not_affect_other_tokens,
    only_one_credential_in_the_configured_header_is_accepted,
);

async fn malformed_and_unknown_tokens_are_denied(app: &TestApp) {
    let (_, token) = app.create_token("known").await;
    let mut flipped = token.clone().into_bytes();
    flipped[30] = if flipped[30] == b'a' { b'b' } else { b'a' };
    let flipped = String::from_utf8(flipped).unwrap();
    for denied in [
        "",
        "x",
        &token[..69],
        &format!("{token}x"),
        &flipped,
        UNKNOWN_TOKEN,
        &token.to_uppercase(),
    ] {
        app.whoami(denied).await.assert_gateway_error(403, "Forbidden");
    }
    let with_header =
        |header: &str| app.request("GET", "/whoami").anonymous().header("authorization", header);
    for header in [token.as_str(), &format!("Basic {token}"), &format!("Bearer{token}"), "Bearer"] {
        with_header(header).await.assert_gateway_error(403, "Forbidden");
    }
    for header in [format!("bearer {token}"), format!("BEARER {token}")] {
        with_header(&header).await.assert_status(200);
    }
}

async fn a_token_with_another_tokens_hash_is_denied(app: &TestApp) {
    let (id, token) = app.create_token("swapped").await;
    let (other_id, _) = app.create_token("other").await;
    let other_hash = table::token(&app.dynamodb, &other_id).await.unwrap()["secretHash"].clone();
    table::set_token(&app.dynamodb, &id, "secretHash", Some(other_hash)).await;
    app.whoami(&token).await.assert_gateway_error(403, "Forbidden");
}

async fn a_stored_hash_is_not_a_credential(app: &TestApp) {
    let (id, token) = app.create_token("copied").await;
    let item = table::token(&app.dynamodb, &id).await.unwrap();
    let hash = item["secretHash"].as_b().unwrap().as_ref();
    // A well-formed token with a valid checksum whose secret is the stored hash.
    let secret = Secret::from_entropy(hash.try_into().unwrap());
    let forged = Token::new(TokenId::parse(&id).unwrap(), secret).reveal();
    assert!(Token::parse(&forged).is_ok());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    for credential in [&forged, hex.as_str(), &format!("twd_{id}_")] {
        app.whoami(credential).await.assert_gateway_error(403, "Forbidden");
    }
    assert_eq!(app.use_token(&token).await, 200);
}

async fn a_token_expires_to_the_second(app: &TestApp) {
    let expires_at = Timestamp::from_seconds(SystemClock.now().seconds() + 3).unwrap();
    let mut body = token_body("short-lived");
    body["expiresAt"] = json!(expires_at.to_string());
    let (record, token) = app.create(body).await;
    assert_eq!(record["expiresAt"], expires_at.to_string());
    loop {
        // The service reads its clock after `before` and not later than `after`. If the token expires between these two,
        // either status is right.
        let before = SystemClock.now();
        let status = app.use_token(&token).await;
        let after = SystemClock.now();
        if after < expires_at {
            assert_eq!(status, 200);
        }
        if before >= expires_at {
            assert_eq!(status, 403);
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(app.get(record["id"].as_str().unwrap()).await.json()["status"], "expired");
}

async fn a_purged_token_is_denied(app: &TestApp) {
    let (id, token) = app.create_token("purged").await;
    // Its `expiresAt` is still in the future. Only a damaged item can be purged before it expires, but its token must be denied,
    // too.
    app.purge(&id).await;
    app.whoami(&token).await.assert_gateway_error(403, "Forbidden");
}

async fn an_unreadable_token_does_not_affect_other_tokens(app: &TestApp) {
    for attribute in
        ["schema", "permissions", "secretHash", "expiresAt", "purgeAt", "version", "name"]
    {
        let (id, token) = app.create_token(&format!("bad-{}", attribute.to_lowercase())).await;
        let damage = AttributeValue::Bool(true);
        table::set_token(&app.dynamodb, &id, attribute, Some(damage)).await;
        app.whoami(&token).await.assert_gateway_error(500, "Internal Server Error");
        app.whoami(&app.admin).await.assert_status(200);
    }
}

async fn only_one_credential_in_the_configured_header_is_accepted(app: &TestApp) {
    let (_, token) = app.create_token("single").await;
    let bearer = format!("Bearer {token}");
    let anonymous = || app.request("GET", "/whoami").anonymous();
    for header in [
        format!("{bearer}, {bearer}"),
        format!("{bearer},Bearer x"),
        format!("{bearer} "),
        "x".repeat(513),
    ] {
        // Over HTTP, the server removes white space around a header's value. Handlers in this process get it unchanged.
        let is_over_http = app.handlers().is_none();
        let is_trimmed = header.ends_with(' ') && is_over_http;
        let expected = if is_trimmed { 200 } else { 403 };
        let response = anonymous().header("authorization", &header).await;
        assert_eq!(response.status, expected, "{header}");
    }
    let query = format!("authorization={token}&access_token={token}&token={token}");
    for request in [
        app.request("GET", &format!("/whoami?{query}")).anonymous(),
        anonymous().header("cookie", &format!("authorization={bearer}; token={token}")),
        anonymous().header("token", &token),
        anonymous().header("x-authorization", &bearer),
    ] {
        request.await.assert_gateway_error(401, "Unauthorized");
    }
}
