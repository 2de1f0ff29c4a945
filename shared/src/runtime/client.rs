//! The SDK's client.

use super::Config;
use crate::store::Table;
use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::{Builder, tls};
use std::time::Duration;

// An attempt that takes longer than this is lost; all attempts together stay well within a function's own time-out.
const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_millis(1500);
const OPERATION: Duration = Duration::from_secs(4);

/// HTTP with TLS by rustls and ring.
pub fn http_client() -> SharedHttpClient {
    let ring = tls::rustls_provider::CryptoMode::Ring;
    Builder::new()
        .tls_provider(tls::Provider::Rustls(ring))
        .build_https()
}

/// The time-outs of every call to the table.
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

/// The deployment's table, with region, credentials and endpoint from the environment.
pub(super) async fn table(config: &Config) -> Table {
    let sdk = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client())
        .timeout_config(timeouts())
        .load()
        .await;
    Table::new(aws_sdk_dynamodb::Client::new(&sdk), &config.table_name)
}
