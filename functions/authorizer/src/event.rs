//! The events that API Gateway sends to its authorizer, and how they are recognized:
//!
//! | from | recognized by | response |
//! |---|---|---|
//! | HTTP API, payload 2.0 | `"version": "2.0"` | a simple response |
//! | HTTP API, payload 1.0 | `"type": "REQUEST"`, `"version": "1.0"` | a policy |
//! | REST API, `REQUEST` | `"type": "REQUEST"`, no version | a policy |
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html>

use crate::headers::Headers;
use serde::Deserialize;
use serde_json::Value;
use shared::domain::path::decode;
use shared::domain::route::RouteRequest;
use std::collections::HashMap;

/// The parts of an event that the authorizer uses.
#[derive(Debug)]
pub(crate) struct Event {
    /// The shape of the response.
    pub(crate) shape: Shape,
    /// API Gateway's id of the request.
    pub(crate) request_id: String,
    /// Every value of the token header.
    pub(crate) credentials: Vec<Value>,
    /// The address of the client, as API Gateway saw it.
    pub(crate) source_ip: Option<String>,
    /// The request. `None` if its path is not UTF-8, if a REST API received an encoded slash or backslash, or if a policy for
    /// it would apply to other requests too.
    pub(crate) request: Option<RouteRequest>,
}

/// The shape of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{ "isAuthorized": … }`.
    Simple,
    /// An IAM policy for this ARN.
    Policy(String),
}

impl Event {
    /// Parses an event of one of the kinds above. `header` is the name of the token header in lowercase.
    ///
    /// Returns `None` for an event of another kind. No error is returned, because its text could quote the credential.
    pub(crate) fn parse(event: Value, header: &str) -> Option<Self> {
        let string = |name: &str| event.get(name).and_then(Value::as_str);
        match (string("type"), string("version")) {
            (_, Some("2.0")) => {
                Payload2::deserialize(event).ok().map(|event| event.into_event(header))
            }
            (Some("REQUEST"), version @ (None | Some("1.0"))) => {
                // REST APIs deliver path parameters as they were sent, HTTP APIs decoded.
                let is_decoded = version.is_some();
                Payload1::deserialize(event)
                    .ok()
                    .and_then(|event| event.into_event(header, is_decoded))
            }
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload2 {
    route_key: String,
    raw_path: String,
    #[serde(default)]
    headers: Headers,
    path_parameters: Option<HashMap<String, String>>,
    request_context: Context2,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context2 {
    #[serde(default)]
    request_id: String,
    http: Http,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    method: String,
    source_ip: Option<String>,
}

impl Payload2 {
    fn into_event(self, header: &str) -> Event {
        let request = RouteRequest {
            method: self.request_context.http.method,
            // The route `$default` has neither a method nor a path.
            route: self.route_key.split_once(' ').map(|(_, path)| path.to_owned()),
            parameters: self.path_parameters.unwrap_or_default().into_iter().collect(),
            raw_path: self.raw_path,
        };
        Event {
            shape: Shape::Simple,
            request_id: self.request_context.request_id,
            source_ip: self.request_context.http.source_ip,
            credentials: self.headers.into_values(header),
            request: Some(request),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload1 {
    method_arn: String,
    resource: String,
    path: String,
    http_method: String,
    headers: Option<Headers>,
    multi_value_headers: Option<Headers>,
    path_parameters: Option<HashMap<String, String>>,
    request_context: Context1,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context1 {
    #[serde(default)]
    request_id: String,
    #[serde(default)]
    identity: Identity,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    source_ip: Option<String>,
}

impl Payload1 {
    fn into_event(self, header: &str, is_decoded: bool) -> Option<Event> {
        let (method, path) = parse_arn(&self.method_arn)?;
        // A policy applies to every request that its ARN matches, so the ARN must match this request only.
        let is_safe = method == self.http_method && is_literal(path) && is_literal(&self.path);
        let decoded = |text: String| if is_decoded { Some(text) } else { decode_segments(&text) };
        let parameters = self.path_parameters.unwrap_or_default().into_iter();
        let parameters = parameters
            .map(|(name, value)| Some((name, decoded(value)?)))
            .collect::<Option<Vec<_>>>();
        let request =
            parameters.zip(decoded(self.path)).map(|(parameters, raw_path)| RouteRequest {
                method: self.http_method,
                route: Some(self.resource),
                parameters,
                raw_path,
            });
        Some(Event {
            shape: Shape::Policy(self.method_arn),
            request_id: self.request_context.request_id,
            source_ip: self.request_context.identity.source_ip,
            credentials: credentials(self.headers, self.multi_value_headers, header),
            request: request.filter(|_| is_safe),
        })
    }
}

/// Returns the values of the token header. If a header has several values, `headers` contains only the last one, and
/// `multiValueHeaders` contains all. If both are present and differ, returns the values of both and a null.
fn credentials(single: Option<Headers>, multiple: Option<Headers>, header: &str) -> Vec<Value> {
    let mut values = single.unwrap_or_default().into_values(header);
    let Some(multiple) = multiple else {
        return values;
    };
    let listed = multiple.into_values(header).into_iter().flat_map(|value| match value {
        Value::Array(values) => values,
        value => vec![value],
    });
    let listed: Vec<_> = listed.collect();
    if listed != values {
        // An event with several values is denied. The null makes them several even if only one of the two has a value.
        values.extend(listed);
        values.push(Value::Null);
    }
    values
}

/// Decodes a path or a part of it exactly once. Returns `None` if the result is not UTF-8, or if the text contains an encoded
/// slash or backslash, which would separate segments.
fn decode_segments(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let has_separator = lower.contains("%2f") || lower.contains("%5c");
    (!has_separator).then(|| decode(text)).flatten()
}

/// Returns the method and the path of `arn:aws:execute-api:region:account:api/stage/METHOD/path…`. The path has no leading
/// slash.
///
/// Returns `None` for another ARN, or if the part before the path contains a wildcard or a variable.
fn parse_arn(arn: &str) -> Option<(&str, &str)> {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let ["arn", _, "execute-api", _, _, resource] = parts[..] else {
        return None;
    };
    let mut parts = resource.splitn(4, '/').skip(2);
    let (method, path) = (parts.next()?, parts.next().unwrap_or_default());
    let head = arn.strip_suffix(path)?;
    // The stage of an HTTP API may be `$default`, which is not a variable.
    (!head.contains(['*', '?']) && !head.contains("${")).then_some((method, path))
}

/// Returns whether a policy with this path applies to no other path. In policies, `*` and `?` are wildcards, and `${…}` is
/// a variable.
fn is_literal(path: &str) -> bool {
    !path.contains(['*', '?', '$'])
}
