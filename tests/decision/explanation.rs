//! The reason of a decision: the grant that allows the request, or what the nearest grant lacks.

use crate::support::{decision, devtron_apps, specific};
use serde_json::{Value, json};
use shared::domain::decision::{AllowReason, Decision, DenyReason, decide};
use shared::domain::route::RouteRequest;
use shared::domain::rule::{ObjectSegment, RequiredAccess, Requirement, Requires, RouteRule};
use shared::domain::rules::Rules;

fn trigger(project: &str, environment: &str) -> Value {
    json!({ "resource": "devtronApps", "project": project, "environments": [environment], "applications": ["*"], "role": "trigger" })
}

fn deployment(project: &str, environment: &str) -> String {
    format!("/projects/{project}/applications/shop/deployments/{environment}")
}

#[test]
fn the_first_grant_that_allows_is_reported_by_index() {
    let grants = [trigger("other", "prod"), trigger("pay", "prod"), trigger("*", "*")];
    let permissions = specific(json!(grants));
    for (path, index) in [(deployment("pay", "prod"), 1), (deployment("new", "dev"), 2)] {
        let expected = Decision::Allow(AllowReason::Grant(index));
        assert_eq!(decision(&permissions, "POST", &path), expected);
    }
}

#[test]
fn the_nearest_grant_is_the_first_that_lacks_the_least() {
    let grants = [trigger("other", "prod"), trigger("pay", "staging"), trigger("pay", "dev")];
    let permissions = specific(json!(grants));
    let missing = |project: &str| match decision(&permissions, "POST", &deployment(project, "prod"))
    {
        Decision::Deny(DenyReason::Missing(missing)) => missing,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing("pay"), ["environments:trigger:pay/prod/shop"]);
    let both = ["applications:trigger:new/shop", "environments:trigger:new/prod/shop"];
    assert_eq!(missing("new"), both);
}

#[test]
fn if_several_grants_lack_equally_many_accesses_the_first_is_reported() {
    const fn view_of(object: &'static [ObjectSegment]) -> RequiredAccess {
        let (resource, action) = ("applications", "get");
        RequiredAccess { resource, action, object }
    }
    const SHOP: RequiredAccess =
        view_of(&[ObjectSegment::Literal("pay"), ObjectSegment::Literal("shop")]);
    const CART: RequiredAccess =
        view_of(&[ObjectSegment::Literal("pay"), ObjectSegment::Literal("cart")]);
    let routes = [RouteRule {
        method: "GET",
        path: "/both",
        requires: Requires::Always(Requirement::Access(&[SHOP, CART])),
    }];
    let rules = Rules { routes: &routes, default: &Requirement::RoutesGrant };
    let request = RouteRequest::parse("GET", "/both", rules).unwrap();
    for (first, second) in [("shop", "cart"), ("cart", "shop")] {
        let grants = [first, second].map(|application| devtron_apps("pay", application, "view"));
        let missing = vec![format!("applications:get:pay/{second}")];
        let expected = Decision::Deny(DenyReason::Missing(missing));
        assert_eq!(decide(&specific(json!(grants)), rules, &request), expected);
    }
}
