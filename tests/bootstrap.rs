//! How functions start, and how the first token is generated. The functions run as processes with the Runtime API, as in
//! Lambda.

use local::database::{Database, Port};
use serde_json::{Value, json};
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::TokenService;
use shared::store::Table;
use std::sync::Arc;
use tempfile::TempDir;
use tests::app::{POLICY, UNKNOWN_TOKEN};
use tests::handlers::{Handlers, super_admin};
use tests::lambda::{Function, REQUEST_ID};
use tests::table::TABLE;
use tests::{Request, database, gateway, tls};

#[tokio::test]
async fn the_authorizer_connects_before_its_first_event_and_denies_malformed_tokens() {
    let database = database::create_embedded().await;
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
    let (database, folder) = (database::create_embedded().await, TempDir::new().unwrap());
    let port = database.serve(0).await.unwrap();
    let address = port.url.trim_start_matches("http://");
    let (url, certificate) = tls::forward(address, folder.path()).await;
    let certificate = certificate.to_str().unwrap();
    let mut function = start_authorizer(&url, &port, &[("SSL_CERT_FILE", certificate)]).await;
    assert_eq!(function.next_log_line().await["message"], "started");
}

#[tokio::test]
async fn an_untrusted_database_certificate_is_rejected() {
    let (database, folder) = (database::create_embedded().await, TempDir::new().unwrap());
    let port = database.serve(0).await.unwrap();
    let address = port.url.trim_start_matches("http://");
    let (url, _) = tls::forward(address, folder.path()).await;
    let mut function = start_authorizer(&url, &port, &[]).await;
    let warning = function.next_log_line().await;
    assert_eq!(warning["message"], "table unavailable at the start");
    let cause = warning["cause"].as_str().unwrap();
    assert!(cause.contains("certificate"), "{cause}");
}

#[tokio::test]
async fn a_panic_fails_its_invocation_and_is_logged_with_the_request_but_without_its_message() {
    let database = database::create_embedded().await;
    let port = database.serve(0).await.unwrap();
    for (program, event) in [
        ("panicking-function", include_str!("fixtures/events/request.json")),
        ("panicking-authorizer", include_str!("fixtures/events/authorizer-2.0.json")),
    ] {
        let mut function = start(program, &port.url, &port, &[("TABLE_NAME", TABLE)]).await;
        let event: Value = serde_json::from_str(event).unwrap();
        let (response, _) = function.invoke(event.clone()).await;
        assert!(response.is_err(), "{program}");
        let mut line = function.next_log_line().await;
        while line["message"] != "panic" {
            line = function.next_log_line().await;
        }
        assert_eq!(line["request_id"], event["requestContext"]["requestId"], "{program}");
        assert!(line["place"].as_str().unwrap().contains("panicking_"), "{line}");
        assert!(!line.to_string().contains("user-agent"), "{line}");
    }
}

#[tokio::test]
async fn the_first_token_leaves_a_line_without_a_caller_at_every_log_level() {
    for level in ["error", "warn", "info", "debug", "trace"] {
        let database = database::create_embedded().await;
        let port = database.serve(0).await.unwrap();
        let variables = [("TABLE_NAME", TABLE), ("LOG_LEVEL", level)];
        let mut function = start("generate-function", &port.url, &port, &variables).await;
        let event = serde_json::from_str(include_str!("../infra/bootstrap.json")).unwrap();
        let response = function.invoke(event).await.0.unwrap();
        assert_eq!(response["statusCode"], 201, "{response}");
        let mut line = function.next_log_line().await;
        while line["message"] != "request" {
            line = function.next_log_line().await;
        }
        // The alarm on direct invocations looks for these lines: see infra/alarms.yaml.
        assert_eq!((&line["outcome"], line.get("caller")), (&json!("ok"), None), "{line}");
        let record: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
        assert_eq!(line["token"], record["id"]);
    }
}

#[tokio::test]
async fn an_introspection_leaves_its_outcome_at_every_log_level() {
    let database = database::create_embedded().await;
    let port = database.serve(0).await.unwrap();
    let handlers = handlers(&database);
    let request = Request::introspect(&[("token", UNKNOWN_TOKEN)]);
    for level in ["error", "warn", "info", "debug", "trace"] {
        let variables = [("TABLE_NAME", TABLE), ("LOG_LEVEL", level)];
        let mut function = start("introspect-function", &port.url, &port, &variables).await;
        let (_, event) = handlers.event(&request, Some(super_admin()));
        assert_eq!(function.invoke(event).await.0.unwrap()["statusCode"], 200);
        let mut line = function.next_log_line().await;
        while !["token introspected", "request"].contains(&line["message"].as_str().unwrap()) {
            line = function.next_log_line().await;
        }
        // The alarm on wrong secrets looks for these lines: see infra/alarms.yaml.
        assert_eq!(
            (&line["message"], &line["outcome"]),
            (&json!("token introspected"), &json!("unknown"))
        );
    }
}

#[tokio::test]
async fn the_first_token_leaves_an_event_with_the_request_id_of_lambda() {
    let database = database::create_embedded().await;
    let port = database.serve(0).await.unwrap();
    let mut function = start("generate-function", &port.url, &port, &[("TABLE_NAME", TABLE)]).await;
    let event = serde_json::from_str(include_str!("../infra/bootstrap.json")).unwrap();
    let response = function.invoke(event).await.0.unwrap();
    let record: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();

    let handlers = handlers(&database);
    let request = Request::token_events(record["id"].as_str().unwrap(), "");
    let events = handlers.send_as_super_admin(&request).await.assert_status(200).json();
    let mut expected = json!({
        "at": record["createdAt"],
        "action": "generated",
        "token": { "id": record["id"], "name": "admin" },
        "actor": { "id": null, "name": "bootstrap" },
        "changes": events["events"][0]["changes"],
        "sourceIp": null,
        "requestId": REQUEST_ID,
    });
    assert_eq!(events, json!({ "events": [expected], "nextCursor": null }));
    let request = Request::events("");
    let events = handlers.send_as_super_admin(&request).await.assert_status(200).json();
    expected.as_object_mut().unwrap().remove("changes");
    assert_eq!(events["events"], json!([expected]));
}

/// Returns the handlers in this process, over the same table.
fn handlers(database: &Database) -> Handlers {
    let table = Table::new(database.client(), TABLE, POLICY.vocabulary);
    Handlers::new(TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), POLICY))
}

async fn start_authorizer(url: &str, port: &Port, more: &[(&str, &str)]) -> Function {
    start("authorizer-function", url, port, &[&[("TABLE_NAME", TABLE)], more].concat()).await
}

async fn start(program: &str, url: &str, port: &Port, more: &[(&str, &str)]) -> Function {
    let mut variables = vec![
        ("AWS_ENDPOINT_URL_DYNAMODB", url),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", &port.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ];
    variables.extend(more);
    Function::start(&gateway::program(program), &variables).await
}
