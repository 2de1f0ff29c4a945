//! The operations, as requests, and what each leaves behind.

use super::case::{Case, NAME, text_of};
use super::*;
use std::collections::BTreeMap;
use tests::app::token_body;
use tests::table::{Item, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Generate,
    Describe,
    PermitIfMatch,
    Regenerate,
    RegenerateIfMatch,
    Delete,
    DeleteIfMatch,
    DeleteUnreadable,
    Get,
    List,
    Simulate,
}

pub const OPERATIONS: &[Operation] = &[
    Operation::Generate,
    Operation::Describe,
    Operation::PermitIfMatch,
    Operation::Regenerate,
    Operation::RegenerateIfMatch,
    Operation::Delete,
    Operation::DeleteIfMatch,
    Operation::DeleteUnreadable,
    Operation::Get,
    Operation::List,
    Operation::Simulate,
];

impl Operation {
    /// How many calls it makes to the table, by docs/ARCHITECTURE.md.
    pub fn calls(self) -> usize {
        match self {
            Self::Generate | Self::Describe | Self::PermitIfMatch => 1,
            Self::Get | Self::Simulate => 1,
            Self::Regenerate | Self::RegenerateIfMatch | Self::List => 2,
            Self::Delete | Self::DeleteIfMatch => 2,
            Self::DeleteUnreadable => 3,
        }
    }

    pub fn writes(self) -> bool {
        !matches!(self, Self::Get | Self::List | Self::Simulate)
    }

    pub fn success(self) -> u16 {
        match self {
            Self::Generate => 201,
            Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable => 204,
            _ => 200,
        }
    }

    /// Function, route key and call.
    pub fn request(self, id: &str) -> (&'static str, &'static str, Request) {
        let path = format!("/v1/tokens/{id}");
        let (function, route, call) = match self {
            Self::Generate => (
                "GenerateFunction",
                "POST /v1/tokens",
                Request::new("POST", "/v1/tokens").json(&token_body(NAME)),
            ),
            Self::Describe | Self::PermitIfMatch => (
                "UpdateFunction",
                "PATCH /v1/tokens/{id}",
                Request::new("PATCH", path).json(&self.patch()),
            ),
            Self::Regenerate | Self::RegenerateIfMatch => (
                "RegenerateFunction",
                "POST /v1/tokens/{id}/regenerate",
                Request::new("POST", format!("{path}/regenerate")),
            ),
            Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable => {
                ("DeleteFunction", "DELETE /v1/tokens/{id}", Request::new("DELETE", path))
            }
            Self::Get => ("ListFunction", "GET /v1/tokens/{id}", Request::new("GET", path)),
            Self::List => ("ListFunction", "GET /v1/tokens", Request::new("GET", "/v1/tokens")),
            Self::Simulate => (
                "SimulateFunction",
                "POST /v1/tokens/{id}/simulate",
                Request::new("POST", format!("{path}/simulate"))
                    .json(&json!({ "method": "GET", "path": "/orders/7" })),
            ),
        };
        match self.has_precondition() {
            true => (function, route, call.header("if-match", "\"1\"")),
            false => (function, route, call),
        }
    }

    fn patch(self) -> serde_json::Value {
        match self {
            Self::Describe => json!({ "description": "changed" }),
            _ => json!({ "permissions": { "type": "superAdmin" } }),
        }
    }

    fn has_precondition(self) -> bool {
        matches!(self, Self::PermitIfMatch | Self::RegenerateIfMatch | Self::DeleteIfMatch)
    }

    /// Whether this is exactly what the operation leaves behind.
    pub fn is_applied(self, case: &Case, items: &BTreeMap<String, Item>) -> bool {
        let token = items.get(&format!("TOKEN#{} TOKEN", case.id));
        let version =
            |wanted: &str| token.is_some_and(|token| token["version"].as_n().unwrap() == wanted);
        let holds = |attribute, wanted: &str| {
            token.is_some_and(|token| text(token, attribute).contains(wanted))
        };
        match self {
            Self::Generate => items.len() == 2,
            Self::Describe => version("2") && holds("description", "changed"),
            Self::PermitIfMatch => version("2") && holds("permissions", "superAdmin"),
            Self::Regenerate | Self::RegenerateIfMatch => {
                version("2") && token.unwrap().contains_key("regeneratedAt")
            }
            Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable => items.is_empty(),
            Self::Get | Self::List | Self::Simulate => false,
        }
    }

    /// The client sends the same again over a sound wire, and all is as it should be.
    pub async fn is_mended_by_a_repetition(self, case: &Case, applied: bool, shown: &str) {
        let (function, route, call) = self.request(&case.id);
        let again = case.clean(function, route, &call, Some(&case.id)).await;
        let expected = match (applied, self) {
            (true, Self::Generate) => 409,
            (true, Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable) => 404,
            (true, Self::PermitIfMatch | Self::RegenerateIfMatch) => 412,
            _ => self.success(),
        };
        assert_eq!(again.status, expected, "{shown}, again: {}", again.text);
        settled(&case.snapshot().await);
        let token = match self {
            Self::Generate if applied => case.found_and_regenerated(NAME).await,
            Self::Generate | Self::Regenerate => text_of(&again.json(), "token"),
            _ => return,
        };
        case.wire.plan([]);
        let answer = case.authorize(&token).await;
        assert_eq!(answer["isAuthorized"], json!(true), "{shown}");
    }
}
