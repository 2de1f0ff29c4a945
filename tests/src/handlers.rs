//! The handlers in this process. Each event is a recorded one that is changed to match the request.

use crate::openapi;
use crate::privilege;
use crate::request::{Request, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lambda_http::Body;
use local::functions::Functions;
use local::template::{Template, TemplateRoute};
use serde_json::{Map, Value, json};
use shared::domain::path::match_path;
use shared::runtime::AuthorizerError;
use shared::service::TokenService;
use std::sync::LazyLock;

const REQUEST: &str = include_str!("../fixtures/events/request.json");
const AUTHORIZER: &str = include_str!("../fixtures/events/authorizer-2.0.json");

/// Returns the template, with its routes in the order in which they are matched. It is parsed only once.
pub fn template() -> &'static Template {
    static PARSED: LazyLock<Template> = LazyLock::new(|| {
        let mut template = Template::built_in().unwrap();
        template.routes.sort_by_key(TemplateRoute::precedence);
        template
    });
    &PARSED
}

/// The functions, with the routes of the template.
pub struct Handlers {
    template: &'static Template,
    functions: Functions,
}

/// The route of a request and the values of its placeholders.
struct Match {
    route: &'static TemplateRoute,
    parameters: Map<String, Value>,
}

impl Handlers {
    /// Creates the handlers of a service. The service is leaked, as it is in a function.
    pub fn new(service: TokenService) -> Self {
        let functions = Functions::new(Box::leak(Box::new(service)), "authorization");
        Self { template: template(), functions }
    }

    /// Asks the authorizer and then calls the function, as API Gateway does.
    pub async fn send(&self, request: &Request) -> Response {
        let Some(matched) = self.find(request) else {
            return gateway_error(404, "Not Found");
        };
        if !matched.route.authorized {
            return self.invoke(&matched.route.function, &matched.function_event(request)).await;
        }
        let mut headers = request.headers.iter();
        if !headers.any(|(name, value)| name == "authorization" && !value.is_empty()) {
            return gateway_error(401, "Unauthorized");
        }
        let Ok(response) = self.try_authorize(matched.authorizer_event(request)).await else {
            return gateway_error(500, "Internal Server Error");
        };
        if response["isAuthorized"] != json!(true) {
            return gateway_error(403, "Forbidden");
        }
        let context = json!({ "lambda": response["context"] });
        self.send_with_context(request, Some(context)).await
    }

    /// Calls the function as if the authorizer had found a super admin.
    pub async fn send_as_super_admin(&self, request: &Request) -> Response {
        self.send_with_context(request, Some(super_admin())).await
    }

    /// Calls the function as if the authorizer had accepted the secret with this generation of a token that is not a super admin.
    pub async fn send_as_holder(&self, request: &Request, id: &str, generation: u32) -> Response {
        self.send_with_context(request, Some(holder(id, generation))).await
    }

    /// Calls the function with this authorizer context in the event. Asserts that the response is documented.
    pub async fn send_with_context(&self, request: &Request, context: Option<Value>) -> Response {
        let (function, event) = self.event(request, context);
        let response = self.invoke(function, &event).await;
        openapi::assert_documented(request, &response);
        response
    }

    /// Returns the logical id of the function that a request is for, and the event with this authorizer context.
    pub fn event(&self, request: &Request, context: Option<Value>) -> (&'static str, Value) {
        let matched = self.find(request).unwrap();
        let mut event = matched.function_event(request);
        if let Some(context) = context {
            event["requestContext"]["authorizer"] = context;
        }
        (&matched.route.function, event)
    }

    /// Returns whether the authorizer allows a request.
    pub async fn allows(&self, request: &Request) -> bool {
        let event = self.find(request).unwrap().authorizer_event(request);
        self.try_authorize(event).await.is_ok_and(|response| response["isAuthorized"] == true)
    }

    /// Returns the authorizer's response to an event.
    pub async fn authorize(&self, event: Value) -> Value {
        self.try_authorize(event).await.unwrap()
    }

    /// Returns the authorizer's response to an event, or the error that it fails with.
    pub async fn try_authorize(&self, event: Value) -> Result<Value, AuthorizerError> {
        privilege::acting("AuthorizerFunction", self.functions.authorize(event)).await
    }

