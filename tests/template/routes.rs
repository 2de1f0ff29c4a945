//! The routes of the templates: which of them require the authorizer, and which rules they have.

use crate::{stacks, users_addition};
use local::template::{DEMO, TemplateRoute};
use serde_json::{Value, json};
use shared::domain::rule::{Requirement, RouteRule};
use shared::domain::rules::Rules;
use shared::runtime::RULES;
use std::collections::BTreeSet;
use std::path::Path;
use tests::fixture;
use tests::stack::{Stack, parse_yaml};

#[test]
fn a_function_and_a_route_that_a_user_adds_are_not_ours() {
    let [shipped, extended] = stacks();
    assert_eq!(shipped.our_functions(), extended.our_functions());
    assert_eq!(shipped.our_routes(), extended.our_routes());
    let routes = |stack: &Stack| stack.protected_routes().len();
    assert_eq!(routes(&extended), routes(&shipped) + 1);
    let functions = |stack: &Stack| stack.resources("AWS::Serverless::Function").len();
    assert_eq!(functions(&extended), functions(&shipped) + 1);
}

/// Returns the deployment's rule for a route of the template.
fn rule_of(method: &str, path: &str) -> Option<&'static RouteRule> {
    let mut rules = RULES.routes.iter().filter(|rule| rule.path == path);
    // No path of the template has a rule for this method and another one for `ANY`.
    rules.find(|rule| [method, "ANY"].contains(&rule.method))
}

#[test]
fn every_protected_route_is_named_in_routes_yaml() {
    let added = users_addition().rules[0]["route"].clone();
    for stack in stacks() {
        for route in stack.protected_routes() {
            let is_named = rule_of(&route.method, &route.path).is_some()
                || added == format!("{} {}", route.method, route.path);
            assert!(is_named, "no rule names {} {}", route.method, route.path);
        }
    }
}

#[test]
fn every_route_except_revoke_and_the_console_requires_the_authorizer() {
    for stack in stacks() {
        let open = stack.our_routes().into_iter().filter(|route| !route.authorized);
        let open = open.map(|route| format!("{} {}: {}", route.method, route.path, route.function));
        assert_eq!(
            open.collect::<Vec<_>>(),
            [
                "POST /v1/revoke: DeleteFunction",
                "ANY /console: ConsoleFunction",
                "ANY /console/{asset+}: ConsoleFunction"
            ]
        );
    }
}

/// The route that a `routes` grant may open.
const INTROSPECT: &str = "POST /v1/introspect";

/// The self-service routes, which any valid token may call.
const SELF_ROUTES: [&str; 3] =
    ["GET /v1/tokens/self", "DELETE /v1/tokens/self", "POST /v1/tokens/self/regenerate"];

#[test]
fn only_self_and_introspection_routes_require_less_than_a_super_admin() {
    for stack in stacks() {
        for route in stack.our_routes().into_iter().filter(|route| route.authorized) {
            assert!(route.path.starts_with("/v1/"), "{}", route.path);
            let rule = rule_of(&route.method, &route.path).unwrap();
            let key = format!("{} {}", route.method, route.path);
            let expected = match key.as_str() {
                INTROSPECT => Requirement::RoutesGrant,
                key if SELF_ROUTES.contains(&key) => Requirement::Authenticated,
                _ => Requirement::SuperAdmin,
            };
            assert_eq!(*rule.requirement(&route.method), expected, "{key}");
        }
    }
}

#[test]
fn the_routes_of_the_demo_require_the_authorizer_and_match_its_rules() {
    let mut routes = DEMO.routes().unwrap();
    routes.retain(|route| !route.is_for_preflights());
    assert!(routes.iter().all(|route| route.authorized && route.function == "DemoFunction"));
    let routes: BTreeSet<_> =
        routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    // The difference of these two is the demo's rules.
    let keys = |rules: &Rules<'_>| -> BTreeSet<_> {
        rules.routes.iter().map(ToString::to_string).collect()
    };
    assert_eq!(routes, &keys(&fixture::RULES_WITH_DEMO) - &keys(&fixture::RULES));
}

