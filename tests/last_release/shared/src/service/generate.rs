//! Generate: a new token, its name taken, its secret revealed once.

use super::{Error, TokenService};
use crate::domain::description::Description;
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::record::{Actor, Record, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::Token;

/// What a caller asks of a new token; valid by construction.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its name, for good.
    pub name: TokenName,
    /// What it is for.
    pub description: Option<Description>,
    /// When it stops working; `None` never.
    pub expires_at: Option<Timestamp>,
    /// What it may do.
    pub permissions: Permissions,
}

/// A record and the token itself, which is shown this one time.
#[derive(Debug)]
pub struct Issued {
    /// What stays visible.
    pub record: Record,
    /// What does not.
    pub token: Token,
}

impl TokenService {
    /// Generates a token.
    ///
    /// # Errors
    /// [`Error::NameTaken`] while a live token has the name, and the table's failures.
    pub async fn generate(
        &self,
        caller: &Actor,
        new: NewToken,
        now: Timestamp,
    ) -> Result<Issued, Error> {
        let context = self.write_context(caller, now)?;
        let token = Token::new(TokenId::from_entropy(self.random()?), self.secret()?);
        let record = Record {
            id: token.id(),
            name: new.name,
            description: new.description,
            expires_at: new.expires_at,
            permissions: new.permissions,
            version: 1,
            created_at: now,
            created_by: caller.clone(),
            updated_at: now,
            updated_by: caller.clone(),
            regenerated_at: None,
        };
        let purge_at = self.policy.retention.purge_at(record.expires_at);
        let stored = StoredToken { record, secret_hash: token.hash(), purge_at };
        if !self.table.generate(&stored, &context).await? {
            return Err(Error::NameTaken(stored.record.name));
        }
        Ok(Issued { record: stored.record, token })
    }
}
