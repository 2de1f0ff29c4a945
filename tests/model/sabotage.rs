//! The wire between a client and the table: through the turnstile, and with one of the faults that the checker has to
//! find, as if the store had it.

use crate::turnstile::Turnstile;
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
use shared::runtime::{RootStore, http_client};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What is wrong with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// Nothing.
    None,
    /// A read of one item may show what an earlier one showed.
    StaleReads,
    /// What is generated is put without a condition.
    NoConditions,
    /// The writes of a transaction are made one after another.
    TornTransactions,
}

/// One client's wire.
#[derive(Clone, Debug)]
pub struct Wire {
    inner: SharedHttpClient,
    turnstile: Turnstile,
    client: usize,
    sabotage: Sabotage,
    shown: Arc<Mutex<HashMap<String, String>>>,
}

impl Wire {
    pub fn new(turnstile: Turnstile, client: usize, sabotage: Sabotage) -> Self {
        Self {
            inner: http_client(RootStore::System),
            turnstile,
            client,
            sabotage,
            shown: Arc::default(),
        }
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            inner: self.inner.http_connector(settings, components),
            wire: self.clone(),
        })
    }
}

#[derive(Clone, Debug)]
struct Connector {
    inner: SharedHttpConnector,
    wire: Wire,
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
        match (self.wire.sabotage, operation.as_str()) {
            (Sabotage::StaleReads, "GetItem") => self.read_stale(request).await,
            (Sabotage::NoConditions, "TransactWriteItems") => {
                let mut body = body(&request);
                forget_conditions(&mut body);
                self.pass(with_body(request, &body)).await
            }
            (Sabotage::TornTransactions, "TransactWriteItems") => self.tear(request).await,
            _ => self.pass(request).await,
        }
    }

    async fn pass(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        self.wire.turnstile.pass(self.wire.client).await;
        self.inner.call(request).await
    }

    async fn read_stale(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let key = body(&request)["Key"]["pk"].to_string();
        let mut response = self.pass(request).await?;
        let fresh = text(&mut response).await;
        let stale = self.wire.shown.lock().unwrap().insert(key, fresh.clone());
        Ok(with_text(response, stale.unwrap_or(fresh)))
    }

    async fn tear(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let whole = body(&request);
        let mut last = None;
        for (index, write) in whole["TransactItems"].as_array().unwrap().iter().enumerate() {
            let body = json!({ "TransactItems": [write] });
            let request = request.try_clone().unwrap();
            let mut response = self.pass(with_body(request, &body)).await?;
            if !response.status().is_success() {
                let refusal = text(&mut response).await;
                return Ok(with_text(response, of_write(&refusal, index)));
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

/// The refusal of a transaction of one write, as that of a whole one whose write of this index was refused.
fn of_write(refusal: &str, index: usize) -> String {
    let mut refusal: Value = serde_json::from_str(refusal).unwrap();
    let reasons = refusal["CancellationReasons"].as_array_mut().unwrap();
    reasons.splice(0..0, vec![json!({ "Code": "None" }); index]);
    refusal.to_string()
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

/// Makes every put one that asks nothing.
fn forget_conditions(transaction: &mut Value) {
    for write in transaction["TransactItems"].as_array_mut().unwrap() {
        if let Some(put) = write.get_mut("Put").and_then(Value::as_object_mut) {
            put.retain(|member, _| member == "TableName" || member == "Item");
        }
    }
}
