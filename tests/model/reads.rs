//! The steps of a client that write nothing.

use crate::client::{Client, IssuedToken, rejection, state};
use crate::history::{Outcome, Tick};
use crate::program::NAMES;
use shared::domain::decision::Decision;
use shared::domain::id::TokenId;
use shared::domain::page::{Entry, Filter, PageRequest};
use shared::domain::route::RouteRequest;
use shared::service::{Authorization, Client as RequestClient, Error};
use tests::fixture::RULES_WITH_DEMO;

impl Client {
    pub async fn get(&self, id: TokenId) -> Result<Outcome, Error> {
        let result = rejection(self.service.get(id, self.service.now()).await)?;
        Ok(Outcome::Got { id, result: result.ok().map(|record| state(&record)) })
    }

    /// Lists the names. A list is not a snapshot of the table, so it is recorded as one operation for each name.
    pub async fn list(&self, started: Tick) -> Result<(), Error> {
        let request = PageRequest {
            limit: 100,
            filter: Filter { name_prefix: self.run.prefix.clone(), ..Filter::default() },
            after: None,
        };
        let page = self.service.list(&request, self.service.now()).await?;
        for name in 0..NAMES {
            let full_name = self.full_name(name);
            let listed = page.entries.iter().find_map(|entry| match entry {
                Entry::Record(record) if record.name.as_str() == full_name => {
                    Some((record.id, state(record)))
                }
                _ => None,
            });
            self.record(started, name, Outcome::Listed(listed));
        }
        Ok(())
    }

    /// Authorizes a request, which requires wide permissions if `wide` is true. Returns the outcome, and the authorization if the
    /// request is allowed.
    pub async fn authorize(
        &self,
        issued: &IssuedToken,
        request: &RouteRequest,
        wide: bool,
    ) -> Result<(Outcome, Option<Authorization>), Error> {
        let (client, now) = (RequestClient::default(), self.service.now());
        let result = self.service.authorize(&issued.token, request, client, now).await;
        let authorization = result.as_ref().ok().cloned();
        let result = result.map(drop).map_err(|error| error.code());
        let (id, token) = (issued.id, issued.token.clone());
        Ok((Outcome::Authorized { id, token, wide, result }, authorization))
    }

    pub async fn introspect(&self, issued: &IssuedToken, wide: bool) -> Result<Outcome, Error> {
        let (request, now) = (order_request(wide), self.service.now());
        let client = RequestClient::default();
        let introspected =
            self.service.introspect(&issued.token, Some(&request), client, now).await?;
        let result = introspected.map(|one| matches!(one.decision, Some(Decision::Allow(_))));
        Ok(Outcome::Introspected { id: issued.id, token: issued.token.clone(), wide, result })
    }
}

/// Returns a request that only wide permissions allow, or one that narrow permissions allow as well.
pub fn order_request(wide: bool) -> RouteRequest {
    let method = if wide { "POST" } else { "GET" };
    RouteRequest::parse(method, "/orders/7", RULES_WITH_DEMO).unwrap()
}
