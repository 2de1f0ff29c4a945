//! Generate: a new token. Its secret is shown once.

use super::{Error, TokenService};
use crate::domain::description::Description;
use crate::domain::event::Caller;
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::network::AllowedIps;
use crate::domain::owner::Owner;
use crate::domain::record::{Record, StoredSecret, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::Token;

/// The token that a caller asks for.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its name, which never changes.
    pub name: TokenName,
    /// What it is for.
    pub description: Option<Description>,
    /// Who is responsible for it.
    pub owner: Option<Owner>,
    /// When it stops working. `None` means never.
    pub expires_at: Option<Timestamp>,
    /// What it may do.
    pub permissions: Permissions,
    /// The addresses from which it may be used. `None` means any.
    pub allowed_ips: Option<AllowedIps>,
    /// Whether it may regenerate itself.
    pub self_regenerate: bool,
}

/// A record and its token, which is shown only now.
#[derive(Debug)]
pub struct Issued {
    /// The record.
    pub record: Record,
    /// The token.
    pub token: Token,
}

impl TokenService {
    /// Generates a token.
    ///
    /// # Errors
    /// [`Error::NameTaken`] if a live token has the name, and the failures of the table.
    pub async fn generate(
        &self,
        caller: &Caller,
        new: NewToken,
        now: Timestamp,
    ) -> Result<Issued, Error> {
        let context = self.write_context(caller, now)?;
        let token = Token::new(TokenId::from_entropy(self.random()?), self.new_secret()?);
        let record = Record {
            id: token.id(),
            name: new.name,
            description: new.description,
            owner: new.owner,
            expires_at: new.expires_at,
            permissions: new.permissions,
            allowed_ips: new.allowed_ips,
            self_regenerate: new.self_regenerate,
            version: 1,
            created_at: now,
            created_by: caller.actor.clone(),
            updated_at: now,
            updated_by: caller.actor.clone(),
            regenerated_at: None,
            previous_secret: None,
            last_used: None,
        };
        let purge_at = self.policy.retention.purge_at(record.expires_at);
        let secret = StoredSecret { hash: token.hash(), generation: 1 };
        let stored = StoredToken { record, secret, previous: None, last_generation: 1, purge_at };
        if !self.table.generate(&stored, &context).await? {
            return Err(Error::NameTaken(stored.record.name));
        }
        Ok(Issued { record: stored.record, token })
    }
}
