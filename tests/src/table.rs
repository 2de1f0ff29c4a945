//! Direct access to the table, without the service.

use crate::deployment::variable;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// The name of the table, unless a deployed stack is tested.
pub const TABLE: &str = "tokenward";

/// Returns the name of the table that is tested.
fn table_name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| variable("TOKENWARD_TABLE").unwrap_or_else(|| TABLE.to_owned()))
}

/// An item.
pub type Item = HashMap<String, AttributeValue>;

/// Returns every item, by key, except last uses, which the authorizer writes even for requests that change nothing else.
pub async fn snapshot(client: &Client) -> BTreeMap<String, Item> {
    let items = items(client).await;
    items
        .into_iter()
        .map(|item| (format!("{} {}", string(&item, "pk"), string(&item, "sk")), item))
        .filter(|(key, _)| !key.starts_with("USAGE#"))
        .collect()
}

/// Returns the tokens and names of a snapshot.
pub fn without_events(mut items: BTreeMap<String, Item>) -> BTreeMap<String, Item> {
    items.retain(|key, _| !is_event(key));
    items
}

/// Returns the items of tokens and names.
pub async fn tokens_and_names(client: &Client) -> Vec<Item> {
    without_events(snapshot(client).await).into_values().collect()
}

/// Returns the events of a snapshot: those that are stored by day if `by_day`, and otherwise those beside their tokens.
pub fn events(items: &BTreeMap<String, Item>, by_day: bool) -> Vec<&Item> {
    let events =
        items.iter().filter(|(key, _)| is_event(key) && by_day == key.starts_with("EVENTS#"));
    events.map(|(_, item)| item).collect()
}

fn is_event(key: &str) -> bool {
    key.starts_with("EVENTS#") || key.contains(" EVENT#")
}

/// Returns every item.
pub async fn items(client: &Client) -> Vec<Item> {
    let pages = client
        .scan()
        .table_name(table_name())
        .consistent_read(true)
        .into_paginator()
        .items()
        .send();
    pages.collect::<Result<Vec<_>, _>>().await.unwrap()
}

/// Deletes every item.
pub async fn clear(client: &Client) {
    for item in items(client).await {
        remove(client, &item).await;
    }
}

/// Returns the item of a token.
pub async fn token(client: &Client, id: &str) -> Option<Item> {
    item(client, &format!("TOKEN#{id}"), "TOKEN").await
}

/// Returns the item of a name.
pub async fn name(client: &Client, name: &str) -> Option<Item> {
    item(client, "NAMES", name).await
}

async fn item(client: &Client, pk: &str, sk: &str) -> Option<Item> {
    let request = client.get_item().table_name(table_name()).consistent_read(true);
    let request = request
        .key("pk", AttributeValue::S(pk.to_owned()))
        .key("sk", AttributeValue::S(sk.to_owned()));
    request.send().await.unwrap().item
}

/// Returns a string attribute.
pub fn string(item: &Item, attribute: &str) -> String {
    item[attribute].as_s().unwrap().clone()
}

/// Sets an attribute of an item, or removes it if `value` is `None`.
pub async fn set(
    client: &Client,
    pk: &str,
    sk: &str,
    attribute: &str,
    value: Option<AttributeValue>,
) {
    let request = client
        .update_item()
        .table_name(table_name())
        .key("pk", AttributeValue::S(pk.to_owned()))
        .key("sk", AttributeValue::S(sk.to_owned()))
        .expression_attribute_names("#a", attribute);
    let request = match value {
        Some(value) => {
            request.update_expression("SET #a = :v").expression_attribute_values(":v", value)
        }
        None => request.update_expression("REMOVE #a"),
    };
    request.send().await.unwrap();
}

/// Sets an attribute of the item of a token, or removes it if `value` is `None`.
pub async fn set_token(client: &Client, id: &str, attribute: &str, value: Option<AttributeValue>) {
    set(client, &format!("TOKEN#{id}"), "TOKEN", attribute, value).await;
}

/// Sets an attribute of both items of a token, in epoch seconds.
pub async fn set_timestamp(client: &Client, id: &str, attribute: &str, seconds: i64) {
    let name = string(&token(client, id).await.unwrap(), "name");
    let value = AttributeValue::N(seconds.to_string());
    set_token(client, id, attribute, Some(value.clone())).await;
    set(client, "NAMES", &name, attribute, Some(value)).await;
}

/// Moves the end of a token's grace period to this time, in seconds since 1970.
pub async fn end_grace_period(client: &Client, id: &str, seconds: i64) {
    let item = token(client, id).await.unwrap();
    let mut previous = item["previousSecret"].as_m().unwrap().clone();
    previous.insert("validUntil".to_owned(), AttributeValue::N(seconds.to_string()));
    set_token(client, id, "previousSecret", Some(AttributeValue::M(previous))).await;
}

/// Returns the uses of a token's secrets.
pub async fn usages(client: &Client, id: &str) -> Vec<Item> {
    let mut items = items(client).await;
    items.retain(|item| string(item, "pk") == format!("USAGE#{id}"));
    items
}

/// Deletes every event.
pub async fn remove_events(client: &Client) {
    let items = snapshot(client).await;
    for (_, item) in items.iter().filter(|(key, _)| is_event(key)) {
        remove(client, item).await;
    }
}

/// Puts an item.
pub async fn put(client: &Client, item: Item) {
    let request = client.put_item().table_name(table_name());
    request.set_item(Some(item)).send().await.unwrap();
}

/// Deletes an item.
pub async fn remove(client: &Client, item: &Item) {
    let request = client
        .delete_item()
        .table_name(table_name())
        .key("pk", item["pk"].clone())
        .key("sk", item["sk"].clone());
    request.send().await.unwrap();
}
