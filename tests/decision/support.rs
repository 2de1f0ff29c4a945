//! Helpers that create grants and make decisions.

use serde_json::{Value, json};
use shared::domain::access::AccessRequest;
use shared::domain::decision::{Decision, decide};
use shared::domain::grant::{Grant, Permissions};
use shared::domain::route::RouteRequest;
use shared::http::Fields;
use tests::fixture::{RULES_WITH_DEMO, VOCABULARY};

/// Parses permissions with these grants.
pub fn specific(grants: Value) -> Permissions {
    let body = json!({ "permissions": { "type": "specific", "grants": grants } });
    Fields::parse(&body, |fields| fields.permissions(&VOCABULARY)).unwrap()
}

/// Parses one grant.
pub fn grant(grant: Value) -> Grant {
    match specific(json!([grant])) {
        Permissions::Specific(mut grants) => grants.remove(0),
        Permissions::SuperAdmin => unreachable!(),
    }
}

/// Returns a grant for Devtron applications in every environment.
pub fn devtron_apps(project: &str, application: &str, role: &str) -> Value {
    json!({ "resource": "devtronApps", "project": project, "environments": ["*"], "applications": [application], "role": role })
}

/// Returns a `routes` grant.
pub fn routes(methods: &[&str], paths: &[&str]) -> Value {
    json!({ "resource": "routes", "methods": methods, "paths": paths })
}

/// Returns whether a grant allows `resource:action:object`.
pub fn allows(grant: &Grant, access: &str) -> bool {
    let mut parts = access.splitn(3, ':');
    let (resource, action) = (parts.next().unwrap(), parts.next().unwrap());
    let object: Vec<_> = parts.next().unwrap().split('/').collect();
    assert!(VOCABULARY.resource(resource).is_some() && VOCABULARY.actions.contains(&action));
    grant.allows(&AccessRequest::new(resource, action, &object).unwrap())
}

/// Returns the decision on a request by the rules of the management routes and the demo.
pub fn decision(permissions: &Permissions, method: &str, path: &str) -> Decision {
    decide(
        permissions,
        RULES_WITH_DEMO,
        &RouteRequest::parse(method, path, RULES_WITH_DEMO).unwrap(),
    )
}

/// Returns whether the rules of the management routes and the demo allow a request.
pub fn is_allowed(permissions: &Permissions, method: &str, path: &str) -> bool {
    matches!(decision(permissions, method, path), Decision::Allow(_))
}
