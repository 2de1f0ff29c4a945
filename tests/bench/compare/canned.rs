//! A wire that answers every request at once with what the table answered to the first.

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

type Kept = Arc<Mutex<Option<(StatusCode, Headers, Vec<u8>)>>>;

#[derive(Clone, Debug)]
struct Wire {
    inner: SharedHttpClient,
    kept: Kept,
}

/// A client like `client`, over such a wire: the first request fills it.
pub fn client(client: &Client) -> Client {
    let wire = Wire {
        inner: shared::runtime::http_client(shared::runtime::RootStore::System),
        kept: Kept::default(),
    };
    let config = client.config().to_builder().http_client(wire);
    Client::from_conf(config.build())
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            inner: self.inner.http_connector(settings, components),
            kept: self.kept.clone(),
        })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    kept: Kept,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if let Some((status, headers, body)) = self.kept.lock().unwrap().clone() {
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            *response.headers_mut() = headers;
            return HttpConnectorFuture::ready(Ok(response));
        }
        let inner = self.inner.clone();
        let kept = self.kept.clone();
        HttpConnectorFuture::new(async move {
            let response = inner.call(request).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let body = ByteStream::new(response.into_body()).collect().await;
            let body = body.unwrap().to_vec();
            *kept.lock().unwrap() = Some((status, headers.clone(), body.clone()));
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            *response.headers_mut() = headers;
            Ok(response)
        })
    }
}
