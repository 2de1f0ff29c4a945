//! The embedded database, as an HTTP client that the SDK can use: it handles requests in DynamoDB's JSON protocol within this
//! process, without a network.

use aws_sdk_dynamodb::config::RuntimeComponents;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::task::spawn_blocking;

/// The header that names the operation of a request.
pub(super) const TARGET: &str = "x-amz-target";

/// The media type of requests and responses.
pub(super) const MEDIA_TYPE: &str = "application/x-amz-json-1.0";

/// A handle to the database. It contains `None` once the database is closed.
#[derive(Clone)]
pub(super) struct Embedded(Arc<RwLock<Option<Database>>>);

/// The database's response to one request.
pub(super) struct DatabaseResponse {
    /// The HTTP status.
    pub(super) status: u16,
    /// The JSON of the result or the error.
    pub(super) body: String,
}

impl Embedded {
    pub(super) fn new(database: Database) -> Self {
        Self(Arc::new(RwLock::new(Some(database))))
    }

    /// Runs the operation that `target` names, such as `DynamoDB_20120810.GetItem`, with the request's JSON.
    pub(super) async fn call(&self, target: Option<&str>, body: &[u8]) -> DatabaseResponse {
        let operation = target.and_then(|target| target.strip_prefix("DynamoDB_20120810."));
        let (operation, body) = (operation.unwrap_or_default().to_owned(), body.to_vec());
        let result = self.blocking(move |database| run(database, &operation, &body)).await;
        match result {
            Ok(body) => DatabaseResponse { status: 200, body },
            Err(error) => DatabaseResponse { status: error.status_code(), body: error.to_json() },
        }
    }

    /// Deletes items past their `purgeAt` and returns how many.
    ///
    /// # Errors
    /// `InternalServerError` if the database is closed, fails or panics.
    pub(super) async fn delete_purged(&self) -> dynoxide::Result<usize> {
        self.blocking(Database::sweep_ttl).await
    }

    /// Waits for running operations and closes the database.
    pub(super) async fn close(&self) {
        let database = self.0.clone();
        // Dropping the database writes its write-ahead log into its file.
        let close = move || drop(database.write().unwrap_or_else(PoisonError::into_inner).take());
        spawn_blocking(close).await.ok();
    }

    /// Runs work that may block, on a thread that serves no requests.
    ///
    /// # Errors
    /// The error of the work, and `InternalServerError` if the database is closed or the work panics.
    async fn blocking<T, F>(&self, work: F) -> dynoxide::Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Database) -> dynoxide::Result<T> + Send + 'static,
    {
        let database = self.0.clone();
        let work = move || {
            let database = database.read().unwrap_or_else(PoisonError::into_inner);
            database.as_ref().map_or_else(|| Err(failure("the database is closed")), work)
        };
        spawn_blocking(work).await.unwrap_or_else(|_| Err(failure("the operation panicked")))
    }
}

/// Runs an operation. Accepts those that tokenward, its tests and common DynamoDB tools use, and rejects all others.
fn run(database: &Database, operation: &str, body: &[u8]) -> dynoxide::Result<String> {
    match operation {
        "BatchGetItem" => json(body, |request| database.batch_get_item(request)),
        "BatchWriteItem" => json(body, |request| database.batch_write_item(request)),
        "CreateTable" => json(body, |request| database.create_table(request)),
        "DeleteItem" => json(body, |request| database.delete_item(request)),
        "DeleteTable" => json(body, |request| database.delete_table(request)),
        "DescribeTable" => json(body, |request| database.describe_table(request)),
        "DescribeTimeToLive" => json(body, |request| database.describe_time_to_live(request)),
        "GetItem" => json(body, |request| database.get_item(request)),
        "ListTables" => json(body, |request| database.list_tables(request)),
        "PutItem" => json(body, |request| database.put_item(request)),
        "Query" => json(body, |request| database.query(request)),
        "Scan" => json(body, |request| database.scan(request)),
        "TransactGetItems" => json(body, |request| database.transact_get_items(request)),
        "TransactWriteItems" => json(body, |request| database.transact_write_items(request)),
        "UpdateItem" => json(body, |request| database.update_item(request)),
        "UpdateTimeToLive" => json(body, |request| database.update_time_to_live(request)),
        _ => Err(DynoxideError::ValidationException("operation not supported".to_owned())),
    }
}

/// Deserializes a request, performs it, and serializes the response.
///
/// For a malformed request, the error's wording differs from DynamoDB's. The SDK sends no such requests.
fn json<Q: DeserializeOwned, R: Serialize>(
    body: &[u8],
    perform: impl FnOnce(Q) -> dynoxide::Result<R>,
) -> dynoxide::Result<String> {
    let request = serde_json::from_slice(body)
        .map_err(|error| DynoxideError::ValidationException(error.to_string()))?;
    let response = perform(request)?;
    serde_json::to_string(&response).map_err(|error| failure(&error.to_string()))
}

fn failure(detail: &str) -> DynoxideError {
    DynoxideError::InternalServerError(detail.to_owned())
}

impl HttpClient for Embedded {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Embedded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let embedded = self.clone();
        HttpConnectorFuture::new(async move {
            let body = request.body().bytes();
            let body = body.ok_or_else(|| ConnectorError::user("the body is a stream".into()))?;
            let result = embedded.call(request.headers().get(TARGET), body).await;
            let status = result.status.try_into().map_err(|_| {
                ConnectorError::other("the database returned an invalid status".into(), None)
            })?;
            let mut response = HttpResponse::new(status, result.body.into());
            response.headers_mut().insert("content-type", MEDIA_TYPE);
            Ok(response)
        })
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Embedded")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_fails_only_its_own_operation() {
        let embedded = Embedded::new(Database::memory().unwrap());
        let operation = |_: &Database| -> dynoxide::Result<()> { panic!("deliberate") };
        let error = embedded.blocking(operation).await.unwrap_err();
        assert!(error.to_json().contains("the operation panicked"), "{}", error.to_json());
        assert_eq!(embedded.delete_purged().await.unwrap(), 0);
        embedded.close().await;
        let error = embedded.delete_purged().await.unwrap_err();
        assert!(error.to_json().contains("the database is closed"), "{}", error.to_json());
    }
}
