//! The authorizer and simulate make the same decisions. The authorizer gets the route in its event, but simulate looks for
//! it in the rules.

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::json;
use shared::domain::decision::{AllowReason, Decision, decide};
use shared::domain::grant::Permissions;
use shared::domain::path::{
    RouteSegment, decode, has_same_shape, match_path, route_segments, specificity,
};
use shared::domain::route::RouteRequest;
use shared::domain::rule::{ObjectSegment, RequiredAccess, Requirement, Requires, RouteRule};
use shared::domain::rules::Rules;

use crate::support::specific;

const VIEW: RequiredAccess = RequiredAccess {
    resource: "projects",
    action: "get",
    object: &[ObjectSegment::Placeholder("a")],
};

/// The paths that the random rules may have. A rule for a path with `{a}` may require access to its value.
const PATHS: [&str; 10] = [
    "/",
    "/x",
    "/{a}",
    "/x/{a}",
    "/x/y",
    "/x/{p+}",
    "/{a}/y",
    "/{a}/{b}",
    "/v1/tokens",
    "/v1/tokens/{id}",
];
const METHODS: [&str; 5] = ["GET", "HEAD", "POST", "PURGE", "ANY"];

fn requirement(path: &'static str) -> impl Strategy<Value = Requires> {
    let is_management = path.starts_with("/v1/");
    (0..6).prop_map(move |choice| match choice {
        _ if is_management => Requires::Always(Requirement::SuperAdmin),
        0 => Requires::Always(Requirement::SuperAdmin),
        1 => Requires::Always(Requirement::Authenticated),
        2 => Requires::PerMethod(&[
            ("GET", Requirement::Authenticated),
            ("POST", Requirement::RoutesGrant),
        ]),
        3 if path.contains("{a}") => Requires::Always(Requirement::Access(&[VIEW])),
        _ => Requires::Always(Requirement::RoutesGrant),
    })
}

/// Generates rules for some of the paths. As the build requires, each method and path has at most one.
fn rules() -> impl Strategy<Value = Vec<RouteRule>> {
    let keys: Vec<_> =
        PATHS.iter().flat_map(|path| METHODS.iter().map(|method| (*method, *path))).collect();
    subsequence(keys, 1..12).prop_flat_map(|keys| {
        let rules = keys.into_iter().map(|(method, path)| {
            requirement(path).prop_map(move |requires| RouteRule {
                method,
                path,
                // Only a rule for `ANY` may have a requirement per method.
                requires: match requires {
                    Requires::PerMethod(_) if method != "ANY" => {
                        Requires::Always(Requirement::RoutesGrant)
                    }
                    requires => requires,
                },
            })
        });
        rules.collect::<Vec<_>>()
    })
}

fn permissions() -> impl Strategy<Value = Permissions> {
    let routes = |methods: &str, path: &str| json!({ "resource": "routes", "methods": [methods], "paths": [path] });
    let view = json!({ "resource": "devtronApps", "project": "y", "environments": ["*"], "applications": ["*"], "role": "view" });
    select(vec![
        Permissions::SuperAdmin,
        specific(json!([routes("*", "/**")])),
        specific(json!([routes("GET", "/x/*"), routes("POST", "/")])),
        specific(json!([routes("*", "/v1/**"), view.clone()])),
        specific(json!([view])),
    ])
}

fn paths() -> impl Strategy<Value = String> {
    const SEGMENTS: [&str; 12] =
        ["x", "y", "%78", "y%20", "..", "a%2Fb", ";", "v1", "tokens", "%76%31", "", "z"];
    let usual = select(vec!["/", "/v1/tokens", "/v1/tokens/7", "/v1/other", "/x/y", "/x", "/y/y"]);
    prop_oneof![
        usual.prop_map(str::to_owned),
        proptest::collection::vec(select(&SEGMENTS[..]), 1..4)
            .prop_map(|segments| format!("/{}", segments.join("/"))),
    ]
}

/// Returns the request as the event of an HTTP API with these routes describes it, or `None` if the API has no matching route.
/// The placeholders of the API's routes have other names than those of the rules.
fn request_in_event(routes: &[(&str, &str)], method: &str, path: &str) -> Option<RouteRequest> {
    let raw_path = decode(path)?;
    let matches = routes.iter().filter(|(key, _)| *key == method || *key == "ANY");
    let matches = matches.filter_map(|(key, route)| Some((*key, *route, match_path(route, path)?)));
    let (_, route, values) =
        matches.min_by_key(|(key, route, _)| (specificity(route), *key == "ANY"))?;
    let parameters = values
        .into_iter()
        .map(|(name, value)| Some((format!("renamed-{name}"), decode(value)?)))
        .collect::<Option<_>>()?;
    Some(RouteRequest {
        method: method.to_owned(),
        route: Some(renamed(route)),
        parameters,
        raw_path,
    })
}

