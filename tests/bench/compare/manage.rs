//! What managing tokens costs: each function's handler, from the event to the answer, log line included.

use crate::report::{Report, units};
use crate::stopwatch::{Work, in_turn, work};
use crate::support::{Store, event, generate, handlers, permissions};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use tests::handlers::Handlers;
use tests::meter::Meter;
use tests::table;

const ROUNDS: usize = 1000;
/// More than a page.
const LISTED: usize = 60;

/// A request to a function.
struct Operation {
    name: &'static str,
    function: &'static str,
    method: &'static str,
    route: &'static str,
    status: u16,
}

const fn operation(
    name: &'static str,
    function: &'static str,
    method: &'static str,
    route: &'static str,
    status: u16,
) -> Operation {
    Operation { name, function, method, route, status }
}

const ONE: &str = "/v1/tokens/{id}";
const OPERATIONS: [Operation; 7] = [
    operation("generate", "GenerateFunction", "POST", "/v1/tokens", 201),
    operation("list, one token", "ListFunction", "GET", ONE, 200),
    operation("list, a page of 50", "ListFunction", "GET", "/v1/tokens?limit=50", 200),
    operation("update", "UpdateFunction", "PATCH", ONE, 200),
    operation("regenerate", "RegenerateFunction", "POST", "/v1/tokens/{id}/regenerate", 200),
    operation("simulate", "SimulateFunction", "POST", "/v1/tokens/{id}/simulate", 200),
    operation("delete", "DeleteFunction", "DELETE", ONE, 204),
];

/// What the operations are done to.
struct Tokens<'a> {
    handlers: &'a Handlers,
    /// One that stays.
    id: &'a str,
    /// Those that were generated and not yet deleted.
    spare: &'a RefCell<VecDeque<String>>,
    count: &'a Cell<usize>,
}

impl Tokens<'_> {
    /// The operation, ready to be sent.
    async fn act(&self, operation: &Operation, event: Value) {
        let answer = self.handlers.invoke(operation.function, &event).await;
        let answer = answer.assert_status(operation.status);
        if operation.status == 201 {
            let id = answer.json()["id"].as_str().unwrap().to_owned();
            self.spare.borrow_mut().push_back(id);
        }
    }

    fn event(&self, operation: &Operation) -> Value {
        self.count.set(self.count.get() + 1);
        let number = self.count.get();
        let permissions = permissions(1);
        let body = match operation.name {
            "generate" => {
                Some(json!({ "name": format!("spare-{number}"), "permissions": permissions }))
            }
            "update" => {
                Some(json!({ "description": number.to_string(), "permissions": permissions }))
            }
            "regenerate" => Some(json!({})),
            "simulate" => Some(json!({ "method": "GET", "path": "/orders/7" })),
            _ => None,
        };
        let spare = (operation.name == "delete").then(|| self.spare.borrow_mut().pop_front());
        let id = spare.flatten().unwrap_or_else(|| self.id.to_owned());
        event(operation.method, operation.route, &id, body.as_ref())
    }
}

/// Measures each.
pub async fn measure(store: &Store, report: &mut Report) {
    report.section("management, from the event to the answer, log line included");
    let (client, meter) = Meter::attach(&store.client);
    let (plain, metered) = (handlers(&store.client), handlers(&client));
    let (id, _) = generate(&plain, "managed", 1).await;
    let (spare, count) = (RefCell::new(VecDeque::new()), Cell::new(0));
    for number in 0..LISTED {
        let (id, _) = generate(&plain, &format!("listed-{number}"), 1).await;
        // A turn may begin with a delete.
        spare.borrow_mut().push_back(id);
    }
    let over = |handlers| Tokens { handlers, id: &id, spare: &spare, count: &count };
    let (tokens, counted) = (over(&plain), over(&metered));
    let (tokens, id) = (&tokens, id.as_str());
    let mut works: Vec<Work<'_>> = vec![work(move || table::token(&store.client, id))];
    for operation in &OPERATIONS {
        works.push(work(move || tokens.act(operation, tokens.event(operation))));
    }
    let samples = in_turn(&works, ROUNDS).await;
    let read = samples[0].median();
    report.base("consistent GetItem of a token", read, "1 R");
    for (operation, samples) in OPERATIONS.iter().zip(&samples[1..]) {
        let event = counted.event(operation);
        meter.take();
        counted.act(operation, event).await;
        let units = units(meter.take());
        report.row(operation.name, samples.median(), ("GetItem", read), &units);
    }
}
