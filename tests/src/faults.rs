//! Fault injection between the SDK and the table.

use crate::clock::hold_time;
use crate::database::whole_response;
use aws_sdk_dynamodb::config::retry::RetryPartition;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use lambda_http::http::Uri;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The delay of a slow response: 1 s, which is less than the timeout of an attempt (1.5 s).
const SLOW: Duration = Duration::from_secs(1);

/// What happens to one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The request is applied, and its response arrives.
    None,
    /// The request is applied, and its response is lost.
    LostResponse,
    /// The request is lost and never applied.
    LostRequest,
    /// The request is never sent, because no connection can be opened.
    NoConnection,
    /// The request is not applied, and the response is an error with this status and code.
    Error(u16, &'static str),
    /// The request is applied, but the response is an error with this status and code.
    AppliedWithError(u16, &'static str),
    /// A BatchGetItem returns all its keys as unprocessed. Any other request is applied.
    Unprocessed,
    /// A TransactWriteItems is canceled for this reason. Any other request fails with the error code of the reason.
    Canceled(&'static str),
    /// The request is applied, but only the first half of its response arrives.
    TruncatedResponse,
    /// The request is not applied, and no response ever arrives.
    StalledRequest,
    /// The request is applied, but no response ever arrives.
    StalledResponse,
    /// The request is applied, and its response arrives after `SLOW`, before the attempt times out.
    SlowResponse,
    /// The request is applied, the hook runs, and the response is lost.
    LostResponseAfter(Hook),
    /// The hook runs, and the request is lost and never applied.
    LostRequestAfter(Hook),
}

/// A function that runs between a request and its response.
#[derive(Clone)]
pub struct Hook(
    pub Arc<dyn Fn() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>,
);

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hook")
    }
}

/// An HTTP client for the SDK that records every request and injects faults.
#[derive(Clone, Debug)]
pub struct FaultInjector {
    inner: SharedHttpClient,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl FaultInjector {
    /// Returns a copy of `client`, and the injector through which the copy sends its requests.
    pub fn attach(client: &aws_sdk_dynamodb::Client) -> (aws_sdk_dynamodb::Client, Self) {
        let inner = client.config().http_client().unwrap();
        let injector = Self { inner, faults: Arc::default(), requests: Arc::default() };
        // Otherwise all clients of a process share one quota of retries, and faults use it up for other tests.
        let retries = RetryPartition::custom("injected faults").build();
        let config = client.config().to_builder().http_client(injector.clone());
        let config = config.retry_partition(retries).build();
        (aws_sdk_dynamodb::Client::from_conf(config), injector)
    }

    /// Sets what happens to the next requests, one fault for each, and forgets the requests so far.
    pub fn inject(&self, faults: impl IntoIterator<Item = Fault>) {
        *self.faults.lock().unwrap() = faults.into_iter().collect();
        self.requests.lock().unwrap().clear();
    }

    /// Returns the operations requested since the last [`inject`](Self::inject). A request without an operation is given by
    /// its method and path.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl HttpClient for FaultInjector {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, injector: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    injector: FaultInjector,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let uri: Uri = request.uri().parse().unwrap();
        let operation = match request.headers().get("x-amz-target") {
            Some(target) => target.trim_start_matches("DynamoDB_20120810.").to_owned(),
            None => format!("{} {}", request.method(), uri.path()),
        };
        self.injector.requests.lock().unwrap().push(operation);
        let fault = self.injector.faults.lock().unwrap().pop_front().unwrap_or(Fault::None);
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            let lost = || Err(ConnectorError::io("injected fault".into()));
            match fault {
                Fault::None => inner.call(request).await,
                Fault::LostRequest => lost(),
                Fault::LostRequestAfter(hook) => {
                    (hook.0)().await;
                    lost()
                }
                Fault::NoConnection => Err(hold_time(no_connection()).await),
                Fault::Error(status, code) => Ok(error(status, code)),
                Fault::Unprocessed if is(&request, "BatchGetItem") => Ok(unprocessed(&request)),
                Fault::Unprocessed => inner.call(request).await,
                Fault::Canceled(reason) if is(&request, "TransactWriteItems") => {
                    Ok(canceled(&request, reason))
                }
                Fault::Canceled(reason) => Ok(error(400, &format!("{reason}Exception"))),
                Fault::TruncatedResponse => {
                    Ok(truncated(whole_response(inner.call(request)).await?))
                }
                Fault::StalledRequest => std::future::pending().await,
                Fault::StalledResponse => {
                    inner.call(request).await?;
                    std::future::pending().await
                }
                Fault::SlowResponse => {
                    let response = inner.call(request).await;
                    tokio::time::sleep(SLOW).await;
                    response
                }
                Fault::LostResponse => {
                    inner.call(request).await?;
                    lost()
                }
                Fault::LostResponseAfter(hook) => {
                    inner.call(request).await?;
                    (hook.0)().await;
                    lost()
                }
                Fault::AppliedWithError(status, code) => {
                    inner.call(request).await?;
                    Ok(error(status, code))
                }
            }
        })
    }
}

/// Returns the error of the SDK's own HTTP client for an address where nothing listens.
async fn no_connection() -> ConnectorError {
    let client = Client::builder(TokioExecutor::new()).build_http::<String>();
    let error = client.get(Uri::from_static("http://127.0.0.1:1")).await.unwrap_err();
    ConnectorError::io(error.into())
}

fn is(request: &HttpRequest, operation: &str) -> bool {
    let target = request.headers().get("x-amz-target");
    target.is_some_and(|target| target.ends_with(operation))
}

fn truncated(mut response: HttpResponse) -> HttpResponse {
    let body = response.body().bytes().unwrap();
    let half = SdkBody::from(&body[..body.len() / 2]);
    response.headers_mut().remove("content-length");
    *response.body_mut() = half;
    response
}

fn canceled(request: &HttpRequest, reason: &str) -> HttpResponse {
    let body: serde_json::Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    let mut reasons = vec![
        serde_json::json!({ "Code": "None" });
        body["TransactItems"].as_array().unwrap().len()
    ];
    reasons[0] = serde_json::json!({ "Code": reason, "Message": "injected" });
    let body = serde_json::json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "injected",
        "CancellationReasons": reasons,
    });
    HttpResponse::new(400.try_into().unwrap(), SdkBody::from(body.to_string()))
}

fn unprocessed(request: &HttpRequest) -> HttpResponse {
    let body: serde_json::Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    let body = serde_json::json!({ "Responses": {}, "UnprocessedKeys": body["RequestItems"] });
    HttpResponse::new(200.try_into().unwrap(), SdkBody::from(body.to_string()))
}

fn error(status: u16, code: &str) -> HttpResponse {
    let body =
        format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"injected"}}"#);
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}
