//! How the authorizer starts: its program is run with the Runtime API, as in Lambda.

use local::database::Port;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::database;
use tests::lambda::Function;
use tests::{gateway, tls};

#[tokio::test]
async fn the_authorizer_connects_before_its_first_event_and_denies_malformed_tokens() {
    let database = database::create().await;
    let port = database.serve(0).await.unwrap();
    let mut function = start_authorizer(&port.url, &port, &[]).await;
    let started = function.next_log_line().await;
    assert_eq!(started["message"], "started", "{started}");
    assert!(started["client_milliseconds"].is_f64() && started["connection_milliseconds"].is_f64());
    let event = include_str!("fixtures/events/authorizer-2.0.json");
    let event: Value = serde_json::from_str(event).unwrap();
    let (response, _) = function.invoke(event).await;
    assert_eq!(response.unwrap(), json!({ "isAuthorized": false }));
}

#[tokio::test]
async fn a_database_certificate_that_only_the_system_trusts_is_accepted() {
    let (database, folder) = (database::create().await, TempDir::new().unwrap());
    let port = database.serve(0).await.unwrap();
    let address = port.url.trim_start_matches("http://");
    let (url, certificate) = tls::forward(address, folder.path()).await;
    let certificate = certificate.to_str().unwrap();
    let mut function = start_authorizer(&url, &port, &[("SSL_CERT_FILE", certificate)]).await;
    assert_eq!(function.next_log_line().await["message"], "started");
}

#[tokio::test]
async fn an_untrusted_database_certificate_is_rejected() {
    let (database, folder) = (database::create().await, TempDir::new().unwrap());
    let port = database.serve(0).await.unwrap();
    let address = port.url.trim_start_matches("http://");
    let (url, _) = tls::forward(address, folder.path()).await;
    let mut function = start_authorizer(&url, &port, &[]).await;
    let warning = function.next_log_line().await;
    assert_eq!(warning["message"], "table unavailable at the start");
    let cause = warning["cause"].as_str().unwrap();
    assert!(cause.contains("certificate"), "{cause}");
}

async fn start_authorizer(url: &str, port: &Port, more: &[(&str, &str)]) -> Function {
    let mut variables = vec![
        ("TABLE_NAME", "tokens"),
        ("AWS_ENDPOINT_URL_DYNAMODB", url),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", &port.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ];
    variables.extend(more);
    Function::start(&gateway::program("authorizer-function"), &variables).await
}
