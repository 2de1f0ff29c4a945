//! `infra/routes.yaml`, as the build compiles it: a bad file is refused with its line and the reason.

#[path = "../../shared/build/access.rs"]
mod access;
#[path = "../../shared/build/compile.rs"]
mod compile;
use shared::domain::permission;

use compile::compile;
use shared::domain::permission::{Action, Resource};
use shared::domain::rule::{ObjectSegment, RULES_WITH_DEMO, Requirement, RouteRule};

fn refused(text: &str, line: usize, reason: &str) {
    match compile(text) {
        Ok(rules) => panic!("{text} was compiled: {rules}"),
        Err(fault) => {
            assert_eq!(fault.line, line, "{text}: {}", fault.reason);
            assert!(fault.reason.contains(reason), "{}", fault.reason);
        }
    }
}

fn need(need: &str) -> String {
    format!("- route: GET /a/{{x}}/{{y}}\n  requires:\n    - {need}\n")
}

#[test]
fn a_bad_shape_is_refused_with_its_line() {
    refused("route: GET /a\n", 1, "must be a list of routes");
    refused("- route: GET /a\n  requires: authenticated\n- GET /b\n", 3, "must be a mapping");
    refused("- route: GET /a\n", 1, "must have both");
    refused("- route: GET /a\n  requires: authenticated\n  comment: x\n", 3, "no member but");
    refused("- route: GET /a\n  requires: [a:get:{x}]\n", 2, "");
    refused("- route: GET /a\n  requires: 7\n", 2, "must be a text");
    refused("- route: GET /a\n  requires: []\n", 2, "at least one need");
}

#[test]
fn a_bad_route_is_refused_with_its_line() {
    refused("- route: /a\n  requires: authenticated\n", 1, "a method, a space and a path");
    refused("- route: FETCH /a\n  requires: authenticated\n", 1, "`FETCH`");
    refused("- route: GET a\n  requires: authenticated\n", 1, "must begin with `/`");
    refused("- route: GET /a//b\n  requires: authenticated\n", 1, "no segment");
    refused("- route: GET /a/{x\n  requires: authenticated\n", 1, "no segment");
    refused("- route: GET /{x+}/b\n  requires: authenticated\n", 1, "must be the last segment");
    refused("- route: GET /{x}/{x}\n  requires: authenticated\n", 1, "used twice");
}

#[test]
fn a_duplicate_route_is_refused_whatever_its_placeholders_are_called() {
    let twice = "- route: GET /a/{x}\n  requires: authenticated\n- route: GET /a/{y}\n  requires: authenticated\n";
    refused(twice, 3, "listed twice");
    let other_method =
        "- route: GET /a\n  requires: authenticated\n- route: ANY /a\n  requires: authenticated\n";
    assert!(compile(other_method).is_ok());
}

#[test]
fn a_bad_need_is_refused_with_its_line() {
    refused(&need("applications:get"), 3, "resource:action:object");
    refused(&need("apps:get:{x}/{y}"), 3, "resource `apps`");
    refused(&need("applications:read:{x}/{y}"), 3, "action `read`");
    refused(&need("applications:get:{x}"), 3, "has 2 segments, not 1");
    refused(&need("applications:get:{x}/{y}/z"), 3, "has 2 segments, not 3");
    refused(&need("applications:get:{x}/{z}"), 3, "`{z}` is no placeholder");
    refused(&need("applications:get:{x}/*"), 3, "plain name");
    refused(&need("applications:get:{x}/"), 3, "plain name");
    assert!(compile(&need("applications:get:{x}/literal")).is_ok());
}

#[test]
fn a_greedy_placeholder_cannot_name_one_thing() {
    for name in ["{proxy}", "{proxy+}"] {
        let text = format!("- route: GET /a/{{proxy+}}\n  requires:\n    - projects:get:{name}\n");
        refused(&text, 3, "many segments");
    }
}

#[test]
fn needs_that_no_single_grant_could_meet_together_are_refused() {
    let text = "- route: GET /a/{x}/{y}\n  requires:\n    - applications:get:{x}/{y}\n    - jobs:get:{x}/{y}\n";
    refused(text, 3, "no single grant");
    let text = "- route: GET /a/{x}/{y}\n  requires:\n    - applications:trigger:{x}/{y}\n    - users:get:{x}\n";
    assert!(compile(text).is_ok(), "a manager may do both");
}

#[test]
fn a_management_route_weaker_than_super_admin_is_refused() {
    for requires in ["authenticated", "routesGrant", "\n    - projects:get:x"] {
        let text = format!("- route: GET /v1/tokens\n  requires: {requires}\n");
        let line = if requires.starts_with('\n') { 3 } else { 2 };
        refused(&text, line, "must require `superAdmin`");
    }
    let by_method = "- route: ANY /v1/tokens\n  requires:\n    GET: authenticated\n";
    refused(by_method, 3, "must require `superAdmin`");
}

#[test]
fn requirements_by_method_belong_to_any() {
    refused("- route: GET /a\n  requires:\n    GET: authenticated\n", 3, "`ANY`");
    refused("- route: ANY /a\n  requires:\n    FETCH: authenticated\n", 3, "`FETCH`");
    assert!(compile("- route: ANY /a\n  requires:\n    GET: authenticated\n").is_ok());
}

#[test]
fn an_unknown_word_is_refused() {
    refused("- route: GET /a\n  requires: everybody\n", 2, "`everybody`");
}

#[test]
fn the_rules_of_this_project_are_compiled_in() {
    let rule = RouteRule::find(RULES_WITH_DEMO, "POST", "/jobs/{project}/{environment}/{job}/runs")
        .unwrap();
    let Requirement::Access([job, environment]) = rule.requirement("POST") else {
        panic!("{rule:?}")
    };
    assert_eq!((job.resource, job.action), (Resource::Jobs, Action::Trigger));
    assert_eq!(
        environment.object,
        [
            ObjectSegment::Placeholder("project"),
            ObjectSegment::Placeholder("environment"),
            ObjectSegment::Placeholder("job")
        ]
    );
}

#[test]
fn a_methods_own_rule_comes_before_any_and_the_most_specific_path_first() {
    let rule = |method, path| {
        RouteRule::matching(RULES_WITH_DEMO, method, path).map(|(rule, _)| rule.to_string())
    };
    assert_eq!(rule("GET", "/chart-groups/a").as_deref(), Some("GET /chart-groups/{name}"));
    assert_eq!(rule("PUT", "/chart-groups/a").as_deref(), Some("PUT /chart-groups/{name}"));
    assert_eq!(rule("DELETE", "/chart-groups/a"), None);
    assert_eq!(rule("LINK", "/orders/a/b").as_deref(), Some("ANY /orders/{proxy+}"));
    assert_eq!(rule("POST", "/v1/tokens/simulate").as_deref(), Some("ANY /v1/tokens/{id}"));
}
