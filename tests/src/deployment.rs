//! A deployed stack, whose URL and names `tests/deployed/run` sets in the environment.
//!
//! The tests share the stack's table, so they run one at a time. Before each test, the table contains only the first super
//! admin.

use crate::http::Http;
use crate::request::{Request, Response};
use crate::table::{self, Item};
use aws_sdk_dynamodb::Client;
use local::database::{Database, Storage};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, OnceLock};
use tokio::sync::{Mutex, OnceCell, OwnedMutexGuard, Semaphore};

/// The maximum number of requests at a time. The emulator starts a process for each, and on a busy machine, the time-outs for the
/// table would elapse if it started more at once.
const MAX_CONCURRENT: usize = 4;

/// Exclusive access to the stack.
pub struct Deployment {
    http: Http,
    permits: Semaphore,
    issued_file: String,
    _lock: OwnedMutexGuard<()>,
}

impl Deployment {
    /// Waits for exclusive access to the environment's stack. Returns it with its database and its super admin's token.
    pub async fn from_env() -> Option<(Self, Database, String)> {
        static LOCK: OnceLock<Arc<Mutex<()>>> = OnceLock::new();
        let url = variable("TOKENWARD_URL")?;
        let lock = LOCK.get_or_init(Arc::default).clone().lock_owned().await;
        let endpoint = variable("AWS_ENDPOINT_URL").unwrap();
        let database = Database::open(&Storage::Endpoint(endpoint)).await.unwrap();
        reset(&database.client()).await;
        let admin = std::fs::read_to_string(variable("TOKENWARD_ADMIN_FILE").unwrap()).unwrap();
        let deployment = Self {
            http: Http::new(&url, variable("TOKENWARD_HOST")),
            permits: Semaphore::new(MAX_CONCURRENT),
            issued_file: variable("TOKENWARD_ISSUED_FILE").unwrap(),
            _lock: lock,
        };
        Some((deployment, database, admin.trim().to_owned()))
    }

    /// Sends a request, as soon as fewer than four others wait for their responses.
    pub async fn send(&self, request: &Request) -> Response {
        let _permit = self.permits.acquire().await.unwrap();
        self.http.try_send(request).await.unwrap()
    }

    /// Records tokens for the script that searches the stack's logs.
    pub fn record_issued(&self, tokens: &[String]) {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&self.issued_file);
        file.unwrap().write_all(format!("{}\n", tokens.join("\n")).as_bytes()).unwrap();
    }
}

/// Restores the content that the table had when the process started: the first super admin.
async fn reset(client: &Client) {
    static FIRST: OnceCell<BTreeMap<String, Item>> = OnceCell::const_new();
    let first = FIRST.get_or_init(|| table::snapshot(client)).await;
    let tokens = table::without_events(first.clone());
    assert_eq!(tokens.len(), 2, "the table contained more than one token");
    for (key, item) in table::snapshot(client).await {
        if !first.contains_key(&key) {
            table::remove(client, &item).await;
        }
    }
    for item in first.values() {
        table::put(client, item.clone()).await;
    }
}

/// Returns an environment variable.
#[expect(
    clippy::disallowed_methods,
    reason = "scripts pass the addresses of what they started in variables"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
