//! Grants of the kind `devtronApps`.
//!
//! The marks of a row are for get, create, update, delete and trigger: `+` is allowed, `.` is denied.

use super::assert_allows_exactly;
use serde_json::{Value, json};

fn grant(role: &str) -> Value {
    json!({ "resource": "devtronApps", "project": "pay", "environments": ["prod", "dev"], "applications": ["shop"], "role": role })
}

#[test]
fn view() {
    assert_allows_exactly(
        grant("view"),
        &[
            ("applications", "pay/shop", "+...."),
            ("applications", "pay/cart", "....."),
            ("applications", "data/shop", "....."),
            // An asterisk in an object is an ordinary character.
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
fn trigger() {
    assert_allows_exactly(
        grant("trigger"),
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
fn admin() {
    assert_allows_exactly(
        grant("admin"),
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
fn manager() {
    assert_allows_exactly(
        grant("manager"),
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
fn wildcards() {
    assert_allows_exactly(
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
