//! Regenerate: a new secret and new times, on a token and its name at once.

use super::condition::{require_owner, require_version, set_audit_fields};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, EXPIRES_AT, PURGE_AT, REGENERATED_AT, Reader, SECRET_HASH};
use super::transaction::{ConditionCheck, TransactionResult, client_token};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::record::StoredToken;
use crate::domain::version::Version;

/// A token with a new secret and new times.
#[derive(Clone, Debug)]
pub struct Regeneration {
    /// The token after the write.
    pub token: StoredToken,
    /// The version that was read, which the token must still have.
    pub expected_version: Version,
}

impl Table {
    /// Replaces a token's secret and times, and its name's times, in one transaction: 4 write units.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn regenerate(
        &self,
        regeneration: &Regeneration,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let Regeneration { token: StoredToken { record, secret_hash, purge_at }, expected_version } =
            regeneration;
        let mut token = Expression::default();
        token
            .assign(SECRET_HASH, Some(item::secret_hash(secret_hash)))
            .assign(EXPIRES_AT, record.expires_at.map(item::timestamp))
            .assign(PURGE_AT, purge_at.map(item::timestamp))
            .assign(REGENERATED_AT, record.regenerated_at.map(item::timestamp));
        set_audit_fields(&mut token, context);
        require_version(&mut token, *expected_version, context.now);
        let mut name = Expression::default();
        name.assign(EXPIRES_AT, record.expires_at.map(item::timestamp))
            .assign(PURGE_AT, purge_at.map(item::timestamp));
        require_owner(&mut name, record.id);
        let writes = vec![
            self.update_item(item::token_key(record.id), &token)?,
            self.update_item(item::name_key(record.name.as_str()), &name)?,
        ];
        let result = self.transact(writes, &client_token(context, *expected_version)).await?;
        let TransactionResult::Cancelled(cancellation) = result else {
            return Ok(WriteOutcome::Applied(()));
        };
        match cancellation.condition(0) {
            ConditionCheck::Failed(item) => {
                let reader = Reader::new(item);
                if reader.was_written_by(context) {
                    Ok(WriteOutcome::Applied(()))
                } else if reader.is_purged(context.now)? {
                    Ok(WriteOutcome::NotFound)
                } else {
                    Ok(WriteOutcome::VersionMismatch)
                }
            }
            // If only the name's condition failed, the name is gone or taken, so the token is past its purge time.
            ConditionCheck::NoItem | ConditionCheck::Held => Ok(WriteOutcome::NotFound),
        }
    }
}
