//! `decide GRANTS TIMES`: decides one request that none of so many grants allows, so many times. For
//! `tests/decision/instructions`, which counts what it costs.

use serde_json::json;
use shared::domain::decision::{Decision, decide};
use shared::domain::grant::Permissions;
use shared::domain::route::RouteRequest;
use shared::domain::rule::RULES;
use shared::domain::violation::{Pointer, Violations};
use std::hint::black_box;

const PATH: &str = "/projects/pay/applications/shop/deployments/prod";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .map(|text| text.parse())
        .collect::<Result<_, _>>()?;
    let [grants, times] = numbers[..] else {
        return Err("usage: decide GRANTS TIMES".into());
    };
    // Each grant is of the right kind and role and comes to its last list before it misses.
    let grant = json!({ "resource": "devtronApps", "project": "pay", "environments": ["prod"], "applications": ["cart"], "role": "trigger" });
    let document = json!({ "type": "specific", "grants": vec![grant; grants] });
    let permissions = Permissions::read(&document, &Pointer::root(), &mut Violations::default());
    let permissions = permissions.ok_or("no permissions")?;
    let request = RouteRequest::to("POST", PATH, RULES).ok_or("no request")?;
    for _ in 0..times {
        match decide(black_box(&permissions), RULES, black_box(&request)) {
            Decision::Allowed(_) => return Err("it was allowed".into()),
            Decision::Denied(denial) => drop(black_box(denial)),
        }
    }
    Ok(())
}
