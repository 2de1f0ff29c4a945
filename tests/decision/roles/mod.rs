//! What every role of every kind of grant allows. Every action is tried on objects that the grant covers and on others.
//!
//! The expectations are written by hand from the table in `docs/API.md`, and not computed.

mod chart_groups;
mod devtron_apps;
mod helm_apps;
mod jobs;
mod kubernetes;

use crate::support::{allows, devtron_apps as devtron_apps_grant, grant, routes};
use serde_json::Value;

/// The actions, in the order of the marks in a row.
const ACTIONS: [&str; 5] = ["get", "create", "update", "delete", "trigger"];

/// A resource, an object, and a mark for each action: `+` if it is allowed and `.` if it is denied.
type Row = (&'static str, &'static str, &'static str);

fn assert_rows(document: &Value, rows: &[Row]) {
    let grant = grant(document.clone());
    for (resource, object, marks) in rows {
        assert_eq!(marks.len(), ACTIONS.len());
        for (action, mark) in ACTIONS.iter().zip(marks.chars()) {
            let access = format!("{resource}:{action}:{object}");
            assert_eq!(allows(&grant, &access), mark == '+', "{access} by {document}");
        }
    }
}

/// One object of every resource, with the names that the grants use.
const OBJECTS: [(&str, &str); 12] = [
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

/// Asserts the rows of a grant, and that it allows nothing on the resources that no row names.
fn assert_allows_exactly(document: Value, rows: &[Row]) {
    assert_rows(&document, rows);
    let others =
        OBJECTS.iter().filter(|(resource, _)| rows.iter().all(|(named, ..)| named != resource));
    for (resource, object) in others {
        assert_rows(&document, &[(resource, object, ".....")]);
    }
}

#[test]
fn a_routes_grant_allows_no_resource() {
    assert_allows_exactly(routes(&["*"], &["/**"]), &[]);
}

#[test]
fn an_object_with_the_wrong_number_of_segments_is_denied() {
    let all = grant(devtron_apps_grant("*", "*", "manager"));
    for access in [
        "applications:get:pay",
        "applications:get:pay/shop/x",
        "projects:get:pay/shop",
        "environments:get:pay/shop",
    ] {
        assert!(!allows(&all, access), "{access}");
    }
}
