//! Paths and names that a client chooses to get more access than its grants give.

use crate::support::{decision, devtron_apps, is_allowed, routes, specific};
use serde_json::json;
use shared::domain::decision::{AllowReason, Decision, DenyReason, decide};
use shared::domain::grant::Permissions;
use shared::domain::route::RouteRequest;
use shared::http::Fields;
use tests::fixture::{RULES_WITH_DEMO, VOCABULARY};

#[test]
fn a_similar_name_does_not_match() {
    let pay = specific(json!([devtron_apps("pay", "*", "view")]));
    assert!(is_allowed(&pay, "GET", "/projects/pay/applications/shop"));
    // U+0440 is the Cyrillic letter that looks like `p`.
    for project in ["payments", "pa", "Pay", "PAY", "pay%20", "\u{440}ay", "pay%00", "pay."] {
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
        let violations =
            Fields::parse(&body, |fields| fields.permissions(&VOCABULARY)).unwrap_err();
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
