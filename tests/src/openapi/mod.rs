//! The operations of `docs/openapi.yaml`, a check that responses are documented, and a record of those that tests have seen.

mod schema;
mod seen;

pub use schema::resolve;
pub use seen::{documented, seen};

use crate::request::{Request, Response};
use crate::stack;
use serde_json::Value;
use shared::domain::path::{match_path, specificity};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Returns the document, which is parsed only once.
pub fn document() -> &'static Value {
    static PARSED: LazyLock<Value> =
        LazyLock::new(|| stack::parse_yaml(include_str!("../../../docs/openapi.yaml")));
    &PARSED
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The HTTP method.
    pub method: String,
    /// The path, with placeholders.
    pub path: String,
    /// The parameters of the path and those of the operation.
    parameters: Vec<&'static Value>,
    operation: &'static Value,
}

impl Operation {
    /// Returns every operation.
    pub fn all() -> Vec<Self> {
        let paths = document()["paths"].as_object().unwrap().iter();
        paths.flat_map(|(path, item)| Self::of_path(path, item)).collect()
    }

    /// Returns the operation that a request is for.
    pub fn of(request: &Request) -> Option<&'static Self> {
        static ALL: LazyLock<Vec<Operation>> = LazyLock::new(Operation::all);
        let path = request.target.split('?').next().unwrap();
        let operations = ALL.iter().filter(|one| one.method == request.method);
        let matching = operations.filter(|one| match_path(&one.path, path).is_some());
        // As API Gateway does, choose the most specific path, which sorts first.
        matching.min_by_key(|one| specificity(&one.path))
    }

    fn of_path(path: &str, item: &'static Value) -> Vec<Self> {
        let members = item.as_object().unwrap().iter();
        let operations = members.filter(|(_, member)| member.get("operationId").is_some());
        let operations = operations.map(|(method, operation)| {
            let lists = [&item["parameters"], &operation["parameters"]];
            let parameters = lists.into_iter().filter_map(Value::as_array).flatten();
            Self {
                method: method.to_uppercase(),
                path: path.to_owned(),
                parameters: parameters.map(schema::resolve).collect(),
                operation,
            }
        });
        operations.collect()
    }

    /// Returns every operation that accepts a JSON body.
    pub fn with_json_body() -> Vec<Self> {
        let mut operations = Self::all();
        operations.retain(|one| one.content_types().contains(&"application/json"));
        operations
    }

    /// Returns the `operationId`.
    pub fn id(&self) -> &'static str {
        self.operation["operationId"].as_str().unwrap()
    }

    /// Returns the key of the route, such as `GET /v1/tokens/{id}`.
    pub fn route_key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns whether a request without a body is rejected.
    pub fn is_body_required(&self) -> bool {
        self.operation["requestBody"]["required"] == true
    }

    /// Returns the content types that are accepted.
    pub fn content_types(&self) -> Vec<&'static str> {
        let content = self.operation["requestBody"]["content"].as_object();
        content.into_iter().flat_map(|content| content.keys()).map(String::as_str).collect()
    }

    /// Returns the schema of a JSON body.
    pub fn body_schema(&self) -> Option<&'static Value> {
        self.operation.pointer("/requestBody/content/application~1json/schema").map(schema::resolve)
    }

    /// Returns whether the operation has a parameter in `path`, `query` or `header`.
    pub fn has_parameter_in(&self, place: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter["in"] == place)
    }

    /// Returns the documented statuses.
    pub fn statuses(&self) -> BTreeSet<u16> {
        self.responses().map(|(status, _)| status).collect()
    }

    /// Returns whether the operation requires no credential.
    pub fn is_open(&self) -> bool {
        self.operation["security"].as_array().is_some_and(Vec::is_empty)
    }

    /// Returns whether the operation uses the table, so that its function can respond that it is throttled.
    pub fn uses_table(&self) -> bool {
        let throttled = self.responses().find(|(status, _)| *status == 429);
        throttled.is_some_and(|(_, response)| {
            response["content"].get("application/problem+json").is_some()
        })
    }

    /// Returns each documented response with its status.
    pub fn responses(&self) -> impl Iterator<Item = (u16, &'static Value)> {
        let responses = self.operation["responses"].as_object().unwrap().iter();
        responses.map(|(status, response)| (status.parse().unwrap(), schema::resolve(response)))
    }

    /// Returns a request to this operation on a token, without a body.
    pub fn request(&self, id: &str) -> Request {
        Request::new(&self.method, self.path.replace("{id}", id))
    }

    /// Returns each way in which a response differs from the document.
    pub fn differences(&self, response: &Response) -> Vec<String> {
        let Some((_, documented)) = self.responses().find(|(one, _)| *one == response.status)
        else {
            return vec![format!("status {} is not documented", response.status)];
        };
        // A gateway may name a content type although there is no content.
        if documented.get("content").is_none() && response.text.is_empty() {
            return Vec::new();
        }
        let Some(content_type) = response.header("content-type") else {
            return vec!["the response has no content type".to_owned()];
        };
        let content = &documented["content"][content_type];
        let Some(schema) = content.get("schema") else {
            return vec![format!("content type {content_type} is not documented")];
        };
        schema::differences(schema, &response.json(), "")
    }
}

/// Asserts that a response is documented, and records it for [`seen()`]. Ignores a request that matches none of the document's
/// operations.
#[track_caller]
pub fn assert_documented(request: &Request, response: &Response) {
    let Some(operation) = Operation::of(request) else {
        return;
    };
    let differences = operation.differences(response);
    let route = operation.route_key();
    assert!(differences.is_empty(), "{route}, {}: {differences:#?}", response.text);
    seen::record(operation, response);
}
