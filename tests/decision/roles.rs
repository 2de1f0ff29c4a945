//! Every kind of grant × role × action × (same object, another, `*`), the expectations written by hand from the table
//! in `docs/API.md`, not computed.

use crate::support::{allows, grant};
use serde_json::{Value, json};

/// The actions in the order of the marks below.
const ACTIONS: [&str; 5] = ["get", "create", "update", "delete", "trigger"];

/// One row: a resource, what it is asked of, and for each of get, create, update, delete, trigger whether it is
/// allowed (`+`) or not (`.`).
type Row = (&'static str, &'static str, &'static str);

fn check(document: &Value, rows: &[Row]) {
    let grant = grant(document.clone());
    for (resource, object, marks) in rows {
        assert_eq!(marks.len(), ACTIONS.len());
        for (action, mark) in ACTIONS.iter().zip(marks.chars()) {
            let line = format!("{resource}:{action}:{object}");
            assert_eq!(allows(&grant, &line), mark == '+', "{line} by {document}");
        }
    }
}

/// What no grant of another kind may reach: one object of every resource, with the names that the grants below use.
const EVERYTHING: [(&str, &str); 12] = [
    ("applications", "pay/shop"),
    ("environments", "pay/prod/shop"),
    ("projects", "pay"),
    ("users", "pay"),
    ("notifications", "pay"),
    ("helmApps", "pay/c1/web/redis"),
    ("jobs", "pay/nightly"),
    ("jobEnvironments", "pay/prod/nightly"),
    ("workflows", "pay/nightly/main"),
    ("kubernetes", "c1/web/apps/Deployment/api"),
    ("kubernetesUsers", "c1/web"),
    ("chartGroups", "team"),
];

/// Proves that a grant allows nothing on the resources that its rows do not name.
fn reaches_nothing_else(document: &Value, rows: &[Row]) {
    let others =
        EVERYTHING.iter().filter(|(resource, _)| rows.iter().all(|(named, ..)| named != resource));
    for (resource, object) in others {
        check(document, &[(resource, object, ".....")]);
    }
}

fn table(document: Value, rows: &[Row]) {
    check(&document, rows);
    reaches_nothing_else(&document, rows);
}

fn devtron(role: &str) -> Value {
    json!({ "resource": "devtronApps", "project": "pay", "environments": ["prod", "dev"], "applications": ["shop"], "role": role })
}

#[test]
fn devtron_apps_view() {
    table(
        devtron("view"),
        &[
            ("applications", "pay/shop", "+...."),
            ("applications", "pay/cart", "....."),
            ("applications", "data/shop", "....."),
            ("applications", "pay/*", "....."),
            ("environments", "pay/prod/shop", "+...."),
            ("environments", "pay/dev/shop", "+...."),
            ("environments", "pay/test/shop", "....."),
            ("environments", "pay/prod/cart", "....."),
            ("environments", "data/prod/shop", "....."),
            ("projects", "pay", "+...."),
            ("projects", "data", "....."),
        ],
    );
}

#[test]
fn devtron_apps_trigger() {
    table(
        devtron("trigger"),
        &[
            ("applications", "pay/shop", "+...+"),
            ("applications", "pay/cart", "....."),
            ("environments", "pay/prod/shop", "+...+"),
            ("environments", "pay/test/shop", "....."),
            ("environments", "data/prod/shop", "....."),
            ("projects", "pay", "+...."),
        ],
    );
}

#[test]
fn devtron_apps_admin() {
    table(
        devtron("admin"),
        &[
            ("applications", "pay/shop", "+++++"),
            ("applications", "pay/cart", "....."),
            ("environments", "pay/dev/shop", "+++++"),
            ("environments", "pay/test/shop", "....."),
            ("projects", "pay", "+...."),
            ("projects", "data", "....."),
        ],
    );
}

#[test]
fn devtron_apps_manager() {
    table(
        devtron("manager"),
        &[
            ("applications", "pay/shop", "+++++"),
            ("applications", "pay/cart", "....."),
            ("environments", "pay/prod/shop", "+++++"),
            ("environments", "pay/test/shop", "....."),
            ("projects", "pay", "+++++"),
            ("projects", "data", "....."),
            ("users", "pay", "+++++"),
            ("users", "data", "....."),
            ("notifications", "pay", "+++++"),
            ("notifications", "data", "....."),
        ],
    );
}

#[test]
fn devtron_apps_of_everything() {
    table(
        json!({ "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "trigger" }),
        &[
            ("applications", "pay/shop", "+...+"),
            ("applications", "anything/else", "+...+"),
            ("applications", "*/*", "+...+"),
            ("environments", "any/where/at-all", "+...+"),
            ("projects", "any", "+...."),
        ],
    );
}

fn helm(environments: Value, role: &str) -> Value {
    json!({ "resource": "helmApps", "project": "pay", "environments": environments, "applications": ["redis"], "role": role })
}

#[test]
fn helm_apps_view() {
    table(
        helm(json!(["c1/web", "c2/*"]), "view"),
        &[
            ("helmApps", "pay/c1/web/redis", "+...."),
            ("helmApps", "pay/c1/api/redis", "....."),
            ("helmApps", "pay/c2/anything/redis", "+...."),
            ("helmApps", "pay/c3/web/redis", "....."),
            ("helmApps", "pay/c1/web/kafka", "....."),
            ("helmApps", "data/c1/web/redis", "....."),
            ("helmApps", "pay/c1/*/redis", "....."),
            ("projects", "pay", "+...."),
            ("projects", "data", "....."),
        ],
    );
}

#[test]
fn helm_apps_edit() {
    table(
        helm(json!(["c1/web"]), "edit"),
        &[
            ("helmApps", "pay/c1/web/redis", "+.+.."),
            ("helmApps", "pay/c1/api/redis", "....."),
            ("projects", "pay", "+...."),
        ],
    );
}

#[test]
fn helm_apps_admin() {
    table(
        helm(json!(["*"]), "admin"),
        &[
            ("helmApps", "pay/c1/web/redis", "+++++"),
            ("helmApps", "pay/any/where/redis", "+++++"),
            ("helmApps", "pay/c1/web/kafka", "....."),
            ("projects", "pay", "+...."),
        ],
    );
}

fn job(role: &str) -> Value {
    json!({ "resource": "jobs", "project": "pay", "environments": ["prod"], "jobs": ["nightly"], "workflows": ["main"], "role": role })
}

#[test]
fn jobs_view() {
    table(
        job("view"),
        &[
            ("jobs", "pay/nightly", "+...."),
            ("jobs", "pay/hourly", "....."),
            ("jobs", "data/nightly", "....."),
            ("jobEnvironments", "pay/prod/nightly", "+...."),
            ("jobEnvironments", "pay/dev/nightly", "....."),
            ("workflows", "pay/nightly/main", "+...."),
            ("workflows", "pay/nightly/side", "....."),
            ("workflows", "pay/hourly/main", "....."),
            ("projects", "pay", "+...."),
        ],
    );
}

#[test]
fn jobs_trigger() {
    table(
        job("trigger"),
        &[
            ("jobs", "pay/nightly", "+...+"),
            ("jobs", "pay/hourly", "....."),
            ("jobEnvironments", "pay/prod/nightly", "+...+"),
            ("jobEnvironments", "pay/dev/nightly", "....."),
            ("workflows", "pay/nightly/main", "+...+"),
            ("projects", "pay", "+...."),
        ],
    );
}

#[test]
fn jobs_admin() {
    table(
        job("admin"),
        &[
            ("jobs", "pay/nightly", "+++++"),
            ("jobs", "pay/*", "....."),
            ("jobEnvironments", "pay/prod/nightly", "+++++"),
            ("jobEnvironments", "pay/dev/nightly", "....."),
            ("workflows", "pay/nightly/main", "+++++"),
            ("workflows", "pay/nightly/side", "....."),
            ("projects", "pay", "+...."),
        ],
    );
}

fn kubernetes(role: &str) -> Value {
    json!({ "resource": "kubernetes", "cluster": "c1", "namespaces": ["web"], "apiGroups": ["apps"], "kinds": ["Deployment"], "names": ["*"], "role": role })
}

#[test]
fn kubernetes_view() {
    table(
        kubernetes("view"),
        &[
            ("kubernetes", "c1/web/apps/Deployment/api", "+...."),
            ("kubernetes", "c1/web/apps/Deployment/anything", "+...."),
            ("kubernetes", "c2/web/apps/Deployment/api", "....."),
            ("kubernetes", "c1/api/apps/Deployment/api", "....."),
            ("kubernetes", "c1/web/core/Deployment/api", "....."),
            ("kubernetes", "c1/web/apps/Secret/api", "....."),
            ("kubernetes", "c1/_cluster/apps/Deployment/api", "....."),
        ],
    );
}

#[test]
fn kubernetes_edit() {
    table(
        kubernetes("edit"),
        &[
            ("kubernetes", "c1/web/apps/Deployment/api", "+++++"),
            ("kubernetes", "c1/web/apps/Secret/api", "....."),
        ],
    );
}

#[test]
fn kubernetes_admin() {
    table(
        kubernetes("admin"),
        &[
            ("kubernetes", "c1/web/apps/Deployment/api", "+++++"),
            ("kubernetes", "c1/api/apps/Deployment/api", "....."),
            ("kubernetesUsers", "c1/web", "+++++"),
            ("kubernetesUsers", "c1/api", "....."),
            ("kubernetesUsers", "c2/web", "....."),
        ],
    );
}

#[test]
fn kubernetes_cluster_scoped_objects_and_the_core_group_have_names_of_their_own() {
    let of = |namespaces: Value, groups: Value| json!({ "resource": "kubernetes", "cluster": "c1", "namespaces": namespaces, "apiGroups": groups, "kinds": ["*"], "names": ["*"], "role": "view" });
    let node = ("kubernetes", "c1/_cluster/core/Node/n1", "+....");
    check(
        &of(json!(["_cluster"]), json!(["core"])),
        &[node, ("kubernetes", "c1/web/core/Pod/p", ".....")],
    );
    check(&of(json!(["*"]), json!(["*"])), &[node, ("kubernetes", "c1/web/core/Pod/p", "+....")]);
    check(
        &of(json!(["web"]), json!(["core"])),
        &[("kubernetes", "c1/_cluster/core/Node/n1", ".....")],
    );
}

fn chart_groups(names: Value, role: &str) -> Value {
    json!({ "resource": "chartGroups", "names": names, "role": role })
}

#[test]
fn chart_groups_view_edit_and_admin() {
    table(
        chart_groups(json!(["*"]), "view"),
        &[("chartGroups", "team", "+...."), ("chartGroups", "other", "+....")],
    );
    table(
        chart_groups(json!(["team"]), "edit"),
        &[("chartGroups", "team", "+.+.."), ("chartGroups", "other", "+....")],
    );
    table(
        chart_groups(json!(["*"]), "edit"),
        &[("chartGroups", "team", "+.+.."), ("chartGroups", "other", "+.+..")],
    );
    table(
        chart_groups(json!(["*"]), "admin"),
        &[("chartGroups", "team", "+++++"), ("chartGroups", "other", "+++++")],
    );
}

#[test]
fn a_routes_grant_allows_no_triple() {
    table(json!({ "resource": "routes", "methods": ["*"], "paths": ["/**"] }), &[]);
}

#[test]
fn an_object_with_other_than_its_segments_is_never_allowed() {
    let all = grant(
        json!({ "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "manager" }),
    );
    for line in [
        "applications:get:pay",
        "applications:get:pay/shop/x",
        "projects:get:pay/shop",
        "environments:get:pay/shop",
    ] {
        assert!(!allows(&all, line), "{line}");
    }
}
