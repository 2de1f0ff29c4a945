//! Compares tables with a thousand to a million tokens.

use crate::report::{Report, units};
use crate::stopwatch::{in_turn, task};
use crate::support::{Store, authorize, authorizer_event, generate, handlers};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, TimeToLiveSpecification, WriteRequest};
use futures_util::{StreamExt, stream};
use std::cell::Cell;
use tests::Request;
use tests::handlers::Handlers;
use tests::meter::Meter;
use tests::table::{self, Item, TABLE};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS: usize = 1000;
/// The number of additional tokens in each table. Each authorized request presents the next one of them.
const USED: usize = 50;
/// The number of tokens that one request writes: each has five items, and BatchWriteItem accepts at most 25.
const BATCH: usize = 5;

/// What is measured in each table.
#[derive(Clone, Copy)]
enum Operation {
    Authorize,
    List,
    Events,
}

const OPERATIONS: [(Operation, &str); 3] = [
    (Operation::Authorize, "authorize"),
    (Operation::List, "list, a page of 50"),
    (Operation::Events, "events of a day, a page of 50"),
];

/// A table with `size` listed tokens, and [`USED`] additional ones. Each listed token has been used, and was generated today.
struct SizedTable {
    size: usize,
    client: Client,
    handlers: Handlers,
    /// The authorizer's events of requests with the additional tokens.
    events: Vec<String>,
    /// The index of the event that was used last.
    next: Cell<usize>,
    /// The day on which the tokens were generated.
    day: String,
}

/// Measures tables of all sizes in turn.
pub async fn measure(report: &mut Report) {
    report.section(
        "growth: the page of tokens starts at number 500, the page of events at the first",
    );
    let mut tables = Vec::new();
    for size in SIZES {
        tables.push(SizedTable::new(size).await);
    }
    let mut tasks = Vec::new();
    for table in &tables {
        for (operation, _) in OPERATIONS {
            tasks.push(task(move || table.run(&table.handlers, operation)));
        }
    }
    let samples = in_turn(&tasks, ROUNDS).await;
    for (offset, (operation, what)) in OPERATIONS.into_iter().enumerate() {
        let median = |index: usize| samples[OPERATIONS.len() * index + offset].median();
        let smallest = median(0);
        for (index, table) in tables.iter().enumerate() {
            let units = table.cost(operation).await;
            let name = format!("{what}, {} tokens", table.size);
            let ratio = report.row(&name, median(index), ("1000 tokens", smallest), &units);
            if table.size == SIZES[SIZES.len() - 1] {
                let text = format!("{what} among a million is {ratio:.2} × among a thousand");
                report.target(ratio <= 1.2, format!("{text} (flat: at most 1.2)"));
            }
        }
    }
}

impl SizedTable {
    async fn new(size: usize) -> Self {
        let store = Store::open().await;
        keep_purged(&store.client).await;
        let handlers = handlers(&store.client);
        let pattern = Pattern::new(&store.client, &handlers).await;
        let batches = (0..size).step_by(BATCH).map(|first| {
            let numbers = first..size.min(first + BATCH);
            put(&store.client, numbers.flat_map(|number| pattern.copies(number)).collect())
        });
        stream::iter(batches).for_each_concurrent(4, |put| put).await;
        let mut events = Vec::new();
        for number in 0..USED {
            let (_, token) = generate(&handlers, &format!("used-{number}"), 1).await;
            events.push(authorizer_event(&token));
        }
        let (client, next, day) = (store.client, Cell::new(0), pattern.day);
        Self { size, client, handlers, events, next, day }
    }

    async fn run(&self, handlers: &Handlers, operation: Operation) {
        // Every table contains the fifty tokens from number 500 on; in the smallest one they are in the middle.
        let (request, member) = match operation {
            Operation::Authorize => {
                self.next.set((self.next.get() + 1) % USED);
                return authorize(handlers, &self.events[self.next.get()], true).await;
            }
            Operation::List => (Request::list("limit=50&namePrefix=token-00005"), "tokens"),
            Operation::Events => {
                let day = &self.day;
                (Request::events(&format!("limit=50&from={day}&to={day}")), "events")
            }
        };
        let page = handlers.send_as_super_admin(&request).await.assert_status(200).json();
        assert_eq!(page[member].as_array().unwrap().len(), 50);
    }

    /// Returns the units of an operation.
    async fn cost(&self, operation: Operation) -> String {
        let (client, meter) = Meter::attach(&self.client);
        self.run(&handlers(&client), operation).await;
        units(meter.take())
    }
}

/// The token of which all listed ones are copies.
struct Pattern {
    /// The items of the token, of its name, of the event of its generation (two) and of its last use.
    items: Vec<Item>,
    id: String,
    change_id: String,
    /// The day on which it was generated.
    day: String,
}

impl Pattern {
    const NAME: &str = "pattern";

    /// Generates the token in an empty table, and uses it once.
    async fn new(client: &Client, handlers: &Handlers) -> Self {
        let (id, token) = generate(handlers, Self::NAME, 1).await;
        authorize(handlers, &authorizer_event(&token), true).await;
        let items = table::items(client).await;
        assert_eq!(items.len(), 5, "a token that was generated and used has five items");
        let keys = items.iter().map(|item| (table::string(item, "pk"), table::string(item, "sk")));
        let by_day = keys.into_iter().find_map(|(pk, sk)| {
            let (_, change_id) = sk.split_once('#')?;
            Some((pk.strip_prefix("EVENTS#")?.to_owned(), change_id.to_owned()))
        });
        let (day, change_id) = by_day.unwrap();
        Self { items, id, change_id, day }
    }

    /// Returns copies of all items, with an id, a name and a change id that contain the number.
    fn copies(&self, number: usize) -> Vec<Item> {
        let (id, name) = (format!("{number:016}"), format!("token-{number:07}"));
        let mut items = self.items.clone();
        for value in items.iter_mut().flat_map(Item::values_mut) {
            if let AttributeValue::S(text) = value {
                let own = text.replace(&self.id, &id).replace(&self.change_id, &id);
                *text = own.replace(Self::NAME, &name);
            }
        }
        items
    }
}

/// Ends the deletion of purged items, for which the embedded database reads the whole table each minute. With DynamoDB, it costs
/// a table nothing.
async fn keep_purged(client: &Client) {
    let kept = TimeToLiveSpecification::builder().attribute_name("purgeAt").enabled(false);
    let request = client.update_time_to_live().table_name(TABLE);
    let request = request.time_to_live_specification(kept.build().unwrap());
    request.send().await.unwrap();
}

async fn put(client: &Client, items: Vec<Item>) {
    let requests = items.into_iter().map(|item| {
        let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    });
    let batch = client.batch_write_item();
    let batch = batch.request_items(TABLE, requests.collect());
    let response = batch.send().await.unwrap();
    assert!(response.unprocessed_items.is_none_or(|left| left.is_empty()));
}
