//! Our decision against Cedar's, on random grants and requests.
//!
//! Why the two are independent: the translation works from the JSON of a grant and knows nothing of `Permissions`,
//! `Grant` or the table of roles. What a role allows is written a second time below, as Cedar's text. What a route needs
//! is written a second time too. Cedar then compares strings by its own rules: segments are attributes of an entity,
//! lists are sets, and our matcher, our rules and our table are nowhere in between. Both sides would have to be wrong in
//! the same way to agree.

use crate::support::specific;
use cedar_policy::{
    Authorizer, Context, Decision as Cedar, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use shared::domain::decision::{Decision, decide};
use shared::domain::route::RouteRequest;
use shared::domain::rule::RULES_WITH_DEMO;
use std::collections::{HashMap, HashSet};

/// One thing that a request needs: an action such as `applications:get`, and the segments of its object.
type Need = (String, Vec<String>);

struct Dice(TestRng);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// `["*"]`, or one or two different names.
    fn names(&mut self, from: &[&str]) -> Value {
        match self.below(4) {
            0 => json!(["*"]),
            1 => json!([from[0], from[1]]),
            _ => json!([self.pick(from)]),
        }
    }
}

// Few names, and near misses among them, so that matches and near misses are common.
const PROJECTS: [&str; 3] = ["pay", "payments", "Pay"];
const ENVIRONMENTS: [&str; 3] = ["prod", "prod-2", "dev"];
const APPLICATIONS: [&str; 3] = ["shop", "shop ", "cart"];
const CLUSTERS: [&str; 2] = ["c1", "c2"];
const NAMESPACES: [&str; 3] = ["web", "web2", "_cluster"];
const JOBS: [&str; 2] = ["nightly", "night"];
const GROUPS: [&str; 2] = ["apps", "core"];
const KINDS: [&str; 2] = ["Deployment", "deployment"];
const PATHS: [&str; 8] = [
    "/orders/7",
    "/orders/*",
    "/orders/**",
    "/orders/*/items",
    "/orders/7/items",
    "/**",
    "/*/7",
    "/order/**",
];
const METHODS: [&str; 3] = ["GET", "POST", "DELETE"];

fn random_grant(dice: &mut Dice) -> Value {
    let project = if dice.below(5) == 0 { "*" } else { dice.pick(&PROJECTS) };
    match dice.below(6) {
        0 => {
            let role = dice.pick(&["view", "trigger", "admin", "manager"]);
            json!({ "resource": "devtronApps", "project": project, "environments": dice.names(&ENVIRONMENTS), "applications": dice.names(&APPLICATIONS), "role": role })
        }
        1 => {
            let environments = match dice.below(3) {
                0 => json!(["*"]),
                1 => json!([format!("{}/*", dice.pick(&CLUSTERS))]),
                _ => {
                    json!([format!("{}/{}", dice.pick(&CLUSTERS), dice.pick(&NAMESPACES)), "c3/x"])
                }
            };
            let role = dice.pick(&["view", "edit", "admin"]);
            json!({ "resource": "helmApps", "project": project, "environments": environments, "applications": dice.names(&APPLICATIONS), "role": role })
        }
        2 => {
            let role = dice.pick(&["view", "trigger", "admin"]);
            json!({ "resource": "jobs", "project": project, "environments": dice.names(&ENVIRONMENTS), "jobs": dice.names(&JOBS), "workflows": ["*"], "role": role })
        }
        3 => {
            let cluster = if dice.below(4) == 0 { "*" } else { dice.pick(&CLUSTERS) };
            let role = dice.pick(&["view", "edit", "admin"]);
            json!({ "resource": "kubernetes", "cluster": cluster, "namespaces": dice.names(&NAMESPACES), "apiGroups": dice.names(&GROUPS), "kinds": dice.names(&KINDS), "names": dice.names(&APPLICATIONS), "role": role })
        }
        4 => match dice.pick(&["view", "edit", "admin"]) {
            "edit" => {
                json!({ "resource": "chartGroups", "names": dice.names(&APPLICATIONS), "role": "edit" })
            }
            role => json!({ "resource": "chartGroups", "names": ["*"], "role": role }),
        },
        _ => {
            let methods =
                if dice.below(3) == 0 { json!(["*"]) } else { json!([dice.pick(&METHODS)]) };
            json!({ "resource": "routes", "methods": methods, "paths": [dice.pick(&PATHS)] })
        }
    }
}

