//! A app: one table, one way to reach the service, one super admin, and no secret anywhere it should not be.

use crate::database;
use crate::deployment::Deployment;
use crate::gateway::Gateway;
use crate::handlers::Handlers;
use crate::privilege::Privileges;
use crate::request::{Request, Response};
use crate::table::{self, TABLE};
use aws_sdk_dynamodb::Client;
use local::database::Database;
use local::functions;
use serde_json::{Value, json};
use shared::domain::expiration::Retention;
use shared::domain::rule::RULES_WITH_DEMO;
use shared::domain::token::Token;
use shared::runtime::{SystemClock, SystemEntropy, telemetry};
use shared::service::{Clock, Policy, TokenService};
use shared::store::Table;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};
use tempfile::TempDir;
use tracing::level_filters::LevelFilter;

/// The policy of every app, as the local gateway's.
pub const POLICY: Policy =
    Policy { max_lifetime_days: None, retention: Retention(30), rules: RULES_WITH_DEMO };

/// See the module.
pub struct TestApp {
    /// The way to the table past the service.
    pub client: Client,
    /// The super admin's token.
    pub admin: String,
    /// What the table is in.
    pub database: Database,
    transport: Transport,
    issued: Mutex<Vec<String>>,
}

/// The way to the service.
pub enum Transport {
    /// In this process.
    Handlers(Box<Handlers>),
    /// In another.
    Http(Box<Gateway>),
    /// Somewhere else.
    Deployed(Box<Deployment>),
}

