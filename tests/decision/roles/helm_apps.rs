//! Grants of the kind `helmApps`.
//!
//! The marks of a row are for get, create, update, delete and trigger: `+` is allowed, `.` is denied.

use super::assert_allows_exactly;
use serde_json::{Value, json};

fn grant(environments: Value, role: &str) -> Value {
    json!({ "resource": "helmApps", "project": "pay", "environments": environments, "applications": ["redis"], "role": role })
}

#[test]
fn view() {
    assert_allows_exactly(
        grant(json!(["c1/web", "c2/*"]), "view"),
        &[
            ("helmApps", "pay/c1/web/redis", "+...."),
            ("helmApps", "pay/c1/api/redis", "....."),
            ("helmApps", "pay/c2/anything/redis", "+...."),
            ("helmApps", "pay/c3/web/redis", "....."),
            ("helmApps", "pay/c1/web/kafka", "....."),
            ("helmApps", "data/c1/web/redis", "....."),
            // An asterisk in an object is an ordinary character.
            ("helmApps", "pay/c1/*/redis", "....."),
            ("projects", "pay", "+...."),
            ("projects", "data", "....."),
        ],
    );
}

#[test]
fn edit() {
    assert_allows_exactly(
        grant(json!(["c1/web"]), "edit"),
        &[
            ("helmApps", "pay/c1/web/redis", "+.+.."),
            ("helmApps", "pay/c1/api/redis", "....."),
            ("projects", "pay", "+...."),
        ],
    );
}

#[test]
fn admin() {
    assert_allows_exactly(
        grant(json!(["*"]), "admin"),
        &[
            ("helmApps", "pay/c1/web/redis", "+++++"),
            ("helmApps", "pay/any/where/redis", "+++++"),
            ("helmApps", "pay/c1/web/kafka", "....."),
            ("projects", "pay", "+...."),
        ],
    );
}
