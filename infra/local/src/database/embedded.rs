//! The embedded database behind the SDK's client: DynamoDB's JSON protocol without a socket.

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

/// What a request names its operation with.
pub(super) const TARGET: &str = "x-amz-target";

/// The media type of requests and answers.
pub(super) const MEDIA_TYPE: &str = "application/x-amz-json-1.0";

/// The database, until it is closed.
#[derive(Clone)]
pub(super) struct Embedded(Arc<RwLock<Option<Database>>>);

/// What the database returns for one request.
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// The JSON.
    pub(super) body: String,
}

impl Embedded {
    pub(super) fn new(database: Database) -> Self {
        Self(Arc::new(RwLock::new(Some(database))))
    }

    /// Runs the operation that `target` names, e.g. `DynamoDB_20120810.GetItem`, with the request's JSON.
    pub(super) async fn call(&self, target: Option<&str>, body: &[u8]) -> Answer {
        let operation = target.and_then(|target| target.strip_prefix("DynamoDB_20120810."));
        let (operation, body) = (operation.unwrap_or_default().to_owned(), body.to_vec());
        let result = self.blocking(move |database| run(database, &operation, &body)).await;
        match result.unwrap_or_else(|| Err(closed())) {
            Ok(body) => Answer { status: 200, body },
            Err(error) => Answer { status: error.status_code(), body: error.to_json() },
        }
    }

    /// Removes items past their purge and returns their number; `None` once the database is closed.
    pub(super) async fn sweep(&self) -> Option<dynoxide::Result<usize>> {
        self.blocking(Database::sweep_ttl).await
    }

    /// Closes the database once the operations that have begun are done.
    pub(super) async fn close(&self) {
        let database = self.0.clone();
        // The last handle writes what is still in the log into the file when it is dropped.
        let close = move || drop(database.write().unwrap_or_else(PoisonError::into_inner).take());
        spawn_blocking(close).await.ok();
    }

    /// Runs work that may wait for the disk away from the threads that serve requests.
    async fn blocking<T, F>(&self, work: F) -> Option<T>
    where
        T: Send + 'static,
        F: FnOnce(&Database) -> T + Send + 'static,
    {
        let database = self.0.clone();
        let work = move || {
            let database = database.read().unwrap_or_else(PoisonError::into_inner);
            database.as_ref().map(work)
        };
        spawn_blocking(work).await.ok().flatten()
    }
}

/// The operations of the service, of the tests, and of those who look into the table.
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
        _ => Err(DynoxideError::ValidationException("operation not supported here".to_owned())),
    }
}

/// Reads a request, performs it, and writes its answer. The SDK sends no request that cannot be read; for others,
/// the wording of the error differs from DynamoDB's.
fn json<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    perform: impl FnOnce(Q) -> dynoxide::Result<A>,
) -> dynoxide::Result<String> {
    let request = serde_json::from_slice(body)
        .map_err(|error| DynoxideError::ValidationException(error.to_string()))?;
    let answer = perform(request)?;
    serde_json::to_string(&answer)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

fn closed() -> DynoxideError {
    DynoxideError::InternalServerError("the database is closed".to_owned())
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
            let answer = embedded.call(request.headers().get(TARGET), body).await;
            let status = answer.status.try_into().map_err(|_| {
                ConnectorError::other("the database returned no HTTP status".into(), None)
            })?;
            let mut response = HttpResponse::new(status, answer.body.into());
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
