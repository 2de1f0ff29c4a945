//! Attempts to get more access than a grant gives.

use crate::support::{decision, devtron_apps, is_allowed, routes, specific};
use serde_json::json;
use shared::domain::decision::{AllowReason, Decision, DenyReason, decide};
use shared::domain::grant::Permissions;
use shared::domain::route::RouteRequest;
use shared::domain::rule::{RULES_WITH_DEMO, Requirement, Rules};
use shared::http::Fields;

#[test]
fn two_grants_are_never_combined() {
    let trigger = |project: &str, environment: &str| json!({ "resource": "devtronApps", "project": project, "environments": [environment], "applications": ["*"], "role": "trigger" });
    let both = specific(json!([trigger("payments", "staging"), trigger("sandbox", "prod")]));
    let deployment = |project: &str, environment: &str| {
        format!("/projects/{project}/applications/checkout/deployments/{environment}")
    };
    assert!(is_allowed(&both, "POST", &deployment("payments", "staging")));
    assert!(is_allowed(&both, "POST", &deployment("sandbox", "prod")));
    // The first grant covers the application but not the environment, the second covers neither: the first is nearer.
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
fn a_similar_name_does_not_match() {
    let pay = specific(json!([devtron_apps("pay", "*", "view")]));
    assert!(is_allowed(&pay, "GET", "/projects/pay/applications/shop"));
    for project in ["payments", "pa", "Pay", "PAY", "pay%20", "рay", "pay%00", "pay."] {
        let path = format!("/projects/{project}/applications/shop");
        assert!(!is_allowed(&pay, "GET", &path), "{project}");
    }
}

#[test]
fn another_unicode_form_of_a_name_does_not_match() {
    let composed = specific(json!([devtron_apps("caf\u{e9}", "*", "view")]));
    assert!(is_allowed(&composed, "GET", "/projects/caf%C3%A9/applications/shop"));
    assert!(!is_allowed(&composed, "GET", "/projects/cafe%CC%81/applications/shop"));
    assert!(!is_allowed(&composed, "GET", "/projects/CAF%C3%89/applications/shop"));
}

#[test]
fn an_encoded_slash_is_denied_to_all_but_super_admins() {
    let everything = specific(json!([devtron_apps("*", "*", "manager")]));
    for path in [
        "/projects/a%2Fb/applications/shop",
        "/projects/a%2fb/applications/shop",
        "/projects/pay/applications/a%2Fb",
        "/projects/a%5Cb/applications/shop",
    ] {
        let denied = Decision::Deny(DenyReason::UnsafePath);
        assert_eq!(decision(&everything, "GET", path), denied, "{path}");
        let allowed = Decision::Allow(AllowReason::SuperAdmin);
        assert_eq!(decision(&Permissions::SuperAdmin, "GET", path), allowed, "{path}");
    }
}

#[test]
fn dots_double_encoding_and_control_characters_are_denied() {
    let everything = specific(json!([devtron_apps("*", "*", "manager"), routes(&["*"], &["/**"])]));
    for value in [
        "..",
        ".",
        "%2e%2e",
        "%2E",
        "%252e%252e",
        "%252F",
        "a%3Fb",
        "a%23b",
        "a%0Ab",
        "a%00",
        "a%C2%85",
    ] {
        for path in [
            format!("/projects/{value}/applications/shop"),
            format!("/orders/{value}"),
            format!("/orders/a/{value}/b"),
        ] {
            assert!(!is_allowed(&everything, "GET", &path), "{path}");
        }
    }
}

#[test]
fn double_and_trailing_slashes_are_denied() {
    let all = specific(json!([routes(&["*"], &["/**", "/orders/**"])]));
    assert!(is_allowed(&all, "GET", "/orders/7"));
    for path in ["//orders/7", "/orders//7", "/orders/7/", "/orders/", "/orders///", "//"] {
        assert!(!is_allowed(&all, "GET", path), "{path}");
    }
}

#[test]
fn paths_and_methods_are_case_sensitive() {
    let get = specific(json!([routes(&["GET"], &["/orders/**"])]));
    for (method, path) in [
        ("get", "/orders/7"),
        ("Get", "/orders/7"),
        ("GET", "/Orders/7"),
        ("GET", "/ORDERS/7"),
        ("head", "/orders/7"),
    ] {
        assert!(!is_allowed(&get, method, path), "{method} {path}");
    }
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

/// A request as a gateway delivers it on a route.
fn delivered(method: &str, route: &str, values: &[(&str, &str)], path: &str) -> RouteRequest {
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
        let request = delivered("GET", route, &[("p", "pay"), ("a", application)], &path);
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
            let request = delivered(method, route, &values, path);
            let denied = Decision::Deny(DenyReason::SuperAdminOnly);
            assert_eq!(decide(&all, RULES_WITH_DEMO, &request), denied, "{method} {route} {path}");
            let decision = decide(&Permissions::SuperAdmin, RULES_WITH_DEMO, &request);
            assert_eq!(decision, Decision::Allow(AllowReason::SuperAdmin));
        }
    }
    let request = delivered("GET", "/v1/{proxy+}", &[("proxy", "other")], "/v1/other");
    assert!(matches!(decide(&all, RULES_WITH_DEMO, &request), Decision::Allow(_)));
}

