//! The documented responses, and those that the suite has seen. Each is a line such as
//! `POST /v1/tokens 201 application/json`, with `-` in place of the content type if there is no content.

use super::Operation;
use crate::record::Record;
use crate::request::Response;
use std::collections::BTreeSet;

static SEEN: Record = Record::new("responses");

/// Returns every documented response.
pub fn documented() -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for operation in Operation::all() {
        for (status, response) in operation.responses() {
            let types = response["content"].as_object().into_iter().flatten();
            let types: Vec<_> = types.map(|(content_type, _)| content_type.as_str()).collect();
            let types = if types.is_empty() { vec!["-"] } else { types };
            lines.extend(types.into_iter().map(|one| line(&operation, status, one)));
        }
    }
    lines
}

/// Returns the responses that the test programs of this build have seen since the record was deleted.
pub fn seen() -> BTreeSet<String> {
    SEEN.lines()
}

/// Records a documented response.
pub(super) fn record(operation: &Operation, response: &Response) {
    let content_type = match response.header("content-type") {
        Some(content_type) if !response.text.is_empty() => content_type,
        _ => "-",
    };
    SEEN.add(&line(operation, response.status, content_type));
}

fn line(operation: &Operation, status: u16, content_type: &str) -> String {
    format!("{} {status} {content_type}", operation.route_key())
}
