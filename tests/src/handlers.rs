//! The handlers in this process, behind events made from real ones.

use crate::privilege;
use crate::request::{Request, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lambda_http::Body;
use local::TEMPLATE;
use local::functions::Functions;
use local::template::{Template, TemplateRoute};
use serde_json::{Map, Value, json};
use shared::domain::path::match_path;
use shared::runtime::Unauthorized;
use shared::service::TokenService;
use std::sync::LazyLock;

const REQUEST: &str = include_str!("../fixtures/events/request.json");
const AUTHORIZER: &str = include_str!("../fixtures/events/authorizer-2.0.json");

/// The template. Reading it takes a while, so that it is done once.
pub fn template() -> &'static Template {
    static READ: LazyLock<Template> = LazyLock::new(|| Template::parse(TEMPLATE).unwrap());
    &READ
}

/// The functions as the template wires them.
pub struct Handlers {
    template: &'static Template,
    functions: Functions,
}

impl Handlers {
    /// The handlers over a service; it is leaked, as in a function.
    pub fn new(service: TokenService) -> Self {
        let functions = Functions::new(Box::leak(Box::new(service)), "authorization");
        Self { template: template(), functions }
    }

    /// Asks the authorizer, then calls the function, as API Gateway does.
    pub async fn send(&self, call: &Request) -> Response {
        let Some((route, parameters)) = self.route(call) else {
            return own(404, "Not Found");
        };
        let route_key = format!("{} {}", route.method, route.path);
        let mut event_of_function = function_event(call, &route_key, &parameters);
        if route.authorized {
            let mut headers = call.headers.iter();
            if !headers.any(|(name, value)| name == "authorization" && !value.is_empty()) {
                return own(401, "Unauthorized");
            }
            let event = authorizer_event(call, &route_key, &parameters);
            let verdict = self.authorize(event).await;
            if verdict["isAuthorized"] != json!(true) {
                return own(403, "Forbidden");
            }
            event_of_function["requestContext"]["authorizer"] =
                json!({ "lambda": verdict["context"] });
        }
        self.invoke(&route.function, &event_of_function).await
    }

    /// The authorizer's answer to an event.
    pub async fn authorize(&self, event: Value) -> Value {
        self.try_authorize(event).await.unwrap()
    }

    /// The authorizer's answer to an event, or its failure where it has to fail for the gateway's 401.
    pub async fn try_authorize(&self, event: Value) -> Result<Value, Unauthorized> {
        privilege::acting("AuthorizerFunction", self.functions.authorize(event)).await
    }

    /// The answer of a function to an event, by its logical id in the template.
    pub async fn invoke(&self, function: &str, event: &Value) -> Response {
        privilege::acting(function, self.act(function, event)).await
    }

    async fn act(&self, function: &str, event: &Value) -> Response {
        let event = lambda_http::request::from_str(&event.to_string()).unwrap();
        let response = self.functions.invoke(function, event).await;
        let response = response.unwrap_or_else(|| panic!("{function} is not in local::functions"));
        let headers = response.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let text = match response.body() {
            Body::Empty => String::new(),
            Body::Text(text) => text.clone(),
            // As Lambda sends it.
            Body::Binary(bytes) => BASE64_STANDARD.encode(bytes),
            other => panic!("{other:?}"),
        };
        Response { status: response.status().as_u16(), headers: headers.collect(), text }
    }

    fn route(&self, call: &Request) -> Option<(&TemplateRoute, Map<String, Value>)> {
        let path = call.target.split('?').next().unwrap();
        let routes = self.template.routes.iter();
        let mut routes =
            routes.filter(|route| route.method == "ANY" || route.method == call.method);
        routes.find_map(|route| {
            let values = match_path(&route.path, path)?;
            let values =
                values.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
            Some((route, values))
        })
    }
}

/// The authorizer's event for a call.
pub fn authorizer_event(call: &Request, route_key: &str, parameters: &Map<String, Value>) -> Value {
    event(AUTHORIZER, call, route_key, parameters)
}

/// A function's event for a call, without a caller.
pub fn function_event(call: &Request, route_key: &str, parameters: &Map<String, Value>) -> Value {
    let mut event = event(REQUEST, call, route_key, parameters);
    if !call.body.is_empty() {
        match std::str::from_utf8(&call.body) {
            Ok(text) => event["body"] = json!(text),
            Err(_) => {
                event["body"] = json!(BASE64_STANDARD.encode(&call.body));
                event["isBase64Encoded"] = json!(true);
            }
        }
    }
    event
}

fn event(fixture: &str, call: &Request, route_key: &str, parameters: &Map<String, Value>) -> Value {
    let mut event: Value = serde_json::from_str(fixture).unwrap();
    let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
    event["routeKey"] = json!(route_key);
    event["rawPath"] = json!(path);
    event["rawQueryString"] = json!(query);
    if !parameters.is_empty() {
        event["pathParameters"] = json!(parameters);
    }
    let headers = event["headers"].as_object_mut().unwrap();
    headers.remove("authorization");
    for (name, value) in &call.headers {
        headers.insert(name.clone(), json!(value));
    }
    let context = &mut event["requestContext"];
    context["routeKey"] = json!(route_key);
    context["http"]["method"] = json!(call.method);
    context["http"]["path"] = json!(path);
    event
}

fn own(status: u16, message: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status, headers, text: format!(r#"{{"message":"{message}"}}"#) }
}
