//! The table, looked at from outside the service.

use crate::deployment::variable;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// The name of the table in every app but a deployed one.
pub const TABLE: &str = "tokenward";

/// The name of the table that the tests are about.
fn name_of_table() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| variable("TOKENWARD_TABLE").unwrap_or_else(|| TABLE.to_owned()))
}

/// An item.
pub type Item = HashMap<String, AttributeValue>;

/// Every item, by its key.
pub async fn snapshot(client: &Client) -> BTreeMap<String, Item> {
    let items = items(client).await;
    items
        .into_iter()
        .map(|item| (format!("{} {}", text(&item, "pk"), text(&item, "sk")), item))
        .collect()
}

/// Every item.
pub async fn items(client: &Client) -> Vec<Item> {
    let pages = client
        .scan()
        .table_name(name_of_table())
        .consistent_read(true)
        .into_paginator()
        .items()
        .send();
    pages.collect::<Result<Vec<_>, _>>().await.unwrap()
}

/// Removes every item behind the service's back.
pub async fn clear(client: &Client) {
    for item in items(client).await {
        remove(client, &item).await;
    }
}

/// The item of a token.
pub async fn token(client: &Client, id: &str) -> Option<Item> {
    item(client, &format!("TOKEN#{id}"), "TOKEN").await
}

/// The item of a name.
pub async fn name(client: &Client, name: &str) -> Option<Item> {
    item(client, "NAMES", name).await
}

async fn item(client: &Client, pk: &str, sk: &str) -> Option<Item> {
    let request = client.get_item().table_name(name_of_table()).consistent_read(true);
    let request = request
        .key("pk", AttributeValue::S(pk.to_owned()))
        .key("sk", AttributeValue::S(sk.to_owned()));
    request.send().await.unwrap().item
}

/// A text attribute.
pub fn text(item: &Item, attribute: &str) -> String {
    item[attribute].as_s().unwrap().clone()
}

/// Sets an attribute of an item, or removes it, behind the service's back.
pub async fn set(
    client: &Client,
    pk: &str,
    sk: &str,
    attribute: &str,
    value: Option<AttributeValue>,
) {
    let request = client
        .update_item()
        .table_name(name_of_table())
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

/// Sets a moment on both items of a token.
pub async fn set_timestamp(client: &Client, id: &str, attribute: &str, seconds: i64) {
    let name = text(&token(client, id).await.unwrap(), "name");
    let value = AttributeValue::N(seconds.to_string());
    set(client, &format!("TOKEN#{id}"), "TOKEN", attribute, Some(value.clone())).await;
    set(client, "NAMES", &name, attribute, Some(value)).await;
}

/// Puts a whole item behind the service's back.
pub async fn put(client: &Client, item: Item) {
    let request = client.put_item().table_name(name_of_table());
    request.set_item(Some(item)).send().await.unwrap();
}

/// Removes an item behind the service's back.
pub async fn remove(client: &Client, item: &Item) {
    let request = client
        .delete_item()
        .table_name(name_of_table())
        .key("pk", item["pk"].clone())
        .key("sk", item["sk"].clone());
    request.send().await.unwrap();
}
