//! Invokes a user's own functions by the Lambda Invoke API, as `cargo lambda watch` and `sam local start-lambda` serve it.
//!
//! <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>

use crate::template::TemplateRoute;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::uri::Scheme;
use axum::http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::error::Error;
use std::time::Duration;

/// How long an invocation may take. `cargo lambda watch` builds a function while its first invocation waits.
const TIMEOUT: Duration = Duration::from_secs(300);

/// The maximum size of a response in bytes, the same as Lambda's.
const MAX_RESPONSE: usize = 6 * 1024 * 1024;

/// A header with which Lambda marks a response as the error of a function.
const FUNCTION_ERROR: &str = "x-amz-function-error";

/// A client of the Lambda Invoke API at one URL.
pub(crate) struct LambdaEndpoint {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
}

/// Why an invocation failed. The message is logged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvokeError {
    #[error("Lambda endpoint unavailable: {0}")]
    Unavailable(String),
    #[error("no response within {} seconds", TIMEOUT.as_secs())]
    TimedOut,
    #[error("the Lambda endpoint has no function `{0}`")]
    NotFound(String),
    #[error("the function failed")]
    Failed,
    #[error("the Lambda endpoint responded with status {0}")]
    Rejected(StatusCode),
    #[error("the function's response {0}")]
    Malformed(&'static str),
}

impl LambdaEndpoint {
    /// Creates a client of the endpoint at this URL, which must come from [`lambda_url`].
    pub(crate) fn new(url: String) -> Self {
        let mut client = Client::builder(TokioExecutor::new());
        // The endpoint is often restarted during development, which breaks open connections. So each request opens a new one.
        Self { client: client.pool_max_idle_per_host(0).build_http(), url }
    }

    /// Invokes the function of a route, and returns its response, which may be invalid JSON.
    pub(crate) async fn invoke(
        &self,
        route: &TemplateRoute,
        event: &Value,
    ) -> Result<Bytes, InvokeError> {
        let event = Bytes::from(event.to_string());
        let invocation = async {
            // SAM knows a function by its logical id, and cargo-lambda by the name of its program.
            let names = || [Some(&route.function), route.program.as_ref()].into_iter().flatten();
            for name in names() {
                match self.invoke_named(name, event.clone()).await {
                    Err(InvokeError::NotFound(_)) => {}
                    result => return result,
                }
            }
            Err(InvokeError::NotFound(
                names().map(String::as_str).collect::<Vec<_>>().join("` or `"),
            ))
        };
        tokio::time::timeout(TIMEOUT, invocation).await.unwrap_or(Err(InvokeError::TimedOut))
    }

    async fn invoke_named(&self, name: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        let request =
            Request::post(format!("{}/2015-03-31/functions/{name}/invocations", self.url))
                .header(CONTENT_TYPE, "application/json")
                .body(Full::new(event))
                .map_err(|_| InvokeError::NotFound(name.to_owned()))?;
        let response = self.client.request(request).await.map_err(|error| unavailable(&error))?;
        match response.status() {
            StatusCode::OK if response.headers().contains_key(FUNCTION_ERROR) => {
                return Err(InvokeError::Failed);
            }
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Err(InvokeError::NotFound(name.to_owned())),
            // This is how cargo-lambda reports the error of a function.
            StatusCode::INTERNAL_SERVER_ERROR => return Err(InvokeError::Failed),
            status => return Err(InvokeError::Rejected(status)),
        }
        let body = Limited::new(response.into_body(), MAX_RESPONSE).collect().await;
        let body = body.map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() {
                InvokeError::Malformed("is larger than 6 MiB")
            } else {
                unavailable(&*error)
            }
        })?;
        Ok(body.to_bytes())
    }
}

/// Returns the error with its cause, which the client's own message leaves out.
fn unavailable(error: &(dyn Error + 'static)) -> InvokeError {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    InvokeError::Unavailable(format!("{error}{cause}"))
}

/// Parses the URL of an endpoint, which must not have a path. Returns it without a slash at the end.
pub(crate) fn lambda_url(text: &str) -> Result<String, String> {
    let invalid =
        || "must be `http://`, a host and a port, such as `http://127.0.0.1:9000`".to_owned();
    let uri: Uri = text.parse().map_err(|_| invalid())?;
    let has_path = uri.path() != "/" || uri.query().is_some();
    match uri.authority() {
        Some(authority) if uri.scheme() == Some(&Scheme::HTTP) && !has_path => {
            Ok(format!("http://{authority}"))
        }
        _ => Err(invalid()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_url_without_a_path() {
        for text in ["http://127.0.0.1:9000", "http://127.0.0.1:9000/"] {
            assert_eq!(lambda_url(text).unwrap(), "http://127.0.0.1:9000");
        }
        for text in ["", "127.0.0.1:9000", "https://a", "http://", "http://a/b", "http://a?b", "/"]
        {
            assert!(lambda_url(text).is_err(), "{text}");
        }
    }
}
