//! An HTTP client that replays the first response for every later request.

use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::{Headers, StatusCode};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use std::sync::{Arc, Mutex};

type Recorded = Arc<Mutex<Option<(StatusCode, Headers, Vec<u8>)>>>;

#[derive(Clone, Debug)]
struct ReplayHttpClient {
    inner: SharedHttpClient,
    recorded: Recorded,
}

/// Returns a copy of `client` that records the first response and replays it.
pub fn client(client: &Client) -> Client {
    let inner = client.config().http_client().unwrap();
    let http = ReplayHttpClient { inner, recorded: Recorded::default() };
    let config = client.config().to_builder().http_client(http);
    Client::from_conf(config.build())
}

impl HttpClient for ReplayHttpClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            inner: self.inner.http_connector(settings, components),
            recorded: self.recorded.clone(),
        })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    recorded: Recorded,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if let Some((status, headers, body)) = self.recorded.lock().unwrap().clone() {
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            *response.headers_mut() = headers;
            return HttpConnectorFuture::ready(Ok(response));
        }
        let inner = self.inner.clone();
        let recorded = self.recorded.clone();
        HttpConnectorFuture::new(async move {
            let response = inner.call(request).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let body = ByteStream::new(response.into_body()).collect().await;
            let body = body.unwrap().to_vec();
            *recorded.lock().unwrap() = Some((status, headers.clone(), body.clone()));
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            *response.headers_mut() = headers;
            Ok(response)
        })
    }
}