impl TestApp {
    /// A app whose service is called in this process.
    pub async fn in_process() -> Self {
        let database = database::empty().await;
        let client = Privileges::enforced_on(&database.client());
        telemetry::start(LevelFilter::TRACE, functions::names(), || Log);
        let table = Table::new(client.clone(), TABLE);
        let service =
            TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), POLICY);
        let handlers = Handlers::new(service);
        let event = include_str!("../../infra/bootstrap.json");
        let event = serde_json::from_str(event).unwrap();
        let first = handlers.invoke("GenerateFunction", &event).await.assert_status(201).json();
        let admin = first["token"].as_str().unwrap().to_owned();
        Self::new(database, admin, Transport::Handlers(Box::new(handlers)))
    }

    /// A app whose service is the local gateway, in a process of its own, over this app's table; or the deployed
    /// stack, where the environment names one.
    pub async fn over_http() -> Self {
        if let Some((stack, database, admin)) = Deployment::from_env().await {
            return Self::new(database, admin, Transport::Deployed(Box::new(stack)));
        }
        let database = database::empty().await;
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("admin");
        let file_name = file.to_str().unwrap().to_owned();
        let gateway = Gateway::start(&[
            "--endpoint",
            database.url(),
            "--table",
            TABLE,
            "--admin-token-file",
            &file_name,
        ]);
        let admin = std::fs::read_to_string(file).unwrap().trim().to_owned();
        Self::new(database, admin, Transport::Http(Box::new(gateway)))
    }

    fn new(database: Database, admin: String, transport: Transport) -> Self {
        let issued = Mutex::new(vec![admin.clone()]);
        Self { client: database.client(), admin, database, transport, issued }
    }

    /// The handlers, where this app has them in this process.
    pub fn handlers(&self) -> Option<&Handlers> {
        match &self.transport {
            Transport::Handlers(handlers) => Some(handlers),
            Transport::Http(_) | Transport::Deployed(_) => None,
        }
    }

    /// The gateway, where this app has one of its own.
    pub fn gateway(&self) -> Option<&Gateway> {
        match &self.transport {
            Transport::Http(gateway) => Some(gateway),
            Transport::Handlers(_) | Transport::Deployed(_) => None,
        }
    }

    /// Sends a call as it is. A token in the answer is remembered as issued.
    pub async fn send(&self, call: Request) -> Response {
        let answer = match &self.transport {
            Transport::Handlers(handlers) => handlers.send(&call).await,
            Transport::Http(gateway) => gateway.send(&call).await,
            Transport::Deployed(stack) => stack.send(&call).await,
        };
        let body = serde_json::from_str::<Value>(&answer.text).unwrap_or_default();
        self.issued.lock().unwrap().extend(body["token"].as_str().map(str::to_owned));
        answer
    }

    /// Sends a call as the super admin.
    pub async fn call(&self, call: Request) -> Response {
        self.send(call.bearer(&self.admin)).await
    }

    /// Generates a token and gives its record and itself.
    pub async fn generate(&self, body: Value) -> (Value, String) {
        let record = self
            .call(Request::new("POST", "/v1/tokens").json(&body))
            .await
            .assert_status(201)
            .json();
        let token = record["token"].as_str().unwrap().to_owned();
        (record, token)
    }

    /// Generates a token of this name that may GET `/orders/**`: its id and itself.
    pub async fn create_token(&self, name: &str) -> (String, String) {
        let (record, token) = self.generate(token_body(name)).await;
        (record["id"].as_str().unwrap().to_owned(), token)
    }

    /// Another super admin, as records name it, and its token.
    pub async fn create_super_admin(&self) -> (Value, String) {
        let body = json!({ "name": "second", "permissions": { "type": "superAdmin" } });
        let (record, token) = self.generate(body).await;
        (json!({ "id": record["id"], "name": "second" }), token)
    }

    /// An expired token, still listed.
    pub async fn create_expired_token(&self, name: &str) -> (String, String) {
        let (id, token) = self.create_token(name).await;
        table::set_timestamp(&self.client, &id, "expiresAt", SystemClock.now().seconds()).await;
        (id, token)
    }

    /// What `GET /orders/7` answers to a token.
    pub async fn use_token(&self, token: &str) -> u16 {
        self.send(Request::new("GET", "/orders/7").bearer(token)).await.status
    }

    /// Everything in the table.
    pub async fn snapshot(&self) -> BTreeMap<String, table::Item> {
        table::snapshot(&self.client).await
    }

    /// Proves that a call is refused for everybody but a super admin, and that no refusal writes anything.
    pub async fn assert_super_admins_only(&self, call: Request) {
        let (_, plain) = self.create_token("grid-plain").await;
        let (_, expired) = self.create_expired_token("grid-expired").await;
        let (id, deleted) = self.create_token("grid-deleted").await;
        self.call(Request::new("DELETE", format!("/v1/tokens/{id}"))).await.assert_status(204);
        let before = self.snapshot().await;
        for token in [&plain, &expired, &deleted, "garbage"] {
            self.send(call.clone().bearer(token)).await.assert_gateway_error(403, "Forbidden");
        }
        self.send(call.clone().header("token", &self.admin))
            .await
            .assert_gateway_error(401, "Unauthorized");
        self.send(call.clone()).await.assert_gateway_error(401, "Unauthorized");
        assert!(self.snapshot().await == before, "a refusal wrote something");
    }

    /// Proves that a call is answered with a problem and writes nothing.
    pub async fn assert_rejected(&self, call: Request, status: u16, code: &str) -> Response {
        let before = self.snapshot().await;
        let answer = self.call(call).await.assert_problem(status, code);
        assert!(self.snapshot().await == before, "a refusal wrote something");
        answer
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        match &self.transport {
            Transport::Handlers(_) => {
                String::from_utf8_lossy(&LOG.get_or_init(Mutex::default).lock().unwrap())
                    .into_owned()
            }
            Transport::Http(gateway) => gateway.log(),
            // Whoever deployed the stack searches its logs.
            Transport::Deployed(_) => "\"outcome\"".to_owned(),
        }
    }

    /// Proves that no token of this app, no secret and no hash of one, is in the log, and no token or secret in the
    /// table.
    pub async fn assert_no_secret_leaked(&self) {
        self.call(Request::new("GET", "/whoami")).await.assert_status(200);
        let issued = self.issued.lock().unwrap().clone();
        let log = self.log();
        if let Transport::Deployed(stack) = &self.transport {
            stack.remember(&issued);
        }
        assert!(log.contains("\"outcome\""), "there is no log to search");
        let table = format!("{:?}", self.snapshot().await);
        for token in &issued {
            let hash = Token::parse(token).unwrap().hash();
            let hash: String = hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            let secret = token.rsplit('_').next().unwrap().split_at(43).0;
            for needle in [token.as_str(), secret] {
                assert!(!table.contains(needle), "the table holds a token or a secret");
                assert!(!log.contains(needle), "the log holds a token or a secret");
            }
            assert!(!log.contains(&hash), "the log holds a hash");
        }
    }
}

/// The body of a token that may GET `/orders/**`.
pub fn token_body(name: &str) -> Value {
    json!({ "name": name, "permissions": orders() })
}

/// Permissions for GET `/orders/**`.
pub fn orders() -> Value {
    json!({ "type": "specific", "grants": [{ "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] }] })
}

static LOG: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();

/// The log of this process.
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

/// Runs futures at once and gives their outputs in order.
pub async fn join<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    futures_util::future::join_all(futures).await
}
