//! The events that API Gateway asks its authorizer with.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use shared::domain::route::RouteRequest;
use std::collections::HashMap;
use std::fmt;

/// A request of an HTTP API, payload 2.0
/// (<https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    /// `GET /orders/{proxy+}`, or `$default`.
    pub(crate) route_key: String,
    raw_path: String,
    #[serde(default)]
    headers: Headers,
    path_parameters: Option<HashMap<String, String>>,
    request_context: Context,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    #[serde(default)]
    request_id: String,
    http: Http,
}

#[derive(Debug, Deserialize)]
struct Http {
    method: String,
}

/// Headers as they came, one entry per member, whatever their case: a second member of the same name is seen and not
/// silently dropped.
#[derive(Debug, Default)]
pub(crate) struct Headers(Vec<(String, Value)>);

impl Event {
    /// The gateway's id of the request.
    pub(crate) fn request_id(&self) -> &str {
        &self.request_context.request_id
    }

    /// Every value of a header, which is given in lower case.
    pub(crate) fn header(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.headers
            .0
            .iter()
            .filter(move |(one, _)| one.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The values of the route's placeholders, as HTTP APIs deliver them: decoded.
    pub(crate) fn parameters(&self) -> Vec<(&str, &str)> {
        let parameters = self.path_parameters.iter().flatten();
        parameters
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// What is requested.
    pub(crate) fn route_request<'a>(
        &'a self,
        parameters: &'a [(&'a str, &'a str)],
    ) -> RouteRequest<'a> {
        RouteRequest {
            method: &self.request_context.http.method,
            // `$default` has neither method nor path.
            route: self.route_key.split_once(' ').map(|(_, path)| path),
            parameters,
            raw_path: &self.raw_path,
        }
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadersVisitor)
    }
}

struct HeadersVisitor;

impl<'de> Visitor<'de> for HeadersVisitor {
    type Value = Headers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("headers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Headers, A::Error> {
        let mut headers = Vec::new();
        while let Some(header) = access.next_entry()? {
            headers.push(header);
        }
        Ok(Headers(headers))
    }
}