fn renamed(route: &str) -> String {
    let segments = route_segments(route).map(|segment| match segment {
        RouteSegment::Literal(literal) => literal.to_owned(),
        RouteSegment::Placeholder(name) => format!("{{renamed-{name}}}"),
        RouteSegment::Greedy(name) => format!("{{renamed-{name}+}}"),
    });
    format!("/{}", segments.collect::<Vec<_>>().join("/"))
}

/// Returns why a request is allowed, or `None` if it is denied. Reasons of denials are not compared, because clients do not
/// get them.
fn reason(decision: Decision) -> Option<AllowReason> {
    match decision {
        Decision::Allow(reason) => Some(reason),
        Decision::Deny(_) => None,
    }
}

/// Generates a route that may have no rule.
fn unlisted() -> impl Strategy<Value = (&'static str, &'static str)> {
    let paths = ["/v1/{rest+}", "/x", "/x/y", "/x/{c}", "/{c}/{d}", "/{c}/{rest+}", "/{rest+}"];
    (select(&METHODS[..]), select(paths.to_vec()))
}

/// Returns whether a rule has this path. The names of placeholders may differ.
fn is_listed(rules: &[RouteRule], path: &str) -> bool {
    rules.iter().any(|rule| has_same_shape(rule.path, path))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn simulate_and_the_authorizer_make_the_same_decisions(
        rules in rules(),
        by_default in select(&[&Requirement::RoutesGrant, &Requirement::SuperAdmin][..]),
        permissions in permissions(),
        method in select(&["GET", "HEAD", "POST", "PURGE", "DELETE"][..]),
        path in paths(),
        unlisted in of(unlisted()),
    ) {
        // The HTTP API has a route for each rule, and perhaps one without a rule.
        let mut routes: Vec<_> = rules.iter().map(|rule| (rule.method, rule.path)).collect();
        routes.extend(unlisted.filter(|(_, path)| !is_listed(&rules, path)));
        let rules = Rules { routes: &rules, default: by_default };
        if let Some(request) = request_in_event(&routes, method, &path) {
            let found = RouteRequest::parse(method, &path, rules).unwrap();
            let simulated = decide(&permissions, rules, &found);
            // Because of encoded characters, the path may match another route after decoding. Simulate then denies.
            if found.route.is_some() || permissions == Permissions::SuperAdmin {
                let decided = decide(&permissions, rules, &request);
                if is_listed(rules.routes, request.route.as_deref().unwrap()) {
                    prop_assert_eq!(reason(simulated), reason(decided), "{:?}", request);
                } else if matches!(decided, Decision::Allow(_)) {
                    // Simulate does not know this route. If it finds a rule that is weaker than the default, it may allow what
                    // the authorizer denies. It must not deny what the authorizer allows.
                    prop_assert!(matches!(simulated, Decision::Allow(_)), "{:?} {:?}", request, found);
                }
            } else {
                prop_assert!(matches!(simulated, Decision::Deny(_)), "{:?}", found);
                // The authorizer allows the request only if simulate allows the decoded path.
                let decoded = RouteRequest::parse(method, &request.raw_path, rules);
                let decoded = decoded.map(|decoded| decide(&permissions, rules, &decoded));
                if matches!(decoded, None | Some(Decision::Deny(_))) {
                    let decided = decide(&permissions, rules, &request);
                    prop_assert!(matches!(decided, Decision::Deny(_)), "{:?}", request);
                }
            }
        }
    }

    #[test]
    fn a_decision_is_never_weaker_than_the_rule_of_the_matched_route(
        rules in rules(),
        route in any::<Index>(),
        permissions in permissions(),
        method in select(&["GET", "HEAD", "POST"][..]),
        path in paths(),
    ) {
        // The HTTP API may have this route alone. A program behind it then chooses among the others.
        let RouteRule { method: key, path: route, .. } = *route.get(&rules);
        if let Some(request) = request_in_event(&[(key, route)], method, &path) {
            let decide_by = |routes: &[RouteRule]| {
                decide(&permissions, Rules { routes, default: &Requirement::RoutesGrant }, &request)
            };
            let (mut rules, others): (Vec<_>, Vec<_>) =
                rules.into_iter().partition(|rule| has_same_shape(rule.path, route));
            let by_route = decide_by(&rules);
            rules.extend(others);
            if matches!(by_route, Decision::Deny(_)) {
                prop_assert!(matches!(decide_by(&rules), Decision::Deny(_)), "{:?}", request);
            }
        }
    }
}