    /// Returns the response to an event of the function with this logical id.
    pub async fn invoke(&self, function: &str, event: &Value) -> Response {
        privilege::acting(function, self.handle(function, event)).await
    }

    async fn handle(&self, function: &str, event: &Value) -> Response {
        let event = shared::runtime::request(event.clone()).unwrap();
        let response = self.functions.invoke(function, event).await;
        let response = response.unwrap_or_else(|| panic!("{function} is not in local::functions"));
        let headers = response.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let text = match response.body() {
            Body::Empty => String::new(),
            Body::Text(text) => text.clone(),
            // Lambda sends binary bodies in Base64.
            Body::Binary(bytes) => BASE64_STANDARD.encode(bytes),
            other => panic!("{other:?}"),
        };
        Response { status: response.status().as_u16(), headers: headers.collect(), text }
    }

    /// Returns the key of the route that a request matches, such as `GET /v1/tokens/{id}`.
    pub fn route_key(&self, request: &Request) -> Option<String> {
        self.find(request).map(|matched| matched.key())
    }

    fn find(&self, request: &Request) -> Option<Match> {
        let path = request.target.split('?').next().unwrap();
        let routes = self.template.routes.iter();
        let mut routes =
            routes.filter(|route| route.method == "ANY" || route.method == request.method);
        routes.find_map(|route| {
            let values = match_path(&route.path, path)?.into_iter();
            let parameters = values.map(|(name, value)| (name.to_owned(), json!(value))).collect();
            Some(Match { route, parameters })
        })
    }
}

impl Match {
    fn key(&self) -> String {
        format!("{} {}", self.route.method, self.route.path)
    }

    fn function_event(&self, request: &Request) -> Value {
        function_event(request, &self.key(), &self.parameters)
    }

    fn authorizer_event(&self, request: &Request) -> Value {
        authorizer_event(request, &self.key(), &self.parameters)
    }
}

/// Returns the authorizer context of a super admin.
pub fn super_admin() -> Value {
    json!({ "lambda": { "superAdmin": true, "tokenId": "0aZ0aZ0aZ0aZ0aZ0", "tokenName": "admin" } })
}

/// Returns the authorizer context of the secret with this generation of a token that is not a super admin.
pub fn holder(id: &str, generation: u32) -> Value {
    json!({ "lambda": { "superAdmin": false, "tokenId": id, "tokenName": "holder", "generation": generation } })
}

/// Returns the authorizer's event for a request.
pub fn authorizer_event(
    request: &Request,
    route_key: &str,
    parameters: &Map<String, Value>,
) -> Value {
    event(AUTHORIZER, request, route_key, parameters)
}

/// Returns a function's event for a request, without an authorizer context.
pub fn function_event(
    request: &Request,
    route_key: &str,
    parameters: &Map<String, Value>,
) -> Value {
    let mut event = event(REQUEST, request, route_key, parameters);
    if !request.body.is_empty() {
        match std::str::from_utf8(&request.body) {
            Ok(text) => event["body"] = json!(text),
            Err(_) => {
                event["body"] = json!(BASE64_STANDARD.encode(&request.body));
                event["isBase64Encoded"] = json!(true);
            }
        }
    }
    event
}

fn event(
    fixture: &str,
    request: &Request,
    route_key: &str,
    parameters: &Map<String, Value>,
) -> Value {
    let mut event: Value = serde_json::from_str(fixture).unwrap();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    event["routeKey"] = json!(route_key);
    event["rawPath"] = json!(path);
    event["rawQueryString"] = json!(query);
    if !parameters.is_empty() {
        event["pathParameters"] = json!(parameters);
    }
    let headers = event["headers"].as_object_mut().unwrap();
    headers.remove("authorization");
    for (name, value) in &request.headers {
        headers.insert(name.clone(), json!(value));
    }
    let context = &mut event["requestContext"];
    context["routeKey"] = json!(route_key);
    context["http"]["method"] = json!(request.method);
    context["http"]["path"] = json!(path);
    event
}

fn gateway_error(status: u16, message: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status, headers, text: json!({ "message": message }).to_string() }
}
