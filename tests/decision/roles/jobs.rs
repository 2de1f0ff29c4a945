//! Grants of the kind `jobs`.

use super::assert_allows;
use serde_json::{Value, json};

fn grant(role: &str) -> Value {
    json!({ "resource": "jobs", "project": "pay", "environments": ["prod"], "jobs": ["nightly"], "workflows": ["main"], "role": role })
}

#[test]
fn view() {
    assert_allows(
        grant("view"),
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
fn trigger() {
    assert_allows(
        grant("trigger"),
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
fn admin() {
    assert_allows(
        grant("admin"),
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
