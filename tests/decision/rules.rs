//! The compiler of rules files such as `infra/routes.yaml`, which rejects each mistake with its line and the reason, and the
//! compiled rules of the management routes and the demo.

use crate::compiler::rules::{Compiled, OnInvalidAccess, compile as compile_rules};
use crate::compiler::yaml;
use shared::domain::rule::{ObjectSegment, Requirement};
use tests::fixture::{RULES_WITH_DEMO, VOCABULARY};

fn compile(file: &str) -> yaml::Result<Compiled> {
    compile_rules(file, &VOCABULARY, OnInvalidAccess::Reject)
}

/// Asserts that a file is rejected at this line, for a reason that contains `reason`.
fn assert_rejected(file: &str, line: usize, reason: &str) {
    match compile(file) {
        Ok(rules) => panic!("{file} was compiled: {rules:?}"),
        Err(error) => {
            assert_eq!(error.line, line, "{file}: {}", error.reason);
            assert!(error.reason.contains(reason), "{}", error.reason);
        }
    }
}

/// Returns a file with one route that requires this access.
fn requiring(access: &str) -> String {
    format!("- route: GET /a/{{x}}/{{y}}\n  requires:\n    - {access}\n")
}

#[test]
fn a_malformed_file_is_rejected() {
    assert_rejected("route: GET /a\n", 1, "must be a list of routes");
    assert_rejected(
        "- route: GET /a\n  requires: authenticated\n- GET /b\n",
        3,
        "must be a mapping",
    );
    assert_rejected("- route: GET /a\n", 1, "must have both");
    assert_rejected(
        "- route: GET /a\n  requires: authenticated\n  comment: x\n",
        3,
        "must be `route` or `requires`",
    );
    // Without quotes, `{x}` is a mapping in YAML. The reason may be the YAML parser's, so it is not checked.
    assert_rejected("- route: GET /a\n  requires: [a:get:{x}]\n", 2, "");
    assert_rejected("- route: GET /a\n  requires: 7\n", 2, "must be a string");
    assert_rejected("- route: GET /a\n  requires: []\n", 2, "accesses, at least one");
}

#[test]
fn a_malformed_route_is_rejected() {
    assert_rejected("- route: /a\n  requires: authenticated\n", 1, "a method, a space and a path");
    assert_rejected("- route: FETCH /a\n  requires: authenticated\n", 1, "`FETCH`");
    assert_rejected("- route: GET a\n  requires: authenticated\n", 1, "must start with `/`");
    assert_rejected("- route: GET /a//b\n  requires: authenticated\n", 1, "must be a literal");
    assert_rejected("- route: GET /a/{x\n  requires: authenticated\n", 1, "must be a literal");
    assert_rejected(
        "- route: GET /{x+}/b\n  requires: authenticated\n",
        1,
        "must be the last segment",
    );
    assert_rejected("- route: GET /{x}/{x}\n  requires: authenticated\n", 1, "used twice");
    assert_rejected("- route: GET /{x}/{x+}\n  requires: authenticated\n", 1, "used twice");
}

#[test]
fn a_duplicate_route_is_rejected_even_with_other_placeholder_names() {
    let twice = "- route: GET /a/{x}\n  requires: authenticated\n- route: GET /a/{y}\n  requires: authenticated\n";
    assert_rejected(twice, 3, "listed twice");
    let other_method =
        "- route: GET /a\n  requires: authenticated\n- route: ANY /a\n  requires: authenticated\n";
    assert!(compile(other_method).is_ok());
}

#[test]
fn a_malformed_access_is_rejected() {
    assert_rejected(&requiring("applications:get"), 3, "resource:action:object");
    assert_rejected(&requiring("apps:get:{x}/{y}"), 3, "resource `apps`");
    assert_rejected(&requiring("applications:read:{x}/{y}"), 3, "action `read`");
    assert_rejected(&requiring("applications:get:{x}"), 3, "must have 2 segments, not 1");
    assert_rejected(&requiring("applications:get:{x}/{y}/z"), 3, "must have 2 segments, not 3");
    assert_rejected(&requiring("applications:get:{x}/{z}"), 3, "`{z}` must be a placeholder of");
    assert_rejected(&requiring("applications:get:{x}/*"), 3, "literal name");
    assert_rejected(&requiring("applications:get:{x}/"), 3, "literal name");
    assert!(compile(&requiring("applications:get:{x}/literal")).is_ok());
}

#[test]
fn a_greedy_placeholder_is_rejected_in_an_object() {
    for name in ["{proxy}", "{proxy+}"] {
        let text = format!("- route: GET /a/{{proxy+}}\n  requires:\n    - projects:get:{name}\n");
        assert_rejected(&text, 3, "a placeholder for one segment");
    }
}

#[test]
fn accesses_that_no_single_grant_can_allow_are_rejected() {
    let text = "- route: GET /a/{x}/{y}\n  requires:\n    - applications:get:{x}/{y}\n    - jobs:get:{x}/{y}\n";
    assert_rejected(text, 3, "a single grant");
    let text = "- route: GET /a/{x}/{y}\n  requires:\n    - applications:trigger:{x}/{y}\n    - users:get:{x}\n";
    assert!(compile(text).is_ok(), "the role manager allows both");
}

#[test]
fn a_management_route_must_require_a_super_admin() {
    for requires in ["authenticated", "routesGrant", "\n    - projects:get:x"] {
        let text = format!("- route: GET /v1/tokens\n  requires: {requires}\n");
        let line = if requires.starts_with('\n') { 3 } else { 2 };
        assert_rejected(&text, line, "must require `superAdmin`");
    }
    let by_method = "- route: ANY /v1/tokens\n  requires:\n    GET: authenticated\n";
    assert_rejected(by_method, 3, "must require `superAdmin`");
}

