//! Logs: one JSON object per line.
//!
//! Tokens, secrets, hashes, header values, bodies and query strings are never logged. Token ids are public and are logged.
//!
//! The configured level applies only to this project's crates. All others log warnings and errors at most, because at lower
//! levels the SDK and the Lambda runtime log whole requests.

use super::redact::Redact;
use crate::service::AUDIT_TRAIL;
use std::io::Write;
use std::panic::PanicHookInfo;
use std::time::Duration;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

/// Starts to write the log of the process to `writer`. A second call changes nothing.
///
/// `level` applies to this crate and to the crates in `ours`, which are the functions that run in this process.
pub fn start<W>(level: LevelFilter, ours: impl IntoIterator<Item = &'static str>, writer: W)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // This fails only on a second call, and then the first subscriber remains.
    let _ = tracing::subscriber::set_global_default(subscriber(level, ours, writer));
}

fn subscriber<W>(
    level: LevelFilter,
    ours: impl IntoIterator<Item = &'static str>,
    writer: W,
) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let trail_level = if level == LevelFilter::OFF { level } else { level.max(LevelFilter::INFO) };
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        // The embedded database warns about each failed condition, which is not a failure here.
        .with_target("dynoxide", LevelFilter::OFF)
        .with_target(AUDIT_TRAIL, trail_level)
        .with_target(env!("CARGO_CRATE_NAME"), level)
        .with_targets(ours.into_iter().map(|name| (name, level)));
    let format = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(Redact(writer));
    tracing_subscriber::registry().with(targets).with(format)
}

/// Returns a duration in milliseconds, the unit of logged durations.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

tokio::task_local! {
    /// API Gateway's id of the request that this task works on.
    static REQUEST_ID: String;
}

/// Runs the work of one request, so that a panic is logged with the request's id.
pub async fn with_request_id<T>(request_id: String, work: impl Future<Output = T>) -> T {
    REQUEST_ID.scope(request_id, work).await
}

/// Logs later panics with their place and request, but without their message, which may quote a request.
pub fn log_panics_without_message() {
    std::panic::set_hook(Box::new(panicked));
}

fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let request_id = REQUEST_ID.try_with(String::clone).unwrap_or_default();
    tracing::error!(request_id, place, "panic");
    // Nothing can be done if standard output is closed.
    let _ = std::io::stdout().flush();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::AssertUnwindSafe;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Logs events of several crates and levels, and returns what is written.
    fn logged(level: LevelFilter) -> String {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = subscriber(level, ["rename"], move || writer.clone());
        tracing::subscriber::with_default(subscriber, || {
            tracing::trace!(target: "rename", "function trace");
            tracing::debug!(target: "rename::query", "function debug");
            tracing::debug!(target: "shared::store", "shared debug");
            tracing::info!(target: "aws_sdk_dynamodb", "other info");
            tracing::warn!(target: "aws_sdk_dynamodb", "other warn");
            tracing::error!(target: "rename", "function error");
            tracing::info!(target: AUDIT_TRAIL, "request");
            tracing::debug!(target: AUDIT_TRAIL, "request debug");
        });
        String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_token_in_any_part_of_a_line_is_masked() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = subscriber(LevelFilter::TRACE, ["rename"], move || writer.clone());
        let token = "twd_4GkTz0a9QmW1xB7c_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf01OWmF";
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(target: AUDIT_TRAIL, route = token, cause = ?Some(token), "request");
            tracing::debug!(target: "rename", "a {token}/x");
            tracing::warn!(target: "aws_sdk_dynamodb", headers = %format!("Bearer {token}"));
        });
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.matches("twd_4GkTz0a9QmW1xB7c_…").count(), 4, "{log}");
        assert!(!log.contains("003aUlTJ"), "{log}");
    }

    #[test]
    fn a_panic_is_logged_with_its_request_and_without_its_message() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = subscriber(LevelFilter::INFO, [], move || writer.clone());
        let panics = with_request_id("request-1".to_owned(), async { panic!("a secret") });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let before = std::panic::take_hook();
        log_panics_without_message();
        let panicked = std::panic::catch_unwind(AssertUnwindSafe(|| {
            tracing::subscriber::with_default(subscriber, || runtime.block_on(panics));
        }));
        std::panic::set_hook(before);
        assert!(panicked.is_err());
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let line: serde_json::Value = serde_json::from_str(&log).unwrap();
        assert_eq!((&line["message"], &line["request_id"]), (&"panic".into(), &"request-1".into()));
        assert!(line["place"].as_str().unwrap().contains(file!()), "{log}");
        assert!(!log.contains("a secret"));
    }

    #[test]
    fn the_level_applies_to_our_crates_only_and_requests_are_logged_at_every_level_but_off() {
        for (level, expected) in [
            (
                LevelFilter::TRACE,
                &[
                    "function trace",
                    "function debug",
                    "shared debug",
                    "other warn",
                    "function error",
                    "request",
                    "request debug",
                ][..],
            ),
            (
                LevelFilter::DEBUG,
                &[
                    "function debug",
                    "shared debug",
                    "other warn",
                    "function error",
                    "request",
                    "request debug",
                ],
            ),
            (LevelFilter::INFO, &["other warn", "function error", "request"]),
            (LevelFilter::ERROR, &["function error", "request"]),
            (LevelFilter::OFF, &[]),
        ] {
            let log = logged(level);
            let lines: Vec<serde_json::Value> =
                log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let messages: Vec<_> =
                lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
            assert_eq!(messages, expected, "{level}");
        }
    }
}
