//! What is logged.

use crate::DataDirectory;
use serde_json::{Value, json};
use tests::app::token_body;
use tests::gateway::Gateway;
use tests::{Request, TestApp};

/// Returns the lines that a function has logged.
fn lines(gateway: &Gateway, function: &str) -> Vec<Value> {
    let log = gateway.log();
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.filter(|line: &Value| line["function"] == function).collect()
}

#[tokio::test]
async fn each_request_is_logged_as_one_json_line() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&[]);
    let admin = folder.admin_token();
    let id = admin.split('_').nth(1).unwrap();
    let get = Request::get("0000000000000000").bearer(&admin);
    gateway.send(&get).await.assert_status(404);
    let whoami = Request::new("GET", "/whoami").bearer("garbage");
    gateway.send(&whoami).await.assert_status(403);
    let [line] = &lines(&gateway, "list")[..] else { panic!("{}", gateway.log()) };
    assert_eq!(line["route"], "GET /v1/tokens/{id}");
    assert_eq!(line["status"], 404);
    assert_eq!(line["outcome"], "token-not-found");
    assert_eq!(line["caller"], id);
    assert!(line["milliseconds"].is_number());
    assert!(line["request_id"].as_str().is_some_and(|id| !id.is_empty()));
    let [first, second] = &lines(&gateway, "authorizer")[..] else { panic!("{}", gateway.log()) };
    assert_eq!((&first["outcome"], &first["caller"]), (&json!("authorized"), &json!(id)));
    assert_eq!(first["request_id"], line["request_id"], "both lines of a request must share it");
    assert_eq!(second["outcome"], "malformed");
    assert_eq!(second["route"], "GET /whoami");
    assert!(!gateway.log().contains(&admin) && !gateway.log().contains("garbage"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_contains_the_reason_of_each_denial_and_the_response_does_not() {
    let app = TestApp::over_http().await;
    let folder = DataDirectory::new();
    let gateway = folder.start_with_table_of(&app).await;
    let (valid_id, valid) = app.create_token("valid").await;
    let (expired_id, expired) = app.create_expired_token("expired").await;
    let (deleted_id, deleted) = app.create_token("deleted").await;
    let (regenerated_id, regenerated) = app.create_token("regenerated").await;
    app.delete(&deleted_id).await.assert_status(204);
    app.regenerate(&regenerated_id).await.assert_status(200);
    let order = Request::new("GET", "/orders/7");
    for request in [
        order.clone().bearer(&expired),
        order.clone().bearer(&deleted),
        order.clone().bearer(&regenerated),
        Request::list("").bearer(&valid),
        order.clone().bearer("garbage"),
        order.header("authorization", "Basic x"),
    ] {
        gateway.send(&request).await.assert_gateway_error(403, "Forbidden");
    }
    let lines = lines(&gateway, "authorizer");
    let outcomes = lines.iter().map(|line| [&line["outcome"], &line["caller"], &line["presented"]]);
    // The id of a token whose secret does not match is `presented`, because it does not identify the caller.
    let expected = json!([
        ["expired", expired_id, null],
        ["unknown", null, deleted_id],
        ["secret-mismatch", null, regenerated_id],
        ["not-permitted", valid_id, null],
        ["malformed", null, null],
        ["not-a-bearer", null, null],
    ]);
    assert_eq!(json!(outcomes.collect::<Vec<_>>()), expected);
}

#[tokio::test]
async fn the_log_contains_the_changed_token_and_the_caller() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&[]);
    let admin = folder.admin_token();
    let send = async |request: Request| gateway.send(&request.bearer(&admin)).await;
    let generate = Request::generate(&token_body("changed"));
    let record = send(generate.clone()).await.assert_status(201).json();
    send(generate).await.assert_status(409);
    let id = record["id"].as_str().unwrap();
    send(Request::patch(id, &json!({ "description": "x" }))).await.assert_status(200);
    send(Request::regenerate(id)).await.assert_status(200);
    send(Request::delete(id)).await.assert_status(204);
    // A malformed id is not logged, because it could be a token that was pasted into the wrong place.
    send(Request::delete(&admin)).await.assert_status(404);
    let caller = json!(admin.split('_').nth(1).unwrap());
    for (function, expected) in [
        ("generate", vec![json!(id), Value::Null]),
        ("update", vec![json!(id)]),
        ("regenerate", vec![json!(id)]),
        ("delete", vec![json!(id), Value::Null]),
    ] {
        let lines = lines(&gateway, function);
        // The gateway itself also generates a token: the first super admin's.
        let lines = lines.iter().filter(|line| line["caller"] == caller);
        let tokens: Vec<_> = lines.map(|line| line["token"].clone()).collect();
        assert_eq!(tokens, expected, "{function}");
    }
    assert!(!gateway.log().contains(&admin));
}
