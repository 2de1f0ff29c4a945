//! Databases of one's own.

use crate::deployment::variable;
use crate::handlers::template;
use crate::table::TABLE;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use local::database::{Database, Storage};

/// A database with the template's table and nothing else: in memory, or in the DynamoDB that the environment names.
pub async fn empty() -> Database {
    let database = match variable("DYNAMODB_ENDPOINT") {
        Some(url) => apart(url).await,
        None => Database::open(&Storage::Memory, 0).await.unwrap(),
    };
    let unhurried = Database::of(patient(&database.client()), database.url().to_owned());
    let definition = &template().table;
    unhurried.create_table(TABLE, definition).await.unwrap();
    database
}

/// A client like `client` that waits for its answers however slow the machine is: for what a test prepares and looks at.
pub fn patient(client: &Client) -> Client {
    let config = client.config().to_builder();
    Client::from_conf(config.timeout_config(TimeoutConfig::disabled()).build())
}

/// A database of one's own in a DynamoDB Local: it keeps the tables of each access key apart. It never gives up the
/// threads that it has for each of them, and takes seconds to answer once there are thousands.
async fn apart(url: String) -> Database {
    let key = tempfile::Builder::new().rand_bytes(20).prefix("").tempfile();
    let key = key.unwrap().path().file_name().unwrap().to_str().unwrap().to_owned();
    let database = Database::open(&Storage::Endpoint(url.clone()), 0).await.unwrap();
    let credentials = Credentials::new(key, "x", None, None, "a name of one's own");
    let config = database.client().config().to_builder().credentials_provider(credentials).build();
    Database::of(Client::from_conf(config), url)
}
