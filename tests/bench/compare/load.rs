//! The local gateway under load: clients in a closed loop, which manage tokens and send requests with them.

use crate::report::{Report, microseconds};
use crate::stopwatch::Samples;
use crate::support::{Store, permissions};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tests::app::join;
use tests::gateway::Gateway;
use tests::{Request, Response};

const CLIENTS: usize = 8;
/// How long the clients run before the measurement starts.
const WARM_UP: Duration = Duration::from_secs(10);
/// How long the clients are measured.
const DURATION: Duration = Duration::from_secs(60);

/// A gateway, and the results of the clients that use it.
struct Load {
    gateway: Gateway,
    admin: String,
    /// The number of names that were used.
    names: Cell<usize>,
    results: RefCell<Results>,
}

#[derive(Default)]
struct Results {
    times: BTreeMap<&'static str, Samples>,
    errors: Vec<String>,
}

/// Measures a gateway with the embedded database for a minute, and one whose table is in another process.
pub async fn measure(store: &Store, report: &mut Report) {
    let seconds = DURATION.as_secs();
    report.section(&format!(
        "load: {CLIENTS} clients in a closed loop for {seconds} s, over HTTP and a table in a file"
    ));
    let load = Load::start(Gateway::start);
    let (before, after) = load.minute().await;
    load.report(report);
    memory(report, "with the embedded database", before, after);
    // The embedded database keeps the `ClientRequestToken` of every transaction for ten minutes, as DynamoDB does, so its memory
    // grows. The memory of a gateway whose database is in another process must not grow.
    let load = Load::start(|options| Gateway::start_with_database(&store.port, options));
    let (before, after) = load.minute().await;
    assert!(load.results.borrow().errors.is_empty(), "errors under load");
    let growth = memory(report, "with its table elsewhere", before, after);
    let text = format!("memory after a minute of load is {growth:.2} × before (at most 1.05)");
    report.target(growth <= 1.05, text);
}

fn memory(report: &mut Report, name: &str, before: u64, after: u64) -> f64 {
    let counted = format!("{before} KiB before, {after} KiB after");
    report.count(&format!("memory of the gateway {name}"), &counted);
    after as f64 / before as f64
}

impl Load {
    fn start(gateway: impl FnOnce(&[&str]) -> Gateway) -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("admin");
        let gateway = gateway(&["--admin-token-file", file.to_str().unwrap()]);
        let admin = std::fs::read_to_string(file).unwrap().trim().to_owned();
        let (names, results) = (Cell::default(), RefCell::default());
        Self { gateway, admin, names, results }
    }

    /// Runs the clients for the warm-up and for a minute. Returns the memory before and after the minute.
    async fn minute(&self) -> (u64, u64) {
        self.run(WARM_UP).await;
        let before = self.memory();
        self.results.take();
        self.run(DURATION).await;
        (before, self.memory())
    }

    async fn run(&self, duration: Duration) {
        let end = Instant::now() + duration;
        let client = async || {
            while Instant::now() < end {
                self.use_one_token().await;
            }
        };
        join((0..CLIENTS).map(|_| client())).await;
    }

    /// Sends the requests of one token's life, from its generation to a request after its deletion.
    async fn use_one_token(&self) {
        self.names.set(self.names.get() + 1);
        let name = format!("load-{}", self.names.get());
        let body = json!({ "name": name, "permissions": permissions(3) });
        let record = self.manage("generate", Request::generate(&body), 201).await;
        let Some(token) = record["token"].as_str() else {
            return;
        };
        let id = record["id"].as_str().unwrap_or_default();
        self.authorize("authorize", token, 200).await;
        self.manage("list, one token", Request::get(id), 200).await;
        self.manage("list, a page", Request::list("limit=50"), 200).await;
        self.authorize("authorize", token, 200).await;
        let patch = json!({ "description": name, "permissions": permissions(2) });
        self.manage("update", Request::patch(id, &patch), 200).await;
        self.authorize("authorize", token, 200).await;
        self.manage("simulate", Request::simulate(id, "GET", "/orders/7"), 200).await;
        let regenerate = Request::regenerate(id).json(&json!({}));
        let record = self.manage("regenerate", regenerate, 200).await;
        self.authorize("authorize, denied", token, 403).await;
        let Some(token) = record["token"].as_str() else {
            return;
        };
        self.authorize("authorize", token, 200).await;
        self.manage("delete", Request::delete(id), 204).await;
        self.authorize("authorize, denied", token, 403).await;
    }

    async fn manage(&self, what: &'static str, request: Request, status: u16) -> Value {
        let response = self.send(what, request.bearer(&self.admin), status).await;
        let body = response.map_or_else(String::new, |response| response.text);
        serde_json::from_str(&body).unwrap_or_default()
    }

    async fn authorize(&self, what: &'static str, token: &str, status: u16) {
        self.send(what, Request::new("GET", "/orders/7").bearer(token), status).await;
    }

    async fn send(&self, what: &'static str, request: Request, status: u16) -> Option<Response> {
        let start = Instant::now();
        let response = self.gateway.try_send(&request).await;
        let took = start.elapsed();
        let mut results = self.results.borrow_mut();
        results.times.entry(what).or_default().add(took);
        match response {
            Ok(response) if response.status == status => Some(response),
            Ok(response) => {
                results.errors.push(format!("{what}: {} {}", response.status, response.text));
                None
            }
            Err(error) => {
                results.errors.push(format!("{what}: {error}"));
                None
            }
        }
    }

    /// Returns the gateway's memory in KiB, the kernel's `VmRSS`.
    fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.gateway.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.unwrap().trim().trim_end_matches(" kB").parse().unwrap()
    }

    fn report(&self, report: &mut Report) {
        let results = self.results.borrow();
        let authorize = results.times["authorize"].median();
        for (what, took) in &results.times {
            let [p90, p99, p999] =
                [90.0, 99.0, 99.9].map(|percent| microseconds(took.percentile(percent)));
            let count = took.count();
            let counted = format!("{count} requests; p90 {p90}, p99 {p99}, p99.9 {p999} µs");
            report.row(what, took.median(), ("authorize", authorize), &counted);
        }
        let requests: usize = results.times.values().map(Samples::count).sum();
        let rate = requests as u64 / DURATION.as_secs();
        let errors = results.errors.len();
        let counted = format!("{requests} requests, {rate} a second, {errors} errors");
        report.count("all of them", &counted);
        let first: Vec<_> = results.errors.iter().take(3).collect();
        report.target(errors == 0, format!("no error under load {first:?}"));
    }
}
