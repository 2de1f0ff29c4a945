//! The cost of each management operation, from the event to the response, including the log line.

use crate::report::{Report, units};
use crate::stopwatch::{Task, in_turn, task};
use crate::support::{Store, generate, handlers, operations, permissions};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use tests::Request;
use tests::handlers::{Handlers, super_admin};
use tests::meter::Meter;
use tests::table;

const ROUNDS: usize = 1000;
/// The operation that succeeds only during a grace period.
const ROLLBACK: &str = "rollBackToken";
/// The number of tokens that fill the list: more than a page.
const LISTED: usize = 60;

/// The tokens that the operations are applied to.
struct Tokens<'a> {
    handlers: &'a Handlers,
    /// Tokens that can be deleted.
    spare: &'a RefCell<VecDeque<String>>,
    /// The number of calls of [`Tokens::event`]. It makes names and descriptions unique.
    count: &'a Cell<usize>,
}

impl Tokens<'_> {
    /// Calls a function with the event of an operation.
    async fn invoke(&self, name: &str, (function, event): (&str, Value)) {
        let response = self.handlers.invoke(function, &event).await;
        // Each round starts with another operation. If it starts with the rollback, it has not yet opened a grace period by
        // regenerating the token, and the round before has closed its own.
        let is_expected =
            (200..300).contains(&response.status) || (name, response.status) == (ROLLBACK, 409);
        assert!(is_expected, "{name}: {}", response.text);
        if response.status == 201 {
            let id = response.json()["id"].as_str().unwrap().to_owned();
            self.spare.borrow_mut().push_back(id);
        }
    }

    /// Returns the function and the event of an operation. The request differs each time if it would otherwise fail or change
    /// nothing when it is repeated.
    fn event(&self, name: &str, request: &Request) -> (&'static str, Value) {
        self.count.set(self.count.get() + 1);
        let number = self.count.get();
        let permissions = permissions(1);
        let target = || request.target.rsplit('/').next().unwrap();
        let own = match name {
            "generateToken" => Request::generate(
                &json!({ "name": format!("spare-{number}"), "permissions": permissions }),
            ),
            "updateToken" => Request::patch(
                target(),
                &json!({ "description": number.to_string(), "permissions": permissions }),
            ),
            "deleteToken" => {
                let spare = self.spare.borrow_mut().pop_front();
                Request::delete(spare.as_deref().unwrap_or_else(|| target()))
            }
            _ => request.clone(),
        };
        self.handlers.event(&own, Some(super_admin()))
    }
}

/// Measures each operation.
pub async fn measure(store: &Store, report: &mut Report) {
    report.section("management, from the event to the response, log line included");
    let (client, meter) = Meter::attach(&store.client);
    let (plain, metered) = (handlers(&store.client), handlers(&client));
    let (id, _) = generate(&plain, "managed", 1).await;
    let (spare, count) = (RefCell::new(VecDeque::new()), Cell::new(0));
    for number in 0..LISTED {
        let (id, _) = generate(&plain, &format!("listed-{number}"), 1).await;
        // A round may delete a token before it generates one.
        spare.borrow_mut().push_back(id);
    }
    let over = |handlers| Tokens { handlers, spare: &spare, count: &count };
    // The operations of `tokens` are timed. Those of `counted` use the meter, and are not timed.
    let (tokens, counted) = (over(&plain), over(&metered));
    let (tokens, id) = (&tokens, id.as_str());
    let mut operations = operations(&plain, id);
    operations.insert(0, ("list, a page of 50", Request::list("limit=50")));
    let mut tasks: Vec<Task<'_>> = vec![task(move || table::token(&store.client, id))];
    for (name, request) in &operations {
        tasks.push(task(move || tokens.invoke(name, tokens.event(name, request))));
    }
    let samples = in_turn(&tasks, ROUNDS).await;
    let read = samples[0].median();
    report.base("consistent GetItem of a token", read, "1 R");
    for ((name, request), samples) in operations.iter().zip(&samples[1..]) {
        let event = counted.event(name, request);
        meter.take();
        counted.invoke(name, event).await;
        let units = units(meter.take());
        report.row(name, samples.median(), ("GetItem", read), &units);
    }
}