#[test]
fn among_management_routes_only_self_service_may_require_authenticated() {
    let compiles = |route: &str, requires: &str| {
        compile(&format!("- route: {route}\n  requires: {requires}\n")).is_ok()
    };
    let open = ["GET /v1/tokens/self", "DELETE /v1/tokens/self", "POST /v1/tokens/self/regenerate"];
    for route in open {
        assert!(compiles(route, "authenticated") && compiles(route, "superAdmin"), "{route}");
        assert!(!compiles(route, "routesGrant") && !compiles(route, "[projects:get:x]"), "{route}");
    }
    for route in [
        "ANY /v1/tokens/self",
        "PATCH /v1/tokens/self",
        "HEAD /v1/tokens/self",
        "GET /v1/tokens/{self}",
        "POST /v1/tokens/self/rollback",
        "ANY /v1/tokens/self/regenerate",
        "POST /v1/tokens/{id}/regenerate",
        "GET /v1/self",
    ] {
        assert!(!compiles(route, "authenticated"), "{route}");
    }
}

#[test]
fn among_management_routes_only_introspect_may_require_routes_grant() {
    let compiles = |route: &str, requires: &str| {
        compile(&format!("- route: {route}\n  requires: {requires}\n")).is_ok()
    };
    let introspect = "POST /v1/introspect";
    assert!(compiles(introspect, "routesGrant") && compiles(introspect, "superAdmin"));
    assert!(!compiles(introspect, "authenticated") && !compiles(introspect, "[projects:get:x]"));
    for route in ["ANY /v1/introspect", "GET /v1/introspect", "POST /v1/introspect/{id}"] {
        assert!(!compiles(route, "routesGrant"), "{route}");
    }
}

#[test]
fn requirements_per_method_need_an_any_route() {
    assert_rejected("- route: GET /a\n  requires:\n    GET: authenticated\n", 3, "`ANY`");
    assert_rejected("- route: ANY /a\n  requires:\n    FETCH: authenticated\n", 3, "`FETCH`");
    assert!(compile("- route: ANY /a\n  requires:\n    GET: authenticated\n").is_ok());
}

#[test]
fn the_first_entry_may_set_the_default_to_super_admin_or_routes_grant() {
    let rule = "- route: GET /a\n  requires: authenticated\n";
    for (first, default) in [
        ("", "Requirement::RoutesGrant"),
        ("- default: routesGrant\n", "Requirement::RoutesGrant"),
        ("- default: superAdmin\n", "Requirement::SuperAdmin"),
    ] {
        assert_eq!(compile(&format!("{first}{rule}")).unwrap().default, default);
    }
    assert_rejected(
        &format!("- default: authenticated\n{rule}"),
        1,
        "`superAdmin` or `routesGrant`",
    );
    assert_rejected("- default: superAdmin\n  route: GET /a\n", 1, "an entry of its own");
    assert_rejected(&format!("{rule}- default: superAdmin\n"), 3, "must be `route` or `requires`");
}

#[test]
fn the_root_is_accepted_as_a_route() {
    let [rule] =
        compile("- route: GET /\n  requires: authenticated\n").unwrap().rules.try_into().unwrap();
    assert_eq!(rule.path_shape, "/");
    assert!(rule.expression.contains("path: \"/\""), "{}", rule.expression);
}

#[test]
fn an_unknown_requirement_is_rejected() {
    assert_rejected("- route: GET /a\n  requires: everybody\n", 2, "`everybody`");
}

#[test]
fn a_rule_of_the_demo_with_an_invalid_access_requires_a_super_admin() {
    let compile = |access: &str| {
        let file = requiring(access);
        let [rule] = compile_rules(&file, &VOCABULARY, OnInvalidAccess::RequireSuperAdmin)
            .unwrap()
            .rules
            .try_into()
            .unwrap();
        rule.expression
    };
    for access in ["invoices:get:{x}", "applications:approve:{x}/{y}", "applications:get:{x}"] {
        assert!(compile(access).contains("Requires::Always(Requirement::SuperAdmin)"), "{access}");
    }
    assert!(compile("applications:get:{x}/{y}").contains("Requirement::Access("));
}

#[test]
fn a_compiled_rule_requires_what_its_file_states() {
    let (rule, _) = RULES_WITH_DEMO.find_by_path("POST", "/jobs/p/e/j/runs").unwrap();
    let Requirement::Access([job, environment]) = rule.requirement("POST") else {
        panic!("{rule:?}")
    };
    assert_eq!((job.resource, job.action), ("jobs", "trigger"));
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
fn rules_for_the_method_come_first_and_then_the_most_specific_path() {
    let rule =
        |method, path| RULES_WITH_DEMO.find_by_path(method, path).map(|(rule, _)| rule.to_string());
    assert_eq!(rule("GET", "/chart-groups/a").as_deref(), Some("GET /chart-groups/{name}"));
    assert_eq!(rule("PUT", "/chart-groups/a").as_deref(), Some("PUT /chart-groups/{name}"));
    // This path has rules for other methods only, so one of them is returned. Such a request requires a super-admin token.
    assert_eq!(rule("DELETE", "/chart-groups/a").as_deref(), Some("GET /chart-groups/{name}"));
    assert_eq!(rule("DELETE", "/elsewhere"), None);
    assert_eq!(rule("LINK", "/orders/a/b").as_deref(), Some("ANY /orders/{proxy+}"));
    assert_eq!(rule("POST", "/v1/tokens/simulate").as_deref(), Some("ANY /v1/tokens/{id}"));
}