/// A request to one of the demo's routes, and what it needs, written again from `infra/demo/routes.yaml`.
fn random_request(dice: &mut Dice) -> (String, String, Vec<Need>) {
    let (p, a, e) = (dice.pick(&PROJECTS), dice.pick(&APPLICATIONS), dice.pick(&ENVIRONMENTS));
    let (c, n, j) = (dice.pick(&CLUSTERS), dice.pick(&NAMESPACES), dice.pick(&JOBS));
    let need = |action: &str, object: &[&str]| {
        (action.to_owned(), object.iter().map(|one| (*one).to_owned()).collect())
    };
    let (method, path, needs) = match dice.below(9) {
        0 => (
            "GET",
            format!("/projects/{p}/applications/{a}"),
            vec![need("applications:get", &[p, a])],
        ),
        1 => (
            "DELETE",
            format!("/projects/{p}/applications/{a}"),
            vec![need("applications:delete", &[p, a])],
        ),
        2 => (
            "POST",
            format!("/projects/{p}/applications/{a}/deployments/{e}"),
            vec![need("applications:trigger", &[p, a]), need("environments:trigger", &[p, e, a])],
        ),
        3 => ("GET", format!("/helm/{p}/{c}/{n}/{a}"), vec![need("helmApps:get", &[p, c, n, a])]),
        4 => (
            "PATCH",
            format!("/helm/{p}/{c}/{n}/{a}"),
            vec![need("helmApps:update", &[p, c, n, a])],
        ),
        5 => (
            "POST",
            format!("/jobs/{p}/{e}/{j}/runs"),
            vec![need("jobs:trigger", &[p, j]), need("jobEnvironments:trigger", &[p, e, j])],
        ),
        6 => {
            let (g, k) = (dice.pick(&GROUPS), dice.pick(&KINDS));
            let method = dice.pick(&["GET", "DELETE"]);
            let action = if method == "GET" { "kubernetes:get" } else { "kubernetes:delete" };
            (
                method,
                format!("/clusters/{c}/namespaces/{n}/{g}/{k}/{a}"),
                vec![need(action, &[c, n, g, k, a])],
            )
        }
        7 => {
            let method = dice.pick(&["GET", "PUT"]);
            let action = if method == "GET" { "chartGroups:get" } else { "chartGroups:update" };
            (method, format!("/chart-groups/{a}"), vec![need(action, &[a])])
        }
        _ => {
            let path =
                dice.pick(&["/orders/7", "/orders/8", "/orders/7/items", "/orders/7/items/1"]);
            let method = dice.pick(&METHODS);
            let segments: Vec<_> = path.split('/').skip(1).collect();
            (method, path.to_owned(), vec![need(&format!("route:{method}"), &segments)])
        }
    };
    (method.to_owned(), path, needs)
}

/// A grant as Cedar's policies. What each role allows is written here a second time.
fn policies(grant: &Value) -> PolicySet {
    let text = |member: &str| grant[member].as_str().unwrap_or_default();
    let one = |member: &str, place: usize| match text(member) {
        "*" => "true".to_owned(),
        name => format!("resource.s{place} == {name:?}"),
    };
    let list = |member: &str, place: usize| {
        let names: Vec<_> =
            grant[member].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        if names == ["*"] {
            "true".to_owned()
        } else {
            format!("{names:?}.contains(resource.s{place})")
        }
    };
    let mut policies = Vec::new();
    let mut permit = |resource: &str, actions: &[&str], segments: usize, conditions: &[String]| {
        let actions: Vec<_> =
            actions.iter().map(|action| format!("Action::\"{resource}:{action}\"")).collect();
        let conditions = conditions.join(" && ");
        policies.push(format!(
            "permit(principal, action in [{}], resource) when {{ resource.count == {segments} && {conditions} }};",
            actions.join(", ")
        ));
    };
    const EVERY: &[&str] = &["get", "create", "update", "delete", "trigger"];
    match (text("resource"), text("role")) {
        ("devtronApps", role) => {
            let actions: &[&str] = match role {
                "view" => &["get"],
                "trigger" => &["get", "trigger"],
                _ => EVERY,
            };
            permit("applications", actions, 2, &[one("project", 0), list("applications", 1)]);
            permit(
                "environments",
                actions,
                3,
                &[one("project", 0), list("environments", 1), list("applications", 2)],
            );
        }
        ("helmApps", role) => {
            let actions: &[&str] = match role {
                "view" => &["get"],
                "edit" => &["get", "update"],
                _ => EVERY,
            };
            let environments: Vec<_> = grant["environments"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| match one.as_str().unwrap().split_once('/') {
                    None => "true".to_owned(),
                    Some((cluster, "*")) => format!("resource.s1 == {cluster:?}"),
                    Some((cluster, namespace)) => {
                        format!("(resource.s1 == {cluster:?} && resource.s2 == {namespace:?})")
                    }
                })
                .collect();
            let environments = format!("({})", environments.join(" || "));
            permit(
                "helmApps",
                actions,
                4,
                &[one("project", 0), environments, list("applications", 3)],
            );
        }
        ("jobs", role) => {
            let actions: &[&str] = match role {
                "view" => &["get"],
                "trigger" => &["get", "trigger"],
                _ => EVERY,
            };
            permit("jobs", actions, 2, &[one("project", 0), list("jobs", 1)]);
            permit(
                "jobEnvironments",
                actions,
                3,
                &[one("project", 0), list("environments", 1), list("jobs", 2)],
            );
        }
        ("kubernetes", role) => {
            let actions: &[&str] = if role == "view" { &["get"] } else { EVERY };
            let conditions = [
                one("cluster", 0),
                list("namespaces", 1),
                list("apiGroups", 2),
                list("kinds", 3),
                list("names", 4),
            ];
            permit("kubernetes", actions, 5, &conditions);
        }
        ("chartGroups", "view") => permit("chartGroups", &["get"], 1, &["true".to_owned()]),
        ("chartGroups", "edit") => {
            permit("chartGroups", &["get"], 1, &["true".to_owned()]);
            permit("chartGroups", &["update"], 1, &[list("names", 0)]);
        }
        ("chartGroups", _) => permit("chartGroups", EVERY, 1, &["true".to_owned()]),
        _ => {
            let methods = if grant["methods"] == json!(["*"]) {
                METHODS.to_vec()
            } else {
                vec![grant["methods"][0].as_str().unwrap()]
            };
            let pattern: Vec<_> = grant["paths"][0].as_str().unwrap().split('/').skip(1).collect();
            for length in 1..=4 {
                let (fixed, open) = match pattern.split_last() {
                    Some((&"**", fixed)) => (fixed, true),
                    _ => (pattern.as_slice(), false),
                };
                if length < fixed.len() || (!open && length > fixed.len()) {
                    continue;
                }
                let equal = |(place, segment): (usize, &&str)| match *segment {
                    "*" => "true".to_owned(),
                    literal => format!("resource.s{place} == {literal:?}"),
                };
                let mut conditions: Vec<_> = fixed.iter().enumerate().map(equal).collect();
                conditions.push("true".to_owned());
                permit("route", &methods, length, &conditions);
            }
        }
    }
    policies.join("\n").parse().unwrap_or_else(|error| panic!("{error}: {policies:?}"))
}