#[test]
fn every_route_has_a_limit_on_its_rate() {
    let stages = Stack::shipped().resources("AWS::ApiGatewayV2::Stage");
    assert_eq!(stages.len(), 1);
    let stage = &stages["Stage"]["Properties"];
    for limit in ["ThrottlingRateLimit", "ThrottlingBurstLimit"] {
        assert_eq!(stage["DefaultRouteSettings"][limit]["Ref"], limit);
        let parameter = &Stack::shipped().template["Parameters"][limit];
        assert!(parameter["Default"].as_u64().unwrap() > 0, "{limit}");
        assert_eq!(parameter["MinValue"], 1, "{limit} cannot be turned off");
    }
    let of_routes = json!({
        "POST /v1/revoke": { "ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40 },
    });
    // Anyone may call revoke without a token, so its limit is fixed, and does not follow the parameters.
    assert_eq!(stage["RouteSettings"], of_routes);
    assert_eq!(
        stages["Stage"]["DependsOn"], "RevokeRoute",
        "route settings need an existing route"
    );
}

#[test]
fn cargo_lambda_serves_the_management_routes() {
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let router = &metadata["metadata"]["lambda"]["watch"]["router"];
    let mut served = BTreeSet::new();
    for (path, routes) in router.as_object().unwrap() {
        for route in routes.as_array().unwrap() {
            let method = route["method"].as_str().unwrap();
            served.insert(format!("{method} {path}: {}", route["function"].as_str().unwrap()));
        }
    }
    let routes = Stack::shipped().our_routes().into_iter();
    let management = routes.filter(|route| route.path.starts_with("/v1/"));
    let deployed: BTreeSet<_> = management
        .map(|route| {
            let function = route.function.trim_end_matches("Function").to_lowercase();
            format!("{} {}: {function}", route.method, route.path)
        })
        .collect();
    assert_eq!(served, deployed);
}

#[test]
fn routes_for_any_method_have_an_open_options_route_where_origins_are_allowed() {
    let mut routes: Vec<_> = Stack::shipped().protected_routes().into_iter().cloned().collect();
    routes.extend(DEMO.routes().unwrap());
    let paths = |is_wanted: fn(&TemplateRoute) -> bool| -> BTreeSet<_> {
        let wanted = routes.iter().filter(|route| is_wanted(route));
        wanted.map(|route| route.path.as_str()).collect()
    };
    let for_any_method = paths(|route| route.authorized && route.method == "ANY");
    let of_demo =
        ["/clusters/{cluster}/namespaces/{namespace}/{apiGroup}/{kind}/{name}", "/orders/{proxy+}"];
    assert_eq!(for_any_method, of_demo.into());
    assert_eq!(paths(TemplateRoute::is_for_preflights), for_any_method);
    for (name, route) in Stack::shipped().resources("AWS::ApiGatewayV2::Route") {
        let key = route["Properties"]["RouteKey"].as_str().unwrap();
        let condition = route.get("Condition").and_then(Value::as_str).unwrap_or_default();
        assert_eq!(key.starts_with("OPTIONS "), condition == "WithCors", "{name}");
    }
    let demo = &Stack::shipped().resources("AWS::CloudFormation::Stack")["DemoStack"]["Properties"];
    let given = json!({ "Fn::If": ["WithCors", "true", "false"] });
    assert_eq!(demo["Parameters"]["Cors"], given);
}

/// Returns the key of a route, such as `GET /orders`, or `None` for another resource.
fn route_key(resource: &Value) -> Option<&str> {
    let is_route = resource["Type"] == "AWS::ApiGatewayV2::Route";
    is_route.then(|| resource["Properties"]["RouteKey"].as_str().unwrap())
}

#[test]
fn routes_for_any_method_of_the_examples_have_an_open_options_route_where_origins_are_allowed() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/examples");
    let mut for_any_method = Vec::new();
    for folder in std::fs::read_dir(examples).unwrap() {
        // Some examples have no template.
        let file = folder.unwrap().path().join("template.yaml");
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let template = parse_yaml(&text);
        let resources = template["Resources"].as_object().unwrap();
        let keys = resources.values().filter_map(route_key);
        for path in keys.filter_map(|key| key.strip_prefix("ANY ")) {
            let options = format!("OPTIONS {path}");
            let mut routes = resources.values();
            let preflight = routes.find(|route| route_key(route) == Some(options.as_str()));
            let preflight = preflight.expect(&options);
            assert_eq!(preflight["Condition"], "WithCors", "{options}");
            assert_eq!(preflight["Properties"]["AuthorizationType"], "NONE", "{options}");
            for_any_method.push(path.to_owned());
        }
    }
    assert_eq!(for_any_method, ["/service/{proxy+}"]);
}
