//! The decision: may a token of these permissions make this request?
//!
//! One pure function of permissions, rule and request, so that the authorizer and whoever explains it say the same.

use super::grant::{Grant, Need, Permissions};
use super::permission::{Action, MAX_SEGMENTS, Resource};
use super::route::RouteRequest;
use super::rule::{ObjectSegment, RequiredAccess, Requirement, RouteRule};

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Let it through.
    Allow(AllowReason),
    /// Do not.
    Deny(DenyReason),
}

/// Why a request is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowReason {
    /// The token is a super admin's.
    SuperAdmin,
    /// The route asks for any valid token.
    Authenticated,
    /// This grant allows everything that the request needs; counted from 0.
    Grant(usize),
}

/// Why a request is denied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DenyReason {
    /// The route, or this method of it, is for super admins only.
    #[error("the route is for super admins only")]
    SuperAdminOnly,
    /// A value in the path could be read as more than one name.
    #[error("the path could be read in more than one way")]
    UnsafePath,
    /// No `routes` grant covers method and path.
    #[error("no `routes` grant covers method and path")]
    NoRoutesGrant,
    /// No grant allows all that is needed. These are the needs that the nearest one does not allow: the first of
    /// those that miss fewest.
    #[error("no single grant allows all that is needed; the nearest one lacks {}", .0.join(" "))]
    Missing(Vec<String>),
}

/// Decides. `rules` are all rules there are; the one that counts is found by the request's method and route.
///
/// A route without a rule is open to a `routes` grant that covers it, and to super admins.
pub fn decide(permissions: &Permissions, rules: &[RouteRule], request: &RouteRequest) -> Decision {
    let grants = match permissions {
        Permissions::SuperAdmin => return Decision::Allow(AllowReason::SuperAdmin),
        Permissions::Specific(grants) => grants,
    };
    let rule = rule_of(rules, request);
    match rule.map_or(&Requirement::RoutesGrant, |rule| rule.requirement(&request.method)) {
        Requirement::SuperAdmin => Decision::Deny(DenyReason::SuperAdminOnly),
        Requirement::Authenticated => Decision::Allow(AllowReason::Authenticated),
        Requirement::RoutesGrant => by_route(grants, request),
        Requirement::Access(lines) => by_lines(grants, lines, request),
    }
}

/// The rule that counts for a request.
pub fn rule_of<'r>(rules: &'r [RouteRule], request: &RouteRequest) -> Option<&'r RouteRule> {
    RouteRule::find(rules, &request.method, request.route.as_deref()?)
}

fn by_route(grants: &[Grant], request: &RouteRequest) -> Decision {
    let Some(segments) = request.filled_path() else {
        return Decision::Deny(DenyReason::UnsafePath);
    };
    match grants.iter().position(|grant| grant.covers_route(&request.method, &segments)) {
        Some(index) => Decision::Allow(AllowReason::Grant(index)),
        None => Decision::Deny(DenyReason::NoRoutesGrant),
    }
}

fn by_lines(grants: &[Grant], lines: &[RequiredAccess], request: &RouteRequest) -> Decision {
    let Some(needs) =
        lines.iter().map(|line| ResolvedNeed::of(line, request)).collect::<Option<Vec<_>>>()
    else {
        return Decision::Deny(DenyReason::UnsafePath);
    };
    let mut nearest: Option<(usize, &Grant)> = None;
    for (index, grant) in grants.iter().enumerate() {
        let missed = needs.iter().filter(|need| !grant.allows(&need.as_need())).count();
        if missed == 0 {
            return Decision::Allow(AllowReason::Grant(index));
        }
        if nearest.is_none_or(|(fewest, _)| missed < fewest) {
            nearest = Some((missed, grant));
        }
    }
    let misses =
        |need: &&ResolvedNeed<'_>| nearest.is_none_or(|(_, grant)| !grant.allows(&need.as_need()));
    Decision::Deny(DenyReason::Missing(
        needs.iter().filter(misses).map(ResolvedNeed::to_text).collect(),
    ))
}

/// A line with its placeholders filled in.
struct ResolvedNeed<'a> {
    resource: Resource,
    action: Action,
    segments: [&'a str; MAX_SEGMENTS],
    length: usize,
}

impl<'a> ResolvedNeed<'a> {
    fn of(line: &RequiredAccess, request: &'a RouteRequest) -> Option<Self> {
        let mut segments = [""; MAX_SEGMENTS];
        for (place, segment) in segments.iter_mut().zip(line.object) {
            *place = match segment {
                ObjectSegment::Literal(literal) => literal,
                ObjectSegment::Placeholder(name) => request.name(name)?,
            };
        }
        Some(Self {
            resource: line.resource,
            action: line.action,
            segments,
            length: line.object.len(),
        })
    }

    fn object(&self) -> &[&'a str] {
        self.segments.get(..self.length).unwrap_or_default()
    }

    fn as_need(&self) -> Need<'_> {
        Need { resource: self.resource, action: self.action, object: self.object() }
    }

    /// As `infra/routes.yaml` writes it: `applications:trigger:payments/checkout`.
    fn to_text(&self) -> String {
        let resource = Resource::ALL
            .iter()
            .find(|(one, ..)| *one == self.resource)
            .map_or("", |(_, name, _)| name);
        let action =
            Action::ALL.iter().find(|(one, _)| *one == self.action).map_or("", |(_, name)| name);
        format!("{resource}:{action}:{}", self.object().join("/"))
    }
}
