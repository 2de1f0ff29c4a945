//! The decision whether a token's permissions allow a request.
//!
//! The authorizer, introspect and simulate call this pure function, so they cannot disagree.

use super::access::AccessRequest;
use super::grant::{Grant, Permissions};
use super::route::RouteRequest;
use super::rule::{RequiredAccess, Requirement, RouteRule};
use super::rules::{Applicable, Rules};

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
    /// The path contains a value that a program behind the gateway could read as other segments, or the route with its
    /// values is not the path that was requested: see [`RouteRequest::filled_path`].
    #[error("the path contains an unsafe value")]
    UnsafePath,
    /// No `routes` grant covers this method and path.
    #[error("no `routes` grant covers this method and path")]
    NoRoutesGrant,
    /// No single grant allows every access. Contains the accesses that the nearest grant lacks, or all of them if the token
    /// has no grants. The nearest grant is the one that lacks the fewest accesses; of several, the first.
    #[error("no single grant allows every access; the nearest one lacks {}", .0.join(" "))]
    Missing(Vec<String>),
}

impl AllowReason {
    /// Returns the index of the grant that allows the request. Returns `None` if no grant was needed.
    pub fn grant(self) -> Option<usize> {
        match self {
            Self::Grant(index) => Some(index),
            Self::SuperAdmin | Self::Authenticated => None,
        }
    }
}

impl Decision {
    /// Returns the index of the grant that allows the request. Returns `None` if it is denied or no grant was needed.
    pub fn grant(&self) -> Option<usize> {
        match self {
            Self::Allow(reason) => reason.grant(),
            Self::Deny(_) => None,
        }
    }

    /// Returns the decision on a request that both decisions must allow: the first denial, and otherwise `self`.
    fn and(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Allow(_), Self::Deny(_)) => other,
            _ => self,
        }
    }
}

/// Decides on a request, by the rules that apply to it ([`Rules::find`]). If there are several, each must allow it.
pub fn decide(permissions: &Permissions, rules: Rules<'_>, request: &RouteRequest) -> Decision {
    let grants = match permissions {
        Permissions::SuperAdmin => return Decision::Allow(AllowReason::SuperAdmin),
        Permissions::Specific(grants) => grants,
    };
    let path = request.filled_path();
    let applicable = rules.applicable(request, path.as_deref()).into_iter();
    let decisions = applicable.map(|one| decide_by(one, grants, request, path.as_deref()));
    decisions.reduce(Decision::and).unwrap_or(Decision::Deny(DenyReason::SuperAdminOnly))
}

fn decide_by(
    (rule, requirement): Applicable<'_>,
    grants: &[Grant],
    request: &RouteRequest,
    path: Option<&[&str]>,
) -> Decision {
    match (requirement, rule, path) {
        (Requirement::SuperAdmin, ..) => Decision::Deny(DenyReason::SuperAdminOnly),
        // A rule cannot protect a path that a program behind the gateway could read as another path.
        (_, _, None) => Decision::Deny(DenyReason::UnsafePath),
        (Requirement::Authenticated, ..) => Decision::Allow(AllowReason::Authenticated),
        (Requirement::Access(accesses), Some(rule), _) => {
            decide_by_access(grants, rule, accesses, request)
        }
        // Accesses always come with a rule: `Rules::default` never requires any.
        (Requirement::RoutesGrant | Requirement::Access(_), _, Some(path)) => {
            decide_by_route(grants, &request.method, path)
        }
    }
}

fn decide_by_route(grants: &[Grant], method: &str, path: &[&str]) -> Decision {
    match grants.iter().position(|grant| grant.matches_route(method, path)) {
        Some(index) => Decision::Allow(AllowReason::Grant(index)),
        None => Decision::Deny(DenyReason::NoRoutesGrant),
    }
}

fn decide_by_access(
    grants: &[Grant],
    rule: &RouteRule,
    required: &[RequiredAccess],
    request: &RouteRequest,
) -> Decision {
    let resolved = required.iter().map(|access| AccessRequest::resolve(access, rule, request));
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
