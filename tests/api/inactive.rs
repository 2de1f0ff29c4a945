//! Introspection of tokens that are not active: the response does not contain the reason.

use crate::introspect::introspect;
use serde_json::json;
use shared::domain::id::TokenId;
use shared::domain::token::{Secret, Token};
use tests::app::{UNKNOWN_TOKEN, timestamp, token_body};
use tests::{Response, TestApp, table};

tests::api_tests!(
    every_inactive_token_gets_the_same_response,
    an_address_is_compared_with_the_allowed_ones,
);

/// Returns a token with this id and a wrong secret.
fn with_wrong_secret(id: &str) -> String {
    Token::new(TokenId::parse(id).unwrap(), Secret::from_entropy([7; 32])).reveal()
}

/// Generates a token that is limited to addresses, and returns its id and the token.
pub async fn create_limited(app: &TestApp, name: &str) -> (String, String) {
    let mut body = token_body(name);
    body["allowedIps"] = json!(["192.0.2.0/24", "2001:db8::/32"]);
    let (record, token) = app.create(body).await;
    (record["id"].as_str().unwrap().to_owned(), token)
}

/// Returns one token for each way to be inactive.
pub async fn inactive_tokens(app: &TestApp) -> Vec<(&'static str, String)> {
    let (active, token) = app.create_token("active").await;
    let (deleted_id, deleted) = app.create_token("deleted").await;
    app.delete(&deleted_id).await.assert_status(204);
    let (purged_id, purged) = app.create_expired_token("purged").await;
    app.purge(&purged_id).await;
    let (_, revoked) = app.create_token("revoked").await;
    app.revoke(&revoked).await.assert_status(200);
    let (id, replaced) = app.create_token("replaced").await;
    app.regenerate(&id).await.assert_status(200);
    let (id, ended) = app.create_token("ended").await;
    let grace = json!({ "gracePeriodSeconds": 60 });
    let record = app.regenerate(&id).json(&grace).await.assert_status(200).json();
    table::end_grace_period(&app.dynamodb, &id, timestamp(&record, "updatedAt")).await;
    vec![
        ("empty", String::new()),
        ("garbage", "garbage".to_owned()),
        ("long", "x".repeat(4096)),
        ("not ASCII", "twd_\u{e9}\u{1F600}\u{0}".to_owned()),
        ("cut", token[..69].to_owned()),
        ("surrounded", format!(" {token}")),
        ("with its scheme", format!("Bearer {token}")),
        ("wrong checksum", format!("{}zzzzzz", &token[..64])),
        ("unknown", UNKNOWN_TOKEN.to_owned()),
        ("wrong secret", with_wrong_secret(&active)),
        ("deleted", deleted),
        ("purged", purged),
        ("expired", app.create_expired_token("expired").await.1),
        ("revoked", revoked),
        ("replaced", replaced),
        ("previous secret after its end", ended),
    ]
}

/// Returns what a client sees of a response, without the headers that a gateway adds to each one.
fn seen(response: Response) -> (u16, Vec<(String, String)>, String) {
    let mut headers = response.headers;
    headers.retain(|(name, _)| !["date", "apigw-requestid"].contains(&name.as_str()));
    headers.sort();
    (response.status, headers, response.text)
}

async fn every_inactive_token_gets_the_same_response(app: &TestApp) {
    let tokens = inactive_tokens(app).await;
    let (limited_id, limited) = create_limited(app, "limited").await;
    let from = ("source_ip", "198.51.100.1");
    let request = [("method", "GET"), ("path", "/orders/7")];
    let before = app.snapshot().await;
    let expected = seen(app.introspect(&[("token", UNKNOWN_TOKEN)]).await);
    assert_eq!((expected.0, expected.2.as_str()), (200, r#"{"active":false}"#));
    let mut forms: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for (name, token) in &tokens {
        forms.push((name, vec![("token", token)]));
        forms.push((name, vec![("token", token), request[0], request[1], from]));
    }
    forms.push(("limited, unknown address", vec![("token", &limited)]));
    forms.push(("limited, another address", vec![("token", &limited), from]));
    forms.push(("limited", vec![("token", &limited), request[0], request[1], from]));
    for (name, form) in forms {
        assert_eq!(seen(app.introspect(&form).await), expected, "{name}");
    }
    assert!(app.snapshot().await == before, "something was written");
    assert!(table::usages(&app.dynamodb, &limited_id).await.is_empty());
    for (name, token) in &tokens {
        let id = token.split('_').nth(1).filter(|id| id.len() == 16).unwrap_or_default();
        let usages = table::usages(&app.dynamodb, id).await;
        assert!(usages.is_empty(), "{name}: a use was written");
    }
}

async fn an_address_is_compared_with_the_allowed_ones(app: &TestApp) {
    let (id, token) = create_limited(app, "limited").await;
    for (address, is_active) in [
        ("192.0.2.9", true),
        ("::ffff:192.0.2.9", true),
        ("2001:DB8::1", true),
        ("192.0.3.0", false),
        ("2001:db9::", false),
        ("127.0.0.1", false),
    ] {
        let introspected = introspect(app, &token, &[("source_ip", address)]).await;
        assert_eq!(introspected["active"], is_active, "{address}");
    }
    // Without `source_ip`, the address is unknown: that of the calling service is not used instead.
    let everywhere = json!({ "allowedIps": ["0.0.0.0/0", "::/0"] });
    app.patch(&id, everywhere).await.assert_status(200);
    assert_eq!(introspect(app, &token, &[]).await, json!({ "active": false }));
    app.patch(&id, json!({ "allowedIps": null })).await.assert_status(200);
    assert_eq!(introspect(app, &token, &[]).await["active"], true);
}
