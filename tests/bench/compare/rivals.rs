//! Side by side: the authorizer, and what people would use instead (`tests/bench/rivals/`).
//!
//! Every contender is a process of its own that is told in a line what is presented, and says whether it lets it in and
//! how long its handler took. Those that have a table ask the same one, over the same wire.

use crate::place;
use crate::report::{Report, microseconds};
use crate::stopwatch::Samples;
use crate::support::{Store, answer, garbage, generate, handlers, question};
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
use tests::table::{self, TABLE};

/// The argument that makes of this program the first contender.
pub const OURSELVES: &str = "tokenward";

/// Verifications in one turn, as in a busy function.
const BURST: usize = 20;
/// Turns before any is counted: the rivals' compilers need a while.
const WARM: usize = 50;
const TURNS: usize = 100;
const CREDENTIALS: [&str; 3] = ["valid", "expired", "garbage"];

struct Contender {
    name: &'static str,
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// What it takes for valid, for expired and for garbage.
    presented: Value,
}

/// One kind of credential, at one contender.
#[derive(Default)]
struct Cost {
    took: Samples,
    processor: Duration,
}

/// Measures all of them in turn.
pub async fn measure(store: &Store, report: &mut Report) {
    report.section("side by side: each one's own handler; CPU is that of its whole process");
    let home = TempDir::new().unwrap();
    let questions = questions(store).await;
    let mut contenders = contenders(store, &home, &questions);
    for credential in CREDENTIALS {
        let mut costs: Vec<_> = contenders.iter().map(|_| Cost::default()).collect();
        for turn in 0..WARM + TURNS {
            for place in 0..contenders.len() {
                let which = (turn + place) % contenders.len();
                let mut cost = Cost::default();
                contenders[which].verify(credential, &mut cost);
                if turn >= WARM {
                    costs[which].add(cost);
                }
            }
        }
        tell(report, credential, &contenders, &costs);
    }
}

fn tell(report: &mut Report, credential: &str, contenders: &[Contender], costs: &[Cost]) {
    let ours = costs[0].took.median();
    let mut fastest = f64::INFINITY;
    for (contender, cost) in contenders.iter().zip(costs) {
        let name = format!("{credential}: {}", contender.name);
        let each = cost.processor.as_secs_f64() * 1e9 / cost.took.count() as f64;
        let counted = format!("CPU {} µs", microseconds(each));
        let took = cost.took.median();
        if contender.name == OURSELVES {
            report.base(&name, took, &counted);
        } else {
            let ratio = report.row(&name, took, (OURSELVES, ours), &counted);
            fastest = fastest.min(ratio);
        }
    }
    let text = format!("{credential}: the fastest rival takes {fastest:.2} × our time");
    match credential {
        "valid" => report.target(fastest >= 5.0, format!("{text} (at least 5)")),
        _ => report.target(fastest >= 1.0, format!("{text} (at least 1)")),
    }
}

/// The authorizer's questions with each kind of credential.
async fn questions(store: &Store) -> Value {
    let handlers = handlers(&store.client);
    let (_, valid) = generate(&handlers, "valid", 1).await;
    let (id, expired) = generate(&handlers, "expired", 1).await;
    table::set_timestamp(&store.client, &id, "expiresAt", SystemClock.now().seconds()).await;
    json!({
        "valid": question(&valid),
        "expired": question(&expired),
        "garbage": question(&garbage(&valid)),
    })
}

fn contenders(store: &Store, home: &TempDir, questions: &Value) -> Vec<Contender> {
    let folder = PathBuf::from(place("BENCH_RIVALS"));
    let python = place("BENCH_PYTHON");
    let start = |name, program: &str, argument: &str| {
        let mut command = Command::new(program);
        command
            .arg(argument)
            .current_dir(&folder)
            .env_clear()
            .env("PATH", variable("PATH").unwrap())
            .env("HOME", home.path())
            .env("TABLE_NAME", TABLE)
            .env("AWS_ENDPOINT_URL_DYNAMODB", &store.port.url)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", &store.port.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", "local");
        Contender::start(name, command, questions)
    };
    let ourselves = std::env::current_exe().unwrap();
    vec![
        start(OURSELVES, ourselves.to_str().unwrap(), OURSELVES),
        start("Node authorizer, @aws-sdk/client-dynamodb", "node", "node-authorizer.mjs"),
        start("Python authorizer, boto3", &python, "python_authorizer.py"),
        start("better-auth API key, SQLite", "node", "better-auth.mjs"),
        start("djangorestframework-api-key, SQLite", &python, "drf_api_key.py"),
    ]
}

impl Contender {
    /// Starts it. Its first line says what it takes for credentials, where it has some of its own.
    fn start(name: &'static str, mut command: Command, questions: &Value) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = output.next().unwrap().unwrap();
        let own: Value = serde_json::from_str(&first).unwrap();
        let presented = if own["valid"].is_string() { own } else { questions.clone() };
        Self { name, process, input, output, presented }
    }

    /// Its turn.
    fn verify(&mut self, credential: &str, cost: &mut Cost) {
        let presented = self.presented[credential].as_str().unwrap();
        let before = self.processor();
        for _ in 0..BURST {
            writeln!(self.input, "{presented}").unwrap();
            let line = self.output.next().unwrap().unwrap();
            let (allowed, nanoseconds) = line.split_once(' ').unwrap();
            assert_eq!(allowed == "true", credential == "valid", "{}: {credential}", self.name);
            cost.took.push(nanoseconds.parse().unwrap());
        }
        cost.processor = self.processor() - before;
    }

    /// What its threads have had of the processors: the kernel's `schedstat`.
    fn processor(&self) -> Duration {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.process.id())).unwrap();
        let nanoseconds = threads.filter_map(|thread| {
            let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
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
        self.took.append(other.took);
        self.processor += other.processor;
    }
}

/// This program as a contender.
pub async fn compete() {
    let url = place("AWS_ENDPOINT_URL_DYNAMODB");
    let database = Database::open(&Storage::Endpoint(url)).await.unwrap();
    let handlers = handlers(&database.client());
    println!("{{}}");
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let start = Instant::now();
        let (allowed, _) = answer(&handlers, &line).await;
        println!("{allowed} {}", start.elapsed().as_nanos());
    }
}
