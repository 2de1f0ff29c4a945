//! The operations, with their requests and their effects on the table.

use super::case::{Case, NAME, assert_consistent, member};
use super::*;
use std::collections::BTreeMap;
use tests::Response;
use tests::app::token_body;
use tests::table::{Item, string, without_events};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Generate,
    SetDescription,
    SetPermissionsIfMatch,
    Regenerate,
    RegenerateIfMatch,
    RegenerateWithGrace,
    Rollback,
    EndPrevious,
    GetSelf,
    RegenerateSelf,
    RevokeSelf,
    Revoke,
    Delete,
    DeleteIfMatch,
    DeleteUnreadable,
    Get,
    List,
    Introspect,
    Simulate,
    TokenEvents,
    Events,
}

pub const OPERATIONS: &[Operation] = &[
    Operation::Generate,
    Operation::SetDescription,
    Operation::SetPermissionsIfMatch,
    Operation::Regenerate,
    Operation::RegenerateIfMatch,
    Operation::RegenerateWithGrace,
    Operation::Rollback,
    Operation::EndPrevious,
    Operation::GetSelf,
    Operation::RegenerateSelf,
    Operation::RevokeSelf,
    Operation::Revoke,
    Operation::Delete,
    Operation::DeleteIfMatch,
    Operation::DeleteUnreadable,
    Operation::Get,
    Operation::List,
    Operation::Introspect,
    Operation::Simulate,
    Operation::TokenEvents,
    Operation::Events,
];

/// Introspects a token about `GET /orders/7`.
pub fn introspect(token: &str) -> Request {
    Request::introspect(&[("token", token), ("method", "GET"), ("path", "/orders/7")])
}

impl Operation {
    /// Returns how many requests the operation sends to the table, according to `docs/ARCHITECTURE.md`.
    pub fn request_count(self) -> usize {
        match self {
            Self::Generate | Self::Simulate | Self::TokenEvents | Self::Events => 1,
            Self::Get | Self::GetSelf => 2,
            // The second request writes the first use of the secret.
            Self::Introspect => 2,
            // If the response shows a secret that may have been used, the operation reads its last use.
            Self::SetDescription | Self::SetPermissionsIfMatch | Self::List => 3,
            Self::RegenerateWithGrace | Self::Rollback | Self::EndPrevious => 3,
            Self::RegenerateSelf => 3,
            Self::RevokeSelf => 2,
            // The operation reads the token to compare the secret, and again to change it.
            Self::Revoke => 3,
            Self::Regenerate | Self::RegenerateIfMatch => 2,
            Self::Delete | Self::DeleteIfMatch => 2,
            Self::DeleteUnreadable => 3,
        }
    }

    /// Returns whether the operation succeeds without a response to its last request, which it awaits only briefly: the
    /// write of a use, or the read of uses after a write.
    pub fn gives_up_last_request(self) -> bool {
        let reads = matches!(self, Self::SetDescription | Self::SetPermissionsIfMatch)
            || matches!(self, Self::RegenerateWithGrace | Self::RegenerateSelf)
            || matches!(self, Self::Rollback | Self::EndPrevious);
        reads || self == Self::Introspect
    }

    /// Returns how many requests the operation sends before its transaction.
    pub fn reads_before_write(self) -> usize {
        match self {
            Self::Generate => 0,
            Self::Revoke | Self::DeleteUnreadable => 2,
            _ => 1,
        }
    }

    /// Returns whether tokens, names or events are written.
    pub fn writes(self) -> bool {
        use Operation::{Events, Get, GetSelf, Introspect, List, Simulate, TokenEvents};
        !matches!(self, Get | GetSelf | Introspect | List | Simulate | TokenEvents | Events)
    }

    /// Returns whether the token needs a previous secret.
    pub fn needs_previous(self) -> bool {
        matches!(self, Self::Rollback | Self::EndPrevious)
    }

    /// Returns the secret that the operation ends, if any.
    pub fn ended_secret(self, case: &Case) -> Option<&String> {
        match self {
            Self::Regenerate | Self::RegenerateIfMatch | Self::Rollback => Some(&case.token),
            Self::RevokeSelf | Self::Revoke => Some(&case.token),
            Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable => Some(&case.token),
            Self::EndPrevious => case.previous.as_ref(),
            _ => None,
        }
    }

