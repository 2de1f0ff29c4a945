//! The events that API Gateway asks its authorizer with, told apart by what they say of themselves:
//!
//! | from | says | answered with |
//! |---|---|---|
//! | HTTP API, payload 2.0 | `"version": "2.0"` | a simple response |
//! | HTTP API, payload 1.0 | `"version": "1.0"` | a policy |
//! | REST API, `REQUEST` | `"type": "REQUEST"`, no version | a policy |
//! | REST API, `TOKEN` | `"type": "TOKEN"` | a policy |
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html>

use crate::headers::Headers;
use serde::Deserialize;
use serde_json::Value;
use shared::domain::path::decode;
use shared::domain::route::RouteRequest;
use shared::domain::rule::RouteRule;
use std::collections::HashMap;

/// A question of API Gateway's, whatever its shape.
#[derive(Debug)]
pub(crate) struct Event {
    /// How it wants to be answered.
    pub(crate) shape: Shape,
    /// The gateway's id of the request.
    pub(crate) request_id: String,
    /// Every value of the header that holds the credential.
    pub(crate) credentials: Vec<Value>,
    /// What is requested; `None` if its path can be read in no way, or would be a pattern in a policy.
    pub(crate) request: Option<RouteRequest>,
}

/// The shape of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{ "isAuthorized": … }`.
    Simple,
    /// An IAM policy on this ARN.
    Policy(String),
}

impl Event {
    /// Reads an event; `header`, in lower case, is the one with the credential. `None` for anything but an authorizer's
    /// event.
    ///
    /// What is wrong with it is not told: it could quote the credential.
    pub(crate) fn read(event: Value, header: &str, rules: &[RouteRule]) -> Option<Self> {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        match (text("type"), text("version")) {
            (_, Some("2.0")) => {
                Payload2::deserialize(event).ok().map(|event| event.into_event(header))
            }
            (Some("TOKEN"), _) => {
                TokenEvent::deserialize(event).ok().and_then(|event| event.into_event(rules))
            }
            (Some("REQUEST"), version @ (None | Some("1.0"))) => {
                // REST APIs deliver path parameters as they were sent, HTTP APIs decoded.
                let decoded = version.is_some();
                Payload1::deserialize(event)
                    .ok()
                    .and_then(|event| event.into_event(header, decoded))
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
struct Http {
    method: String,
}

impl Payload2 {
    fn into_event(self, header: &str) -> Event {
        let request = RouteRequest {
            method: self.request_context.http.method,
            // `$default` has neither method nor path.
            route: self.route_key.split_once(' ').map(|(_, path)| path.to_owned()),
            parameters: self.path_parameters.unwrap_or_default().into_iter().collect(),
            raw_path: self.raw_path,
        };
        Event {
            shape: Shape::Simple,
            request_id: self.request_context.request_id,
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
    path_parameters: Option<HashMap<String, String>>,
    request_context: Context1,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context1 {
    #[serde(default)]
    request_id: String,
}

impl Payload1 {
    fn into_event(self, header: &str, decoded: bool) -> Option<Event> {
        let (method, path) = requested(&self.method_arn)?;
        // A policy allows what its ARN says, so the ARN must be of the request that was judged.
        let sound = method == self.http_method && is_no_pattern(path) && is_no_pattern(&self.path);
        let plain = |text: String| if decoded { Some(text) } else { decode(&text) };
        let parameters = self.path_parameters.unwrap_or_default().into_iter();
        let parameters =
            parameters.map(|(name, value)| Some((name, plain(value)?))).collect::<Option<Vec<_>>>();
        let request = parameters.zip(plain(self.path)).map(|(parameters, raw_path)| RouteRequest {
            method: self.http_method,
            route: Some(self.resource),
            parameters,
            raw_path,
        });
        Some(Event {
            shape: Shape::Policy(self.method_arn),
            request_id: self.request_context.request_id,
            credentials: self.headers.unwrap_or_default().into_values(header),
            request: request.filter(|_| sound),
        })
    }
}

/// It has no headers, route or path parameters: the ARN is all there is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenEvent {
    method_arn: String,
    authorization_token: Option<Value>,
}

impl TokenEvent {
    fn into_event(self, rules: &[RouteRule]) -> Option<Event> {
        let (method, path) = requested(&self.method_arn)?;
        let request = is_no_pattern(path)
            .then(|| RouteRequest::parse(method, &format!("/{path}"), rules))
            .flatten();
        Some(Event {
            request,
            shape: Shape::Policy(self.method_arn),
            request_id: String::new(),
            credentials: self.authorization_token.into_iter().collect(),
        })
    }
}

/// Method and path, without its first slash, of `arn:aws:execute-api:region:account:api/stage/METHOD/path…`.
///
/// `None` for what is no such ARN, or would be a pattern anywhere before its path.
fn requested(arn: &str) -> Option<(&str, &str)> {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let ["arn", _, "execute-api", _, _, resource] = parts[..] else {
        return None;
    };
    let mut parts = resource.splitn(4, '/').skip(2);
    let (method, path) = (parts.next()?, parts.next().unwrap_or_default());
    let head = arn.strip_suffix(path)?;
    // The stage of an HTTP API may be `$default`, which is no variable.
    (!head.contains(['*', '?']) && !head.contains("${")).then_some((method, path))
}

/// Whether a path stands for itself in a policy, where `*` and `?` are wildcards and `${…}` a variable.
fn is_no_pattern(path: &str) -> bool {
    !path.contains(['*', '?', '$'])
}
