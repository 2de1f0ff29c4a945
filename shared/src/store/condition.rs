//! The conditions of writes, and the attributes that every write of a token sets.

use super::WriteContext;
use super::expression::Expression;
use super::item::{self, CHANGE_ID, UPDATED_AT, UPDATED_BY, VERSION};
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::StoredToken;
use crate::domain::time::Timestamp;
use crate::domain::version::Version;

const EXISTS: &str = "attribute_exists(#pk)";
const DOES_NOT_EXIST: &str = "attribute_not_exists(#pk)";

/// Sets the attributes that every write of an existing token sets.
pub(super) fn set_audit_fields(
    expression: &mut Expression,
    context: &WriteContext,
    change_id: &str,
) {
    expression
        .increment(VERSION)
        .assign(UPDATED_AT, Some(item::timestamp(context.now)))
        .assign(UPDATED_BY, Some(item::actor(&context.caller.actor)))
        .assign(CHANGE_ID, Some(item::string(change_id)));
}

/// Requires that the item exists.
pub(super) fn require_exists(expression: &mut Expression) {
    expression.require(EXISTS);
}

/// Requires that there is no item.
pub(super) fn require_absent(expression: &mut Expression) {
    expression.require(DOES_NOT_EXIST);
}

/// Requires that the item exists and is not past its purge time, as [`crate::domain::record::is_purged`] decides.
pub(super) fn require_live(expression: &mut Expression, now: Timestamp) {
    let not_purged = "attribute_not_exists(#purgeAt) OR #purgeAt > :now";
    expression.require(EXISTS).require(not_purged).bind(":now", item::timestamp(now));
}

/// Requires the opposite of [`require_live`]: that there is no item, or that it is past its purge time.
pub(super) fn require_free(expression: &mut Expression, now: Timestamp) {
    let free = format!("{DOES_NOT_EXIST} OR #purgeAt <= :now");
    expression.require(free).bind(":now", item::timestamp(now));
}

/// Requires that a name item contains the id of this token, because another token may have taken the name.
pub(super) fn require_owner(expression: &mut Expression, id: TokenId) {
    expression.require("#id = :id").bind(":id", item::string(id.as_str()));
}

/// Requires that the token still has the secret and the expiration that were read, and that no secret was made since.
///
/// The secret alone is not enough. After a regenerate and a rollback, the secret that was read is current again, but the
/// generation after it has been used.
pub(super) fn require_secret(expression: &mut Expression, token: &StoredToken) {
    expression.require("#secretHash = :currentHash");
    expression.bind(":currentHash", item::secret_hash(&token.secret.hash));
    // Items of the first release have no `lastGeneration`.
    expression.require("attribute_not_exists(#lastGeneration) OR #lastGeneration = :newest");
    expression.bind(":newest", item::number(token.last_generation));
    match token.record.expires_at {
        None => {
            expression.require("attribute_not_exists(#expiresAt)");
        }
        Some(expires_at) => {
            expression.require("#expiresAt = :currentExpiration");
            expression.bind(":currentExpiration", item::timestamp(expires_at));
        }
    }
}

/// Requires one of the versions that a precondition names, if it names any. Only the last 100 of them count, because `IN` accepts
/// at most 100 values.
pub(super) fn require_any_version(expression: &mut Expression, precondition: &Precondition) {
    let Precondition::Version { any_of, .. } = precondition else {
        return;
    };
    let versions = any_of.iter().rev().take(100).enumerate();
    let placeholders: Vec<_> = versions
        .map(|(index, version)| {
            let placeholder = format!(":version{index}");
            expression.bind(&placeholder, item::number(version));
            placeholder
        })
        .collect();
    // An empty list must match nothing, so it contradicts that the token exists.
    let one_of = if placeholders.is_empty() {
        DOES_NOT_EXIST.to_owned()
    } else {
        format!("#version IN ({})", placeholders.join(", "))
    };
    expression.require(one_of);
}

/// Requires that the token still has this version, if any is given.
pub(super) fn require_version(expression: &mut Expression, version: Option<Version>) {
    if let Some(version) = version {
        expression.require("#version = :expected").bind(":expected", item::number(version));
    }
}
