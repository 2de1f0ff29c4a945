//! A user's own functions, which the gateway invokes at a Lambda endpoint. In these tests, the endpoint is a server of the Lambda
//! Invoke API that behaves as `sam local start-lambda` and `cargo lambda watch` do.

use crate::DataDirectory;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tests::Request;
use tests::app::route_permissions;
use tests::gateway::Gateway;
use tokio::net::TcpListener;

const TEMPLATE: &str = "
Resources:
  ReportsFunction:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: rust-cargolambda
      BuildProperties: { Binary: reports }
  ReportsIntegration:
    Properties: { IntegrationUri: !GetAtt ReportsFunction.Arn }
  ReportsRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      RouteKey: POST /reports/{report}
      AuthorizationType: CUSTOM
      Target: !Sub integrations/${ReportsIntegration}
  ListFunction:
    Type: AWS::Serverless::Function
  ListIntegration:
    Properties: { IntegrationUri: !GetAtt ListFunction.Arn }
  ListRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      RouteKey: GET /reports
      AuthorizationType: NONE
      Target: !Sub integrations/${ListIntegration}
";

/// A Lambda endpoint with one function, which always responds in the same way.
struct Endpoint {
    url: String,
    invocations: Arc<Mutex<Vec<(String, Value)>>>,
}

