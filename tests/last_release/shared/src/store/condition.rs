//! The conditions of writes to existing items, and what all of them set.

use super::WriteContext;
use super::expression::Expression;
use super::item::{self, CHANGE_ID, UPDATED_AT, UPDATED_BY, VERSION};
use crate::domain::id::TokenId;
use crate::domain::precondition::{Precondition, Version};
use crate::domain::time::Timestamp;

/// The item is there.
pub(super) const EXISTS: &str = "attribute_exists(#pk)";

/// The item is not past its purge, whether TTL has removed it yet or not.
pub(super) const NOT_PURGED: &str = "attribute_not_exists(#purgeAt) OR #purgeAt > :now";

/// What every write of an existing token sets.
pub(super) fn set_audit_fields(expression: &mut Expression, context: &WriteContext) {
    expression
        .increment(VERSION)
        .assign(UPDATED_AT, Some(item::moment(context.now)))
        .assign(UPDATED_BY, Some(item::actor(&context.actor)))
        .assign(CHANGE_ID, Some(item::text(&context.write_id)));
}

/// The condition of a write that follows a read: the token is as it was, and not past its purge.
pub(super) fn require_version(expression: &mut Expression, version: Version, now: Timestamp) {
    expression.require(EXISTS).require(NOT_PURGED).bind(":now", item::moment(now));
    require(expression, &Precondition::Version(vec![version]));
}

/// The condition of every write of an existing name: another token may have taken it over.
pub(super) fn require_owner(expression: &mut Expression, id: TokenId) {
    expression.require("#id = :id").bind(":id", item::text(id.as_str()));
}

/// The caller's own condition.
pub(super) fn require(expression: &mut Expression, precondition: &Precondition) {
    if let Precondition::Version(versions) = precondition {
        if versions.is_empty() {
            // Nothing can be equal to no version; beside `EXISTS` this never holds.
            expression.require("attribute_not_exists(#pk)");
            return;
        }
        let mut placeholders = Vec::new();
        for (index, version) in versions.iter().enumerate() {
            let placeholder = format!(":version{index}");
            expression.bind(&placeholder, item::number(version));
            placeholders.push(placeholder);
        }
        expression.require(format!("#version IN ({})", placeholders.join(", ")));
    }
}
