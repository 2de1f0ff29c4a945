//! Whether a table of a million tokens is slower than one of a thousand.

use crate::report::{Report, units};
use crate::stopwatch::{in_turn, work};
use crate::support::{Store, authorize, generate, handlers, question};
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
/// Tokens that can be used, among those that are only there.
const USED: usize = 50;
/// Tokens in one batch: two items each, and 25 at most.
const BATCH: usize = 12;

/// A table of some size.
struct Grown {
    size: usize,
    client: Client,
    handlers: Handlers,
    questions: Vec<String>,
    turn: Cell<usize>,
}

/// Measures tables of all sizes in turn.
pub async fn measure(report: &mut Report) {
    report.section("growth: a page is one of the middle");
    let mut grown = Vec::new();
    for size in SIZES {
        grown.push(Grown::to(size).await);
    }
    let mut works = Vec::new();
    for table in &grown {
        works.push(work(move || table.authorize()));
        works.push(work(move || list(&table.handlers)));
    }
    let samples = in_turn(&works, ROUNDS).await;
    for (offset, what) in ["authorize", "list, a page of 50"].into_iter().enumerate() {
        let of = |index: usize| samples[2 * index + offset].median();
        let least = of(0);
        for (index, table) in grown.iter().enumerate() {
            let units = table.cost(offset == 0).await;
            let name = format!("{what}, {} tokens", table.size);
            let ratio = report.row(&name, of(index), ("1000 tokens", least), &units);
            if table.size == SIZES[SIZES.len() - 1] {
                let text = format!("{what} among a million is {ratio:.2} × among a thousand");
                report.target(ratio <= 1.2, format!("{text} (flat: at most 1.2)"));
            }
        }
    }
}

impl Grown {
    async fn to(size: usize) -> Self {
        let store = Store::open().await;
        let handlers = handlers(&store.client);
        let (id, _) = generate(&handlers, "pattern", 1).await;
        let token = table::token(&store.client, &id).await.unwrap();
        let name = table::name(&store.client, "pattern").await.unwrap();
        let batches = (0..size).step_by(BATCH).map(|first| {
            let numbers = first..size.min(first + BATCH);
            let items = numbers.flat_map(|number| copies(&token, &name, number));
            put(&store.client, items.collect())
        });
        stream::iter(batches).for_each_concurrent(4, |put| put).await;
        let mut questions = Vec::new();
        for number in 0..USED {
            let (_, token) = generate(&handlers, &format!("used-{number}"), 1).await;
            questions.push(question(&token));
        }
        let (client, turn) = (store.client, Cell::new(0));
        Self { size, client, handlers, questions, turn }
    }

    async fn authorize(&self) {
        self.turn.set((self.turn.get() + 1) % USED);
        authorize(&self.handlers, &self.questions[self.turn.get()], true).await;
    }

    /// The units of one authorization, or of one page.
    async fn cost(&self, authorization: bool) -> String {
        let (client, meter) = Meter::attach(&self.client);
        let handlers = handlers(&client);
        if authorization {
            authorize(&handlers, &self.questions[0], true).await;
        } else {
            list(&handlers).await;
        }
        units(meter.take())
    }
}

/// The items of a token like the pattern, under a number of its own.
fn copies(token: &Item, name: &Item, number: usize) -> [Item; 2] {
    let (mut token, mut name) = (token.clone(), name.clone());
    let (id, full) = (format!("{number:016}"), format!("token-{number:07}"));
    let set = |item: &mut Item, attribute: &str, text: String| {
        item.insert(attribute.to_owned(), AttributeValue::S(text));
    };
    set(&mut token, "pk", format!("TOKEN#{id}"));
    set(&mut token, "name", full.clone());
    set(&mut name, "sk", full);
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
    let answer = batch.send().await.unwrap();
    assert!(answer.unprocessed_items.is_none_or(|left| left.is_empty()));
}

/// Fifty of the tokens from the middle of the smallest table, which all have.
async fn list(handlers: &Handlers) {
    let request = Request::list("limit=50&namePrefix=token-00005");
    let page = handlers.send_as_super_admin(&request).await.assert_status(200).json();
    assert_eq!(page["tokens"].as_array().unwrap().len(), 50);
}
