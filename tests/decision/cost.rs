//! The allocations of a decision, which must not depend on the number of grants.

use crate::support::specific;
use serde_json::{Value, json};
use shared::domain::decision::{Decision, decide};
use shared::domain::route::RouteRequest;
use tests::fixture::RULES_WITH_DEMO;

/// Returns how often a decision allocates memory. There are `count` grants, and none allows the request.
fn allocations(count: usize, path: &str) -> u64 {
    let grant = |number: usize| json!({ "resource": "devtronApps", "project": format!("project-{number}"), "environments": ["prod"], "applications": ["*"], "role": "trigger" });
    let permissions = specific((0..count).map(grant).collect::<Value>());
    let request = RouteRequest::parse("POST", path, RULES_WITH_DEMO).unwrap();
    let mut is_allowed = true;
    let info = allocation_counter::measure(|| {
        is_allowed = matches!(decide(&permissions, RULES_WITH_DEMO, &request), Decision::Allow(_));
    });
    assert!(!is_allowed);
    info.count_total
}

#[test]
fn a_decision_allocates_the_same_for_one_and_for_a_hundred_grants() {
    for path in ["/projects/pay/applications/shop/deployments/dev", "/orders/7"] {
        let counts = [1, 10, 100].map(|count| allocations(count, path));
        assert_eq!(counts[0], counts[1], "{path}");
        assert_eq!(counts[1], counts[2], "{path}");
        println!("{path}: {} allocations", counts[0]);
    }
}
