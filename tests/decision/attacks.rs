//! Attempts to get further than a grant reaches.

use crate::support::{allowed, decided, specific};
use serde_json::{Value, json};
use shared::domain::decision::{AllowReason, Decision, DenyReason, decide};
use shared::domain::grant::Permissions;
use shared::domain::permission::{Action, Resource};
use shared::domain::route::RouteRequest;
use shared::domain::rule::{
    ObjectSegment, RULES_WITH_DEMO, RequiredAccess, Requirement, Requires, RouteRule,
};
use shared::domain::violation::{Pointer, Violations};

fn trigger(project: &str, environment: &str) -> Value {
    json!({ "resource": "devtronApps", "project": project, "environments": [environment], "applications": ["*"], "role": "trigger" })
}

fn deploy(project: &str, application: &str, environment: &str) -> String {
    format!("/projects/{project}/applications/{application}/deployments/{environment}")
}

#[test]
fn two_grants_never_add_up_to_a_third() {
    let both = specific(json!([trigger("payments", "staging"), trigger("sandbox", "prod")]));
    assert!(allowed(&both, "POST", &deploy("payments", "checkout", "staging")));
    assert!(allowed(&both, "POST", &deploy("sandbox", "checkout", "prod")));
    // The first grant has the application and not the environment, the second neither: the first is the nearest.
    let missing = vec!["environments:trigger:payments/prod/checkout".to_owned()];
    let expected = Decision::Deny(DenyReason::Missing(missing));
    assert_eq!(decided(&both, "POST", &deploy("payments", "checkout", "prod")), expected);
}

#[test]
fn the_parts_of_one_need_never_come_from_two_grants() {
    let view = json!({ "resource": "devtronApps", "project": "pay", "environments": ["*"], "applications": ["shop"], "role": "admin" });
    let none = json!({ "resource": "devtronApps", "project": "data", "environments": ["*"], "applications": ["cart"], "role": "admin" });
    let both = specific(json!([view, none]));
    assert!(!allowed(&both, "DELETE", "/projects/pay/applications/cart"));
    assert!(!allowed(&both, "DELETE", "/projects/data/applications/shop"));
}

#[test]
fn the_first_grant_that_allows_decides_and_is_named_by_its_number() {
    let three =
        specific(json!([trigger("other", "prod"), trigger("pay", "prod"), trigger("*", "*")]));
    assert_eq!(
        decided(&three, "POST", &deploy("pay", "shop", "prod")),
        Decision::Allow(AllowReason::Grant(1))
    );
    assert_eq!(
        decided(&three, "POST", &deploy("new", "shop", "dev")),
        Decision::Allow(AllowReason::Grant(2))
    );
}

#[test]
fn the_nearest_grant_is_the_first_of_those_that_miss_fewest() {
    let grants = specific(json!([
        trigger("other", "prod"),
        trigger("pay", "staging"),
        trigger("pay", "dev")
    ]));
    let missing = |permissions: &Permissions, project: &str| match decided(
        permissions,
        "POST",
        &deploy(project, "shop", "prod"),
    ) {
        Decision::Deny(DenyReason::Missing(needs)) => needs,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(&grants, "pay"), ["environments:trigger:pay/prod/shop"]);
    let both = ["applications:trigger:new/shop", "environments:trigger:new/prod/shop"];
    assert_eq!(missing(&grants, "new"), both);
}

#[test]
fn of_grants_that_miss_equally_many_but_other_needs_the_first_is_the_nearest() {
    const fn view_of(object: &'static [ObjectSegment]) -> RequiredAccess {
        let (resource, action) = (Resource::Applications, Action::Get);
        RequiredAccess { resource, action, object }
    }
    const SHOP: RequiredAccess =
        view_of(&[ObjectSegment::Literal("pay"), ObjectSegment::Literal("shop")]);
    const CART: RequiredAccess =
        view_of(&[ObjectSegment::Literal("pay"), ObjectSegment::Literal("cart")]);
    let rules = [RouteRule {
        method: "GET",
        path: "/both",
        requires: Requires::Always(Requirement::Access(&[SHOP, CART])),
    }];
    let view = |application: &str| json!({ "resource": "devtronApps", "project": "pay", "environments": ["*"], "applications": [application], "role": "view" });
    let request = RouteRequest::to("GET", "/both", &rules).unwrap();
    for (first, second) in [("shop", "cart"), ("cart", "shop")] {
        let permissions = specific(json!([view(first), view(second)]));
        let missing = vec![format!("applications:get:pay/{second}")];
        assert_eq!(
            decide(&permissions, &rules, &request),
            Decision::Deny(DenyReason::Missing(missing))
        );
    }
}

