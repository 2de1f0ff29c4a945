//! The steps of a token's holder: what a token does with itself, and a revocation by form.

use crate::client::{Client, IssuedToken, precondition, rejection};
use crate::history::{Outcome, Tick};
use crate::program::{Step, StepKind};
use shared::domain::event::{Caller, TokenCaller};
use shared::domain::record::Actor;
use shared::domain::route::RouteRequest;
use shared::service::Error;
use tests::fixture::RULES_WITH_DEMO;

impl Client {
    /// Authorizes an operation of a token on itself, and runs it if it is allowed. Records the authorization and the operation.
    pub async fn act_for_itself(
        &self,
        step: Step,
        issued: &IssuedToken,
        if_match: Option<u64>,
        started: Tick,
    ) -> Result<(), Error> {
        // One route stands for all three, because their rules require the same.
        let request = RouteRequest::parse("GET", "/v1/tokens/self", RULES_WITH_DEMO).unwrap();
        let (authorized, authorization) = self.authorize(issued, &request, false).await?;
        self.record(started, issued.name, authorized);
        let Some(authorization) = authorization else {
            return Ok(());
        };
        let started = self.tick();
        let id = issued.id;
        let actor = Actor { id: Some(id), name: self.full_name(issued.name) };
        let caller = Caller { actor, source_ip: None, request_id: None };
        let caller = TokenCaller { caller, token_id: id, generation: authorization.generation };
        let outcome = match step.kind {
            StepKind::RevokeSelf => self.revoke_self(&caller, issued, if_match).await?,
            StepKind::RegenerateSelf => {
                let grace = step.random.is_multiple_of(2);
                self.regenerate(id, if_match, grace, Some((&caller, issued))).await?
            }
            _ => Some(self.get(id).await?),
        };
        if let Some(outcome) = outcome {
            self.record(started, issued.name, outcome);
        }
        Ok(())
    }

    /// Revokes a token by itself. Returns `None` if nothing was written because other clients kept changing the token.
    async fn revoke_self(
        &self,
        caller: &TokenCaller,
        issued: &IssuedToken,
        if_match: Option<u64>,
    ) -> Result<Option<Outcome>, Error> {
        let now = self.service.now();
        let result = match self.service.revoke_self(caller, &precondition(if_match), now).await {
            Err(Error::Contended(_)) => return Ok(None),
            result => rejection(result)?,
        };
        let (id, token) = (issued.id, issued.token.clone());
        Ok(Some(Outcome::RevokedByItself { id, if_match, token, result }))
    }

    /// Revokes a token by form. Returns `None` if nothing was written because other clients kept changing the token.
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
