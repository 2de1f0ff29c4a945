//! The local gateway under a closed loop of clients, all operations mixed.

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
/// Before anything is counted.
const WARM: Duration = Duration::from_secs(10);
const LASTS: Duration = Duration::from_secs(60);

/// All clients and what they saw.
struct Load {
    gateway: Gateway,
    admin: String,
    names: Cell<usize>,
    seen: RefCell<Seen>,
}

#[derive(Default)]
struct Seen {
    took: BTreeMap<&'static str, Samples>,
    errors: Vec<String>,
}

/// Measures a minute of it, over the embedded table, and a minute over one elsewhere.
pub async fn measure(store: &Store, report: &mut Report) {
    let seconds = LASTS.as_secs();
    report.section(&format!(
        "load: {CLIENTS} clients in a closed loop for {seconds} s, over HTTP and a table in a file"
    ));
    let load = Load::start(Gateway::start);
    let (before, after) = load.minute().await;
    load.tell(report);
    memory(report, "with the embedded database", before, after);
    // That one keeps the client token of every transaction for ten minutes, as DynamoDB does.
    let load = Load::start(|options| Gateway::start_over(&store.port, options));
    let (before, after) = load.minute().await;
    assert!(load.seen.borrow().errors.is_empty(), "errors under load");
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
        let (names, seen) = (Cell::default(), RefCell::default());
        Self { gateway, admin, names, seen }
    }

    /// The memory before and after.
    async fn minute(&self) -> (u64, u64) {
        self.run(WARM).await;
        let before = self.memory();
        self.seen.take();
        self.run(LASTS).await;
        (before, self.memory())
    }

    async fn run(&self, lasts: Duration) {
        let end = Instant::now() + lasts;
        let client = async || {
            while Instant::now() < end {
                self.life().await;
            }
        };
        join((0..CLIENTS).map(|_| client())).await;
    }

    /// The life of one token, from generate to what comes after its deletion.
    async fn life(&self) {
        self.names.set(self.names.get() + 1);
        let name = format!("load-{}", self.names.get());
        let body = json!({ "name": name, "permissions": permissions(3) });
        let record = self.manage("generate", "POST", "/v1/tokens", Some(body), 201).await;
        let Some(token) = record["token"].as_str() else {
            return;
        };
        let one = format!("/v1/tokens/{}", record["id"].as_str().unwrap_or_default());
        self.present("authorize", token, 200).await;
        self.manage("list, one token", "GET", &one, None, 200).await;
        self.manage("list, a page", "GET", "/v1/tokens?limit=50", None, 200).await;
        self.present("authorize", token, 200).await;
        let body = json!({ "description": name, "permissions": permissions(2) });
        self.manage("update", "PATCH", &one, Some(body), 200).await;
        self.present("authorize", token, 200).await;
        let body = json!({ "method": "GET", "path": "/orders/7" });
        self.manage("simulate", "POST", &format!("{one}/simulate"), Some(body), 200).await;
        let path = format!("{one}/regenerate");
        let record = self.manage("regenerate", "POST", &path, Some(json!({})), 200).await;
        self.present("authorize, refused", token, 403).await;
        let Some(token) = record["token"].as_str() else {
            return;
        };
        self.present("authorize", token, 200).await;
        self.manage("delete", "DELETE", &one, None, 204).await;
        self.present("authorize, refused", token, 403).await;
    }

    async fn manage(
        &self,
        what: &'static str,
        method: &str,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> Value {
        let mut call = Request::new(method, path).bearer(&self.admin);
        if let Some(body) = body {
            call = call.json(&body);
        }
        let answer = self.send(what, call, status).await;
        serde_json::from_str(&answer.map_or_else(String::new, |answer| answer.text))
            .unwrap_or_default()
    }

    async fn present(&self, what: &'static str, token: &str, status: u16) {
        self.send(what, Request::new("GET", "/orders/7").bearer(token), status).await;
    }

    async fn send(&self, what: &'static str, call: Request, status: u16) -> Option<Response> {
        let start = Instant::now();
        let answer = self.gateway.try_send(&call).await;
        let took = start.elapsed();
        let mut seen = self.seen.borrow_mut();
        seen.took.entry(what).or_default().add(took);
        match answer {
            Ok(answer) if answer.status == status => Some(answer),
            Ok(answer) => {
                seen.errors.push(format!("{what}: {} {}", answer.status, answer.text));
                None
            }
            Err(error) => {
                seen.errors.push(format!("{what}: {error}"));
                None
            }
        }
    }

    /// What the gateway has in memory now, in KiB: the kernel's `VmRSS`.
    fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.gateway.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.unwrap().trim().trim_end_matches(" kB").parse().unwrap()
    }

    fn tell(&self, report: &mut Report) {
        let seen = self.seen.borrow();
        let authorize = seen.took["authorize"].median();
        for (what, took) in &seen.took {
            let [p90, p99, p999] =
                [90.0, 99.0, 99.9].map(|percent| microseconds(took.percentile(percent)));
            let count = took.count();
            let counted = format!("{count} requests; p90 {p90}, p99 {p99}, p99.9 {p999} µs");
            report.row(what, took.median(), ("authorize", authorize), &counted);
        }
        let requests: usize = seen.took.values().map(Samples::count).sum();
        let rate = requests as u64 / LASTS.as_secs();
        let errors = seen.errors.len();
        let counted = format!("{requests} requests, {rate} a second, {errors} errors");
        report.count("all of them", &counted);
        let first: Vec<_> = seen.errors.iter().take(3).collect();
        report.target(errors == 0, format!("no error under load {first:?}"));
    }
}
