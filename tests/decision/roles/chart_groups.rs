//! Grants of the kind `chartGroups`.
//!
//! The marks of a row are for get, create, update, delete and trigger: `+` is allowed, `.` is denied.

use super::assert_allows_exactly;
use serde_json::{Value, json};

fn grant(names: Value, role: &str) -> Value {
    json!({ "resource": "chartGroups", "names": names, "role": role })
}

#[test]
fn view_edit_and_admin() {
    assert_allows_exactly(
        grant(json!(["*"]), "view"),
        &[("chartGroups", "team", "+...."), ("chartGroups", "other", "+....")],
    );
    assert_allows_exactly(
        grant(json!(["team"]), "edit"),
        &[("chartGroups", "team", "+.+.."), ("chartGroups", "other", "+....")],
    );
    assert_allows_exactly(
        grant(json!(["*"]), "edit"),
        &[("chartGroups", "team", "+.+.."), ("chartGroups", "other", "+.+..")],
    );
    assert_allows_exactly(
        grant(json!(["*"]), "admin"),
        &[("chartGroups", "team", "+++++"), ("chartGroups", "other", "+++++")],
    );
}
