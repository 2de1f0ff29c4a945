//! An HTTP client that sends paths unchanged, even malformed ones.

use crate::request::{Request, Response};
use axum::body::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lambda_http::http;
use std::error::Error;

/// A client of one server.
pub struct Http {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
    host: Option<String>,
}

impl Http {
    /// Creates a client of the server at `url` that sends `host` as the `Host` header.
    pub fn new(url: &str, host: Option<String>) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            url: url.to_owned(),
            host,
        }
    }

    /// Sends a request, and fails if there is no response.
    pub async fn try_send(
        &self,
        request: &Request,
    ) -> Result<Response, Box<dyn Error + Send + Sync>> {
        let mut outgoing = http::Request::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.url, request.target));
        if let Some(host) = &self.host {
            outgoing = outgoing.header("host", host);
        }
        for (name, value) in &request.headers {
            outgoing = outgoing.header(name, value);
        }
        let response = self
            .client
            .request(outgoing.body(Full::new(Bytes::from(request.body.clone())))?)
            .await?;
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        let body = response.into_body().collect().await?.to_bytes();
        Ok(Response { status, headers, text: String::from_utf8(body.into())? })
    }
}
