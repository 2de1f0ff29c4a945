//! Events: what was done to a token, by whom and when.

use super::grant::Permissions;
use super::id::TokenId;
use super::network::AllowedIps;
use super::record::{Actor, Record};
use super::time::Timestamp;
use super::usage::Generation;
use serde_json::{Map, Value, json};

/// Who calls, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The calling token, or the bootstrap.
    pub actor: Actor,
    /// The address of the client, as the gateway saw it.
    pub source_ip: Option<String>,
    /// API Gateway's id of the request, or Lambda's for a direct invocation.
    pub request_id: Option<String>,
}

/// A token that calls a route that acts on itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCaller {
    /// Who calls, which is this token, and from where.
    pub caller: Caller,
    /// The token's id.
    pub token_id: TokenId,
    /// The generation of the secret that it called with. That secret may have been replaced since. `None` if the authorizer
    /// did not report it.
    pub generation: Option<Generation>,
}

impl Caller {
    /// Returns the caller for a program that calls the service without a request, such as the local gateway when it generates
    /// its first token.
    pub fn bootstrap() -> Self {
        let actor = Actor { id: None, name: "bootstrap".to_owned() };
        Self { actor, source_ip: None, request_id: None }
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventAction {
    /// The token was generated.
    Generated,
    /// An update changed at least one of its fields.
    Updated,
    /// It got a new secret.
    Regenerated,
    /// The last regeneration was undone.
    RolledBack,
    /// The grace period of its previous secret was ended.
    PreviousEnded,
    /// A holder of the token made it expire.
    Revoked,
    /// It was deleted.
    Deleted,
}

impl EventAction {
    /// Every action.
    pub const ALL: [Self; 7] = [
        Self::Generated,
        Self::Updated,
        Self::Regenerated,
        Self::RolledBack,
        Self::PreviousEnded,
        Self::Revoked,
        Self::Deleted,
    ];

    /// Returns the action's name in the API and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Updated => "updated",
            Self::Regenerated => "regenerated",
            Self::RolledBack => "rolledBack",
            Self::PreviousEnded => "previousEnded",
            Self::Revoked => "revoked",
            Self::Deleted => "deleted",
        }
    }
}

/// The new value of every member that changed. Never a secret or a hash.
pub type Changes = Map<String, Value>;

/// One write of a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When it was written.
    pub at: Timestamp,
    /// What was done, by its name: a newer release may know more actions.
    pub action: String,
    /// The token's id.
    pub token_id: TokenId,
    /// The token's name. `None` if the token was deleted although it could not be read.
    pub token_name: Option<String>,
    /// Who did it, and from where.
    pub caller: Caller,
    /// What changed. `None` in the events of a day.
    pub changes: Option<Changes>,
}

/// Returns the members of a record that differ, with their values in `after`. Without `before`, returns all that are set.
pub fn changes(before: Option<&Record>, after: &Record) -> Changes {
    // In a record in which nothing is set, every member is `null`, except this one.
    let unset = Map::from_iter([("selfRegenerate".to_owned(), Value::Bool(false))]);
    let (before, after) = (before.map_or(unset, members), members(after));
    after
        .into_iter()
        .filter(|(name, value)| *value != before.get(name).cloned().unwrap_or_default())
        .collect()
}

fn members(record: &Record) -> Changes {
    // Destructured, so that a new attribute does not compile until it is considered here.
    let Record {
        id: _,
        name,
        description,
        owner,
        expires_at,
        permissions,
        allowed_ips,
        self_regenerate,
        version: _,
        created_at: _,
        created_by: _,
        updated_at: _,
        updated_by: _,
        regenerated_at,
        previous_secret,
        last_used: _,
    } = record;
    let time = |time: &Timestamp| time.to_string();
    let members = [
        ("name", json!(name.as_str())),
        ("description", json!(description.as_ref().map(|text| text.as_str()))),
        ("owner", json!(owner.as_ref().map(|text| text.as_str()))),
        ("expiresAt", json!(expires_at.as_ref().map(time))),
        ("permissions", permissions_value(permissions)),
        ("allowedIps", json!(allowed_ips.as_ref().map(addresses))),
        ("selfRegenerate", json!(self_regenerate)),
        ("regeneratedAt", json!(regenerated_at.as_ref().map(time))),
        (
            "previousSecret",
            previous_secret.map_or(
                Value::Null,
                |previous| json!({ "validUntil": time(&previous.valid_until) }),
            ),
        ),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn addresses(allowed: &AllowedIps) -> Vec<String> {
    allowed.networks().iter().map(ToString::to_string).collect()
}

fn permissions_value(permissions: &Permissions) -> Value {
    serde_json::to_value(permissions).unwrap_or_default()
}