#[test]
fn a_path_without_a_rule_follows_the_default() {
    let all = specific(json!([routes(&["*"], &["/**"])]));
    let request = delivered("GET", "/elsewhere", &[], "/elsewhere");
    let strict = Rules { default: &Requirement::SuperAdmin, ..RULES_WITH_DEMO };
    assert_eq!(decide(&all, RULES_WITH_DEMO, &request), Decision::Allow(AllowReason::Grant(0)));
    assert_eq!(decide(&all, strict, &request), Decision::Deny(DenyReason::SuperAdminOnly));
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
fn a_routes_grant_does_not_permit_management_routes() {
    let paths = ["/v1/**", "/**", "/v1/tokens", "/v1/tokens/*", "/v1/simulate"];
    let all = specific(json!([routes(&["*"], &paths)]));
    for (method, path) in [
        ("GET", "/v1/tokens"),
        ("POST", "/v1/tokens"),
        ("PATCH", "/v1/tokens/4GkTz0a9QmW1xB7c"),
        ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/regenerate"),
        ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/simulate"),
        ("POST", "/v1/simulate"),
    ] {
        let denied = Decision::Deny(DenyReason::SuperAdminOnly);
        assert_eq!(decision(&all, method, path), denied, "{method} {path}");
    }
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
fn a_star_in_a_request_is_not_a_wildcard() {
    let one = specific(json!([devtron_apps("pay", "shop", "view")]));
    assert!(!is_allowed(&one, "GET", "/projects/*/applications/shop"));
    assert!(!is_allowed(&one, "GET", "/projects/pay/applications/*"));
}

#[test]
fn wildcards_inside_names_and_slashes_in_names_cannot_be_granted() {
    for project in ["pay*", "*pay", "**", "a/b", "a%2Fb", "a\\b", ".", "..", "", "a\nb"] {
        let grant = devtron_apps(project, "*", "view");
        let body = json!({ "permissions": { "type": "specific", "grants": [grant] } });
        let violations = Fields::parse(&body, Fields::permissions).unwrap_err();
        assert_eq!(violations.len(), 1, "{project:?}");
    }
}

#[test]
fn a_missing_path_parameter_is_denied() {
    let everything = specific(json!([devtron_apps("*", "*", "manager")]));
    let request = RouteRequest {
        method: "GET".to_owned(),
        route: Some("/projects/{project}/applications/{application}".to_owned()),
        parameters: vec![("project".to_owned(), "pay".to_owned())],
        raw_path: "/projects/pay/applications/shop".to_owned(),
    };
    let denied = Decision::Deny(DenyReason::UnsafePath);
    assert_eq!(decide(&everything, RULES_WITH_DEMO, &request), denied);
}

#[test]
fn the_default_route_is_for_super_admins_only() {
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

#[test]
fn an_encoded_literal_does_not_bypass_its_rule() {
    let all = specific(json!([routes(&["*"], &["/**"])]));
    for path in [
        "/%70rojects/pay/applications/shop",
        "/projects/pay/%61pplications/shop",
        "/projects%2Fpay/applications/shop",
        "/%761/tokens",
        "/v1%2Ftokens",
        "/elsewhere/a%2Fb",
    ] {
        let denied = Decision::Deny(DenyReason::UnsafePath);
        assert_eq!(decision(&all, "GET", path), denied, "{path}");
    }
    assert!(is_allowed(&all, "GET", "/elsewhere/a%20b"));
}
