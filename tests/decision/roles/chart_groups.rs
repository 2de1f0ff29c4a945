//! Grants of the kind `chartGroups`.

use super::assert_allows;
use serde_json::{Value, json};

fn grant(names: Value, role: &str) -> Value {
    json!({ "resource": "chartGroups", "names": names, "role": role })
}

#[test]
fn view_edit_and_admin() {
    assert_allows(
        grant(json!(["*"]), "view"),
        &[("chartGroups", "team", "+...."), ("chartGroups", "other", "+....")],
    );
    assert_allows(
        grant(json!(["team"]), "edit"),
        &[("chartGroups", "team", "+.+.."), ("chartGroups", "other", "+....")],
    );
    assert_allows(
        grant(json!(["*"]), "edit"),
        &[("chartGroups", "team", "+.+.."), ("chartGroups", "other", "+.+..")],
    );
    assert_allows(
        grant(json!(["*"]), "admin"),
        &[("chartGroups", "team", "+++++"), ("chartGroups", "other", "+++++")],
    );
}
