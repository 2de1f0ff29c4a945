//! Random grants, and random requests with the access that they require.

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

/// An access that a request requires: an action such as `applications:get`, and the segments of its object.
pub type Access = (String, Vec<String>);

pub struct Rng(TestRng);

impl Rng {
    pub fn from_seed(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_be_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// Returns `["*"]`, or one or two different names.
    fn names(&mut self, from: &[&str]) -> Value {
        match self.below(4) {
            0 => json!(["*"]),
            1 => json!([from[0], from[1]]),
            _ => json!([self.pick(from)]),
        }
    }
}

// Few names, some of them similar, so that matches and near misses are common.
const PROJECTS: [&str; 3] = ["pay", "payments", "Pay"];
const ENVIRONMENTS: [&str; 3] = ["prod", "prod-2", "dev"];
const APPLICATIONS: [&str; 3] = ["shop", "shop a", "cart"];
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
pub const METHODS: [&str; 3] = ["GET", "POST", "DELETE"];

/// Returns a grant of any kind.
pub fn random_grant(rng: &mut Rng) -> Value {
    let project = if rng.below(5) == 0 { "*" } else { rng.pick(&PROJECTS) };
    match rng.below(6) {
        0 => {
            let role = rng.pick(&["view", "trigger", "admin", "manager"]);
            json!({ "resource": "devtronApps", "project": project, "environments": rng.names(&ENVIRONMENTS), "applications": rng.names(&APPLICATIONS), "role": role })
        }
        1 => {
            let environments = match rng.below(3) {
                0 => json!(["*"]),
                1 => json!([format!("{}/*", rng.pick(&CLUSTERS))]),
                _ => {
                    json!([format!("{}/{}", rng.pick(&CLUSTERS), rng.pick(&NAMESPACES)), "c3/x"])
                }
            };
            let role = rng.pick(&["view", "edit", "admin"]);
            json!({ "resource": "helmApps", "project": project, "environments": environments, "applications": rng.names(&APPLICATIONS), "role": role })
        }
        2 => {
            let role = rng.pick(&["view", "trigger", "admin"]);
            json!({ "resource": "jobs", "project": project, "environments": rng.names(&ENVIRONMENTS), "jobs": rng.names(&JOBS), "workflows": ["*"], "role": role })
        }
        3 => {
            let cluster = if rng.below(4) == 0 { "*" } else { rng.pick(&CLUSTERS) };
            let role = rng.pick(&["view", "edit", "admin"]);
            json!({ "resource": "kubernetes", "cluster": cluster, "namespaces": rng.names(&NAMESPACES), "apiGroups": rng.names(&GROUPS), "kinds": rng.names(&KINDS), "names": rng.names(&APPLICATIONS), "role": role })
        }
        4 => match rng.pick(&["view", "edit", "admin"]) {
            "edit" => {
                json!({ "resource": "chartGroups", "names": rng.names(&APPLICATIONS), "role": "edit" })
            }
            role => json!({ "resource": "chartGroups", "names": ["*"], "role": role }),
        },
        _ => {
            let methods =
                if rng.below(3) == 0 { json!(["*"]) } else { json!([rng.pick(&METHODS)]) };
            json!({ "resource": "routes", "methods": methods, "paths": [rng.pick(&PATHS)] })
        }
    }
}

/// Returns a request to one of the demo's routes: method, path and required access.
///
/// The access is written here a second time, independently of `infra/demo/routes.yaml`.
pub fn random_request(rng: &mut Rng) -> (String, String, Vec<Access>) {
    let (p, a, e) = (rng.pick(&PROJECTS), rng.pick(&APPLICATIONS), rng.pick(&ENVIRONMENTS));
    let (c, n, j) = (rng.pick(&CLUSTERS), rng.pick(&NAMESPACES), rng.pick(&JOBS));
    let access = |action: &str, object: &[&str]| {
        (action.to_owned(), object.iter().map(|one| (*one).to_owned()).collect())
    };
    let (method, path, required) = match rng.below(9) {
        0 => (
            "GET",
            format!("/projects/{p}/applications/{a}"),
            vec![access("applications:get", &[p, a])],
        ),
        1 => (
            "DELETE",
            format!("/projects/{p}/applications/{a}"),
            vec![access("applications:delete", &[p, a])],
        ),
        2 => (
            "POST",
            format!("/projects/{p}/applications/{a}/deployments/{e}"),
            vec![
                access("applications:trigger", &[p, a]),
                access("environments:trigger", &[p, e, a]),
            ],
        ),
        3 => ("GET", format!("/helm/{p}/{c}/{n}/{a}"), vec![access("helmApps:get", &[p, c, n, a])]),
        4 => (
            "PATCH",
            format!("/helm/{p}/{c}/{n}/{a}"),
            vec![access("helmApps:update", &[p, c, n, a])],
        ),
        5 => (
            "POST",
            format!("/jobs/{p}/{e}/{j}/runs"),
            vec![access("jobs:trigger", &[p, j]), access("jobEnvironments:trigger", &[p, e, j])],
        ),
        6 => {
            let (g, k) = (rng.pick(&GROUPS), rng.pick(&KINDS));
            let method = rng.pick(&["GET", "DELETE"]);
            let action = if method == "GET" { "kubernetes:get" } else { "kubernetes:delete" };
            (
                method,
                format!("/clusters/{c}/namespaces/{n}/{g}/{k}/{a}"),
                vec![access(action, &[c, n, g, k, a])],
            )
        }
        7 => {
            let method = rng.pick(&["GET", "PUT"]);
            let action = if method == "GET" { "chartGroups:get" } else { "chartGroups:update" };
            (method, format!("/chart-groups/{a}"), vec![access(action, &[a])])
        }
        _ => {
            let path =
                rng.pick(&["/orders/7", "/orders/8", "/orders/7/items", "/orders/7/items/1"]);
            let method = rng.pick(&METHODS);
            let segments: Vec<_> = path.split('/').skip(1).collect();
            (method, path.to_owned(), vec![access(&format!("route:{method}"), &segments)])
        }
    };
    (method.to_owned(), path, required)
}