#[test]
fn a_prefix_of_a_name_is_another_name() {
    let pay = specific(
        json!([{ "resource": "devtronApps", "project": "pay", "environments": ["*"], "applications": ["*"], "role": "view" }]),
    );
    assert!(allowed(&pay, "GET", "/projects/pay/applications/shop"));
    for project in ["payments", "pa", "Pay", "PAY", "pay%20", "рay", "pay%00", "pay."] {
        assert!(
            !allowed(&pay, "GET", &format!("/projects/{project}/applications/shop")),
            "{project}"
        );
    }
}

#[test]
fn look_alikes_and_other_normal_forms_are_other_names() {
    let composed = specific(
        json!([{ "resource": "devtronApps", "project": "caf\u{e9}", "environments": ["*"], "applications": ["*"], "role": "view" }]),
    );
    assert!(allowed(&composed, "GET", "/projects/caf%C3%A9/applications/shop"));
    assert!(!allowed(&composed, "GET", "/projects/cafe%CC%81/applications/shop"));
    assert!(!allowed(&composed, "GET", "/projects/CAF%C3%89/applications/shop"));
}

#[test]
fn an_encoded_slash_never_shifts_a_boundary() {
    let everything = specific(
        json!([{ "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "manager" }]),
    );
    for path in [
        "/projects/a%2Fb/applications/shop",
        "/projects/a%2fb/applications/shop",
        "/projects/pay/applications/a%2Fb",
        "/projects/a%5Cb/applications/shop",
    ] {
        assert_eq!(
            decided(&everything, "GET", path),
            Decision::Deny(DenyReason::UnsafePath),
            "{path}"
        );
    }
    assert!(
        decided(&Permissions::SuperAdmin, "GET", "/projects/a%2Fb/applications/shop")
            == Decision::Allow(AllowReason::SuperAdmin)
    );
}

#[test]
fn dots_double_encoding_and_control_characters_never_match() {
    let everything = specific(json!([
        { "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "manager" },
        { "resource": "routes", "methods": ["*"], "paths": ["/**"] },
    ]));
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
            assert!(!allowed(&everything, "GET", &path), "{path}");
        }
    }
}

#[test]
fn double_and_trailing_slashes_never_match() {
    let all = specific(
        json!([{ "resource": "routes", "methods": ["*"], "paths": ["/**", "/orders/**"] }]),
    );
    assert!(allowed(&all, "GET", "/orders/7"));
    for path in ["//orders/7", "/orders//7", "/orders/7/", "/orders/", "/orders///", "/"] {
        assert!(!allowed(&all, "GET", path), "{path}");
    }
}

#[test]
fn paths_and_methods_are_case_sensitive() {
    let get =
        specific(json!([{ "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] }]));
    for (method, path) in [
        ("get", "/orders/7"),
        ("Get", "/orders/7"),
        ("GET", "/Orders/7"),
        ("GET", "/ORDERS/7"),
        ("HEAD", "/orders/7"),
    ] {
        assert!(!allowed(&get, method, path), "{method} {path}");
    }
}

#[test]
fn an_overlong_name_matches_only_itself() {
    let longest = "a".repeat(256);
    let grant = specific(
        json!([{ "resource": "devtronApps", "project": longest, "environments": ["*"], "applications": ["*"], "role": "view" }]),
    );
    assert!(allowed(&grant, "GET", &format!("/projects/{longest}/applications/shop")));
    assert!(!allowed(&grant, "GET", &format!("/projects/{longest}a/applications/shop")));
    assert!(!allowed(&grant, "GET", &format!("/projects/{}/applications/shop", "a".repeat(255))));
}

#[test]
fn a_routes_grant_on_management_routes_opens_none() {
    let greedy = specific(
        json!([{ "resource": "routes", "methods": ["*"], "paths": ["/v1/**", "/**", "/v1/tokens", "/v1/tokens/*", "/v1/simulate"] }]),
    );
    for (method, path) in [
        ("GET", "/v1/tokens"),
        ("POST", "/v1/tokens"),
        ("PATCH", "/v1/tokens/4GkTz0a9QmW1xB7c"),
        ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/regenerate"),
        ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/simulate"),
        ("POST", "/v1/simulate"),
    ] {
        assert_eq!(
            decided(&greedy, method, path),
            Decision::Deny(DenyReason::SuperAdminOnly),
            "{method} {path}"
        );
    }
}

#[test]
fn a_routes_grant_never_stands_in_for_a_rule_that_asks_for_more() {
    let greedy =
        specific(json!([{ "resource": "routes", "methods": ["*"], "paths": ["/projects/**"] }]));
    let missing = vec!["applications:get:pay/shop".to_owned()];
    assert_eq!(
        decided(&greedy, "GET", "/projects/pay/applications/shop"),
        Decision::Deny(DenyReason::Missing(missing))
    );
}

#[test]
fn a_resource_grant_never_stands_in_for_a_routes_grant() {
    let grant = specific(
        json!([{ "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "manager" }]),
    );
    assert_eq!(decided(&grant, "GET", "/orders/7"), Decision::Deny(DenyReason::NoRoutesGrant));
}

#[test]
fn a_method_that_a_rule_leaves_out_is_for_super_admins_only() {
    let grant = specific(
        json!([{ "resource": "kubernetes", "cluster": "*", "namespaces": ["*"], "apiGroups": ["*"], "kinds": ["*"], "names": ["*"], "role": "admin" }]),
    );
    let object = "/clusters/c/namespaces/web/apps/Deployment/api";
    assert!(allowed(&grant, "GET", object) && allowed(&grant, "DELETE", object));
    for method in ["PUT", "POST", "PATCH", "HEAD", "OPTIONS"] {
        assert_eq!(
            decided(&grant, method, object),
            Decision::Deny(DenyReason::SuperAdminOnly),
            "{method}"
        );
    }
}

#[test]
fn a_star_in_a_request_is_an_ordinary_character() {
    let one = specific(
        json!([{ "resource": "devtronApps", "project": "pay", "environments": ["*"], "applications": ["shop"], "role": "view" }]),
    );
    assert!(!allowed(&one, "GET", "/projects/*/applications/shop"));
    assert!(!allowed(&one, "GET", "/projects/pay/applications/*"));
}

#[test]
fn wildcards_inside_names_and_slashes_in_names_cannot_be_granted() {
    for project in ["pay*", "*pay", "**", "a/b", "a%2Fb", "a\\b", ".", "..", "", "a\nb"] {
        let grant = json!({ "resource": "devtronApps", "project": project, "environments": ["*"], "applications": ["*"], "role": "view" });
        let document = json!({ "type": "specific", "grants": [grant] });
        let mut violations = Violations::default();
        Permissions::read(&document, &Pointer::root(), &mut violations);
        assert_eq!(violations.iter().count(), 1, "{project:?}");
    }
}

#[test]
fn a_value_that_the_route_does_not_have_is_never_made_up() {
    let everything = specific(
        json!([{ "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "manager" }]),
    );
    let request = RouteRequest {
        method: "GET".to_owned(),
        route: Some("/projects/{project}/applications/{application}".to_owned()),
        parameters: vec![("project".to_owned(), "pay".to_owned())],
        raw_path: "/projects/pay/applications/shop".to_owned(),
    };
    assert_eq!(
        decide(&everything, RULES_WITH_DEMO, &request),
        Decision::Deny(DenyReason::UnsafePath)
    );
}

#[test]
fn the_default_route_is_for_super_admins_only() {
    let all = specific(json!([{ "resource": "routes", "methods": ["*"], "paths": ["/**"] }]));
    let request = RouteRequest {
        method: "GET".to_owned(),
        route: None,
        parameters: Vec::new(),
        raw_path: "/x".to_owned(),
    };
    assert!(matches!(decide(&all, RULES_WITH_DEMO, &request), Decision::Deny(_)));
    assert_eq!(
        decide(&Permissions::SuperAdmin, RULES_WITH_DEMO, &request),
        Decision::Allow(AllowReason::SuperAdmin)
    );
}

#[test]
fn an_encoded_literal_never_leads_past_its_rule() {
    let greedy = specific(json!([{ "resource": "routes", "methods": ["*"], "paths": ["/**"] }]));
    for path in [
        "/%70rojects/pay/applications/shop",
        "/projects/pay/%61pplications/shop",
        "/projects%2Fpay/applications/shop",
        "/%761/tokens",
        "/v1%2Ftokens",
        "/elsewhere/a%2Fb",
    ] {
        assert_eq!(decided(&greedy, "GET", path), Decision::Deny(DenyReason::UnsafePath), "{path}");
    }
    assert!(allowed(&greedy, "GET", "/elsewhere/a%20b"));
}
