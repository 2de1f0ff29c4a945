//! The authorizer compared with alternatives (`tests/bench/rivals/`).
//!
//! Every contender is a separate process. For each line of its input, which is a credential or an authorizer event, it prints
//! whether the credential is accepted and how long its handler took. The contenders that use DynamoDB use the same table over
//! the same type of connection.

use crate::path;
use crate::report::{Report, microseconds};
use crate::stopwatch::Samples;
use crate::support::{
    Store, authorizer_event, generate, handlers, processor_time, try_authorize, with_wrong_checksum,
};
use local::database::{Database, Storage};
use serde_json::{Value, json};
use shared::runtime::SystemClock;
use shared::service::Clock;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tests::deployment::variable;
use tests::table;

/// The name of the first contender, which is this program with this name as its argument.
pub const TOKENWARD: &str = "tokenward";

/// Verifications in one turn, one right after the other, as in a function under load.
const BURST: usize = 20;
/// Turns that are run before any is counted, because just-in-time compilers need them.
const WARM_UP: usize = 50;
const TURNS: usize = 100;
const CREDENTIALS: [&str; 3] = ["valid", "expired", "garbage"];

struct Contender {
    name: &'static str,
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// A valid, an expired and a malformed credential.
    credentials: Value,
}

/// What one kind of credential costs one contender.
#[derive(Default)]
struct Cost {
    times: Samples,
    /// The processor time of the whole process.
    processor: Duration,
}

/// Measures all contenders in turn.
pub async fn measure(store: &Store, report: &mut Report) {
    report.section(
        "side by side: the handler of each contender; CPU time is that of its whole process",
    );
    let home = TempDir::new().unwrap();
    let events = events(store).await;
    let mut contenders = contenders(store, &home, &events);
    for credential in CREDENTIALS {
        let mut costs: Vec<_> = contenders.iter().map(|_| Cost::default()).collect();
        for turn in 0..WARM_UP + TURNS {
            for index in 0..contenders.len() {
                let which = (turn + index) % contenders.len();
                let mut cost = Cost::default();
                contenders[which].verify(credential, &mut cost);
                if turn >= WARM_UP {
                    costs[which].add(cost);
                }
            }
        }
        print(report, credential, &contenders, &costs);
    }
}

fn print(report: &mut Report, credential: &str, contenders: &[Contender], costs: &[Cost]) {
    let ours = costs[0].times.median();
    let mut fastest = f64::INFINITY;
    for (contender, cost) in contenders.iter().zip(costs) {
        let name = format!("{credential}: {}", contender.name);
        let each = cost.processor.as_secs_f64() * 1e9 / cost.times.count() as f64;
        let counted = format!("CPU {} µs", microseconds(each));
        let time = cost.times.median();
        if contender.name == TOKENWARD {
            report.base(&name, time, &counted);
        } else {
            let ratio = report.row(&name, time, (TOKENWARD, ours), &counted);
            fastest = fastest.min(ratio);
        }
    }
    let text = format!("{credential}: the fastest rival takes {fastest:.2} × our time");
    match credential {
        "valid" => report.target(fastest >= 5.0, format!("{text} (at least 5)")),
        _ => report.target(fastest >= 1.0, format!("{text} (at least 1)")),
    }
}

/// Returns the authorizer's events with each kind of credential.
async fn events(store: &Store) -> Value {
    let handlers = handlers(&store.client);
    let (_, valid) = generate(&handlers, "valid", 1).await;
    let (id, expired) = generate(&handlers, "expired", 1).await;
    table::set_timestamp(&store.client, &id, "expiresAt", SystemClock.now().seconds()).await;
    json!({
        "valid": authorizer_event(&valid),
        "expired": authorizer_event(&expired),
        "garbage": authorizer_event(&with_wrong_checksum(&valid)),
    })
}

fn contenders(store: &Store, home: &TempDir, events: &Value) -> Vec<Contender> {
    let folder = PathBuf::from(path("BENCH_RIVALS"));
    let python = path("BENCH_PYTHON");
    let start = |name, program: &str, argument: &str| {
        let mut command = Command::new(program);
        command
            .arg(argument)
            .current_dir(&folder)
            .env_clear()
            .env("PATH", variable("PATH").unwrap())
            .env("HOME", home.path())
            .envs(store.variables());
        Contender::start(name, command, events)
    };
    let this_program = std::env::current_exe().unwrap();
    vec![
        start(TOKENWARD, this_program.to_str().unwrap(), TOKENWARD),
        start("Node authorizer, @aws-sdk/client-dynamodb", "node", "node-authorizer.mjs"),
        start("Python authorizer, boto3", &python, "python_authorizer.py"),
        start("better-auth API key, SQLite", "node", "better-auth.mjs"),
        start("djangorestframework-api-key, SQLite", &python, "drf_api_key.py"),
    ]
}

impl Contender {
    /// Starts a contender. The first line that it prints is a JSON object: its credentials, or `{}` if it reads authorizer events.
    fn start(name: &'static str, mut command: Command, events: &Value) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = output.next().unwrap().unwrap();
        let own: Value = serde_json::from_str(&first).unwrap();
        let credentials = if own["valid"].is_string() { own } else { events.clone() };
        Self { name, process, input, output, credentials }
    }

    /// Verifies a credential repeatedly.
    fn verify(&mut self, credential: &str, cost: &mut Cost) {
        let line_in = self.credentials[credential].as_str().unwrap();
        let before = processor_time(self.process.id());
        for _ in 0..BURST {
            writeln!(self.input, "{line_in}").unwrap();
            let line = self.output.next().unwrap().unwrap();
            let (allowed, nanoseconds) = line.split_once(' ').unwrap();
            assert_eq!(allowed == "true", credential == "valid", "{}: {credential}", self.name);
            cost.times.push(nanoseconds.parse().unwrap());
        }
        cost.processor = processor_time(self.process.id()) - before;
    }
}

impl Drop for Contender {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.times.append(other.times);
        self.processor += other.processor;
    }
}

/// Runs this program as a contender.
pub async fn serve() {
    let url = variable("AWS_ENDPOINT_URL_DYNAMODB").unwrap();
    let database = Database::open(&Storage::Endpoint(url)).await.unwrap();
    let handlers = handlers(&database.client());
    println!("{{}}");
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let start = Instant::now();
        let (allowed, _) = try_authorize(&handlers, &line).await;
        println!("{allowed} {}", start.elapsed().as_nanos());
    }
}
