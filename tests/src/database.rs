//! A database for each test.

use crate::clock::hold_time;
use crate::deployment::variable;
use crate::handlers::template;
use crate::table::TABLE;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector,
    http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use local::database::{Database, Port, Storage};
use shared::runtime::{RootStore, http_client};

/// Creates a database with the template's empty table: in memory, or in the DynamoDB that the environment names. While tokio's
/// time is paused, it does not advance during requests.
pub async fn create() -> Database {
    match variable("DYNAMODB_ENDPOINT") {
        Some(url) => with_table(isolated(url).await).await,
        None => create_embedded().await,
    }
}

/// Creates a database in this process with the template's empty table. Unlike another one, it can open a port.
pub async fn create_embedded() -> Database {
    with_table(Database::open(&Storage::Memory).await.unwrap()).await
}

async fn with_table(database: Database) -> Database {
    let patient = Database::from_client(without_timeouts(&database.client()));
    let definition = &template().table;
    patient.create_table(TABLE, definition).await.unwrap();
    database
}

/// Returns a copy of `client` that uses the database through a port, with the port's access key.
pub fn client_through(client: &Client, port: &Port) -> Client {
    let key = Credentials::new(&port.access_key_id, "any", None, None, "printed by the gateway");
    let config = client.config().to_builder().credentials_provider(key).endpoint_url(&port.url);
    Client::from_conf(config.http_client(http_client(RootStore::System)).build())
}

/// Returns a copy of `client` that never times out, even on a slow machine, to prepare and inspect the table.
pub fn without_timeouts(client: &Client) -> Client {
    let config = client.config().to_builder();
    Client::from_conf(config.timeout_config(TimeoutConfig::disabled()).build())
}

/// Opens a database in DynamoDB Local that no other test uses, because each access key has tables of its own.
///
/// DynamoDB Local never frees the threads of an access key, so after thousands of databases its responses take seconds.
async fn isolated(url: String) -> Database {
    let key = tempfile::Builder::new().rand_bytes(20).prefix("").tempfile();
    let key = key.unwrap().path().file_name().unwrap().to_str().unwrap().to_owned();
    let database = Database::open(&Storage::Endpoint(url)).await.unwrap();
    let credentials = Credentials::new(key, "x", None, None, "isolated");
    let config = database.client().config().to_builder().credentials_provider(credentials);
    let http_client = holding_time(database.client().config().http_client().unwrap());
    Database::from_client(Client::from_conf(config.http_client(http_client).build()))
}

/// Returns an HTTP client during whose requests tokio's paused time does not advance.
fn holding_time(inner: SharedHttpClient) -> SharedHttpClient {
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(HoldingTime(inner.http_connector(settings, components)))
    })
}

#[derive(Debug)]
struct HoldingTime(SharedHttpConnector);

impl HttpConnector for HoldingTime {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(hold_time(whole_response(self.0.call(request))))
    }
}

/// Waits for a response and all of its body.
pub async fn whole_response(response: HttpConnectorFuture) -> Result<HttpResponse, ConnectorError> {
    let mut response = response.await?;
    let body = response.body_mut().collect().await.map_err(ConnectorError::io)?.to_bytes();
    *response.body_mut() = SdkBody::from(body);
    Ok(response)
}
