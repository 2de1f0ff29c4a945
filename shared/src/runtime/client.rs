//! The SDK client.

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

/// The timeout of opening a connection.
const CONNECT: Duration = Duration::from_secs(1);
/// The timeout of one attempt at an SDK call.
const ATTEMPT: Duration = Duration::from_millis(1500);
/// The timeout of an SDK call with all its attempts. It is shorter than that of a request.
const OPERATION: Duration = Duration::from_secs(4);

/// How long an idle connection is kept. DynamoDB closes a connection that is idle for a minute, and a function does not notice
/// this while Lambda freezes it between two requests. This time passes even then, so the next request opens a new connection.
const IDLE: Duration = Duration::from_secs(25);

/// Amazon Root CA 1 to 4 and Starfield Services Root CA G2, in PEM, from <https://www.amazontrust.com/repository/>.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// The root certificates that are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootStore {
    /// Those of Amazon Trust Services, which sign DynamoDB's certificates in every region. Parsing them takes a tenth of
    /// the time that the system's roots take, of which there are more than a hundred.
    ///
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ats-certs.html>
    Amazon,
    /// Those of the system, or those in the file that `SSL_CERT_FILE` names.
    System,
}

/// Returns an HTTP client with TLS by rustls and ring.
pub fn http_client(roots: RootStore) -> SharedHttpClient {
    let store = match roots {
        RootStore::Amazon => TrustStore::empty().with_pem_certificate(AMAZON_ROOTS),
        RootStore::System => TrustStore::default(),
    };
    let context = TlsContext::builder().with_trust_store(store).build();
    let ring = tls::rustls_provider::CryptoMode::Ring;
    let client = Builder::new()
        .pool_idle_timeout(IDLE)
        .tls_provider(tls::Provider::Rustls(ring))
        // Building the context cannot fail today. If it ever does, the default trusts the system's roots.
        .tls_context(context.unwrap_or_default())
        .build_https();
    // The client is wrapped, because otherwise the SDK would parse the roots twice, once for a connector that is never used.
    http_client_fn(move |settings, components| client.http_connector(settings, components))
}

/// Returns the timeouts of every call to the table.
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

/// Returns an SDK client with region, credentials and endpoint from the environment only.
///
/// Lambda sets all of them. Searching files and other sources, too, would take most of the time that a function
/// needs to start.
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

/// Opens the connection to DynamoDB, including TLS, so that the first request does not have to wait for it.
///
/// It sends `GET /`, which returns the health of DynamoDB, requires no credentials and consumes no capacity. Any response is
/// accepted. The request is an SDK call that is changed before it is sent, so that the SDK's client keeps the connection.
///
/// # Errors
/// The reason why there is no connection. The first request tries again.
pub async fn connect(client: &Client) -> Result<(), String> {
    let without_retries = Config::builder().retry_config(RetryConfig::disabled());
    let request = client.list_tables().customize().config_override(without_retries);
    match request.mutate_request(change_into_health_check).send().await {
        Err(error) if error.raw_response().is_none() => {
            Err(DisplayErrorContext(&error).to_string())
        }
        _ => Ok(()),
    }
}

fn change_into_health_check(request: &mut HttpRequest) {
    // This cannot fail, because `GET` is a valid method.
    let _ = request.set_method("GET");
    for header in ["x-amz-target", "content-type", "content-length"] {
        request.headers_mut().remove(header);
    }
    *request.body_mut() = "".into();
}