/// The state of an endpoint: the name of its function, how it responds, and its invocations.
type Function = (&'static str, fn() -> Response, Arc<Mutex<Vec<(String, Value)>>>);

impl Endpoint {
    /// Starts an endpoint with a function of this name, which responds in this way.
    async fn start(name: &'static str, respond: fn() -> Response) -> Self {
        let invocations = Arc::default();
        let state = (name, respond, Arc::clone(&invocations));
        let path = "/2015-03-31/functions/{name}/invocations";
        let router = Router::new().route(path, post(Self::invoke)).with_state(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { url, invocations }
    }

    async fn invoke(
        State((function, respond, invocations)): State<Function>,
        Path(name): Path<String>,
        event: String,
    ) -> Response {
        if name != function {
            return StatusCode::NOT_FOUND.into_response();
        }
        invocations.lock().unwrap().push((name, serde_json::from_str(&event).unwrap()));
        respond()
    }

    /// Returns each invocation: the name of the function, and the event.
    fn invocations(&self) -> Vec<(String, Value)> {
        self.invocations.lock().unwrap().clone()
    }
}

fn empty() -> Response {
    json!({ "statusCode": 204 }).to_string().into_response()
}

/// Starts a gateway that invokes the functions of the template at this URL.
fn start(folder: &DataDirectory, url: &str) -> Gateway {
    let template = folder.path("template.yaml");
    std::fs::write(&template, TEMPLATE).unwrap();
    folder.start(&["--template", &template, "--lambda-endpoint", url])
}

fn report(token: &str) -> Request {
    Request::new("POST", "/reports/7?detail=full").bearer(token)
}

#[tokio::test]
async fn an_own_function_gets_the_event_and_the_client_its_response() {
    let endpoint = Endpoint::start("ReportsFunction", || {
        let headers = json!({ "content-type": "text/csv", "x-total": 7, "content-length": "1" });
        let response = json!({ "statusCode": 201, "headers": headers, "cookies": ["a=1", "b=2"],
            "body": "w6k=", "isBase64Encoded": true });
        response.to_string().into_response()
    });
    let endpoint = endpoint.await;
    let folder = DataDirectory::new();
    let gateway = start(&folder, &endpoint.url);
    let response = gateway.send(&report(&folder.admin_token()).body("text/plain", "draft")).await;
    let response = response.assert_status(201);
    assert_eq!(response.text, "é");
    assert_eq!(response.header("content-type"), Some("text/csv"));
    assert_eq!(response.header("x-total"), Some("7"));
    let cookies = response.headers.iter().filter(|(name, _)| name == "set-cookie");
    assert_eq!(cookies.map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["a=1", "b=2"]);
    let [(name, event)] = &endpoint.invocations()[..] else { panic!("not invoked once") };
    assert_eq!(name, "ReportsFunction");
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["routeKey"], "POST /reports/{report}");
    assert_eq!(event["pathParameters"], json!({ "report": "7" }));
    assert_eq!(event["queryStringParameters"], json!({ "detail": "full" }));
    assert_eq!(event["body"], "draft");
    let context = &event["requestContext"]["authorizer"]["lambda"];
    assert_eq!((&context["tokenName"], &context["superAdmin"]), (&json!("admin"), &json!(true)));
}

/// Returns the head and the body of the response to a client if the endpoint responds in this way.
async fn response_bytes(respond: fn() -> Response) -> (String, String) {
    let endpoint = Endpoint::start("ReportsFunction", respond).await;
    let folder = DataDirectory::new();
    let gateway = start(&folder, &endpoint.url);
    let token = folder.admin_token();
    let request = format!(
        "POST /reports/7 HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    let response = gateway.send_bytes(request.as_bytes());
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_without_content_has_no_body() {
    let responses: [(u16, fn() -> Response); 3] = [
        (204, || r#"{"statusCode":204,"body":"not sent"}"#.into_response()),
        (205, || r#"{"statusCode":205,"body":"not sent"}"#.into_response()),
        (304, || r#"{"statusCode":304,"body":"not sent"}"#.into_response()),
    ];
    for (status, respond) in responses {
        let (head, body) = response_bytes(respond).await;
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{head}");
        assert_eq!(body, "", "{head}");
        assert!(!head.contains("content-length: 8"), "{head}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_cannot_set_headers_of_the_connection() {
    let (head, body) = response_bytes(|| {
        let headers = json!({ "Keep-Alive": "timeout=9", "Upgrade": "h2c", "Trailer": "x-total", "TE": "trailers",
            "Proxy-Connection": "keep-alive", "Transfer-Encoding": "chunked", "Connection": "upgrade",
            "Content-Length": "1", "Access-Control-Allow-Origin": "https://app.example.com" });
        json!({ "statusCode": 200, "headers": headers, "body": "whole" }).to_string().into_response()
    })
    .await;
    let mut names: Vec<_> =
        head.lines().skip(1).filter_map(|line| line.split(':').next()).collect();
    names.sort_unstable();
    // Without allowed origins, CORS is up to the function, as in API Gateway.
    let expected =
        ["access-control-allow-origin", "connection", "content-length", "content-type", "date"];
    assert_eq!(names, expected, "{head}");
    assert!(head.contains("connection: close") && head.contains("content-length: 5"), "{head}");
    assert_eq!(body, "whole");
}

#[tokio::test]
async fn a_denied_request_never_invokes_the_function() {
    let endpoint = Endpoint::start("ReportsFunction", empty).await;
    let folder = DataDirectory::new();
    let gateway = start(&folder, &endpoint.url);
    let generate = async |name: &str, path: &str| {
        let permissions = route_permissions("POST", path);
        let body = json!({ "name": name, "permissions": permissions });
        let request = Request::generate(&body).bearer(&folder.admin_token());
        gateway.send(&request).await.assert_status(201).new_token().unwrap()
    };
    let other = generate("other", "/reports/8").await;
    gateway.send(&report(&other)).await.assert_gateway_error(403, "Forbidden");
    let anonymous = Request::new("POST", "/reports/7");
    gateway.send(&anonymous).await.assert_gateway_error(401, "Unauthorized");
    assert_eq!(endpoint.invocations(), []);
    let permitted = generate("permitted", "/reports/7").await;
    gateway.send(&report(&permitted)).await.assert_status(204);
    let [(_, event)] = &endpoint.invocations()[..] else { panic!("not invoked once") };
    let context = &event["requestContext"]["authorizer"]["lambda"];
    assert_eq!((&context["tokenName"], &context["grant"]), (&json!("permitted"), &json!(0)));
}

#[tokio::test]
async fn a_function_is_found_by_the_name_of_its_program_too() {
    let endpoint = Endpoint::start("reports", empty).await;
    let folder = DataDirectory::new();
    let gateway = start(&folder, &endpoint.url);
    gateway.send(&report(&folder.admin_token())).await.assert_status(204);
    assert_eq!(endpoint.invocations()[0].0, "reports");
}

#[tokio::test]
async fn a_function_of_another_stack_is_never_one_of_this_project() {
    let endpoint = Endpoint::start("ListFunction", || r#"["theirs"]"#.into_response()).await;
    let folder = DataDirectory::new();
    let gateway = start(&folder, &endpoint.url);
    let theirs = gateway.send(&Request::new("GET", "/reports")).await.assert_status(200);
    assert_eq!(theirs.text, r#"["theirs"]"#);
    assert_eq!(theirs.header("content-type"), Some("application/json"));
    let ours = gateway.send(&Request::list("").bearer(&folder.admin_token())).await;
    assert_eq!(ours.assert_status(200).json()["tokens"][0]["name"], "admin");
    assert_eq!(endpoint.invocations().len(), 1);
}

/// Asserts that the client gets 500 if the endpoint responds in this way, and that the log contains the cause.
async fn assert_fails(respond: fn() -> Response, cause: &str) {
    let endpoint = Endpoint::start("ReportsFunction", respond).await;
    let folder = DataDirectory::new();
    let gateway = start(&folder, &endpoint.url);
    let response = gateway.send(&report(&folder.admin_token())).await;
    response.assert_gateway_error(500, "Internal Server Error");
    assert!(gateway.log().contains(cause), "{cause}: {}", gateway.log());
    assert!(!gateway.log().contains("a secret"), "{}", gateway.log());
}

#[tokio::test]
async fn a_failure_of_the_function_is_500_and_the_log_has_its_cause() {
    let unhandled = || ([("x-amz-function-error", "Unhandled")], "a secret").into_response();
    assert_fails(unhandled, "the function failed").await;
    assert_fails(
        || (StatusCode::INTERNAL_SERVER_ERROR, "a secret").into_response(),
        "the function failed",
    )
    .await;
    assert_fails(
        || StatusCode::NOT_FOUND.into_response(),
        "no function `ReportsFunction` or `reports`",
    )
    .await;
    assert_fails(|| StatusCode::NOT_IMPLEMENTED.into_response(), "status 501").await;
    assert_fails(|| "a secret".into_response(), "is not JSON").await;
    assert_fails(|| "{\"statusCode\":99}".into_response(), "`statusCode`").await;
    assert_fails(|| "{\"statusCode\":200,\"body\":{}}".into_response(), "not a string").await;
    let base64 = || r#"{"statusCode":200,"body":"é","isBase64Encoded":true}"#.into_response();
    assert_fails(base64, "not Base64").await;
    let header = || r#"{"statusCode":200,"headers":{"a b":"1"}}"#.into_response();
    assert_fails(header, "invalid header").await;
    let large = || format!("\"{}\"", "a".repeat(6 * 1024 * 1024)).into_response();
    assert_fails(large, "larger than 6 MiB").await;
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_503() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let folder = DataDirectory::new();
    let gateway = start(&folder, &url);
    let response = gateway.send(&report(&folder.admin_token())).await;
    response.assert_gateway_error(503, "Service Unavailable");
    assert!(gateway.log().contains("Lambda endpoint unavailable"), "{}", gateway.log());
    gateway.send(&Request::list("").bearer(&folder.admin_token())).await.assert_status(200);
}