    /// Returns whether the caller is the token itself.
    pub fn is_by_holder(self) -> bool {
        matches!(self, Self::GetSelf | Self::RegenerateSelf | Self::RevokeSelf)
    }

    /// Returns the status of the response if the operation succeeds.
    pub fn success_status(self) -> u16 {
        match self {
            Self::Generate => 201,
            Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable | Self::RevokeSelf => 204,
            _ => 200,
        }
    }

    pub fn request(self, id: &str, token: &str) -> Request {
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
            Self::RegenerateWithGrace => {
                Request::regenerate(id).json(&json!({ "gracePeriodSeconds": 600 }))
            }
            Self::Rollback => Request::rollback(id),
            Self::EndPrevious => Request::end_previous(id),
            Self::GetSelf => Request::get_self(),
            Self::RegenerateSelf => Request::regenerate_self(),
            Self::RevokeSelf => Request::revoke_self(),
            Self::Revoke => Request::revoke(token),
            Self::Delete | Self::DeleteUnreadable => Request::delete(id),
            Self::DeleteIfMatch => Request::delete(id).if_match(current),
            Self::Get => Request::get(id),
            Self::List => Request::list(""),
            Self::Introspect => introspect(token),
            Self::Simulate => Request::simulate(id, "GET", "/orders/7"),
            Self::TokenEvents => Request::token_events(id, ""),
            Self::Events => Request::events(""),
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
            Self::Generate => without_events(items.clone()).len() == 2,
            Self::SetDescription => is_version("2") && contains("description", "changed"),
            Self::SetPermissionsIfMatch => is_version("2") && contains("permissions", "superAdmin"),
            Self::Regenerate | Self::RegenerateIfMatch => {
                is_version("2") && token.unwrap().contains_key("regeneratedAt")
            }
            Self::RevokeSelf | Self::Revoke => {
                is_version("2") && token.unwrap()["expiresAt"] == token.unwrap()["updatedAt"]
            }
            Self::RegenerateWithGrace | Self::RegenerateSelf => {
                is_version("2") && token.unwrap().contains_key("previousSecret")
            }
            Self::Rollback | Self::EndPrevious => {
                is_version("3") && !token.unwrap().contains_key("previousSecret")
            }
            Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable => {
                without_events(items.clone()).is_empty()
            }
            Self::Get
            | Self::GetSelf
            | Self::Introspect
            | Self::List
            | Self::Simulate
            | Self::TokenEvents
            | Self::Events => false,
        }
    }

    /// Asserts that a successful introspection reports an active token and an allowed request. Checks no other operation.
    pub fn assert_response(self, response: &Response, description: &str) {
        if self == Self::Introspect {
            let introspected = response.json();
            let decision = (&introspected["active"], &introspected["allowed"]);
            assert_eq!(decision, (&json!(true), &json!(true)), "{description}");
        }
    }

    /// Repeats the request without faults. Asserts that the client then has what it requested, or learns from the status that
    /// the first request was applied.
    pub async fn assert_can_repeat(self, case: &Case, is_applied: bool, description: &str) {
        let response = case.run_again().await;
        let expected = match (is_applied, self) {
            (true, Self::Generate | Self::RegenerateWithGrace) => 409,
            (true, Self::Rollback) => 409,
            // The caller presents the secret that the first request replaced.
            (true, Self::RegenerateSelf) => 403,
            (true, Self::Delete | Self::DeleteIfMatch | Self::DeleteUnreadable) => 404,
            (true, Self::SetPermissionsIfMatch | Self::RegenerateIfMatch) => 412,
            _ => self.success_status(),
        };
        assert_eq!(response.status, expected, "{description}, repeated: {}", response.text);
        assert_consistent(&case.snapshot().await);
        case.assert_ended_secret_denied(description).await;
        let token = match self {
            Self::Generate if is_applied => case.find_and_regenerate(NAME).await,
            Self::Generate | Self::Regenerate => member(&response.json(), "token"),
            _ => return,
        };
        case.faults.inject([]);
        assert!(case.authorize(&token).await, "{description}");
    }
}
