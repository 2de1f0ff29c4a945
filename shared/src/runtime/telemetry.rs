//! Logs: one JSON object per line.
//!
//! Never logged: tokens, secrets, hashes, header values, bodies, query strings. Token ids are public and are. The SDK
//! and the runtime would log whole requests at their lower levels, so only our own modules follow the configured
//! level; everything else speaks from `warn` up.

use std::io::Write;
use std::panic::PanicHookInfo;
use std::time::Duration;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

/// The modules that follow the configured level: this crate, the functions, and the local gateway.
const OURS: [&str; 10] = [
    "shared",
    "generate",
    "list",
    "update",
    "regenerate",
    "delete",
    "simulate",
    "authorizer",
    "demo",
    "local",
];

/// Sends the process's log to `writer` from now on. A second call changes nothing.
pub fn start<W>(level: LevelFilter, writer: W)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let others = level.min(LevelFilter::WARN);
    let targets = Targets::new()
        .with_default(others)
        // The embedded database warns of each failed condition, which to us is an answer.
        .with_target("dynoxide", LevelFilter::OFF)
        .with_targets(OURS.map(|target| (target, level)));
    let format = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(writer);
    let subscriber = tracing_subscriber::registry().with(targets).with(format);
    // Only a second call fails, and the first one's subscriber is as good.
    tracing::subscriber::set_global_default(subscriber).ok();
}

/// A duration as every line of the log has it.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// From now on a panic is a line of the log that says where it happened, without its message: a message may quote
/// what it stumbled over.
pub fn hide_panics() {
    std::panic::set_hook(Box::new(panicked));
}

fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panic");
    std::io::stdout().flush().ok();
}
