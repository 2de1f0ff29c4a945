//! DynamoDB on a laptop: embedded, in a file or in memory, or any other by its URL.

use crate::template::TableDefinition;
use aws_config::BehaviorVersion;
use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Credentials, Region};
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, TableStatus, TimeToLiveSpecification,
};
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How often items past their purge are removed. (DynamoDB's own TTL takes up to days.)
const SWEEP: Duration = Duration::from_secs(60);

/// How long the embedded database may take to finish its last requests.
const CLOSE: Duration = Duration::from_secs(3);

/// Where tokens are kept.
#[derive(Clone, Debug)]
pub enum Storage {
    /// In this file.
    File(PathBuf),
    /// In this process, until it ends.
    Memory,
    /// In the DynamoDB at this URL.
    Endpoint(String),
}

/// A DynamoDB, and the way to it.
#[derive(Debug)]
pub struct Database {
    url: String,
    client: Client,
    embedded: Option<Embedded>,
}

#[derive(Debug)]
struct Embedded {
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    sweeper: JoinHandle<()>,
}

impl Database {
    /// Opens the storage. An embedded database answers on this port of 127.0.0.1; 0 picks a free one.
    ///
    /// # Errors
    /// A file that cannot be opened, or a port that cannot be bound.
    pub async fn open(storage: &Storage, port: u16) -> Result<Self, Box<dyn Error>> {
        let database = match storage {
            Storage::Endpoint(url) => {
                return Ok(Self::of(client(url).await, url.clone()));
            }
            Storage::File(path) => dynoxide::Database::new(&path.to_string_lossy())?,
            Storage::Memory => dynoxide::Database::memory()?,
        };
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel::<()>();
        let sweeper = tokio::spawn(sweep(database.clone()));
        let server = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            if let Err(error) =
                dynoxide::server::serve_with_shutdown(listener, database, stopped).await
            {
                tracing::error!(error, "the embedded database stopped");
            }
        });
        Ok(Self {
            client: client(&url).await,
            url,
            embedded: Some(Embedded { stop, server, sweeper }),
        })
    }

    /// The DynamoDB at this URL, through a client of one's own.
    pub fn of(client: Client, url: String) -> Self {
        Self { url, client, embedded: None }
    }

    /// The SDK's client of it.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Creates the table as the template defines it, unless it exists.
    ///
    /// # Errors
    /// The database's own, in words.
    pub async fn create_table(
        &self,
        name: &str,
        definition: &TableDefinition,
    ) -> Result<(), Box<dyn Error>> {
        match self.client.describe_table().table_name(name).send().await {
            Ok(_) => return Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|one| one.is_resource_not_found_exception()) => {}
            Err(error) => {
                return Err(format!("{}: {}", self.url, DisplayErrorContext(error)).into());
            }
        }
        let attribute = |(name, kind): &(String, String)| {
            AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(kind.as_str().into())
                .build()
        };
        let key = |(name, kind): &(String, String)| {
            KeySchemaElement::builder().attribute_name(name).key_type(kind.as_str().into()).build()
        };
        let request = self
            .client
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(
                definition.attributes.iter().map(attribute).collect::<Result<_, _>>()?,
            ))
            .set_key_schema(Some(definition.keys.iter().map(key).collect::<Result<_, _>>()?));
        request.send().await.map_err(|error| DisplayErrorContext(error).to_string())?;
        self.wait_until_active(name).await?;
        let time_to_live = TimeToLiveSpecification::builder()
            .attribute_name(&definition.time_to_live)
            .enabled(true)
            .build()?;
        let request = self
            .client
            .update_time_to_live()
            .table_name(name)
            .time_to_live_specification(time_to_live);
        request.send().await.map_err(|error| DisplayErrorContext(error).to_string())?;
        Ok(())
    }

    async fn wait_until_active(&self, name: &str) -> Result<(), Box<dyn Error>> {
        for _ in 0..60 {
            let output = self.client.describe_table().table_name(name).send().await?;
            if output.table().and_then(|table| table.table_status()) == Some(&TableStatus::Active) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Err(format!("the table {name} did not become active").into())
    }

    /// Ends an embedded database once its requests are done.
    pub async fn close(self) {
        let Some(embedded) = self.embedded else {
            return;
        };
        drop(self.client);
        embedded.sweeper.abort();
        embedded.stop.send(()).ok();
        if tokio::time::timeout(CLOSE, embedded.server).await.is_err() {
            tracing::warn!("the embedded database had requests under way when it was closed");
        }
    }
}

/// Removes what is past its purge, every minute.
async fn sweep(database: dynoxide::Database) {
    let mut ticks = tokio::time::interval(SWEEP);
    loop {
        ticks.tick().await;
        let database = database.clone();
        match tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
            Ok(Ok(removed)) if removed > 0 => {
                tracing::info!(removed, "items past their purge were removed")
            }
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "items past their purge were not removed"),
            Err(_) => return,
        }
    }
}

/// A client of the DynamoDB at `url`. On this machine, credentials and region of the environment are used where there
/// are any, and made up where there are none: an emulator asks for some and checks none.
async fn client(url: &str) -> Client {
    let base = aws_config::defaults(BehaviorVersion::latest())
        .http_client(shared::runtime::http_client(shared::runtime::RootStore::System))
        .timeout_config(shared::runtime::timeouts())
        .endpoint_url(url);
    let host = url.parse::<axum::http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    let is_local =
        host.is_some_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&host.as_str()));
    if !is_local {
        return Client::new(&base.load().await);
    }
    let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
    let made_up = Credentials::new("local", "local", None, None, "made up");
    let credentials = CredentialsProviderChain::first_try(
        "environment",
        EnvironmentVariableCredentialsProvider::new(),
    )
    .or_else("made up", made_up);
    let sdk = base
        .region(region.or_else(Region::new("us-east-1")))
        .credentials_provider(credentials)
        .load()
        .await;
    Client::new(&sdk)
}
