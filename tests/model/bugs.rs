//! An HTTP client for the SDK that waits for its turn before each request. It can behave as if the store had a bug, which the
//! tests must detect.

use crate::scheduler::Scheduler;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A bug of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// No bug.
    None,
    /// A read of one item returns the result of the client's previous read of that item, if there was one.
    StaleReads,
    /// Items are put without a condition.
    NoConditions,
    /// The writes of a transaction are applied one after another.
    TornTransactions,
}

/// The HTTP client of one client of the service.
#[derive(Clone, Debug)]
pub struct ScheduledHttpClient {
    inner: SharedHttpClient,
    scheduler: Scheduler,
    client: usize,
    bug: Bug,
    /// The last response to a read of each item.
    last_reads: Arc<Mutex<HashMap<String, String>>>,
}

impl ScheduledHttpClient {
    pub fn new(inner: SharedHttpClient, scheduler: Scheduler, client: usize, bug: Bug) -> Self {
        Self { inner, scheduler, client, bug, last_reads: Arc::default() }
    }
}

impl HttpClient for ScheduledHttpClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            inner: self.inner.http_connector(settings, components),
            http: self.clone(),
        })
    }
}

#[derive(Clone, Debug)]
struct Connector {
    inner: SharedHttpConnector,
    http: ScheduledHttpClient,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move { connector.send(request).await })
    }
}

impl Connector {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.trim_start_matches("DynamoDB_20120810.").to_owned();
        match (self.http.bug, operation.as_str()) {
            (Bug::StaleReads, "GetItem") => self.read_stale(request).await,
            (Bug::NoConditions, "TransactWriteItems") => {
                let mut body = body(&request);
                remove_conditions(&mut body);
                self.forward(with_body(request, &body)).await
            }
            (Bug::TornTransactions, "TransactWriteItems") => self.write_separately(request).await,
            _ => self.forward(request).await,
        }
    }

    async fn forward(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        self.http.scheduler.wait(self.http.client).await;
        self.inner.call(request).await
    }

    async fn read_stale(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let key = body(&request)["Key"]["pk"].to_string();
        let mut response = self.forward(request).await?;
        let fresh = text(&mut response).await;
        let stale = self.http.last_reads.lock().unwrap().insert(key, fresh.clone());
        Ok(with_text(response, stale.unwrap_or(fresh)))
    }

    async fn write_separately(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let whole = body(&request);
        let mut last = None;
        for (index, write) in whole["TransactItems"].as_array().unwrap().iter().enumerate() {
            let body = json!({ "TransactItems": [write] });
            let request = request.try_clone().unwrap();
            let mut response = self.forward(with_body(request, &body)).await?;
            if !response.status().is_success() {
                let error = text(&mut response).await;
                return Ok(with_text(response, error_of_write(&error, index)));
            }
            last = Some(response);
        }
        Ok(last.unwrap())
    }
}

async fn text(response: &mut HttpResponse) -> String {
    let bytes = response.body_mut().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn with_text(mut response: HttpResponse, text: String) -> HttpResponse {
    response.headers_mut().remove("content-length");
    response.headers_mut().remove("x-amz-crc32");
    *response.body_mut() = SdkBody::from(text);
    response
}

/// Converts the error of a transaction of one write into that of a whole transaction, in which the write with this index
/// failed.
fn error_of_write(error: &str, index: usize) -> String {
    let mut error: Value = serde_json::from_str(error).unwrap();
    let reasons = error["CancellationReasons"].as_array_mut().unwrap();
    reasons.splice(0..0, vec![json!({ "Code": "None" }); index]);
    error.to_string()
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(request.body().bytes().unwrap()).unwrap()
}

fn with_body(mut request: HttpRequest, body: &Value) -> HttpRequest {
    let text = body.to_string();
    request.headers_mut().insert("content-length", text.len().to_string());
    *request.body_mut() = SdkBody::from(text);
    request
}

/// Removes the condition of every put.
fn remove_conditions(transaction: &mut Value) {
    for write in transaction["TransactItems"].as_array_mut().unwrap() {
        if let Some(put) = write.get_mut("Put").and_then(Value::as_object_mut) {
            put.retain(|member, _| member == "TableName" || member == "Item");
        }
    }
}
