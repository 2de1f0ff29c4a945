//! Which rule applies to a request.

use crate::support::{decision, devtron_apps, is_allowed, routes, specific};
use serde_json::json;
use shared::domain::decision::{AllowReason, Decision, DenyReason, decide};
use shared::domain::grant::Permissions;
use shared::domain::route::RouteRequest;
use shared::domain::rule::Requirement;
use shared::domain::rules::Rules;
use tests::fixture::RULES_WITH_DEMO;

/// Returns a request as the event of a route describes it, with the values of the placeholders.
fn request_on(method: &str, route: &str, values: &[(&str, &str)], path: &str) -> RouteRequest {
    RouteRequest {
        method: method.to_owned(),
        route: Some(route.to_owned()),
        parameters: values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        raw_path: path.to_owned(),
    }
}

#[test]
fn the_names_of_placeholders_do_not_change_which_rule_applies() {
    let pay = specific(json!([devtron_apps("pay", "shop", "view"), routes(&["*"], &["/**"])]));
    let route = "/projects/{p}/applications/{a}";
    for (application, expected) in [("shop", true), ("cart", false)] {
        let path = format!("/projects/pay/applications/{application}");
        let request = request_on("GET", route, &[("p", "pay"), ("a", application)], &path);
        let decision = decide(&pay, RULES_WITH_DEMO, &request);
        assert_eq!(matches!(decision, Decision::Allow(_)), expected, "{application}: {decision:?}");
    }
}

#[test]
fn a_path_of_a_management_route_is_for_super_admins_on_every_route() {
    let all = specific(json!([routes(&["*"], &["/**"])]));
    for (route, values, path) in [
        ("/v1/{proxy+}", [("proxy", "tokens")], "/v1/tokens"),
        ("/{proxy+}", [("proxy", "v1/tokens/4GkTz0a9QmW1xB7c")], "/v1/tokens/4GkTz0a9QmW1xB7c"),
        ("/{version}/simulate", [("version", "v1")], "/v1/simulate"),
        ("/v1/{proxy+}", [("proxy", "tokens")], "/prod/v1/tokens"),
    ] {
        for method in ["GET", "POST", "PUT"] {
            let request = request_on(method, route, &values, path);
            let denied = Decision::Deny(DenyReason::SuperAdminOnly);
            assert_eq!(decide(&all, RULES_WITH_DEMO, &request), denied, "{method} {route} {path}");
            let decision = decide(&Permissions::SuperAdmin, RULES_WITH_DEMO, &request);
            assert_eq!(decision, Decision::Allow(AllowReason::SuperAdmin));
        }
    }
    let request = request_on("GET", "/v1/{proxy+}", &[("proxy", "other")], "/v1/other");
    assert!(matches!(decide(&all, RULES_WITH_DEMO, &request), Decision::Allow(_)));
}

#[test]
fn a_path_without_a_rule_follows_the_default() {
    let all = specific(json!([routes(&["*"], &["/**"])]));
    let request = request_on("GET", "/elsewhere", &[], "/elsewhere");
    let strict = Rules { default: &Requirement::SuperAdmin, ..RULES_WITH_DEMO };
    assert_eq!(decide(&all, RULES_WITH_DEMO, &request), Decision::Allow(AllowReason::Grant(0)));
    assert_eq!(decide(&all, strict, &request), Decision::Deny(DenyReason::SuperAdminOnly));
}

#[test]
fn a_method_without_a_rule_is_for_super_admins_only() {
    let grant = specific(
        json!([{ "resource": "kubernetes", "cluster": "*", "namespaces": ["*"], "apiGroups": ["*"], "kinds": ["*"], "names": ["*"], "role": "admin" }]),
    );
    let object = "/clusters/c/namespaces/web/apps/Deployment/api";
    assert!(is_allowed(&grant, "GET", object) && is_allowed(&grant, "DELETE", object));
    // HEAD requires what GET requires.
    assert!(is_allowed(&grant, "HEAD", object));
    for method in ["PUT", "POST", "PATCH", "OPTIONS", "PURGE"] {
        let denied = Decision::Deny(DenyReason::SuperAdminOnly);
        assert_eq!(decision(&grant, method, object), denied, "{method}");
    }
}

#[test]
fn the_default_route_is_for_super_admins_only() {
    // API Gateway uses the route `$default` for requests that match no other route.
    let all = specific(json!([routes(&["*"], &["/**"])]));
    let request = RouteRequest {
        method: "GET".to_owned(),
        route: None,
        parameters: Vec::new(),
        raw_path: "/x".to_owned(),
    };
    assert!(matches!(decide(&all, RULES_WITH_DEMO, &request), Decision::Deny(_)));
    let allowed = Decision::Allow(AllowReason::SuperAdmin);
    assert_eq!(decide(&Permissions::SuperAdmin, RULES_WITH_DEMO, &request), allowed);
}
