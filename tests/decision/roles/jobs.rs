//! Grants of the kind `jobs`.
//!
//! The marks of a row are for get, create, update, delete and trigger: `+` is allowed, `.` is denied.

use super::assert_allows_exactly;
use serde_json::{Value, json};

fn grant(role: &str) -> Value {
    json!({ "resource": "jobs", "project": "pay", "environments": ["prod"], "jobs": ["nightly"], "workflows": ["main"], "role": role })
}

#[test]
fn view() {
    assert_allows_exactly(
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
    assert_allows_exactly(
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
    assert_allows_exactly(
        grant("admin"),
        &[
            ("jobs", "pay/nightly", "+++++"),
            // An asterisk in an object is an ordinary character.
            ("jobs", "pay/*", "....."),
            ("jobEnvironments", "pay/prod/nightly", "+++++"),
            ("jobEnvironments", "pay/dev/nightly", "....."),
            ("workflows", "pay/nightly/main", "+++++"),
            ("workflows", "pay/nightly/side", "....."),
            ("projects", "pay", "+...."),
        ],
    );
}