/// Whether Cedar permits a need by one grant's policies.
fn permits(cedar: &Authorizer, policies: &PolicySet, (action, object): &Need) -> bool {
    let uid = |text: &str| -> EntityUid { text.parse().unwrap() };
    let segments = object.iter().enumerate();
    let segments = segments.map(|(place, segment)| {
        (format!("s{place}"), RestrictedExpression::new_string(segment.clone()))
    });
    let count = ("count".to_owned(), RestrictedExpression::new_long(object.len() as i64));
    let attributes: HashMap<_, _> = segments.chain([count]).collect();
    let resource = Entity::new(uid("Object::\"o\""), attributes, HashSet::new()).unwrap();
    let entities = Entities::from_entities([resource], None).unwrap();
    let action = uid(&format!("Action::\"{action}\""));
    let request =
        Request::new(uid("Token::\"t\""), action, uid("Object::\"o\""), Context::empty(), None)
            .unwrap();
    cedar.is_authorized(&request, policies, &entities).decision() == Cedar::Allow
}

#[expect(
    clippy::disallowed_methods,
    reason = "a longer run is asked for by the environment: see tests/decision/run"
)]
fn asked(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn cedar_decides_the_same_on_random_grants_and_requests() {
    let pairs = asked("PAIRS").unwrap_or(20_000);
    let seed = asked("SEED").unwrap_or(20_261_123);
    println!("{pairs} pairs, seed {seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let cedar = Authorizer::new();
    let pool: Vec<_> =
        (0..600).map(|_| random_grant(&mut dice)).map(|grant| (policies(&grant), grant)).collect();
    let (mut allowed, mut denied) = (0_u64, 0_u64);
    for _ in 0..pairs {
        let grants: Vec<_> = (0..=dice.below(4)).map(|_| &pool[dice.below(pool.len())]).collect();
        let (method, path, needs) = random_request(&mut dice);
        // One and the same grant must allow everything.
        let oracle = grants
            .iter()
            .position(|(policies, _)| needs.iter().all(|need| permits(&cedar, policies, need)));
        let document = json!(grants.iter().map(|(_, grant)| grant).collect::<Vec<_>>());
        let sent = path.replace(' ', "%20");
        let request = RouteRequest::to(&method, &sent, RULES_WITH_DEMO).unwrap();
        let ours = match decide(&specific(document.clone()), RULES_WITH_DEMO, &request) {
            Decision::Allow(shared::domain::decision::AllowReason::Grant(index)) => Some(index),
            Decision::Deny(_) => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(ours, oracle, "{method} {path} with {document}, seed {seed}");
        if ours.is_some() { allowed += 1 } else { denied += 1 }
    }
    println!("{allowed} allowed, {denied} denied");
    assert!(
        allowed > pairs / 20 && denied > pairs / 5,
        "{allowed} allowed, {denied} denied: too one-sided to prove much"
    );
}
