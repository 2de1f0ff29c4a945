//! The port of the embedded database, for the functions under `cargo lambda watch` and for other tools.
//!
//! A request must name this machine as its host and must not come from a web page. It must contain the access key id that
//! the gateway printed, which is random and serves as a password. The signature, its date, its region and a session token
//! are not checked.

use super::embedded::{Embedded, MEDIA_TYPE, TARGET};
use crate::host::is_local;
use crate::random_hex;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::error::Error;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;

/// The largest body that DynamoDB accepts.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// An open port.
#[derive(Clone, Debug)]
pub struct Port {
    /// The URL of the port.
    pub url: String,
    /// The access key id that requests must contain. The secret access key is not checked.
    pub access_key_id: String,
}

/// The database, and the access key id without which it is not served.
struct Guarded {
    embedded: Embedded,
    access_key_id: String,
}

/// Serves the database on this port of 127.0.0.1 until the process ends.
pub(super) async fn open(embedded: Embedded, port: u16) -> Result<Port, Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let access_key_id = random_hex()?;
    let guarded = Arc::new(Guarded { embedded, access_key_id: access_key_id.clone() });
    let router = Router::new().fallback(serve).with_state(guarded);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "database port closed");
        }
    });
    Ok(Port { url, access_key_id })
}

async fn serve(State(guarded): State<Arc<Guarded>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(reason) = guarded.check(&parts.headers) {
        let body = serde_json::json!({
            "__type": "com.amazonaws.dynamodb.v20120810#AccessDeniedException",
            "message": reason,
        });
        return respond(StatusCode::FORBIDDEN, body.to_string());
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let target = parts.headers.get(TARGET).and_then(|target| target.to_str().ok());
    let result = guarded.embedded.call(target, &body).await;
    let status = StatusCode::from_u16(result.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, result.body)
}

fn respond(status: StatusCode, body: String) -> Response {
    (status, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
}

impl Guarded {
    /// Checks the headers of a request.
    ///
    /// # Errors
    /// The reason why the request is rejected.
    fn check(&self, headers: &HeaderMap) -> Result<(), &'static str> {
        if headers.contains_key(ORIGIN) {
            return Err("requests from web pages are rejected");
        }
        if !is_local(headers) {
            return Err("the `Host` header must be 127.0.0.1, localhost or [::1]");
        }
        let given = access_key_id(headers).unwrap_or_default();
        if bool::from(given.as_bytes().ct_eq(self.access_key_id.as_bytes())) {
            Ok(())
        } else {
            Err("the request must be signed with the access key that the gateway printed")
        }
    }
}

/// Returns the access key id of `AWS4-HMAC-SHA256 Credential=<id>/<date>/<region>/…, SignedHeaders=…, Signature=…`.
fn access_key_id(headers: &HeaderMap) -> Option<&str> {
    let parameters =
        headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let mut parameters = parameters.split(',');
    let credential =
        parameters.find_map(|parameter| parameter.trim().strip_prefix("Credential="))?;
    credential.split('/').next()
}
