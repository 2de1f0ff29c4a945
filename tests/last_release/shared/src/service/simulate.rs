//! Simulate: would this request be allowed, and why? The authorizer's own decision, without a request.

use super::{Error, TokenService};
use crate::domain::decision::{AllowReason, Decision, DenyReason, decide, rule_of};
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::record::Status;
use crate::domain::route::RouteRequest;
use crate::domain::rule::RouteRule;
use crate::domain::time::Timestamp;

/// The answer, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// Whether the request would be let through.
    pub allowed: bool,
    /// The route of the rule that applies, as its file names it; `None` if no rule matches the path.
    pub rule: Option<String>,
    /// The deciding grant, counted from 0.
    pub granted_by: Option<usize>,
    /// What the nearest grant lacks, as `resource:action:object`.
    pub missing: Vec<String>,
    /// For people.
    pub reason: String,
}

impl TokenService {
    /// Simulates a request with a token.
    ///
    /// # Errors
    /// [`Error::NotFound`], and the table's failures.
    pub async fn simulate(
        &self,
        id: TokenId,
        request: &RouteRequest,
        now: Timestamp,
    ) -> Result<Simulation, Error> {
        let record = self.get(id, now).await?;
        let simulation = Simulation::of(&record.permissions, self.rules(), request);
        match record.status(now) {
            Status::Active => Ok(simulation),
            Status::Expired => Ok(Simulation {
                allowed: false,
                granted_by: None,
                missing: Vec::new(),
                reason: "the token has expired".to_owned(),
                ..simulation
            }),
        }
    }
}

impl Simulation {
    /// Simulates a request with permissions, of a token or a draft.
    pub fn of(permissions: &Permissions, rules: &[RouteRule], request: &RouteRequest) -> Self {
        let rule = rule_of(rules, request).map(ToString::to_string);
        let simulation = |allowed, granted_by, missing, reason| Self {
            allowed,
            rule,
            granted_by,
            missing,
            reason,
        };
        match decide(permissions, rules, request) {
            Decision::Allow(AllowReason::SuperAdmin) => {
                simulation(true, None, Vec::new(), "a super admin may do everything".to_owned())
            }
            Decision::Allow(AllowReason::Authenticated) => {
                simulation(true, None, Vec::new(), "the route asks for any valid token".to_owned())
            }
            Decision::Allow(AllowReason::Grant(index)) => {
                simulation(true, Some(index), Vec::new(), format!("grant {index} allows it"))
            }
            Decision::Deny(reason) => {
                let text = reason.to_string();
                let missing =
                    if let DenyReason::Missing(needs) = reason { needs } else { Vec::new() };
                simulation(false, None, missing, text)
            }
        }
    }
}
