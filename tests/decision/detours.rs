//! Paths that match the route of one rule, but that a program may read as the path of another.

use crate::support::{devtron_apps, routes, specific};
use serde_json::json;
use shared::domain::decision::{AllowReason, Decision, DenyReason, decide};
use shared::domain::grant::Permissions;
use shared::domain::route::RouteRequest;
use shared::domain::rule::{ObjectSegment, RequiredAccess, Requirement, Requires, RouteRule};
use shared::domain::rules::Rules;

const PROJECT: RequiredAccess = RequiredAccess {
    resource: "projects",
    action: "get",
    object: &[ObjectSegment::Placeholder("project")],
};

const MINE: RequiredAccess =
    RequiredAccess { object: &[ObjectSegment::Literal("mine")], ..PROJECT };

const APPLICATION: RequiredAccess = RequiredAccess {
    resource: "applications",
    action: "get",
    object: &[ObjectSegment::Placeholder("project"), ObjectSegment::Placeholder("application")],
};

const fn rule(method: &'static str, path: &'static str, requirement: Requirement) -> RouteRule {
    RouteRule { method, path, requires: Requires::Always(requirement) }
}

/// Decides on a request to `route`, whose placeholders have these values in API Gateway's event. Without a rule, only super
/// admins are allowed.
fn decision(
    permissions: &Permissions,
    routes: &[RouteRule],
    method: &str,
    route: &str,
    values: &[(&str, &str)],
) -> Decision {
    let rules = Rules { routes, default: &Requirement::SuperAdmin };
    decision_by(rules, permissions, method, route, values)
}

fn decision_by(
    rules: Rules<'_>,
    permissions: &Permissions,
    method: &str,
    route: &str,
    values: &[(&str, &str)],
) -> Decision {
    let mut raw_path = route.to_owned();
    for (name, value) in values {
        raw_path =
            raw_path.replace(&format!("{{{name}}}"), value).replace(&format!("{{{name}+}}"), value);
    }
    let request = RouteRequest {
        method: method.to_owned(),
        route: Some(route.to_owned()),
        parameters: values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        raw_path,
    };
    decide(permissions, rules, &request)
}

#[test]
fn unsafe_values_of_placeholders_are_denied_even_if_the_rule_does_not_use_them() {
    let report = "/projects/{project}/reports/{report}";
    let greedy = "/projects/{project}/{proxy+}";
    let rules = [
        rule("GET", report, Requirement::Access(&[PROJECT])),
        rule("GET", greedy, Requirement::Access(&[PROJECT])),
        rule("GET", "/files/{proxy+}", Requirement::Authenticated),
    ];
    let mine = specific(json!([devtron_apps("mine", "*", "view")]));
    let decide = |route, values: &[_]| decision(&mine, &rules, "GET", route, values);
    for (route, name, value) in [
        (report, "report", ".."),
        (report, "report", "../../other/reports/q3"),
        (greedy, "proxy", "../other/secret"),
        (greedy, "proxy", "..;/other/secret"),
        (greedy, "proxy", "%2e%2e/other/secret"),
        (greedy, "proxy", "\u{ff0e}\u{ff0e}/other/secret"),
    ] {
        let values = [("project", "mine"), (name, value)];
        assert_eq!(decide(route, &values), Decision::Deny(DenyReason::UnsafePath), "{value}");
    }
    let denied = Decision::Deny(DenyReason::UnsafePath);
    assert_eq!(decide("/files/{proxy+}", &[("proxy", "x/../y")]), denied);
    assert!(matches!(decide(report, &[("project", "mine"), ("report", "q3")]), Decision::Allow(_)));
    assert!(matches!(decide(greedy, &[("project", "mine"), ("proxy", "a/b")]), Decision::Allow(_)));
    assert!(matches!(decide("/files/{proxy+}", &[("proxy", "a/b")]), Decision::Allow(_)));
}

