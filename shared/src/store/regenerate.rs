//! Regenerate: a new secret and new times, on a token and its name at once.

use super::condition::{
    require_live, require_owner, require_secret, require_version, set_audit_fields,
};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, EXPIRES_AT, PURGE_AT, REGENERATED_AT, Reader, SECRET_HASH};
use super::transaction::{ConditionCheck, LeaveName, TransactionResult, client_token};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::record::StoredToken;
use crate::domain::token::SecretHash;
use crate::domain::version::Version;

/// A token with a new secret and new times.
#[derive(Clone, Debug)]
pub struct Regeneration {
    /// The token after the write.
    pub token: StoredToken,
    /// The version that was read.
    pub expected_version: Version,
    /// What the token must still have in common with what was read.
    pub expected: Expected,
}

/// What a regeneration requires of the token at the time of the write.
#[derive(Clone, Debug)]
pub enum Expected {
    /// The version that was read, so that the response shows exactly the state that the write made.
    SameVersion,
    /// Only this secret. Other changes prevent nothing, and the response has to be read afterwards.
    SameSecret(SecretHash),
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
        let Regeneration { token, expected_version, expected } = regeneration;
        let StoredToken { record, secret_hash, purge_at } = token;
        let mut token = Expression::default();
        token
            .assign(SECRET_HASH, Some(item::secret_hash(secret_hash)))
            .assign(EXPIRES_AT, record.expires_at.map(item::timestamp))
            .assign(PURGE_AT, purge_at.map(item::timestamp))
            .assign(REGENERATED_AT, record.regenerated_at.map(item::timestamp));
        set_audit_fields(&mut token, context);
        require_live(&mut token, context.now);
        match expected {
            Expected::SameVersion => {
                require_version(&mut token, Some(*expected_version));
            }
            Expected::SameSecret(hash) => require_secret(&mut token, hash),
        }
        let mut name = Expression::default();
        name.assign(EXPIRES_AT, record.expires_at.map(item::timestamp))
            .assign(PURGE_AT, purge_at.map(item::timestamp));
        require_owner(&mut name, record.id);
        let token = self.update_item(item::token_key(record.id), &token)?;
        let name = self.update_item(item::name_key(record.name.as_str()), &name)?;
        let client_token = client_token(context, *expected_version);
        let leave = LeaveName::IfMissing;
        let result =
            self.transact_with_name(record.id, token, Some(name), leave, &client_token).await?;
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
            // If another token has the name, this one is past its purge time.
            ConditionCheck::NoItem | ConditionCheck::Held => Ok(WriteOutcome::NotFound),
        }
    }
}
