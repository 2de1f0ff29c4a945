//! Single grants: what each allows, and what several together do not allow, because they are never combined.

use crate::support::{decision, devtron_apps, is_allowed, routes, specific};
use serde_json::json;
use shared::domain::decision::{AllowReason, Decision, DenyReason};

#[test]
fn two_grants_are_never_combined() {
    let trigger = |project: &str, environment: &str| json!({ "resource": "devtronApps", "project": project, "environments": [environment], "applications": ["*"], "role": "trigger" });
    let both = specific(json!([trigger("payments", "staging"), trigger("sandbox", "prod")]));
    let deployment = |project: &str, environment: &str| {
        format!("/projects/{project}/applications/checkout/deployments/{environment}")
    };
    assert!(is_allowed(&both, "POST", &deployment("payments", "staging")));
    assert!(is_allowed(&both, "POST", &deployment("sandbox", "prod")));
    // The first grant covers the application but not the environment, and the second covers neither. So the first one is
    // the nearest, and the decision names what it lacks.
    let missing = vec!["environments:trigger:payments/prod/checkout".to_owned()];
    let expected = Decision::Deny(DenyReason::Missing(missing));
    assert_eq!(decision(&both, "POST", &deployment("payments", "prod")), expected);
}

#[test]
fn the_segments_of_one_object_are_never_split_between_two_grants() {
    let grants = [devtron_apps("pay", "shop", "admin"), devtron_apps("data", "cart", "admin")];
    let both = specific(json!(grants));
    assert!(!is_allowed(&both, "DELETE", "/projects/pay/applications/cart"));
    assert!(!is_allowed(&both, "DELETE", "/projects/data/applications/shop"));
}

#[test]
fn a_grant_for_get_covers_head_and_no_other_method() {
    let get = specific(json!([routes(&["GET"], &["/orders/**"])]));
    for (method, expected) in [("GET", true), ("HEAD", true), ("POST", false), ("OPTIONS", false)] {
        assert_eq!(is_allowed(&get, method, "/orders/7"), expected, "{method}");
    }
    let head = specific(json!([routes(&["HEAD"], &["/orders/**"])]));
    assert!(is_allowed(&head, "HEAD", "/orders/7") && !is_allowed(&head, "GET", "/orders/7"));
}

#[test]
fn the_root_is_covered_by_its_own_pattern_and_by_a_double_star() {
    for (pattern, expected) in [("/", true), ("/**", true), ("/*", false), ("/orders/**", false)] {
        let grant = specific(json!([routes(&["GET"], &[pattern])]));
        assert_eq!(is_allowed(&grant, "GET", "/"), expected, "{pattern}");
    }
}

#[test]
fn a_name_of_maximum_length_matches_only_itself() {
    let longest = "a".repeat(256);
    let grant = specific(json!([devtron_apps(&longest, "*", "view")]));
    for (project, expected) in
        [(longest.clone(), true), (format!("{longest}a"), false), ("a".repeat(255), false)]
    {
        let path = format!("/projects/{project}/applications/shop");
        assert_eq!(is_allowed(&grant, "GET", &path), expected, "{}", project.len());
    }
}

#[test]
fn a_routes_grant_permits_introspection_and_no_other_management_route() {
    let paths = ["/v1/**", "/**", "/v1/tokens", "/v1/tokens/*", "/v1/simulate"];
    let all = specific(json!([routes(&["*"], &paths)]));
    for (method, path) in [
        ("GET", "/v1/tokens"),
        ("POST", "/v1/tokens"),
        ("PATCH", "/v1/tokens/4GkTz0a9QmW1xB7c"),
        ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/regenerate"),
        ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/simulate"),
        ("POST", "/v1/simulate"),
        ("GET", "/v1/introspect"),
        ("HEAD", "/v1/introspect"),
    ] {
        let denied = Decision::Deny(DenyReason::SuperAdminOnly);
        assert_eq!(decision(&all, method, path), denied, "{method} {path}");
    }
    let allowed = Decision::Allow(AllowReason::Grant(0));
    assert_eq!(decision(&all, "POST", "/v1/introspect"), allowed);
}

#[test]
fn a_routes_grant_does_not_satisfy_a_stricter_rule() {
    let all = specific(json!([routes(&["*"], &["/projects/**"])]));
    let missing = vec!["applications:get:pay/shop".to_owned()];
    let denied = Decision::Deny(DenyReason::Missing(missing));
    assert_eq!(decision(&all, "GET", "/projects/pay/applications/shop"), denied);
}

#[test]
fn a_resource_grant_does_not_satisfy_a_routes_rule() {
    let grant = specific(json!([devtron_apps("*", "*", "manager")]));
    assert_eq!(decision(&grant, "GET", "/orders/7"), Decision::Deny(DenyReason::NoRoutesGrant));
}