#[test]
fn the_rule_of_a_more_specific_route_applies_even_if_another_route_was_matched() {
    let rules = [
        rule("GET", "/orders/export", Requirement::SuperAdmin),
        rule("ANY", "/orders/{proxy+}", Requirement::RoutesGrant),
        rule("GET", "/reports/salaries", Requirement::SuperAdmin),
        rule("GET", "/reports/{id}", Requirement::Authenticated),
    ];
    let orders = specific(json!([routes(&["*"], &["/orders/**"])]));
    let decide = |method, route, value| {
        let name = if route == "/reports/{id}" { "id" } else { "proxy" };
        decision(&orders, &rules, method, route, &[(name, value)])
    };
    let denied = Decision::Deny(DenyReason::SuperAdminOnly);
    for method in ["GET", "HEAD"] {
        assert_eq!(decide(method, "/orders/{proxy+}", "export"), denied, "{method}");
    }
    for value in ["salaries", "salaries ", "\u{a0}salaries", "s\u{ad}alaries", "\u{ff53}alaries"] {
        assert_eq!(decide("GET", "/reports/{id}", value), denied, "{value:?}");
    }
    // The more specific path has no rule for this method, so the rule of the matched route applies.
    assert!(matches!(decide("POST", "/orders/{proxy+}", "export"), Decision::Allow(_)));
    assert!(matches!(decide("GET", "/orders/{proxy+}", "7/export"), Decision::Allow(_)));
    assert!(matches!(decide("GET", "/reports/{id}", "q3"), Decision::Allow(_)));
}

#[test]
fn a_route_without_a_rule_requires_what_the_rule_for_its_path_requires_but_at_least_the_default() {
    let rules = [
        rule("ANY", "/admin/{proxy+}", Requirement::SuperAdmin),
        rule("GET", "/open/{proxy+}", Requirement::Authenticated),
    ];
    let everywhere = specific(json!([routes(&["*"], &["/**"])]));
    let elsewhere = specific(json!([routes(&["*"], &["/elsewhere"])]));
    let denied = Decision::Deny(DenyReason::SuperAdminOnly);
    let rules = Rules { routes: &rules, default: &Requirement::RoutesGrant };
    let decide =
        |permissions, method, route| decision_by(rules, permissions, method, route, &[("id", "7")]);
    assert_eq!(decide(&everywhere, "GET", "/admin/{id}"), denied);
    assert_eq!(decide(&everywhere, "POST", "/open/{id}"), denied);
    assert!(matches!(decide(&everywhere, "GET", "/open/{id}"), Decision::Allow(_)));
    let denied = Decision::Deny(DenyReason::NoRoutesGrant);
    assert_eq!(decide(&elsewhere, "GET", "/open/{id}"), denied);
    assert!(matches!(decide(&everywhere, "GET", "/other/{id}"), Decision::Allow(_)));
}

#[test]
fn the_stricter_of_two_readings_of_a_segment_applies() {
    let rules = [
        rule("ANY", "/{a}/{b}", Requirement::Authenticated),
        rule("ANY", "/x/y", Requirement::Authenticated),
        rule("ANY", "/x/{proxy+}", Requirement::SuperAdmin),
    ];
    let none = specific(json!([routes(&["GET"], &["/elsewhere"])]));
    let decide = |b| decision(&none, &rules, "GET", "/{a}/{b}", &[("a", "x"), ("b", b)]);
    // A program that trims segments reads `/x/y`. Other programs read a path that matches only `/x/{proxy+}`.
    assert_eq!(decide("y "), Decision::Deny(DenyReason::SuperAdminOnly));
    assert!(matches!(decide("y"), Decision::Allow(_)));
}

#[test]
fn a_rule_for_get_does_not_hide_a_less_specific_rule_for_head() {
    let rules = [
        rule("GET", "/x/{a}", Requirement::Authenticated),
        rule("HEAD", "/x/{proxy+}", Requirement::RoutesGrant),
        rule("ANY", "/{a}/{b}", Requirement::Authenticated),
    ];
    let elsewhere = specific(json!([routes(&["GET"], &["/elsewhere"])]));
    let decide =
        |method| decision(&elsewhere, &rules, method, "/{a}/{b}", &[("a", "x"), ("b", "y")]);
    assert_eq!(decide("HEAD"), Decision::Deny(DenyReason::NoRoutesGrant));
    assert!(matches!(decide("GET"), Decision::Allow(_)));
}

