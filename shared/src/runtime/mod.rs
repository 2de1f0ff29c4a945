//! Wiring: the one place that sees everything.

mod client;
mod config;
mod serve;
mod system;
pub mod telemetry;

pub use client::{RootStore, connect, http_client, timeouts};
pub use config::{Config, ConfigError, ConsoleConfig};
pub use serve::{AuthorizerConfig, Unauthorized, answer, serve, serve_authorizer, serve_console};
pub use system::{SystemClock, SystemEntropy};
