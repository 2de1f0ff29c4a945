//! What API Gateway does: it finds the route, reads the body, asks the authorizer, calls the function, and responds to errors.

use crate::cors::{Cors, is_preflight};
use crate::event::MatchedRequest;
use crate::functions::Functions;
use crate::host::is_local;
use crate::lambda::{InvokeError, LambdaEndpoint};
use crate::payload;
use crate::random_hex;
use crate::template::TemplateRoute;
use axum::Router;
use axum::body::{Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use lambda_http::Body;
use serde_json::{Map, Value};
use shared::domain::path::match_path;
use shared::runtime::AuthorizerError;
use shared::runtime::telemetry::with_request_id;
use std::error::Error;
use std::sync::Arc;

/// The maximum size of a body that API Gateway accepts.
const MAX_BODY: usize = 10 * 1024 * 1024;

/// The gateway: the routes and the functions that handle their requests.
pub(crate) struct Gateway {
    routes: Vec<TemplateRoute>,
    functions: Functions,
    cors: Option<Cors>,
    lambda: Option<LambdaEndpoint>,
}

/// An error of the gateway itself: the status and the message in the body. They are API Gateway's, except 421 and 501.
type GatewayError = (StatusCode, &'static str);

const BAD_REQUEST: GatewayError = (StatusCode::BAD_REQUEST, "Bad Request");
const UNAUTHORIZED: GatewayError = (StatusCode::UNAUTHORIZED, "Unauthorized");
const FORBIDDEN: GatewayError = (StatusCode::FORBIDDEN, "Forbidden");
const NOT_FOUND: GatewayError = (StatusCode::NOT_FOUND, "Not Found");
const MISDIRECTED: GatewayError = (StatusCode::MISDIRECTED_REQUEST, "Misdirected Request");
const TOO_LARGE: GatewayError = (StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
const NOT_IMPLEMENTED: GatewayError = (StatusCode::NOT_IMPLEMENTED, "Not Implemented");
const FAILED: GatewayError = (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
const UNAVAILABLE: GatewayError = (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");

impl Gateway {
    /// Creates a gateway for these routes.
    pub(crate) fn new(mut routes: Vec<TemplateRoute>, functions: Functions) -> Self {
        routes.sort_by_key(TemplateRoute::precedence);
        Self { routes, functions, cors: None, lambda: None }
    }

    /// Lets pages of other origins call the API.
    pub(crate) fn allow_origins(&mut self, cors: Cors) {
        self.cors = Some(cors);
    }

    /// Sets the endpoint at which a user's own functions are invoked.
    pub(crate) fn invoke_own_functions_at(&mut self, endpoint: LambdaEndpoint) {
        self.lambda = Some(endpoint);
    }

    /// Returns a router that passes every request to the gateway.
    pub(crate) fn into_router(self) -> Router {
        Router::new().fallback(serve).with_state(Arc::new(self))
    }

    fn route<'a>(
        &'a self,
        method: &Method,
        path: &'a str,
    ) -> Option<(&'a TemplateRoute, Vec<(&'a str, &'a str)>)> {
        let has_method = |route: &&TemplateRoute| {
            (route.method == "ANY" || route.method == method.as_str())
                && (self.cors.is_some() || !route.is_for_preflights())
        };
        self.routes
            .iter()
            .filter(has_method)
            .find_map(|route| Some((route, match_path(&route.path, path)?)))
    }

    async fn handle(
        &self,
        parts: &Parts,
        body: axum::body::Body,
    ) -> Result<Response, GatewayError> {
        if !is_local(&parts.headers) {
            return Err(MISDIRECTED);
        }
        let Some((route, values)) = self.route(&parts.method, parts.uri.path()) else {
            // API Gateway itself responds to a preflight request, if origins are allowed and no route matches.
            let is_allowed = self.cors.is_some() && is_preflight(parts);
            let response = is_allowed.then(|| StatusCode::NO_CONTENT.into_response());
            return response.ok_or(NOT_FOUND);
        };
        let key = format!("{} {}", route.method, route.path);
        let id = random_hex().map_err(|_| FAILED)?;
        let now = self.functions.service.now();
        let matched =
            MatchedRequest::new(parts, key, &values, id.clone(), now).ok_or(BAD_REQUEST)?;
        with_request_id(id, self.forward(route, parts, matched, body)).await
    }

    /// Reads the body, asks the authorizer, if the route has one, and then calls the function.
    async fn forward(
        &self,
        route: &TemplateRoute,
        parts: &Parts,
        matched: MatchedRequest,
        body: axum::body::Body,
    ) -> Result<Response, GatewayError> {
        // The body is read first, because a slow client could otherwise delay it until the decision is out of date. A body that
        // is announced as too large is not read before the decision: the function is not called in any case, and an unauthorized
        // client gets its response without sending the body.
        let is_acceptable = body.size_hint().lower() <= MAX_BODY as u64;
        let body = if is_acceptable { read(body).await?.into() } else { body };
        let context =
            if route.authorized { Some(self.authorize(parts, &matched).await?) } else { None };
        let body = read(body).await?;
        let event = matched.function_event(&body, context).map_err(|_| BAD_REQUEST)?;
        if !Functions::contain(route) {
            return self.invoke_own(route, &event).await;
        }
        let event = shared::runtime::request(event).map_err(|_| FAILED)?;
        let response = self.functions.invoke(&route.function, event).await;
        let response = response.ok_or(NOT_IMPLEMENTED)?;
        Ok(response.map(|body| match body {
            Body::Text(text) => text.into(),
            Body::Binary(bytes) => bytes.into(),
            _ => axum::body::Body::empty(),
        }))
    }

    /// Invokes a user's own function. Without an endpoint the response is 501, so only the route's authorizer can be tested.
    async fn invoke_own(
        &self,
        route: &TemplateRoute,
        event: &Value,
    ) -> Result<Response, GatewayError> {
        let lambda = self.lambda.as_ref().ok_or(NOT_IMPLEMENTED)?;
        let response = lambda.invoke(route, event).await;
        response.and_then(|response| payload::into_response(&response)).map_err(|error| {
            tracing::error!(
                function = route.function,
                cause = error.to_string(),
                "function failed"
            );
            match error {
                InvokeError::Unavailable(_) | InvokeError::TimedOut => UNAVAILABLE,
                _ => FAILED,
            }
        })
    }

    /// Returns the authorizer's context. As in API Gateway, the authorizer is not invoked if the request lacks its identity
    /// source, which is the token header.
    async fn authorize(
        &self,
        parts: &Parts,
        matched: &MatchedRequest,
    ) -> Result<Map<String, Value>, GatewayError> {
        let identity = parts
            .headers
            .get(&self.functions.authorizer.token_header)
            .filter(|value| !value.is_empty());
        let identity = identity.ok_or(UNAUTHORIZED)?.to_str().unwrap_or_default();
        let event = matched.authorizer_event(identity).map_err(|_| BAD_REQUEST)?;
        let mut response = self.functions.authorize(event).await.map_err(|error| match error {
            AuthorizerError::Unauthorized => UNAUTHORIZED,
            AuthorizerError::NoDecision => FAILED,
        })?;
        if response.get("isAuthorized") != Some(&Value::Bool(true)) {
            return Err(FORBIDDEN);
        }
        match response.get_mut("context").map(Value::take) {
            Some(Value::Object(context)) => Ok(context),
            _ => Ok(Map::new()),
        }
    }
}

async fn read(body: axum::body::Body) -> Result<Bytes, GatewayError> {
    to_bytes(body, MAX_BODY).await.map_err(body_error)
}

/// Returns the gateway's error for a body that could not be read: it is too large, or the connection was closed.
fn body_error(error: axum::Error) -> GatewayError {
    match error.source() {
        Some(cause) if cause.is::<LengthLimitError>() => TOO_LARGE,
        _ => BAD_REQUEST,
    }
}

async fn serve(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut response = gateway.handle(&parts, body).await.unwrap_or_else(|(status, message)| {
        let mut response = (status, format!(r#"{{"message":"{message}"}}"#)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    });
    if let Some(cors) = &gateway.cors {
        cors.set_headers(&parts, response.headers_mut());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{Database, Storage};
    use shared::runtime::{RULES, VOCABULARY};
    use shared::runtime::{SystemClock, SystemEntropy};
    use shared::service::{Policy, TokenService};
    use shared::store::Table;

    #[tokio::test]
    async fn a_route_to_a_users_function_runs_only_its_authorizer() {
        let database = Database::open(&Storage::Memory).await.unwrap();
        let table = Table::new(database.client(), "none", &VOCABULARY);
        let policy = Policy::new(&VOCABULARY, RULES);
        let service =
            TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), policy);
        let route = |path: &str, authorized| TemplateRoute {
            method: "GET".to_owned(),
            path: path.to_owned(),
            function: "InvoicesFunction".to_owned(),
            program: None,
            is_from_given_template: false,
            authorized,
        };
        let routes = vec![route("/open", false), route("/closed", true)];
        let functions = Functions::new(Box::leak(Box::new(service)), "authorization");
        let gateway = Gateway::new(routes, functions);
        for (path, error) in [("/open", NOT_IMPLEMENTED), ("/closed", UNAUTHORIZED)] {
            let request = Request::get(path).header("host", "localhost");
            let request = request.body(axum::body::Body::empty()).unwrap();
            let (parts, body) = request.into_parts();
            assert_eq!(gateway.handle(&parts, body).await.unwrap_err(), error, "{path}");
        }
    }
}
