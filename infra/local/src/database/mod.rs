//! The gateway's DynamoDB: an embedded one, in a file or in memory, or one at a URL.

mod embedded;
mod port;

pub use port::Port;

use crate::files::{create_private_folder_of, open_private_file};
use crate::template::TableDefinition;
use aws_config::BehaviorVersion;
use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Config, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, TableStatus, TimeToLiveSpecification,
};
use embedded::Embedded;
use shared::store::causes;
use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often items past their `purgeAt` are deleted. (DynamoDB's TTL may take days.)
const DELETE_PURGED_EVERY: Duration = Duration::from_secs(60);

/// Where the tokens are stored.
#[derive(Clone, Debug)]
pub enum Storage {
    /// In this file.
    File(PathBuf),
    /// In this process, until it ends.
    Memory,
    /// In the DynamoDB at this URL.
    Endpoint(String),
}

/// As the command line's option.
impl fmt::Display for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "--data {}", path.display()),
            Self::Memory => f.write_str("--in-memory"),
            Self::Endpoint(url) => write!(f, "--endpoint {url}"),
        }
    }
}

/// A DynamoDB and a client of it.
#[derive(Debug)]
pub struct Database {
    client: Client,
    embedded: Option<(Embedded, JoinHandle<()>)>,
}

impl Database {
    /// Opens the storage, and creates a file and its folder if they do not exist. The client of an embedded database uses no
    /// socket.
    ///
    /// # Errors
    /// The file cannot be opened, or is not a database. Then it is not changed.
    pub async fn open(storage: &Storage) -> Result<Self, Box<dyn Error>> {
        let database = match storage {
            Storage::Endpoint(url) => return Ok(Self::from_client(client(url).await)),
            Storage::File(path) => {
                create_private_folder_of(path)?;
                require_database(path)?;
                make_private(path)?;
                dynoxide::Database::new(&path.to_string_lossy())?
            }
            Storage::Memory => dynoxide::Database::memory()?,
        };
        let embedded = Embedded::new(database);
        let deletion = tokio::spawn(delete_purged_regularly(embedded.clone()));
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "made up"))
            .endpoint_url("http://embedded")
            .http_client(embedded.clone())
            .timeout_config(shared::runtime::timeouts())
            .build();
        Ok(Self { client: Client::from_conf(config), embedded: Some((embedded, deletion)) })
    }

    /// Creates a database that is not embedded from a client of it.
    pub fn from_client(client: Client) -> Self {
        Self { client, embedded: None }
    }

    /// Returns an SDK client of the database.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Opens a port on 127.0.0.1, through which other processes can use an embedded database; 0 picks a free one.
    ///
    /// # Errors
    /// The port cannot be bound, or the database is not embedded.
    pub async fn serve(&self, port: u16) -> Result<Port, Box<dyn Error>> {
        let (embedded, _) = self.embedded.as_ref().ok_or("only an embedded database has a port")?;
        port::open(embedded.clone(), port).await
    }

    /// Creates the table as the template defines it, unless it exists.
    ///
    /// # Errors
    /// The error of the database, as a message.
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
                return Err(with_causes(&error).into());
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
        request.send().await.map_err(|error| with_causes(&error))?;
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
        request.send().await.map_err(|error| with_causes(&error))?;
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

    /// Closes an embedded database, so that its file contains every write.
    pub async fn close(self) {
        if let Some((embedded, deletion)) = self.embedded {
            deletion.abort();
            embedded.close().await;
        }
    }
}

/// Returns the message of an error with those of its causes, the outermost first.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Returns an error if a file exists and has content that is not SQLite's, by its
/// [first bytes](https://www.sqlite.org/fileformat2.html#magic_header_string).
fn require_database(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut start = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(16).read_to_end(&mut start)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    match &start[..] {
        b"" | b"SQLite format 3\0" => Ok(()),
        _ => Err("the file is not a database of tokenward".into()),
    }
}

/// Sets the mode of the database's files to 0600. An earlier release may have created them with another mode.
///
/// SQLite creates the files `-wal` and `-shm` with the mode of the main file.
fn make_private(path: &Path) -> std::io::Result<()> {
    open_private_file(path)?;
    for suffix in ["-wal", "-shm"] {
        let mut beside = OsString::from(path);
        beside.push(suffix);
        if Path::new(&beside).exists() {
            open_private_file(Path::new(&beside))?;
        }
    }
    Ok(())
}

/// Deletes items past their `purgeAt`, every minute.
async fn delete_purged_regularly(embedded: Embedded) {
    let mut ticks = tokio::time::interval(DELETE_PURGED_EVERY);
    loop {
        ticks.tick().await;
        match embedded.delete_purged().await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, "purged items deleted"),
            Err(error) => tracing::warn!(%error, "purged items not deleted"),
        }
    }
}

/// Returns a client of the DynamoDB at `url`, with the credentials and the region that the SDK finds by default.
///
/// If `url` is on this machine, only environment variables are read. What they do not contain is made up, because an emulator
/// requires credentials and a region, but does not check them.
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
