//! The list of this project's functions. The gateway, the tests, the fuzz targets and the benchmarks invoke functions
//! through it, so no other list in code has to be kept up to date.

use crate::template::TemplateRoute;
use lambda_http::{Body, Request, Response};
use serde_json::Value;
use shared::runtime::{AuthorizerConfig, AuthorizerError, ConsoleConfig, respond};
use shared::service::TokenService;
use std::pin::Pin;

/// All functions in one process. In AWS, each of them reads its configuration from its environment.
pub struct Functions {
    pub(crate) service: &'static TokenService,
    pub(crate) authorizer: AuthorizerConfig,
    console: ConsoleConfig,
}

/// A function of this project, which is called with a request.
type Handle =
    for<'a> fn(&'a Functions, Request) -> Pin<Box<dyn Future<Output = Response<Body>> + Send + 'a>>;

/// A management function: the crate of this name in `functions/`.
macro_rules! management {
    ($name:ident) => {
        (stringify!($name), |functions, event| {
            Box::pin(respond(stringify!($name), functions.service, event, $name::handle))
        })
    };
}

/// Every function that a route can invoke.
pub const FUNCTIONS: &[(&str, Handle)] = &[
    management!(delete),
    management!(generate),
    management!(history),
    management!(introspect),
    management!(list),
    management!(regenerate),
    management!(simulate),
    management!(update),
    ("console", |functions, event| {
        Box::pin(async move { console::handle(&functions.console, &event) })
    }),
    ("demo", |_, event| Box::pin(async move { demo::echo(&event) })),
];

/// Returns the names of all functions, including the authorizer.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name).chain(["authorizer"])
}

impl Functions {
    /// Creates the functions of a service. `token_header` is the name of the token header in lowercase.
    pub fn new(service: &'static TokenService, token_header: &str) -> Self {
        let token_header = token_header.to_owned();
        let console = ConsoleConfig {
            token_header: token_header.clone(),
            max_lifetime_days: service.max_lifetime_days(),
            cache_seconds: 0,
            idle_minutes: ConsoleConfig::DEFAULT_IDLE_MINUTES,
            vocabulary: service.vocabulary(),
        };
        Self { service, authorizer: AuthorizerConfig { token_header }, console }
    }

    /// Invokes the authorizer with an event.
    ///
    /// # Errors
    /// [`AuthorizerError`] if the invocation fails.
    pub async fn authorize(&self, event: Value) -> Result<Value, AuthorizerError> {
        // Boxed, like the functions, because the types of its callers' futures would be too deep for the compiler.
        Box::pin(authorizer::handle(self.service, &self.authorizer, event)).await
    }

    /// Invokes the function that the template names `function`, such as `GenerateFunction`. Returns `None` for a user's
    /// own function.
    pub async fn invoke(&self, function: &str, event: Request) -> Option<Response<Body>> {
        Some(find(function)?(self, event).await)
    }

    /// Returns whether the function of a route is one of this project's, not a user's own.
    pub(crate) fn contain(route: &TemplateRoute) -> bool {
        !route.is_from_given_template && find(&route.function).is_some()
    }
}

fn find(function: &str) -> Option<Handle> {
    let stem = function.strip_suffix("Function")?;
    let (_, handle) = FUNCTIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(stem))?;
    Some(*handle)
}
