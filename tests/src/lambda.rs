//! A substitute for Lambda, which starts a function as a process and serves the Runtime API, one event at a time.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as Segments, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::{get, post};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::{Mutex, mpsc};

/// The variables that Lambda sets for every function.
pub const VARIABLES: [(&str, &str); 3] = [
    ("AWS_LAMBDA_FUNCTION_NAME", "function"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
];

/// The id of every invocation.
pub const REQUEST_ID: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

/// A function in a process of its own that has asked for its first event. It is killed when dropped.
pub struct Function {
    process: Child,
    /// The standard output of the process.
    log: Lines<BufReader<ChildStdout>>,
    /// The time from the start of the process to its request for the first event.
    pub ready_after: Duration,
    events: mpsc::UnboundedSender<(Value, HeaderValue)>,
    signals: mpsc::UnboundedReceiver<Signal>,
}

/// A call of the Runtime API: the function asks for the next event, or sends the result of the last one.
enum Signal {
    Polled,
    Responded(Result<Value, Value>),
}

struct Api {
    events: Mutex<mpsc::UnboundedReceiver<(Value, HeaderValue)>>,
    signals: mpsc::UnboundedSender<Signal>,
}

impl Function {
    /// Starts the program with these environment variables and waits until it asks for an event.
    pub async fn start(program: &Path, variables: &[(&str, &str)]) -> Self {
        let (events, queue) = mpsc::unbounded_channel();
        let (sender, mut signals) = mpsc::unbounded_channel();
        let api = Arc::new(Api { events: Mutex::new(queue), signals: sender });
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(api);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(variables.iter().copied())
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .envs(VARIABLES)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let start = Instant::now();
        let mut process = command.spawn().unwrap();
        tokio::select! {
            signal = signals.recv() => assert!(matches!(signal, Some(Signal::Polled))),
            status = process.wait() => panic!("{} exited: {}", program.display(), status.unwrap()),
        }
        let ready_after = start.elapsed();
        let log = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, log, ready_after, events, signals }
    }

    /// Sends an event to the function. Returns its response, or the error that it reports, and the duration.
    pub async fn invoke(&mut self, event: Value) -> (Result<Value, Value>, Duration) {
        let trace = HeaderValue::from_static("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700");
        self.invoke_traced(event, trace).await
    }

    /// Does what [`invoke`](Self::invoke) does, with this trace id, which Lambda copies from a client's `X-Amzn-Trace-Id`.
    pub async fn invoke_traced(
        &mut self,
        event: Value,
        trace: HeaderValue,
    ) -> (Result<Value, Value>, Duration) {
        let start = Instant::now();
        self.events.send((event, trace)).unwrap();
        let mut response = None;
        let mut took = Duration::ZERO;
        // The function is ready for the next event when it asks for one.
        loop {
            let signal = tokio::select! {
                signal = self.signals.recv() => signal.unwrap(),
                status = self.process.wait() => panic!("the function exited: {}", status.unwrap()),
            };
            match signal {
                Signal::Responded(result) => {
                    took = start.elapsed();
                    response = Some(result);
                }
                Signal::Polled => return (response.unwrap(), took),
            }
        }
    }

    /// Returns the next line of the standard output that is JSON.
    pub async fn next_log_line(&mut self) -> Value {
        loop {
            let line = self.log.next_line().await.unwrap().unwrap();
            if let Ok(line) = serde_json::from_str(&line) {
                return line;
            }
        }
    }

    /// Returns the id of the process.
    pub fn id(&self) -> u32 {
        self.process.id().unwrap()
    }

    /// Returns the peak memory of the process in KiB, which the kernel calls `VmHWM`.
    pub fn peak_memory(&self) -> u64 {
        let file = format!("/proc/{}/status", self.id());
        let status = std::fs::read_to_string(file).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.unwrap().trim().trim_end_matches(" kB");
        number.parse().unwrap()
    }
}

async fn next(State(api): State<Arc<Api>>) -> (HeaderMap, String) {
    api.signals.send(Signal::Polled).ok();
    // If the test has ended and sends no more events, this waits until the process is killed.
    let Some((event, trace)) = api.events.lock().await.recv().await else {
        return std::future::pending().await;
    };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", REQUEST_ID),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:function",
        ),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    headers.insert("lambda-runtime-trace-id", trace);
    (headers, event.to_string())
}

// The body is `Bytes` and not `Json`, because functions send no content type.
async fn response(
    State(api): State<Arc<Api>>,
    Segments(_): Segments<String>,
    body: Bytes,
) -> StatusCode {
    responded(&api, Ok(serde_json::from_slice(&body).unwrap()))
}

async fn error(
    State(api): State<Arc<Api>>,
    Segments(_): Segments<String>,
    body: Bytes,
) -> StatusCode {
    responded(&api, Err(serde_json::from_slice(&body).unwrap()))
}

fn responded(api: &Api, result: Result<Value, Value>) -> StatusCode {
    api.signals.send(Signal::Responded(result)).ok();
    StatusCode::ACCEPTED
}
