//! The operations, with their requests and their effects on the table.

use super::case::{Case, NAME, assert_consistent, member};
use super::*;
use std::collections::BTreeMap;
use tests::app::token_body;
use tests::table::{Item, string};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Generate,
    SetDescription,
    SetPermissionsIfMatch,
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
    Operation::SetDescription,
    Operation::SetPermissionsIfMatch,
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
    /// Returns how many requests the operation sends to the table, according to `docs/ARCHITECTURE.md`.
    pub fn request_count(self) -> usize {
        match self {
            Self::Generate | Self::Get | Self::Simulate => 1,
            Self::SetDescription | Self::SetPermissionsIfMatch | Self::List => 2,
            Self::Regenerate | Self::RegenerateIfMatch => 2,
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

    pub fn request(self, id: &str) -> Request {
        let current = "\"1\"";
        match self {
            Self::Generate => Request::generate(&token_body(NAME)),
            Self::SetDescription => Request::patch(id, &json!({ "description": "changed" })),
            Self::SetPermissionsIfMatch => {
                let patch = json!({ "permissions": { "type": "superAdmin" } });
                Request::patch(id, &patch).if_match(current)
            }
            Self::Regenerate => Request::regenerate(id),
            Self::RegenerateIfMatch => Request::regenerate(id).if_match(current),
            Self::Delete | Self::DeleteUnreadable => Request::delete(id),
            Self::DeleteIfMatch => Request::delete(id).if_match(current),
            Self::Get => Request::get(id),
            Self::List => Request::list(""),
            Self::Simulate => Request::simulate(id, "GET", "/orders/7"),
        }
    }

    pub fn is_delete(self) -> bool {
        matches!(self, Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable)
    }

    /// Returns whether the table contains exactly what it should contain after the operation.
    pub fn is_applied(self, case: &Case, items: &BTreeMap<String, Item>) -> bool {
        let token = items.get(&format!("TOKEN#{} TOKEN", case.id));
        let is_version =
            |version: &str| token.is_some_and(|token| token["version"].as_n().unwrap() == version);
        let contains = |attribute, value: &str| {
            token.is_some_and(|token| string(token, attribute).contains(value))
        };
        match self {
            Self::Generate => items.len() == 2,
            Self::SetDescription => is_version("2") && contains("description", "changed"),
            Self::SetPermissionsIfMatch => is_version("2") && contains("permissions", "superAdmin"),
            Self::Regenerate | Self::RegenerateIfMatch => {
                is_version("2") && token.unwrap().contains_key("regeneratedAt")
            }
            Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable => items.is_empty(),
            Self::Get | Self::List | Self::Simulate => false,
        }
    }

    /// Asserts that a client achieves what it wanted if it repeats the request without faults.
    pub async fn assert_repeatable(self, case: &Case, is_applied: bool, description: &str) {
        let response = case.run_again().await;
        let expected = match (is_applied, self) {
            (true, Self::Generate) => 409,
            (true, Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable) => 404,
            (true, Self::SetPermissionsIfMatch | Self::RegenerateIfMatch) => 412,
            _ => self.success(),
        };
        assert_eq!(response.status, expected, "{description}, repeated: {}", response.text);
        assert_consistent(&case.snapshot().await);
        let token = match self {
            Self::Generate if is_applied => case.find_and_regenerate(NAME).await,
            Self::Generate | Self::Regenerate => member(&response.json(), "token"),
            _ => return,
        };
        case.faults.inject([]);
        assert!(case.authorize(&token).await, "{description}");
    }
}
