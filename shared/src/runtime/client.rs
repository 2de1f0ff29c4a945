//! The SDK's client.

use aws_config::BehaviorVersion;
use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::timeout::TimeoutConfig;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{Config, SharedHttpClient};
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{HttpClient, http_client_fn};
use std::time::Duration;

// An attempt that takes longer than this is lost; all attempts together stay well within a function's own time-out.
const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_millis(1500);
const OPERATION: Duration = Duration::from_secs(4);

/// From <https://www.amazontrust.com/repository/>: Amazon Root CA 1 to 4 and Starfield Services Root CA G2, in PEM.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// Whose certificates are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootStore {
    /// Amazon Trust Services' alone, which sign DynamoDB's in every region. Their few roots are read in a tenth of the
    /// time that a system's hundred and more take.
    ///
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ats-certs.html>
    Amazon,
    /// Those of the system, or of the file that `SSL_CERT_FILE` names.
    System,
}

/// HTTP with TLS by rustls and ring.
pub fn http_client(roots: RootStore) -> SharedHttpClient {
    let store = match roots {
        RootStore::Amazon => TrustStore::empty().with_pem_certificate(AMAZON_ROOTS),
        RootStore::System => TrustStore::default(),
    };
    let context = TlsContext::builder().with_trust_store(store).build();
    let ring = tls::rustls_provider::CryptoMode::Ring;
    let client = Builder::new()
        .tls_provider(tls::Provider::Rustls(ring))
        // Making one cannot fail today. If it ever does, the system's roots are the default.
        .tls_context(context.unwrap_or_default())
        .build_https();
    // By itself it would read the roots twice: for a first connector that it makes for no request and drops again.
    http_client_fn(move |settings, components| client.http_connector(settings, components))
}

/// The time-outs of every call to the table.
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

/// The SDK's client, with region, credentials and endpoint from the environment alone: Lambda sets all of it, and to look
/// for files and other sources as well would take longer than the rest.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
pub(super) async fn client(roots: RootStore) -> Client {
    let no_file = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, "");
    let sdk = aws_config::defaults(BehaviorVersion::latest())
        .profile_files(no_file.build())
        .region(EnvironmentVariableRegionProvider::new())
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(http_client(roots))
        .timeout_config(timeouts())
        .load()
        .await;
    Client::new(&sdk)
}

/// Opens the connection to DynamoDB, TLS included, so that the first request does not wait for it.
///
/// Asks for nothing: DynamoDB answers `GET /` with its health, whoever asks, and counts no unit. Any answer will do, for
/// the connection is there then; an SDK call is bent to it, so that the client itself keeps that connection.
///
/// # Errors
/// Why there is no connection. The first request will try again.
pub async fn connect(client: &Client) -> Result<(), String> {
    let once = Config::builder().retry_config(RetryConfig::disabled());
    let greeting = client.list_tables().customize().config_override(once);
    let answer = greeting.mutate_request(ask_for_health).send().await;
    match answer {
        Err(error) if error.raw_response().is_none() => {
            Err(DisplayErrorContext(&error).to_string())
        }
        _ => Ok(()),
    }
}

fn ask_for_health(request: &mut HttpRequest) {
    // The only failure would be an address that is none: `/` is one.
    request.set_method("GET").ok();
    for header in ["x-amz-target", "content-type", "content-length"] {
        request.headers_mut().remove(header);
    }
    *request.body_mut() = "".into();
}
