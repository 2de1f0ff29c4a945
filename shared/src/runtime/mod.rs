//! Wiring: the one place that sees everything.

mod ambient;
mod client;
mod config;
mod serve;
pub mod telemetry;

pub use ambient::{SystemClock, SystemEntropy};
pub use client::{Trust, connect, http_client, timeouts};
pub use config::{Config, ConfigError, ConsoleConfig};
pub use serve::{AuthorizerConfig, Unauthorized, answer, serve, serve_authorizer, serve_console};
