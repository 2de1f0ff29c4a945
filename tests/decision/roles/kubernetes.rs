//! Grants of the kind `kubernetes`.
//!
//! The marks of a row are for get, create, update, delete and trigger: `+` is allowed, `.` is denied.

use super::{assert_allows_exactly, assert_rows};
use serde_json::{Value, json};

fn grant(role: &str) -> Value {
    json!({ "resource": "kubernetes", "cluster": "c1", "namespaces": ["web"], "apiGroups": ["apps"], "kinds": ["Deployment"], "names": ["*"], "role": role })
}

#[test]
fn view() {
    assert_allows_exactly(
        grant("view"),
        &[
            ("kubernetes", "c1/web/apps/Deployment/api", "+...."),
            ("kubernetes", "c1/web/apps/Deployment/anything", "+...."),
            ("kubernetes", "c2/web/apps/Deployment/api", "....."),
            ("kubernetes", "c1/other/apps/Deployment/api", "....."),
            ("kubernetes", "c1/web/core/Deployment/api", "....."),
            ("kubernetes", "c1/web/apps/Secret/api", "....."),
            ("kubernetes", "c1/_cluster/apps/Deployment/api", "....."),
        ],
    );
}

#[test]
fn edit() {
    assert_allows_exactly(
        grant("edit"),
        &[
            ("kubernetes", "c1/web/apps/Deployment/api", "+++++"),
            ("kubernetes", "c1/web/apps/Secret/api", "....."),
        ],
    );
}

#[test]
fn admin() {
    assert_allows_exactly(
        grant("admin"),
        &[
            ("kubernetes", "c1/web/apps/Deployment/api", "+++++"),
            ("kubernetes", "c1/other/apps/Deployment/api", "....."),
            ("kubernetesUsers", "c1/web", "+++++"),
            ("kubernetesUsers", "c1/other", "....."),
            ("kubernetesUsers", "c2/web", "....."),
        ],
    );
}

#[test]
fn cluster_scoped_objects_and_the_core_group_have_reserved_names() {
    let view_grant = |namespaces: Value, groups: Value| json!({ "resource": "kubernetes", "cluster": "c1", "namespaces": namespaces, "apiGroups": groups, "kinds": ["*"], "names": ["*"], "role": "view" });
    let node = ("kubernetes", "c1/_cluster/core/Node/n1", "+....");
    assert_rows(
        &view_grant(json!(["_cluster"]), json!(["core"])),
        &[node, ("kubernetes", "c1/web/core/Pod/p", ".....")],
    );
    assert_rows(
        &view_grant(json!(["*"]), json!(["*"])),
        &[node, ("kubernetes", "c1/web/core/Pod/p", "+....")],
    );
    assert_rows(
        &view_grant(json!(["web"]), json!(["core"])),
        &[("kubernetes", "c1/_cluster/core/Node/n1", ".....")],
    );
}
