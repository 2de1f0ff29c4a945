//! The steps of a token's holder: what a token does with itself, and a revocation by form.

use crate::client::{Client, IssuedToken, precondition, rejection};
use crate::history::{Outcome, Tick};
use crate::program::{Step, StepKind};
use shared::domain::event::{Caller, TokenCaller};
use shared::domain::record::Actor;
use shared::service::Error;

impl Client {
    /// Authorizes a request of a token about itself, and sends it if it is allowed. Records both.
    pub async fn act_for_itself(
        &self,
        step: Step,
        issued: &IssuedToken,
        if_match: Option<u64>,
        started: Tick,
    ) -> Result<(), Error> {
        let (authorized, is_previous) = self.authorize(issued, false).await?;
        self.record(started, issued.name, authorized);
        let Some(is_previous) = is_previous else {
            return Ok(());
        };
        let started = self.tick();
        let id = issued.id;
        let actor = Actor { id: Some(id), name: self.full_name(issued.name) };
        let caller = Caller { actor, source_ip: None, request_id: None };
        let caller = TokenCaller {
            caller,
            token_id: id,
            is_previous_secret: is_previous,
            // The model does not number secrets.
            generation: None,
        };
        let outcome = match step.kind {
            StepKind::RevokeSelf => self.revoke_self(&caller, if_match).await?,
            // The previous secret gets 403 in every state of the table.
            StepKind::RegenerateSelf if is_previous => None,
            StepKind::RegenerateSelf => {
                let grace = step.random.is_multiple_of(2);
                self.regenerate(id, if_match, grace, Some(&caller)).await?
            }
            _ => Some(self.get(id).await?),
        };
        if let Some(outcome) = outcome {
            self.record(started, issued.name, outcome);
        }
        Ok(())
    }

    /// Returns `None` if nothing was written because other clients kept changing the token.
    async fn revoke_self(
        &self,
        caller: &TokenCaller,
        if_match: Option<u64>,
    ) -> Result<Option<Outcome>, Error> {
        let now = self.service.now();
        let result = match self.service.revoke_self(caller, &precondition(if_match), now).await {
            Err(Error::Contended(_)) => return Ok(None),
            result => rejection(result)?,
        };
        let (id, is_previous) = (caller.token_id, caller.is_previous_secret);
        Ok(Some(Outcome::RevokedByItself { id, if_match, is_previous, result }))
    }

    /// Returns `None` if nothing was written because other clients kept changing the token.
    pub async fn revoke(&self, issued: &IssuedToken) -> Result<Option<Outcome>, Error> {
        match self.service.revoke(&issued.token, None, None, self.service.now()).await {
            Err(Error::Contended(_)) => Ok(None),
            result => {
                result?;
                let (id, token) = (issued.id, issued.token.clone());
                Ok(Some(Outcome::RevokedByForm { id, token }))
            }
        }
    }
}
