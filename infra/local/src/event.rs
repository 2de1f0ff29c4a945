//! The events that API Gateway sends to the authorizer and to a function, in payload format 2.0.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use aws_lambda_events::apigw::{
    ApiGatewayRequestAuthorizer, ApiGatewayV2CustomAuthorizerV2Request, ApiGatewayV2httpRequest,
    ApiGatewayV2httpRequestContext, ApiGatewayV2httpRequestContextHttpDescription,
};
use axum::extract::ConnectInfo;
use axum::http::header::{COOKIE, HOST, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};
use shared::domain::path::decode;
use shared::domain::time::Timestamp;
use std::collections::HashMap;
use std::net::SocketAddr;

/// A request that matched a route, with everything that its events contain.
pub(crate) struct MatchedRequest {
    /// The key of the route, such as `GET /v1/tokens/{id}`.
    pub(crate) route_key: String,
    parameters: HashMap<String, String>,
    raw_path: String,
    raw_query: String,
    headers: HeaderMap,
    cookies: Vec<String>,
    context: ApiGatewayV2httpRequestContext,
}

impl MatchedRequest {
    /// Creates the request in `parts`, which matched a route. `values` are those of its placeholders, percent-encoded.
    ///
    /// Returns `None` if the decoded path is not UTF-8, to which API Gateway responds 400.
    pub(crate) fn new(
        parts: &Parts,
        route_key: String,
        values: &[(&str, &str)],
        request_id: String,
        now: Timestamp,
    ) -> Option<Self> {
        let decoded = values.iter().map(|(name, value)| Some(((*name).to_owned(), decode(value)?)));
        let host =
            parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        let raw_path = decode(parts.uri.path())?;
        let mut http = ApiGatewayV2httpRequestContextHttpDescription::default();
        http.method = parts.method.clone();
        http.path = Some(raw_path.clone());
        http.protocol = Some(format!("{:?}", parts.version));
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        http.source_ip = peer.map(|ConnectInfo(peer)| peer.ip().to_string());
        http.user_agent =
            parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned);
        let mut context = ApiGatewayV2httpRequestContext::default();
        context.route_key = Some(route_key.clone());
        context.account_id = Some("000000000000".to_owned());
        context.stage = Some("$default".to_owned());
        context.request_id = Some(request_id);
        context.apiid = Some("local".to_owned());
        context.domain_name = Some(host.to_owned());
        context.domain_prefix = Some("local".to_owned());
        context.time = Some(now.to_string());
        context.time_epoch = now.seconds() * 1000;
        context.http = http;
        Some(Self {
            route_key,
            parameters: decoded.collect::<Option<_>>()?,
            raw_path,
            raw_query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: with_joined_values(&parts.headers),
            cookies: cookies(&parts.headers),
            context,
        })
    }

    /// Returns the authorizer's event. `identity` is the value of its identity source.
    pub(crate) fn authorizer_event(&self, identity: &str) -> serde_json::Result<Value> {
        let mut event = ApiGatewayV2CustomAuthorizerV2Request::default();
        event.version = Some("2.0".to_owned());
        event.type_ = Some("REQUEST".to_owned());
        event.route_arn = Some(format!(
            "arn:aws:execute-api:local:000000000000:local/$default/{}{}",
            self.context.http.method, self.raw_path
        ));
        event.identity_source = Some(vec![identity.to_owned()]);
        event.route_key = Some(self.route_key.clone());
        event.raw_path = Some(self.raw_path.clone());
        event.raw_query_string = Some(self.raw_query.clone());
        event.cookies.clone_from(&self.cookies);
        event.headers.clone_from(&self.headers);
        event.path_parameters.clone_from(&self.parameters);
        event.request_context = self.context.clone();
        serde_json::to_value(event)
    }

    /// Returns the function's event, with the context that the authorizer returned.
    pub(crate) fn function_event(
        self,
        body: &[u8],
        context: Option<Map<String, Value>>,
    ) -> serde_json::Result<Value> {
        let mut event = ApiGatewayV2httpRequest::default();
        event.version = Some("2.0".to_owned());
        event.route_key = Some(self.route_key);
        event.raw_path = Some(self.raw_path);
        event.query_string_parameters = self.raw_query.parse().unwrap_or_default();
        event.raw_query_string = Some(self.raw_query);
        event.cookies = (!self.cookies.is_empty()).then_some(self.cookies);
        event.headers = self.headers;
        event.path_parameters = self.parameters;
        event.request_context = self.context;
        event.request_context.authorizer = context.map(|fields| {
            let mut authorizer = ApiGatewayRequestAuthorizer::default();
            authorizer.fields = fields.into_iter().collect();
            authorizer
        });
        match std::str::from_utf8(body) {
            Ok("") => {}
            Ok(text) => event.body = Some(text.to_owned()),
            Err(_) => {
                event.body = Some(BASE64_STANDARD.encode(body));
                event.is_base64_encoded = true;
            }
        }
        serde_json::to_value(event)
    }
}

/// Returns the headers with the values of each name joined by commas, without cookies, which the payload lists separately.
fn with_joined_values(headers: &HeaderMap) -> HeaderMap {
    let joined = |name: &HeaderName| {
        let values: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        HeaderValue::from_bytes(&values.join(&b','))
    };
    headers
        .keys()
        .filter(|name| *name != COOKIE)
        .filter_map(|name| Some((name.clone(), joined(name).ok()?)))
        .collect()
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split("; ")).map(str::to_owned).collect()
}
