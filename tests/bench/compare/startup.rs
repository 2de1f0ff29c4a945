//! The cost of a start: each release bootstrap with the Runtime API, compared with a bootstrap that does nothing.

use crate::path;
use crate::report::{Report, microseconds};
use crate::stopwatch::Samples;
use crate::support::{Store, authorizer_event, generate, handlers, permissions};
use local::functions;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tests::Request;
use tests::handlers::{Handlers, super_admin};
use tests::lambda::{Function, VARIABLES};
use tests::tls;
use tokio::process::Command;

/// How often each function is started.
const STARTS: usize = 25;
/// How many requests follow the first one.
const LATER: usize = 20;
/// The function that does nothing, which the others are compared with.
const EMPTY: &str = "demo";
/// The function that does not use the table, so that its start has nothing to measure.
const CONSOLE: &str = "console";
/// The address of a Runtime API that does not exist.
const NO_RUNTIME_API: &str = "127.0.0.1:1";

/// The measurements of all starts of a function.
#[derive(Default)]
struct Costs {
    ready: Samples,
    first: Samples,
    later: Samples,
    /// The peak memory in KiB.
    memory: u64,
    /// From the function's own log.
    client: Samples,
    connection: Samples,
}

/// A function to start, and what its requests need.
struct Subject<'a> {
    function: &'a str,
    /// The name in the report.
    name: &'a str,
    program: PathBuf,
    url: &'a str,
    store: &'a Store,
    certificate: Option<&'a Path>,
    id: &'a str,
    token: &'a str,
    handlers: &'a Handlers,
}

/// Measures the start of each function.
pub async fn measure(store: &Store, report: &mut Report) {
    report.section("start of the release bootstraps, from spawn to the first poll, and requests");
    let folder = PathBuf::from(path("BENCH_BOOTSTRAPS"));
    let handlers = handlers(&store.client);
    // Two tokens, because regenerating one would revoke its secret.
    let (id, _) = generate(&handlers, "managed", 1).await;
    let (_, token) = generate(&handlers, "presented", 1).await;
    let subject = |function, name, url, certificate| Subject {
        function,
        name,
        program: folder.join(function).join("bootstrap"),
        url,
        store,
        certificate,
        id: &id,
        token: &token,
        handlers: &handlers,
    };
    let plain = functions::names().filter(|name| ![EMPTY, CONSOLE].contains(name));
    let plain = [EMPTY].into_iter().chain(plain);
    let plain = plain.map(|function| subject(function, function, &store.port.url, None));
    let mut subjects: Vec<_> = plain.collect();
    let keys = TempDir::new().unwrap();
    let address = store.port.url.trim_start_matches("http://");
    let (url, certificate) = tls::forward(address, keys.path()).await;
    // With this certificate it connects twice, the second time with the root certificates of the system.
    let name = "authorizer, over TLS with a certificate that is not Amazon's";
    subjects.push(subject("authorizer", name, &url, Some(&certificate)));
    let all = start_in_turn(&subjects).await;
    let empty = (all[0].ready.median(), all[0].first.median());
    for (subject, costs) in subjects.iter().zip(&all) {
        subject.report(report, costs, empty);
        if subject.certificate.is_none() {
            let instructions = format!("{} instructions", subject.instructions().await);
            report.count("… until its first poll, counted by valgrind", &instructions);
        }
    }
}

