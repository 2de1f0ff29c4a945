//! Regenerate: another secret and other moments, on a token and its name at once.

use super::condition::{require_owner, require_version, set_audit_fields};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, EXPIRES_AT, PURGE_AT, REGENERATED_AT, Reader, SECRET_HASH};
use super::transaction::{client_token, failed};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::precondition::Version;
use crate::domain::record::{StoredToken, is_purged};

/// What a regeneration changes: the token as it was read, with its new secret's hash and moments.
#[derive(Clone, Debug)]
pub struct Regeneration {
    /// The token as it will be; its version is one above the one that was read.
    pub token: StoredToken,
    /// The version that was read.
    pub expected_version: Version,
}

impl Table {
    /// Replaces a token's secret and moments, and its name's moments, in one transaction: 4 write units.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn regenerate(
        &self,
        regeneration: &Regeneration,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let (record, purge_at) = (&regeneration.token.record, regeneration.token.purge_at);
        let mut token = Expression::default();
        token
            .assign(SECRET_HASH, Some(item::secret_hash(&regeneration.token.secret_hash)))
            .assign(EXPIRES_AT, record.expires_at.map(item::moment))
            .assign(PURGE_AT, purge_at.map(item::moment))
            .assign(REGENERATED_AT, record.regenerated_at.map(item::moment));
        set_audit_fields(&mut token, context);
        require_version(&mut token, regeneration.expected_version, context.now);
        let mut name = Expression::default();
        name.assign(EXPIRES_AT, record.expires_at.map(item::moment))
            .assign(PURGE_AT, purge_at.map(item::moment));
        require_owner(&mut name, record.id);
        let writes = vec![
            self.change(item::token_key(record.id), &token)?,
            self.change(item::name_key(record.name.as_str()), &name)?,
        ];
        let Err(reasons) =
            self.transact(writes, &client_token(context, regeneration.expected_version)).await?
        else {
            return Ok(WriteOutcome::Applied(()));
        };
        match failed(&reasons, 0) {
            Some(None) => Ok(WriteOutcome::NotFound),
            Some(Some(item)) if Reader::new(item).was_changed_by(&context.write_id) => {
                Ok(WriteOutcome::Applied(()))
            }
            Some(Some(item)) if is_purged(context.now, Reader::new(item).purge_at()?) => {
                Ok(WriteOutcome::NotFound)
            }
            Some(Some(_)) => Ok(WriteOutcome::VersionMismatch),
            // Only the name refused: it is gone, or another token's. By the table's clock this one is past its purge.
            None => Ok(WriteOutcome::NotFound),
        }
    }
}
