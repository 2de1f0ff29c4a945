//! A wire under the SDK that can be told to fail, and a meter on it.

use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Two thirds of what an attempt may take.
const SLOW: Duration = Duration::from_secs(1);

/// What becomes of one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is carried out and answered.
    None,
    /// It is carried out, and its answer is lost.
    LostReply,
    /// It never arrives.
    LostRequest,
    /// It is refused with this status and error code.
    Refused(u16, &'static str),
    /// It is carried out, and then answered with this status and error code.
    CarriedOutAndRefused(u16, &'static str),
    /// A batch of which nothing is processed; any other request is carried out.
    Unprocessed,
    /// A transaction that is cancelled for this reason; any other request is refused with it.
    Cancelled(&'static str),
    /// It is carried out, and only half of its answer arrives.
    TruncatedReply,
    /// It is never answered, and never arrives.
    Stalled,
    /// It is carried out and never answered.
    StalledReply,
    /// It is carried out, and its answer takes as long as an attempt may just take.
    SlowReply,
    /// It is carried out, and then this is done before its answer arrives as lost.
    LostReplyAfter(Hook),
}

/// Something that happens while an answer is on its way.
#[derive(Clone)]
pub struct Hook(
    pub Arc<dyn Fn() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>,
);

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hook")
    }
}

/// The wire: every request is remembered, and the plan says what becomes of the next ones.
#[derive(Clone, Debug)]
pub struct Wire {
    inner: SharedHttpClient,
    plan: Arc<Mutex<VecDeque<Fault>>>,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    /// A client like `client`, over a wire of its own.
    pub fn under(client: &Client) -> (Client, Self) {
        let inner = shared::runtime::http_client(shared::runtime::RootStore::System);
        let wire = Self { inner, plan: Arc::default(), sent: Arc::default() };
        let config = client.config().to_builder().http_client(wire.clone()).build();
        (Client::from_conf(config), wire)
    }

    /// What becomes of the next requests; those after them are carried out.
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        *self.plan.lock().unwrap() = faults.into_iter().collect();
        self.sent.lock().unwrap().clear();
    }

    /// The operations that were sent since the last plan; a request that is none by its method and path.
    pub fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, wire: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    wire: Wire,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let path = request.uri().rsplit_once(":").map_or("", |(_, rest)| rest);
        let sent = match request.headers().get("x-amz-target") {
            Some(target) => target.trim_start_matches("DynamoDB_20120810.").to_owned(),
            None => format!("{} {}", request.method(), path.trim_start_matches(char::is_numeric)),
        };
        self.wire.sent.lock().unwrap().push(sent);
        let fault = self.wire.plan.lock().unwrap().pop_front().unwrap_or(Fault::None);
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            let lost = || Err(ConnectorError::io("the wire is cut".into()));
            match fault {
                Fault::None => inner.call(request).await,
                Fault::LostRequest => lost(),
                Fault::Refused(status, code) => Ok(refusal(status, code)),
                Fault::Unprocessed if is(&request, "BatchGetItem") => Ok(unprocessed(&request)),
                Fault::Unprocessed => inner.call(request).await,
                Fault::Cancelled(reason) if is(&request, "TransactWriteItems") => {
                    Ok(cancelled(&request, reason))
                }
                Fault::Cancelled(reason) => Ok(refusal(400, &format!("{reason}Exception"))),
                Fault::TruncatedReply => truncated(inner.call(request).await?).await,
                Fault::Stalled => std::future::pending().await,
                Fault::StalledReply => {
                    inner.call(request).await?;
                    std::future::pending().await
                }
                Fault::SlowReply => {
                    let answer = inner.call(request).await;
                    tokio::time::sleep(SLOW).await;
                    answer
                }
                Fault::LostReply => {
                    inner.call(request).await?;
                    lost()
                }
                Fault::LostReplyAfter(interlude) => {
                    inner.call(request).await?;
                    (interlude.0)().await;
                    lost()
                }
                Fault::CarriedOutAndRefused(status, code) => {
                    inner.call(request).await?;
                    Ok(refusal(status, code))
                }
            }
        })
    }
}

fn is(request: &HttpRequest, operation: &str) -> bool {
    let target = request.headers().get("x-amz-target");
    target.is_some_and(|target| target.ends_with(operation))
}

async fn truncated(mut response: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let whole = response.body_mut().collect().await;
    let whole = whole.map_err(ConnectorError::io)?.to_bytes();
    response.headers_mut().remove("content-length");
    *response.body_mut() = SdkBody::from(&whole[..whole.len() / 2]);
    Ok(response)
}

fn cancelled(request: &HttpRequest, reason: &str) -> HttpResponse {
    let body: serde_json::Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    let mut reasons = vec![
        serde_json::json!({ "Code": "None" });
        body["TransactItems"].as_array().unwrap().len()
    ];
    reasons[0] = serde_json::json!({ "Code": reason, "Message": "as planned" });
    let body = serde_json::json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "as planned",
        "CancellationReasons": reasons,
    });
    HttpResponse::new(400.try_into().unwrap(), SdkBody::from(body.to_string()))
}

fn unprocessed(request: &HttpRequest) -> HttpResponse {
    let body: serde_json::Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    let body = serde_json::json!({ "Responses": {}, "UnprocessedKeys": body["RequestItems"] });
    HttpResponse::new(200.try_into().unwrap(), SdkBody::from(body.to_string()))
}

fn refusal(status: u16, code: &str) -> HttpResponse {
    let body =
        format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"as planned"}}"#);
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}
