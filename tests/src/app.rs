//! The system under test: one table, one transport to the service and one super admin.

use crate::database;
use crate::deployment::Deployment;
use crate::faults::FaultInjector;
use crate::fixture::{RULES_WITH_DEMO, VOCABULARY};
use crate::gateway::Gateway;
use crate::handlers::Handlers;
use crate::openapi;
use crate::privilege::Privileges;
use crate::request::{Request, Response};
use crate::table::{self, TABLE};
use aws_sdk_dynamodb::Client;
use local::database::Database;
use local::functions;
use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use shared::domain::token::Token;
use shared::runtime::{SystemClock, SystemEntropy, telemetry};
use shared::service::{Clock, Policy, TokenService};
use shared::store::Table;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};
use tempfile::TempDir;
use tracing::level_filters::LevelFilter;

/// The policy of every app: that of the local gateway, but with the vocabulary and the rules of the tests.
pub const POLICY: Policy = Policy::new(&VOCABULARY, RULES_WITH_DEMO);

/// A well-formed token with a valid checksum, whose id no token has.
pub const UNKNOWN_TOKEN: &str =
    "twd_4GkTz0a9QmW1xB7c_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf01OWmF";

/// An app with a table of its own. [`crate::client`] adds a method for each operation of the API.
pub struct TestApp {
    /// Direct access to the table.
    pub dynamodb: Client,
    /// The super admin's token.
    pub admin: String,
    /// The database that contains the table.
    pub database: Database,
    transport: Transport,
    /// Every token that the app has returned.
    issued: Mutex<Vec<String>>,
}

/// How requests are sent to the service.
enum Transport {
    /// By calling the handlers in this process.
    Handlers(Box<Handlers>),
    /// Over HTTP, to a local gateway in a process of its own.
    Http(Box<Gateway>),
    /// Over HTTP, to a deployed stack.
    Deployed(Box<Deployment>),
}

impl TestApp {
    /// Starts an app whose handlers run in this process, with a database as [`database::create`] returns it.
    pub async fn over_handlers() -> Self {
        Self::in_process_over(database::create().await, POLICY, Arc::new(SystemClock)).await
    }

    /// Starts an app whose handlers run in this process.
    pub async fn in_process() -> Self {
        Self::in_process_with(POLICY).await
    }

    /// Starts an app whose handlers run in this process, with this policy.
    pub async fn in_process_with(policy: Policy) -> Self {
        let database = database::create_embedded().await;
        Self::in_process_over(database, policy, Arc::new(SystemClock)).await
    }

    /// Starts an app whose handlers run in this process, with this clock.
    pub async fn in_process_at(clock: Arc<dyn Clock>) -> Self {
        Self::in_process_over(database::create_embedded().await, POLICY, clock).await
    }

    /// Starts an app whose handlers run in this process, with faults between them and the table.
    pub async fn in_process_with_faults() -> (Self, FaultInjector) {
        let database = database::create_embedded().await;
        let client = Privileges::enforced_on(&database.client());
        let (client, faults) = FaultInjector::attach(&client);
        (Self::in_process_through(client, database, POLICY, Arc::new(SystemClock)).await, faults)
    }

    async fn in_process_over(database: Database, policy: Policy, clock: Arc<dyn Clock>) -> Self {
        let client = Privileges::enforced_on(&database.client());
        Self::in_process_through(client, database, policy, clock).await
    }

    async fn in_process_through(
        client: Client,
        database: Database,
        policy: Policy,
        clock: Arc<dyn Clock>,
    ) -> Self {
        telemetry::start(LevelFilter::TRACE, functions::names(), || Log);
        let table = Table::new(client, TABLE, policy.vocabulary);
        let service = TokenService::new(table, clock, Arc::new(SystemEntropy), policy);
        let handlers = Handlers::new(service);
        let event = include_str!("../../infra/bootstrap.json");
        let event = serde_json::from_str(event).unwrap();
        let record = handlers.invoke("GenerateFunction", &event).await.assert_status(201).json();
        let admin = record["token"].as_str().unwrap().to_owned();
        Self::new(database, admin, Transport::Handlers(Box::new(handlers)))
    }

    /// Starts an app as a local gateway in a process of its own, or connects to the deployed stack that the environment
    /// names.
    pub async fn over_http() -> Self {
        if let Some((stack, database, admin)) = Deployment::from_env().await {
            return Self::new(database, admin, Transport::Deployed(Box::new(stack)));
        }
        let database = database::create_embedded().await;
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("admin");
        let file_name = file.to_str().unwrap();
        let port = database.serve(0).await.unwrap();
        let options = ["--table", TABLE, "--admin-token-file", file_name];
        let gateway = Gateway::start_with_database(&port, &options);
        let admin = std::fs::read_to_string(file).unwrap().trim().to_owned();
        Self::new(database, admin, Transport::Http(Box::new(gateway)))
    }

    fn new(database: Database, admin: String, transport: Transport) -> Self {
        let issued = Mutex::new(vec![admin.clone()]);
        Self { dynamodb: database.client(), admin, database, transport, issued }
    }

    /// Returns the handlers, if they run in this process.
    pub fn handlers(&self) -> Option<&Handlers> {
        match &self.transport {
            Transport::Handlers(handlers) => Some(handlers),
            Transport::Http(_) | Transport::Deployed(_) => None,
        }
    }

    /// Returns the gateway, if the app started one.
    pub fn gateway(&self) -> Option<&Gateway> {
        match &self.transport {
            Transport::Http(gateway) => Some(gateway),
            Transport::Handlers(_) | Transport::Deployed(_) => None,
        }
    }