/// Starts each function in turn, repeatedly, because the speed of the machine varies.
async fn start_in_turn(subjects: &[Subject<'_>]) -> Vec<Costs> {
    let mut all: Vec<_> = subjects.iter().map(|_| Costs::default()).collect();
    for start in 0..STARTS {
        for (subject, costs) in subjects.iter().zip(&mut all) {
            subject.start(start, costs).await;
        }
    }
    all
}

impl Subject<'_> {
    fn variables(&self) -> Vec<(&str, &str)> {
        let mut variables = self.store.variables().to_vec();
        // This one applies, because it is the last.
        variables.push(("AWS_ENDPOINT_URL_DYNAMODB", self.url));
        let certificate = self.certificate.map(|path| path.to_str().unwrap());
        variables.extend(certificate.map(|path| ("SSL_CERT_FILE", path)));
        variables
    }

    fn bytes(&self) -> u64 {
        std::fs::metadata(&self.program).unwrap().len()
    }

    /// Returns the instructions of a start that ends at its first poll, because there is no Runtime API.
    async fn instructions(&self) -> u64 {
        let mut command = Command::new("valgrind");
        command
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(&self.program)
            .envs(self.variables())
            .envs(VARIABLES)
            .env("AWS_LAMBDA_RUNTIME_API", NO_RUNTIME_API);
        let output = command.output().await.unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let counted = text.lines().find(|line| line.contains("Collected"));
        let number = counted.and_then(|line| line.rsplit(' ').next());
        number.unwrap_or_else(|| panic!("{text}")).parse().unwrap()
    }

    /// Starts the function once and sends it some requests.
    async fn start(&self, start: usize, costs: &mut Costs) {
        let mut process = Function::start(&self.program, &self.variables()).await;
        costs.ready.add(process.ready_after);
        if self.function != EMPTY {
            let line = process.next_log_line().await;
            let nanoseconds = |name: &str| line[name].as_f64().unwrap() * 1e6;
            costs.client.push(nanoseconds("client_milliseconds"));
            costs.connection.push(nanoseconds("connection_milliseconds"));
        }
        for number in 0..=LATER {
            let event = self.event(&format!("measured-{start}-{number}"));
            let (response, took) = process.invoke(event).await;
            let response = response.unwrap();
            if !self.is_success(&response) {
                let line = process.next_log_line().await;
                panic!("{}: {response}, {line}", self.function);
            }
            let samples = if number == 0 { &mut costs.first } else { &mut costs.later };
            samples.add(took);
        }
        costs.memory = costs.memory.max(process.peak_memory());
    }

    /// Returns the event of a request that succeeds.
    fn event(&self, name: &str) -> Value {
        let event_of = |request: &Request| self.handlers.event(request, Some(super_admin()));
        let (_, event) = match self.function {
            "authorizer" => return serde_json::from_str(&authorizer_event(self.token)).unwrap(),
            EMPTY => event_of(&Request::new("GET", "/whoami")),
            "generate" => {
                let body = json!({ "name": name, "permissions": permissions(1) });
                event_of(&Request::generate(&body))
            }
            // Without a grace period, so that it can be repeated.
            "regenerate" => event_of(&Request::regenerate(self.id)),
            // A token that does not exist: the function reads it before it responds.
            "delete" => event_of(&Request::delete("WRx3zfetJ65842PA")),
            _ => {
                let events = Request::management(self.id).into_iter();
                let mut events = events.map(|request| event_of(&request));
                let stem = |function: &str| function.trim_end_matches("Function").to_lowercase();
                events.find(|(function, _)| stem(function) == self.function).unwrap()
            }
        };
        event
    }

    fn is_success(&self, response: &Value) -> bool {
        let status = response["statusCode"].as_u64().unwrap_or_default();
        match self.function {
            "authorizer" => response["isAuthorized"] == true,
            "delete" => status == 404,
            _ => (200..300).contains(&status),
        }
    }

    fn report(&self, report: &mut Report, costs: &Costs, empty: (f64, f64)) {
        let bytes = self.bytes();
        let counted = format!("{bytes} B, peak {:.1} MiB", costs.memory as f64 / 1024.0);
        let (ready, first) = (costs.ready.median(), costs.first.median());
        if self.function == EMPTY {
            report.base("an empty handler (`demo`)", ready, &counted);
            report.base("… its first request", first, "");
            return;
        }
        let ratio = report.row(self.name, ready, ("the empty handler", empty.0), &counted);
        let [client, connection, later] = [&costs.client, &costs.connection, &costs.later]
            .map(|samples| microseconds(samples.median()));
        let within = format!(
            "start: client {client} µs, connection {connection} µs; later requests {later} µs"
        );
        report.row("… its first request", first, ("the empty handler", empty.1), &within);
        if self.name == "authorizer" {
            let text = format!(
                "the authorizer's first poll comes at {ratio:.2} × the empty handler's (at most 1.8)"
            );
            report.target(ratio <= 1.8, text);
        }
    }
}
