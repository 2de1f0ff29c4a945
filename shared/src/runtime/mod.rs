//! The configuration, the SDK client, logs, and the loop that serves Lambda events. Only this module may use all others.

mod client;
mod compiled;
mod config;
mod event;
mod redact;
mod serve;
mod system;
pub mod telemetry;

pub use client::{RootStore, connect, http_client, timeouts};
pub use compiled::{RULES, RULES_WITH_DEMO, VOCABULARY};
pub use config::{Config, ConfigError, ConsoleConfig};
pub use event::{EventError, request};
pub use serve::{
    AuthorizerConfig, AuthorizerError, HEDGE_AFTER, respond, serve, serve_authorizer,
    serve_console, serve_demo,
};
pub use system::{SystemClock, SystemEntropy};
