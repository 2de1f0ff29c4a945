//! The requirements of protected routes, as `infra/routes.yaml` states them.

use std::fmt;

/// The requirement of one route.
#[derive(Debug)]
pub struct RouteRule {
    /// An HTTP method, or `ANY`.
    pub method: &'static str,
    /// The route's path with its placeholders.
    pub path: &'static str,
    /// The requirement.
    pub requires: Requires,
}

/// A requirement for all methods, or one per method.
#[derive(Debug)]
pub enum Requires {
    /// The same for every method.
    Always(Requirement),
    /// One per method. If `HEAD` is not listed, it requires what `GET` requires. Any other method that is not listed requires a
    /// super-admin token.
    PerMethod(&'static [(&'static str, Requirement)]),
}

/// What a request must prove.
#[derive(Debug, PartialEq)]
pub enum Requirement {
    /// A super-admin token.
    SuperAdmin,
    /// Any valid token.
    Authenticated,
    /// A `routes` grant that covers the method and path.
    RoutesGrant,
    /// One grant that allows all of these accesses.
    Access(&'static [RequiredAccess]),
}

impl Requirement {
    /// Returns the rank of a requirement among those that apply to a request: the higher, the fewer tokens meet it. All lists of
    /// accesses have the same rank.
    pub(super) fn strictness(&self) -> u8 {
        match self {
            Self::Authenticated => 0,
            Self::RoutesGrant => 1,
            Self::Access(_) => 2,
            Self::SuperAdmin => 3,
        }
    }
}

/// One access that a rule requires. Its object may contain placeholders of the route.
#[derive(Debug, PartialEq)]
pub struct RequiredAccess {
    /// The resource.
    pub resource: &'static str,
    /// The action.
    pub action: &'static str,
    /// The object, segment by segment.
    pub object: &'static [ObjectSegment],
}

/// One segment of the object that a rule requires.
#[derive(Debug, PartialEq)]
pub enum ObjectSegment {
    /// A literal name.
    Literal(&'static str),
    /// The value of this placeholder.
    Placeholder(&'static str),
}

/// Returns the methods whose rules apply to requests with this method. The first one that has a rule decides.
pub(super) fn precedence(method: &str) -> impl Iterator<Item = &str> {
    let get = (method == "HEAD").then_some("GET");
    std::iter::once(method).chain(get).chain(std::iter::once("ANY"))
}

impl RouteRule {
    /// Returns what the rule requires of a request with this method. A rule for `ANY` applies to every method, and one for `GET`
    /// also to `HEAD`.
    pub fn requirement(&self, method: &str) -> &Requirement {
        match &self.requires {
            Requires::Always(requirement) => requirement,
            Requires::PerMethod(methods) => precedence(method)
                .find_map(|one| methods.iter().find(|(listed, _)| *listed == one))
                .map_or(&Requirement::SuperAdmin, |(_, requirement)| requirement),
        }
    }

    /// Returns whether this is a route of the management API.
    pub fn is_management(&self) -> bool {
        self.path == "/v1" || self.path.starts_with("/v1/")
    }
}

impl fmt::Display for RouteRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
