//! A stack that is deployed, as `tests/deployed/run` names it in the environment.
//!
//! Its table is everybody's: tests take turns, and each finds it with nothing in it but the first super admin.

use crate::http::Http;
use crate::request::{Request, Response};
use crate::table::{self, Item};
use aws_sdk_dynamodb::Client;
use local::database::{Database, Storage};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, OnceLock};
use tokio::sync::{Mutex, OnceCell, OwnedMutexGuard};

/// A turn at the stack.
pub struct Deployment {
    http: Http,
    issued: String,
    _turn: OwnedMutexGuard<()>,
}

impl Deployment {
    /// The stack of this environment, once it is this test's turn: with its table's client and its first token.
    pub async fn from_env() -> Option<(Self, Database, String)> {
        static TURN: OnceLock<Arc<Mutex<()>>> = OnceLock::new();
        let url = variable("TOKENWARD_URL")?;
        let turn = TURN.get_or_init(Arc::default).clone().lock_owned().await;
        let endpoint = variable("AWS_ENDPOINT_URL").unwrap();
        let database = Database::open(&Storage::Endpoint(endpoint), 0).await.unwrap();
        reset(&database.client()).await;
        let admin = std::fs::read_to_string(variable("TOKENWARD_ADMIN_FILE").unwrap()).unwrap();
        let deployment = Self {
            http: Http::new(&url, variable("TOKENWARD_HOST")),
            issued: variable("TOKENWARD_ISSUED_FILE").unwrap(),
            _turn: turn,
        };
        Some((deployment, database, admin.trim().to_owned()))
    }

    /// Sends a call.
    pub async fn send(&self, call: &Request) -> Response {
        self.http.try_send(call).await.unwrap()
    }

    /// Remembers tokens for whoever searches the stack's logs.
    pub fn remember(&self, tokens: &[String]) {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&self.issued);
        file.unwrap().write_all(format!("{}\n", tokens.join("\n")).as_bytes()).unwrap();
    }
}

/// Leaves in the table what was there when the process began: the first super admin.
async fn reset(client: &Client) {
    static FIRST: OnceCell<BTreeMap<String, Item>> = OnceCell::const_new();
    let first = FIRST.get_or_init(|| table::snapshot(client)).await;
    assert_eq!(first.len(), 2, "the table held more than one token");
    for (key, item) in table::snapshot(client).await {
        if !first.contains_key(&key) {
            table::remove(client, &item).await;
        }
    }
    for item in first.values() {
        table::put(client, item.clone()).await;
    }
}

/// A variable of the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "scripts tell tests by variables where to find what they started"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