#[test]
fn head_requires_what_get_requires_and_at_least_what_the_route_requires_that_api_gateway_matches() {
    let rules = [
        rule("GET", "/x", Requirement::Authenticated),
        rule("ANY", "/x", Requirement::SuperAdmin),
        rule("GET", "/y", Requirement::SuperAdmin),
        rule("ANY", "/y", Requirement::Authenticated),
        rule("GET", "/z", Requirement::Authenticated),
        rule("HEAD", "/z", Requirement::RoutesGrant),
        rule("ANY", "/z", Requirement::SuperAdmin),
        rule("GET", "/{project}", Requirement::Access(&[PROJECT])),
        rule("ANY", "/{project}", Requirement::RoutesGrant),
    ];
    let everywhere = specific(json!([routes(&["GET"], &["/**"])]));
    let decide = |route| decision(&everywhere, &rules, "HEAD", route, &[]);
    let denied = Decision::Deny(DenyReason::SuperAdminOnly);
    assert_eq!(decide("/x"), denied);
    assert_eq!(decide("/y"), denied);
    assert!(matches!(decide("/z"), Decision::Allow(_)));
    assert!(matches!(decision(&everywhere, &rules, "GET", "/x", &[]), Decision::Allow(_)));
    let project = |grants| {
        let values = [("project", "mine")];
        matches!(
            decision(&specific(grants), &rules, "HEAD", "/{project}", &values),
            Decision::Allow(_)
        )
    };
    let (view, everything) = (devtron_apps("mine", "*", "view"), routes(&["GET"], &["/**"]));
    assert!(!project(json!([view])));
    assert!(!project(json!([everything])));
    assert!(project(json!([view, everything])));
}

#[test]
fn a_path_that_leads_to_a_weaker_rule_still_requires_what_the_matched_route_requires() {
    let rules = [
        rule("ANY", "/{proxy+}", Requirement::RoutesGrant),
        rule("ANY", "/orders/{proxy+}", Requirement::SuperAdmin),
        rule("GET", "/orders/export", Requirement::Authenticated),
        rule("GET", "/v1/tokens/self", Requirement::Authenticated),
        rule("GET", "/v1/tokens/{id}", Requirement::SuperAdmin),
    ];
    let elsewhere = specific(json!([routes(&["GET"], &["/elsewhere"])]));
    let decide = |method, route, values: &[_]| decision(&elsewhere, &rules, method, route, values);
    for value in ["v1/tokens /self", "v1\u{ad}/tokens/self"] {
        let denied = Decision::Deny(DenyReason::NoRoutesGrant);
        assert_eq!(decide("GET", "/{proxy+}", &[("proxy", value)]), denied, "{value:?}");
    }
    let denied = Decision::Deny(DenyReason::SuperAdminOnly);
    for value in ["self ", "self\u{ad}", "\u{ff53}elf"] {
        assert_eq!(decide("GET", "/v1/tokens/{id}", &[("id", value)]), denied, "{value:?}");
    }
    assert_eq!(decide("HEAD", "/orders/{proxy+}", &[("proxy", "export")]), denied);
    // Without normalisation, the last segment is an id, and the rule for ids requires a super admin.
    assert_eq!(decide("GET", "/{proxy+}", &[("proxy", "v1/tokens/self\u{200b}")]), denied);
    assert!(matches!(decide("GET", "/v1/tokens/self", &[]), Decision::Allow(_)));
    assert!(matches!(decide("GET", "/orders/export", &[]), Decision::Allow(_)));
}

#[test]
fn what_the_matched_route_requires_is_required_beside_what_the_path_requires() {
    let applications = "/projects/{project}/applications/{application}";
    let rules = [
        rule("GET", applications, Requirement::Access(&[APPLICATION])),
        rule("GET", "/projects/{project}/applications/archived", Requirement::Access(&[PROJECT])),
        rule("ANY", "/files/{proxy+}", Requirement::RoutesGrant),
        rule("GET", "/files/mine", Requirement::Access(&[MINE])),
    ];
    let files = routes(&["GET"], &["/files/**"]);
    let one = specific(json!([devtron_apps("mine", "shop", "view")]));
    let all = specific(json!([devtron_apps("mine", "*", "view"), files]));
    let elsewhere = specific(json!([devtron_apps("other", "*", "view"), files]));
    let missing = |access: &str| Decision::Deny(DenyReason::Missing(vec![access.to_owned()]));
    let application = |permissions, value| {
        let values = [("project", "mine"), ("application", value)];
        decision(permissions, &rules, "GET", applications, &values)
    };
    for value in ["archived", "archived ", "archi\u{ad}ved"] {
        let denied = missing(&format!("applications:get:mine/{value}"));
        assert_eq!(application(&one, value), denied, "{value:?}");
        assert_eq!(application(&all, value), Decision::Allow(AllowReason::Grant(0)), "{value:?}");
    }
    let file =
        |permissions| decision(permissions, &rules, "GET", "/files/{proxy+}", &[("proxy", "mine")]);
    assert_eq!(file(&one), Decision::Deny(DenyReason::NoRoutesGrant));
    assert_eq!(file(&elsewhere), missing("projects:get:mine"));
    assert!(matches!(file(&all), Decision::Allow(_)));
}
