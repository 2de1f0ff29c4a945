//! What a start costs: each release bootstrap under the Runtime API, beside one that does nothing.

use crate::place;
use crate::report::{Report, microseconds};
use crate::stopwatch::Samples;
use crate::support::{Store, generate, handlers, permissions, question};
use local::functions;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tests::Request;
use tests::handlers::{Handlers, super_admin};
use tests::lambda::{Function, VARIABLES};
use tests::table::TABLE;
use tests::tls;
use tokio::process::Command;

/// How often each is started.
const STARTS: usize = 25;
/// How many requests follow the first.
const LATER: usize = 20;
/// The one that does nothing, and what the others are compared with.
const EMPTY: &str = "demo";
/// The one that has no table, and so nothing to prepare.
const PAGE: &str = "console";
/// A Runtime API where nobody listens.
const NOBODY: &str = "127.0.0.1:1";
/// Bytes that the authorizer's program may have.
const MOST_BYTES: u64 = 5_000_000;

/// All starts of a function.
#[derive(Default)]
struct Costs {
    ready: Samples,
    first: Samples,
    later: Samples,
    /// KiB.
    memory: u64,
    /// As the function's own log says.
    client: Samples,
    connection: Samples,
}

/// What a function is started with and asked.
struct Subject<'a> {
    function: &'a str,
    /// In the table.
    name: &'a str,
    program: PathBuf,
    url: &'a str,
    access_key_id: &'a str,
    certificate: Option<&'a Path>,
    id: &'a str,
    token: &'a str,
    handlers: &'a Handlers,
}

/// Measures each function's start.
pub async fn measure(store: &Store, report: &mut Report) {
    report.section("start of the release bootstraps, from spawn to the first poll, and requests");
    let folder = PathBuf::from(place("BENCH_BOOTSTRAPS"));
    let handlers = handlers(&store.client);
    // Regenerating one leaves the other as it is.
    let (id, _) = generate(&handlers, "managed", 1).await;
    let (_, token) = generate(&handlers, "presented", 1).await;
    let subject = |function, name, url, certificate| Subject {
        function,
        name,
        program: folder.join(function).join("bootstrap"),
        url,
        access_key_id: &store.port.access_key_id,
        certificate,
        id: &id,
        token: &token,
        handlers: &handlers,
    };
    let plain = functions::names().filter(|name| ![EMPTY, PAGE].contains(name));
    let plain = [EMPTY].into_iter().chain(plain);
    let plain = plain.map(|function| subject(function, function, &store.port.url, None));
    let mut subjects: Vec<_> = plain.collect();
    let keys = TempDir::new().unwrap();
    let address = store.port.url.trim_start_matches("http://");
    let (url, certificate) = tls::forward(address, keys.path()).await;
    // Such a certificate makes it connect twice, and read the system's roots.
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

/// One start of each, and again: the machine is not always equally fast.
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
        let mut variables = vec![
            ("TABLE_NAME", TABLE),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.url),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", self.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ];
        let certificate = self.certificate.map(|path| path.to_str().unwrap());
        variables.extend(certificate.map(|path| ("SSL_CERT_FILE", path)));
        variables
    }

    /// Those of a start whose first poll finds nobody, so that it ends then.
    async fn instructions(&self) -> u64 {
        let mut command = Command::new("valgrind");
        command
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(&self.program)
            .envs(self.variables())
            .envs(VARIABLES)
            .env("AWS_LAMBDA_RUNTIME_API", NOBODY);
        let output = command.output().await.unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let counted = text.lines().find(|line| line.contains("Collected"));
        let number = counted.and_then(|line| line.rsplit(' ').next());
        number.unwrap_or_else(|| panic!("{text}")).parse().unwrap()
    }

    /// Starts it once, and sends it some requests.
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
            let (answer, took) = process.invoke(event).await;
            let answer = answer.unwrap();
            if !self.accepts(&answer) {
                let line = process.next_log_line().await;
                panic!("{}: {answer}, {line}", self.function);
            }
            let samples = if number == 0 { &mut costs.first } else { &mut costs.later };
            samples.add(took);
        }
        costs.memory = costs.memory.max(process.peak_memory());
    }

    /// Returns the event of a request that the function carries out.
    fn event(&self, name: &str) -> Value {
        let event_of = |request: &Request| self.handlers.event(request, Some(super_admin()));
        let (_, event) = match self.function {
            "authorizer" => return serde_json::from_str(&question(self.token)).unwrap(),
            EMPTY => event_of(&Request::new("GET", "/whoami")),
            "generate" => {
                let body = json!({ "name": name, "permissions": permissions(1) });
                event_of(&Request::generate(&body))
            }
            // A token that does not exist is read, too, before it is not deleted.
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

    fn accepts(&self, answer: &Value) -> bool {
        let status = answer["statusCode"].as_u64().unwrap_or_default();
        match self.function {
            "authorizer" => answer["isAuthorized"] == true,
            "delete" => status == 404,
            _ => (200..300).contains(&status),
        }
    }

    fn report(&self, report: &mut Report, costs: &Costs, empty: (f64, f64)) {
        let bytes = std::fs::metadata(&self.program).unwrap().len();
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
                "the authorizer's first poll comes at {ratio:.2} × the empty handler's (at most 2)"
            );
            report.target(ratio <= 2.0, text);
            let text =
                format!("the authorizer's bootstrap has {bytes} bytes (at most {MOST_BYTES})");
            report.target(bytes <= MOST_BYTES, text);
        }
    }
}
