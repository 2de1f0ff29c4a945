//! The decision whether a token's permissions allow a request.
//!
//! The authorizer and the simulation share this pure function, so they cannot disagree.

use super::access::AccessRequest;
use super::grant::{Grant, Permissions};
use super::route::RouteRequest;
use super::rule::{RequiredAccess, Requirement, RouteRule};

/// The decision on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The request is allowed.
    Allow(AllowReason),
    /// The request is denied.
    Deny(DenyReason),
}

/// Why a request is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowReason {
    /// The token is a super-admin token.
    SuperAdmin,
    /// The route requires only a valid token.
    Authenticated,
    /// The grant with this index, counted from 0, allows the whole request.
    Grant(usize),
}

/// Why a request is denied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DenyReason {
    /// The route, or this method of it, requires a super-admin token.
    #[error("the route requires a super-admin token")]
    SuperAdminOnly,
    /// The path contains a value that a program behind the gateway could read in another way.
    #[error("the path contains an unsafe value")]
    UnsafePath,
    /// No `routes` grant covers this method and path.
    #[error("no `routes` grant covers this method and path")]
    NoRoutesGrant,
    /// No single grant allows every access. These are the ones that the nearest grant lacks: the first grant that
    /// lacks the fewest.
    #[error("no single grant allows every access; the nearest one lacks {}", .0.join(" "))]
    Missing(Vec<String>),
}

/// Decides on a request. The rule that applies is found in `rules` by the request's method and route.
///
/// A route without a rule requires a `routes` grant that covers it.
pub fn decide(permissions: &Permissions, rules: &[RouteRule], request: &RouteRequest) -> Decision {
    let grants = match permissions {
        Permissions::SuperAdmin => return Decision::Allow(AllowReason::SuperAdmin),
        Permissions::Specific(grants) => grants,
    };
    let rule = find_rule(rules, request);
    match rule.map_or(&Requirement::RoutesGrant, |rule| rule.requirement(&request.method)) {
        Requirement::SuperAdmin => Decision::Deny(DenyReason::SuperAdminOnly),
        Requirement::Authenticated => Decision::Allow(AllowReason::Authenticated),
        Requirement::RoutesGrant => decide_by_route(grants, request),
        Requirement::Access(required) => decide_by_access(grants, required, request),
    }
}

/// Returns the rule that applies to a request.
pub fn find_rule<'r>(rules: &'r [RouteRule], request: &RouteRequest) -> Option<&'r RouteRule> {
    RouteRule::find(rules, &request.method, request.route.as_deref()?)
}

fn decide_by_route(grants: &[Grant], request: &RouteRequest) -> Decision {
    let Some(segments) = request.filled_path() else {
        return Decision::Deny(DenyReason::UnsafePath);
    };
    match grants.iter().position(|grant| grant.matches_route(&request.method, &segments)) {
        Some(index) => Decision::Allow(AllowReason::Grant(index)),
        None => Decision::Deny(DenyReason::NoRoutesGrant),
    }
}

fn decide_by_access(
    grants: &[Grant],
    required: &[RequiredAccess],
    request: &RouteRequest,
) -> Decision {
    let resolved = required.iter().map(|access| AccessRequest::resolve(access, request));
    let Some(accesses) = resolved.collect::<Option<Vec<_>>>() else {
        return Decision::Deny(DenyReason::UnsafePath);
    };
    let mut nearest: Option<(usize, &Grant)> = None;
    for (index, grant) in grants.iter().enumerate() {
        let lacking = accesses.iter().filter(|access| !grant.allows(access)).count();
        if lacking == 0 {
            return Decision::Allow(AllowReason::Grant(index));
        }
        if nearest.is_none_or(|(fewest, _)| lacking < fewest) {
            nearest = Some((lacking, grant));
        }
    }
    let missing = accesses
        .iter()
        .filter(|access| nearest.is_none_or(|(_, grant)| !grant.allows(access)))
        .map(ToString::to_string);
    Decision::Deny(DenyReason::Missing(missing.collect()))
}
