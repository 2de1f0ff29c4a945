//! The functions of this project, by name: the only such list in code. The gateway, the tests, the fuzz targets and the
//! benchmarks invoke functions through it.

use lambda_http::{Body, Request, Response};
use serde_json::Value;
use shared::runtime::{AuthorizerConfig, AuthorizerError, ConsoleConfig, answer};
use shared::service::TokenService;
use std::pin::Pin;

/// All functions in one process, with the configuration that each of them reads from its environment in AWS.
pub struct Functions {
    pub(crate) service: &'static TokenService,
    pub(crate) authorizer: AuthorizerConfig,
    console: ConsoleConfig,
}

/// Invokes one function with a request.
type Handle =
    for<'a> fn(&'a Functions, Request) -> Pin<Box<dyn Future<Output = Response<Body>> + Send + 'a>>;

/// A management function: the crate of this name in `functions/`.
macro_rules! management {
    ($name:ident) => {
        (stringify!($name), |functions, event| {
            Box::pin(answer(stringify!($name), functions.service, event, $name::handle))
        })
    };
}

/// Every function that a route can lead to.
pub const FUNCTIONS: &[(&str, Handle)] = &[
    management!(delete),
    management!(generate),
    management!(list),
    management!(regenerate),
    management!(simulate),
    management!(update),
    ("console", |functions, event| {
        Box::pin(async move { console::handle(&functions.console, &event) })
    }),
    ("demo", |_, event| Box::pin(async move { demo::echo(&event) })),
];

/// Returns the names of all functions, the authorizer's included.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name).chain(["authorizer"])
}

impl Functions {
    /// Returns the functions over a service. `token_header` is the name of a header in lower case.
    pub fn new(service: &'static TokenService, token_header: &str) -> Self {
        let token_header = token_header.to_owned();
        let console = ConsoleConfig {
            token_header: token_header.clone(),
            max_lifetime_days: service.max_lifetime_days(),
            cache_seconds: 0,
            idle_minutes: ConsoleConfig::DEFAULT_IDLE_MINUTES,
        };
        Self { service, authorizer: AuthorizerConfig { token_header }, console }
    }

    /// Asks the authorizer.
    ///
    /// # Errors
    /// [`AuthorizerError`], with which the authorizer fails its invocation.
    pub async fn authorize(&self, event: Value) -> Result<Value, AuthorizerError> {
        // Boxed, like the functions: its callers' futures would be deeper than the compiler follows.
        Box::pin(authorizer::handle(self.service, &self.authorizer, event)).await
    }

    /// Invokes the function that the template names `function`, e.g. `GenerateFunction`. Returns `None` for a function
    /// that is not part of this project: a user's own runs in AWS only.
    pub async fn invoke(&self, function: &str, event: Request) -> Option<Response<Body>> {
        let stem = function.strip_suffix("Function")?;
        let (_, handle) = FUNCTIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(stem))?;
        Some(handle(self, event).await)
    }
}