    /// Sends a request unchanged. Records a token in the response as issued, and asserts that the response is documented.
    pub async fn send(&self, request: Request) -> Response {
        let response = match &self.transport {
            Transport::Handlers(handlers) => handlers.send(&request).await,
            Transport::Http(gateway) => gateway.send(&request).await,
            Transport::Deployed(stack) => stack.send(&request).await,
        };
        let body = serde_json::from_str::<Value>(&response.text).unwrap_or_default();
        self.issued.lock().unwrap().extend(body["token"].as_str().map(str::to_owned));
        openapi::assert_documented(&request, &response);
        response
    }

    /// Generates a token and returns its record and the token.
    pub async fn create(&self, body: Value) -> (Value, String) {
        let record = self.generate(body).await.assert_status(201).json();
        let token = record["token"].as_str().unwrap().to_owned();
        (record, token)
    }

    /// Generates a token with this name that is permitted to GET `/orders/**`, and returns its id and the token.
    pub async fn create_token(&self, name: &str) -> (String, String) {
        let (record, token) = self.create(token_body(name)).await;
        (record["id"].as_str().unwrap().to_owned(), token)
    }

    /// Generates a token that has expired but is not purged, and returns its id and the token.
    pub async fn create_expired_token(&self, name: &str) -> (String, String) {
        let (id, token) = self.create_token(name).await;
        table::set_timestamp(&self.dynamodb, &id, "expiresAt", SystemClock.now().seconds()).await;
        (id, token)
    }

    /// Generates another super admin. Returns it in the form of `createdBy`, and its token.
    pub async fn create_super_admin(&self, name: &str) -> (Value, String) {
        let body = json!({ "name": name, "permissions": { "type": "superAdmin" } });
        let (record, token) = self.create(body).await;
        (json!({ "id": record["id"], "name": name }), token)
    }

    /// Moves `purgeAt` of a token into the past.
    pub async fn purge(&self, id: &str) {
        table::set_timestamp(&self.dynamodb, id, "purgeAt", 1_000).await;
    }

    /// Returns the status of `GET /orders/7` with this token.
    pub async fn use_token(&self, token: &str) -> u16 {
        self.request("GET", "/orders/7").bearer(token).await.status
    }

    /// Returns every item in the table, by key, except last uses.
    pub async fn snapshot(&self) -> BTreeMap<String, table::Item> {
        table::snapshot(&self.dynamodb).await
    }

    /// Returns the tokens and names, by key.
    pub async fn tokens_and_names(&self) -> BTreeMap<String, table::Item> {
        table::without_events(self.snapshot().await)
    }

    /// Returns everything that has been logged.
    pub fn log(&self) -> String {
        match &self.transport {
            Transport::Handlers(_) => {
                String::from_utf8_lossy(&LOG.get_or_init(Mutex::default).lock().unwrap())
                    .into_owned()
            }
            Transport::Http(gateway) => gateway.log(),
            // The script that deployed the stack searches its logs. This text only satisfies `assert_no_secret_leaked`.
            Transport::Deployed(_) => "\"outcome\"".to_owned(),
        }
    }

    /// Asserts that the log contains no issued token, secret or hash, and the table no issued token or secret.
    pub async fn assert_no_secret_leaked(&self) {
        // This request makes the authorizer log a line, so a log without any is one that cannot be read.
        self.request("GET", "/whoami").await.assert_status(200);
        let issued = self.issued.lock().unwrap().clone();
        let log = self.log();
        if let Transport::Deployed(stack) = &self.transport {
            stack.record_issued(&issued);
        }
        assert!(log.contains("\"outcome\""), "there is no log to search");
        let table = format!("{:?}", self.snapshot().await);
        for token in &issued {
            let hash = Token::parse(token).unwrap().hash();
            let hash: String = hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            let secret = token.rsplit('_').next().unwrap().split_at(43).0;
            for secret in [token.as_str(), secret] {
                assert!(!table.contains(secret), "the table contains a token or a secret");
                assert!(!log.contains(secret), "the log contains a token or a secret");
            }
            assert!(!log.contains(&hash), "the log contains a hash");
        }
    }
}

/// Returns the body that generates a token that is permitted to GET `/orders/**`.
pub fn token_body(name: &str) -> Value {
    json!({ "name": name, "permissions": order_permissions() })
}

/// Returns the body that generates a token that may also regenerate itself.
pub fn self_regenerating_body(name: &str) -> Value {
    json!({ "name": name, "permissions": order_permissions(), "selfRegenerate": true })
}

/// Returns permissions to GET `/orders/**`.
pub fn order_permissions() -> Value {
    route_permissions("GET", "/orders/**")
}

/// Returns permissions of one `routes` grant.
pub fn route_permissions(method: &str, path: &str) -> Value {
    specific(json!([{ "resource": "routes", "methods": [method], "paths": [path] }]))
}

/// Returns specific permissions with these grants.
pub fn specific(grants: Value) -> Value {
    json!({ "type": "specific", "grants": grants })
}

/// Returns a timestamp of a record as seconds since 1970.
pub fn timestamp(record: &Value, member: &str) -> i64 {
    Timestamp::parse(record[member].as_str().unwrap()).unwrap().seconds()
}

static LOG: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();

/// A writer that adds to the log of this process.
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.get_or_init(Mutex::default).lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs futures concurrently and returns their outputs in order.
pub async fn join<T>(futures: impl IntoIterator<Item = impl IntoFuture<Output = T>>) -> Vec<T> {
    futures_util::future::join_all(futures.into_iter().map(IntoFuture::into_future)).await
}
