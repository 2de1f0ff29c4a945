//! Serves Lambda events: calls the handler, responds, and logs the request.

use super::client::{RootStore, client, connect};
use super::telemetry::milliseconds;
use super::{Config, ConsoleConfig, SystemClock, SystemEntropy, event, telemetry};
use crate::domain::id::TokenId;
use crate::domain::time::Timestamp;
use crate::http::{HttpError, HttpResult, Problem};
use crate::service::{AUDIT_TRAIL, Error, TokenService};
use crate::store::Table;
use lambda_http::http::header::LOCATION;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response, service_fn};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tracing::level_filters::LevelFilter;

/// The maximum duration of a request. It is shorter than the timeout of the functions (10 s in `template.yaml`), so that the
/// caller gets a response and the request is logged.
const DEADLINE: Duration = Duration::from_secs(8);

/// The time after which a read of one item without a response is sent once more. DynamoDB usually responds within
/// milliseconds, so this costs few additional reads.
pub const HEDGE_AFTER: Duration = Duration::from_millis(50);

/// Serves one management function until Lambda ends the process.
///
/// # Errors
/// The configuration is invalid, or the Lambda runtime fails.
pub async fn serve<F, Fut>(function: &'static str, handle: F) -> Result<(), lambda_http::Error>
where
    F: Fn(&'static TokenService, Request, Timestamp) -> Fut + Copy + Send + Sync,
    Fut: Future<Output = HttpResult> + Send,
{
    let (service, _) = start(function).await?;
    event::run(move |request| respond(function, service, request, handle)).await
}

/// The settings of a deployment that the authorizer needs.
#[derive(Clone, Debug)]
pub struct AuthorizerConfig {
    /// The name of the token header, in lowercase.
    pub token_header: String,
}

/// Why an invocation of the authorizer fails. API Gateway does not pass the message on to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizerError {
    /// The request has no credential. API Gateway responds 401 to a failure with exactly this message.
    #[error("Unauthorized")]
    Unauthorized,
    /// The table is unavailable, the item is unreadable, or the event is unknown. API Gateway responds 500 and does not cache
    /// this.
    #[error("no decision")]
    NoDecision,
}

/// Serves the authorizer until Lambda ends the process. `handle` must accept any JSON.
///
/// # Errors
/// The configuration is invalid, or the Lambda runtime fails.
pub async fn serve_authorizer<F, Fut>(handle: F) -> Result<(), lambda_http::Error>
where
    F: Fn(&'static TokenService, &'static AuthorizerConfig, serde_json::Value) -> Fut
        + Copy
        + Send
        + Sync,
    Fut: Future<Output = Result<serde_json::Value, AuthorizerError>> + Send,
{
    let (service, config) = start("authorizer").await?;
    let config: &'static _ =
        Box::leak(Box::new(AuthorizerConfig { token_header: config.token_header }));
    lambda_http::lambda_runtime::run(service_fn(
        move |event: lambda_http::lambda_runtime::LambdaEvent<serde_json::Value>| async move {
            let id = event::request_id(&event.payload);
            // Boxed, because the types of the runtime's futures would be too deep for the compiler.
            let handled = Box::pin(handle(service, config, event.payload));
            telemetry::with_request_id(id, handled).await.map_err(lambda_http::Error::from)
        },
    ))
    .await
}

/// Serves the console until Lambda ends the process.
///
/// # Errors
/// The configuration is invalid, or the Lambda runtime fails.
pub async fn serve_console<F>(handle: F) -> Result<(), lambda_http::Error>
where
    F: Fn(&ConsoleConfig, &Request) -> Response<Body> + Copy + Send + Sync,
{
    let config: &'static _ = Box::leak(Box::new(ConsoleConfig::from_env()?));
    serve_without_table("console", move |request| handle(config, request)).await
}

/// Serves the demo until Lambda ends the process.
///
/// # Errors
/// The Lambda runtime fails.
pub async fn serve_demo<F>(handle: F) -> Result<(), lambda_http::Error>
where
    F: Fn(&Request) -> Response<Body> + Copy + Send + Sync,
{
    serve_without_table("demo", handle).await
}

async fn serve_without_table<F>(function: &'static str, handle: F) -> Result<(), lambda_http::Error>
where
    F: Fn(&Request) -> Response<Body> + Copy + Send + Sync,
{
    telemetry::start(LevelFilter::INFO, [function], std::io::stdout);
    telemetry::log_panics_without_message();
    event::run(move |request| async move { handle(&request) }).await
}

/// Creates the service and connects to the table before the function asks for its first event. Lambda gives functions more
/// processor time until then.
///
/// The service is leaked, because it is used until the process ends.
async fn start(
    function: &'static str,
) -> Result<(&'static TokenService, Config), lambda_http::Error> {
    let start = Instant::now();
    let config = Config::from_env()?;
    telemetry::start(config.log_level, [function], std::io::stdout);
    telemetry::log_panics_without_message();
    let mut sdk = client(RootStore::Amazon).await;
    let client_created = start.elapsed();
    let mut connection = connect(&sdk).await;
    if connection.is_err() && config.has_custom_endpoint {
        // The certificate of an emulator may be trusted by the system only.
        sdk = client(RootStore::System).await;
        connection = connect(&sdk).await;
    }
    if let Err(cause) = connection {
        tracing::warn!(function, cause, "table unavailable at the start");
    }
    let connected = start.elapsed();
    let table = Table::new(sdk, &config.table_name, config.policy.vocabulary).hedged(HEDGE_AFTER);
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let service = TokenService::new(table, clock, entropy, config.policy);
    let client_milliseconds = milliseconds(client_created);
    let connection_milliseconds = milliseconds(connected.saturating_sub(client_created));
    tracing::info!(function, client_milliseconds, connection_milliseconds, "started");
    Ok((Box::leak(Box::new(service)), config))
}

/// Calls a handler, logs the request, and returns the response. Reads the clock, which is done only once per request.
pub async fn respond<F, Fut>(
    function: &'static str,
    service: &'static TokenService,
    event: Request,
    handle: F,
) -> Response<Body>
where
    F: Fn(&'static TokenService, Request, Timestamp) -> Fut,
    Fut: Future<Output = HttpResult>,
{
    let start = Instant::now();
    let mut log = RequestLog::new(function, &event);
    let handled = handle(service, event, service.now());
    let result = tokio::time::timeout(DEADLINE, handled).await.unwrap_or_else(|_| {
        let cause = format!("no response within {} seconds", DEADLINE.as_secs());
        Err(HttpError::Service(Error::Unavailable(cause)))
    });
    let (response, outcome) = match result {
        Ok(response) => {
            log.add_created_token(&response);
            (response, "ok")
        }
        Err(error) => {
            let problem = Problem::from(&error);
            log.log_cause(&error);
            let code = problem.code;
            (problem.into_response(), code)
        }
    };
    log.log(response.status().as_u16(), start.elapsed(), outcome);
    response
}

/// What is logged about a request.
struct RequestLog {
    function: &'static str,
    request_id: String,
    route: String,
    caller: Option<String>,
    /// The token id in the path. A malformed id is not logged, because it could be a whole token.
    token: Option<TokenId>,
}

impl RequestLog {
    fn new(function: &'static str, event: &Request) -> Self {
        let (request_id, route) = match event.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => {
                (context.request_id.clone(), context.route_key.clone())
            }
            Some(RequestContext::ApiGatewayV1(context)) => {
                let resource = context.resource_path.as_deref().unwrap_or_default();
                (context.request_id.clone(), Some(format!("{} {resource}", context.http_method)))
            }
            _ => (None, None),
        };
        Self {
            function,
            request_id: request_id.unwrap_or_default(),
            route: route.unwrap_or_default(),
            caller: crate::http::caller_id(event).map(|id| id.to_string()),
            token: crate::http::id(event).ok(),
        }
    }

    /// Adds the token that the request created, which is in the response's `Location`.
    fn add_created_token(&mut self, response: &Response<Body>) {
        let location = response.headers().get(LOCATION);
        let location = location.and_then(|location| location.to_str().ok());
        let created = location.and_then(|location| TokenId::parse(location.rsplit('/').next()?));
        self.token = self.token.or(created);
    }

    fn log(&self, status: u16, duration: Duration, outcome: &str) {
        let Self { function, request_id, route, caller, token } = self;
        let token = token.map(|id| id.to_string());
        let milliseconds = milliseconds(duration);
        tracing::info!(
            target: AUDIT_TRAIL,
            function,
            request_id,
            route,
            status,
            milliseconds,
            caller,
            token,
            outcome,
            "request"
        );
    }

    /// Logs the cause of an error. The response does not contain the cause.
    fn log_cause(&self, error: &HttpError) {
        let Self { function, request_id, .. } = self;
        match error {
            HttpError::Service(Error::Contended(cause)) => {
                tracing::info!(function, request_id, cause, "token contended");
            }
            HttpError::Service(Error::Throttled(cause) | Error::Unavailable(cause)) => {
                tracing::warn!(function, request_id, cause, "table unavailable");
            }
            HttpError::Service(Error::Internal(cause)) => {
                tracing::error!(function, request_id, cause, "internal error");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::{RULES, VOCABULARY};
    use crate::service::{Clock, Policy};
    use aws_sdk_dynamodb::config::BehaviorVersion;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// A clock that advances by a second each time it is read.
    struct MovingClock(AtomicI64);

    impl Clock for MovingClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(self.0.fetch_add(1, Ordering::Relaxed)).unwrap()
        }
    }

    #[tokio::test]
    async fn the_clock_is_read_once_per_request_and_the_handler_gets_the_time() {
        let config =
            aws_sdk_dynamodb::Config::builder().behavior_version(BehaviorVersion::latest()).build();
        let table = Table::new(aws_sdk_dynamodb::Client::from_conf(config), "none", &VOCABULARY);
        let clock = Arc::new(MovingClock(AtomicI64::new(1000)));
        let policy = Policy::new(&VOCABULARY, RULES);
        let service = TokenService::new(table, clock, Arc::new(SystemEntropy), policy);
        let service: &'static _ = Box::leak(Box::new(service));
        let show_time = |_, _, now: Timestamp| async move {
            Ok(Response::new(Body::Text(now.seconds().to_string())))
        };
        let response = respond("test", service, Request::default(), show_time).await;
        assert_eq!(response.body().as_ref(), b"1000");
        assert_eq!(service.now().seconds(), 1001);
    }
}
