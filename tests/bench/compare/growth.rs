//! Compares tables with a thousand to a million tokens.

use crate::report::{Report, units};
use crate::stopwatch::{in_turn, task};
use crate::support::{Store, authorize, authorizer_event, generate, handlers};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
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
/// The number of tokens that one request writes: each has two items, and BatchWriteItem accepts at most 25.
const BATCH: usize = 12;

/// A table with `size` listed tokens, and [`USED`] additional ones.
struct SizedTable {
    size: usize,
    client: Client,
    handlers: Handlers,
    /// The authorizer's events of requests with the additional tokens.
    events: Vec<String>,
    /// The index of the event that was used last.
    next: Cell<usize>,
}

/// Measures tables of all sizes in turn.
pub async fn measure(report: &mut Report) {
    report.section("growth: the page contains the 50 tokens from number 500 on");
    let mut tables = Vec::new();
    for size in SIZES {
        tables.push(SizedTable::new(size).await);
    }
    let mut tasks = Vec::new();
    for table in &tables {
        tasks.push(task(move || table.authorize()));
        tasks.push(task(move || list(&table.handlers)));
    }
    let samples = in_turn(&tasks, ROUNDS).await;
    // Each table has two tasks: `offset` is 0 for the first of them, and 1 for the second.
    for (offset, what) in ["authorize", "list, a page of 50"].into_iter().enumerate() {
        let median = |index: usize| samples[2 * index + offset].median();
        let smallest = median(0);
        for (index, table) in tables.iter().enumerate() {
            let units = table.cost(offset == 0).await;
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
        let handlers = handlers(&store.client);
        // All listed tokens are copies of this one.
        let (id, _) = generate(&handlers, "pattern", 1).await;
        let token = table::token(&store.client, &id).await.unwrap();
        let name = table::name(&store.client, "pattern").await.unwrap();
        let batches = (0..size).step_by(BATCH).map(|first| {
            let numbers = first..size.min(first + BATCH);
            let items = numbers.flat_map(|number| copies(&token, &name, number));
            put(&store.client, items.collect())
        });
        stream::iter(batches).for_each_concurrent(4, |put| put).await;
        let mut events = Vec::new();
        for number in 0..USED {
            let (_, token) = generate(&handlers, &format!("used-{number}"), 1).await;
            events.push(authorizer_event(&token));
        }
        let (client, next) = (store.client, Cell::new(0));
        Self { size, client, handlers, events, next }
    }

    async fn authorize(&self) {
        self.next.set((self.next.get() + 1) % USED);
        authorize(&self.handlers, &self.events[self.next.get()], true).await;
    }

    /// Returns the units of one authorization, or of one page.
    async fn cost(&self, authorization: bool) -> String {
        let (client, meter) = Meter::attach(&self.client);
        let handlers = handlers(&client);
        if authorization {
            authorize(&handlers, &self.events[0], true).await;
        } else {
            list(&handlers).await;
        }
        units(meter.take())
    }
}

/// Returns copies of a token's item and its name item, with an id and a name that contain the number.
fn copies(token: &Item, name: &Item, number: usize) -> [Item; 2] {
    let (mut token, mut name) = (token.clone(), name.clone());
    let (id, full_name) = (format!("{number:016}"), format!("token-{number:07}"));
    let set = |item: &mut Item, attribute: &str, text: String| {
        item.insert(attribute.to_owned(), AttributeValue::S(text));
    };
    set(&mut token, "pk", format!("TOKEN#{id}"));
    set(&mut token, "name", full_name.clone());
    set(&mut name, "sk", full_name);
    set(&mut name, "id", id);
    [token, name]
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

/// Lists the fifty tokens from number 500 on. Every table contains them; in the smallest one they are in the middle.
async fn list(handlers: &Handlers) {
    let request = Request::list("limit=50&namePrefix=token-00005");
    let page = handlers.send_as_super_admin(&request).await.assert_status(200).json();
    assert_eq!(page["tokens"].as_array().unwrap().len(), 50);
}
