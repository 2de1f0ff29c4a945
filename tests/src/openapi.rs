//! The operations that take a JSON body, from `docs/openapi.yaml`.

use crate::request::Request;
use crate::stack;
use serde_json::Value;

/// An operation that takes a JSON body.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The HTTP method.
    pub method: String,
    /// The path, with placeholders.
    pub path: String,
    /// Whether a request without a body is rejected.
    pub is_body_required: bool,
    /// The content types that are accepted.
    pub content_types: Vec<String>,
}

impl Operation {
    /// Returns every operation that takes a JSON body.
    pub fn with_json_body() -> Vec<Self> {
        let document = stack::parse_yaml(include_str!("../../docs/openapi.yaml"));
        let paths = document["paths"].as_object().unwrap().iter();
        let operations = paths.flat_map(|(path, operations)| {
            let operations = operations.as_object().unwrap().iter();
            operations.filter_map(|(method, operation)| Self::read(method, path, operation))
        });
        operations.collect()
    }

    fn read(method: &str, path: &str, operation: &Value) -> Option<Self> {
        let body = operation.get("requestBody")?;
        let content = body["content"].as_object().unwrap();
        content.contains_key("application/json").then(|| Self {
            method: method.to_uppercase(),
            path: path.to_owned(),
            is_body_required: body["required"].as_bool().unwrap(),
            content_types: content.keys().cloned().collect(),
        })
    }

    /// Returns a request to this operation on a token, without a body.
    pub fn request(&self, id: &str) -> Request {
        Request::new(&self.method, self.path.replace("{id}", id))
    }
}
