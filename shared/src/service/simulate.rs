//! Simulate: the authorizer's decision on a request that is not sent.

use super::{Error, TokenService};
use crate::domain::decision::{AllowReason, Decision, DenyReason, decide};
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::record::{Record, Status};
use crate::domain::route::RouteRequest;
use crate::domain::time::Timestamp;
use std::net::IpAddr;

/// A simulated decision and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// Whether the request would be allowed.
    pub allowed: bool,
    /// The route of the rule that applies, as its file names it. `None` if no rule matches the path.
    pub rule: Option<String>,
    /// The index of the grant that allows the request, counted from 0.
    pub granted_by: Option<usize>,
    /// The accesses that the nearest grant lacks, as `resource:action:object`.
    pub missing: Vec<String>,
    /// The reason, for people.
    pub reason: String,
}

impl TokenService {
    /// Simulates a request with a token.
    ///
    /// # Errors
    /// [`Error::NotFound`], and the failures of the table.
    pub async fn simulate(
        &self,
        id: TokenId,
        request: &RouteRequest,
        source_ip: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Simulation, Error> {
        let record = self.table.get(id, now).await?.ok_or(Error::NotFound)?.record;
        let mut simulation = self.simulate_draft(&record.permissions, request);
        if let Some(reason) = unusable(&record, source_ip, now) {
            return Ok(Simulation {
                allowed: false,
                granted_by: None,
                missing: Vec::new(),
                reason: reason.to_owned(),
                ..simulation
            });
        }
        if let Some(previous) = record.previous_secret.filter(|_| simulation.allowed) {
            let until = previous.valid_until;
            simulation.reason += &format!("; the previous secret works until {until}");
        }
        Ok(simulation)
    }

    /// Simulates a request with these permissions, which need not belong to a token.
    pub fn simulate_draft(&self, permissions: &Permissions, request: &RouteRequest) -> Simulation {
        let decision = decide(permissions, self.rules(), request);
        let reason = match &decision {
            Decision::Allow(AllowReason::SuperAdmin) => "super admins have full access".to_owned(),
            Decision::Allow(AllowReason::Authenticated) => {
                "the route requires only a valid token".to_owned()
            }
            Decision::Allow(AllowReason::Grant(index)) => format!("grant {index} allows it"),
            Decision::Deny(reason) => reason.to_string(),
        };
        Simulation {
            allowed: matches!(decision, Decision::Allow(_)),
            rule: self.rules().find(request).map(ToString::to_string),
            granted_by: decision.grant(),
            missing: match decision {
                Decision::Deny(DenyReason::Missing(accesses)) => accesses,
                _ => Vec::new(),
            },
            reason,
        }
    }
}

/// Returns why the token may not be used from this address for any request, or `None` if it may be used.
fn unusable(record: &Record, source_ip: Option<IpAddr>, now: Timestamp) -> Option<&'static str> {
    if record.status(now) == Status::Expired {
        return Some("the token has expired");
    }
    let allowed = record.allowed_ips.as_ref()?;
    match source_ip {
        None => Some("the token is limited to some addresses; give `sourceIp`"),
        Some(address) if !allowed.allows(address) => {
            Some("the token is not allowed from this address")
        }
        Some(_) => None,
    }
}
