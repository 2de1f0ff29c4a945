//! What decides the bill of Lambda: the time and the processor time of an authorization. Each authorizer runs as a process behind
//! the Runtime API, which has the next event as soon as it asks for one.

use crate::path;
use crate::report::{Report, microseconds};
use crate::stopwatch::Samples;
use crate::support::{Store, authorizer_event, generate, handlers, processor_time};
use serde_json::Value;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tests::deployment::variable;
use tests::lambda::Function;

/// Authorizations in one turn.
const BURST: usize = 100;
/// Turns that are run before any is counted, because just-in-time compilers need them.
const WARM_UP: usize = 20;
const TURNS: usize = 50;
/// The largest share of the Node authorizer's processor time that ours may take.
const MOST: f64 = 0.25;

const OURS: &str = "authorizer, release bootstrap";

struct Authorizer {
    name: &'static str,
    function: Function,
    times: Samples,
    /// The processor time of the whole process.
    processor: Duration,
}

/// Measures the release bootstrap and the authorizers in JavaScript and Python in turn, over the same table.
pub async fn measure(store: &Store, report: &mut Report) {
    report.section("throughput of one function behind the Runtime API, one event after the other");
    let (_, token) = generate(&handlers(&store.client), "throughput", 1).await;
    let event: Value = serde_json::from_str(&authorizer_event(&token)).unwrap();
    let home = TempDir::new().unwrap();
    let mut authorizers = authorizers(store, home.path()).await;
    for turn in 0..WARM_UP + TURNS {
        for index in 0..authorizers.len() {
            let which = (turn + index) % authorizers.len();
            authorizers[which].authorize(&event, turn >= WARM_UP).await;
        }
    }
    print(report, &authorizers);
}

async fn authorizers(store: &Store, home: &Path) -> Vec<Authorizer> {
    let rivals = PathBuf::from(path("BENCH_RIVALS"));
    let script = |program: &str, file: &str| {
        let script = home.join(file);
        let folder = rivals.display();
        std::fs::write(&script, format!("#!/bin/sh\ncd {folder} && exec {program} {file}\n"))
            .unwrap();
        std::fs::set_permissions(&script, Permissions::from_mode(0o700)).unwrap();
        script
    };
    let bootstrap = Path::new(&path("BENCH_BOOTSTRAPS")).join("authorizer/bootstrap");
    let (search, home) = (variable("PATH").unwrap(), home.to_str().unwrap());
    let mut variables = store.variables().to_vec();
    variables.extend([("PATH", search.as_str()), ("HOME", home)]);
    let mut authorizers = Vec::new();
    for (name, program) in [
        (OURS, bootstrap),
        ("Node authorizer", script("node", "node-authorizer.mjs")),
        ("Python authorizer", script(&path("BENCH_PYTHON"), "python_authorizer.py")),
    ] {
        let function = Function::start(&program, &variables).await;
        let (times, processor) = (Samples::default(), Duration::ZERO);
        authorizers.push(Authorizer { name, function, times, processor });
    }
    authorizers
}

fn print(report: &mut Report, authorizers: &[Authorizer]) {
    let (ours, node) = (&authorizers[0], &authorizers[1]);
    for authorizer in authorizers {
        let (time, processor) = (authorizer.times.median(), authorizer.processor());
        let counted = format!("CPU {} µs, {:.0} per second", microseconds(processor), 1e9 / time);
        if authorizer.name == OURS {
            report.base(authorizer.name, time, &counted);
        } else {
            report.row(authorizer.name, time, ("ours", ours.times.median()), &counted);
        }
    }
    let ratio = ours.processor() / node.processor();
    let text = format!(
        "an authorization takes {ratio:.2} × the Node authorizer's CPU time (at most {MOST})"
    );
    report.target(ratio <= MOST, text);
}

impl Authorizer {
    /// Authorizes the event repeatedly. The time of an authorization ends when the function asks for the next event.
    async fn authorize(&mut self, event: &Value, is_counted: bool) {
        let before = processor_time(self.function.id());
        for _ in 0..BURST {
            let start = Instant::now();
            let (response, _) = self.function.invoke(event.clone()).await;
            if is_counted {
                self.times.add(start.elapsed());
            }
            assert_eq!(response.unwrap()["isAuthorized"], true, "{}", self.name);
            // Only our authorizer logs each request. Unread lines would fill the pipe.
            while self.name == OURS && self.function.next_log_line().await["message"] != "request" {
            }
        }
        if is_counted {
            self.processor += processor_time(self.function.id()) - before;
        }
    }

    /// Returns the processor time of an authorization in nanoseconds.
    fn processor(&self) -> f64 {
        self.processor.as_secs_f64() * 1e9 / self.times.count() as f64
    }
}
