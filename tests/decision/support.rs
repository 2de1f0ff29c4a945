//! Grants and needs, shortly.

use serde_json::{Value, json};
use shared::domain::decision::{Decision, decide};
use shared::domain::grant::{Grant, Need, Permissions};
use shared::domain::permission::{Action, Resource};
use shared::domain::route::RouteRequest;
use shared::domain::rule::RULES_WITH_DEMO;
use shared::domain::violation::{Pointer, Violations};

/// Permissions of these grants, read as a caller's are.
pub fn specific(grants: Value) -> Permissions {
    let mut violations = Violations::default();
    let permissions = json!({ "type": "specific", "grants": grants });
    let read = Permissions::read(&permissions, &Pointer::root(), &mut violations);
    read.unwrap_or_else(|| panic!("{violations:?}"))
}

/// One grant.
pub fn grant(grant: Value) -> Grant {
    match specific(json!([grant])) {
        Permissions::Specific(mut grants) => grants.remove(0),
        Permissions::SuperAdmin => unreachable!(),
    }
}

/// Whether a grant allows `resource:action:object`.
pub fn allows(grant: &Grant, line: &str) -> bool {
    let mut parts = line.splitn(3, ':');
    let (resource, action) = (parts.next().unwrap(), parts.next().unwrap());
    let object: Vec<_> = parts.next().unwrap().split('/').collect();
    let (resource, ..) = Resource::ALL.iter().find(|(_, name, _)| *name == resource).unwrap();
    let (action, _) = Action::ALL.iter().find(|(_, name)| *name == action).unwrap();
    grant.allows(&Need { resource: *resource, action: *action, object: &object })
}

/// What the rules of this project decide on a request.
pub fn decided(permissions: &Permissions, method: &str, path: &str) -> Decision {
    decide(permissions, RULES_WITH_DEMO, &RouteRequest::to(method, path, RULES_WITH_DEMO).unwrap())
}

/// Whether it is allowed.
pub fn allowed(permissions: &Permissions, method: &str, path: &str) -> bool {
    matches!(decided(permissions, method, path), Decision::Allow(_))
}
