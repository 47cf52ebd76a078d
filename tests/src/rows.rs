//! All that the table holds, in a form in which two shops can be compared.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use serde_json::{Map, Value};

/// Every row by its key. Members are named by their address, because their ids are random, and so
/// is the shard that a member's id gives their row in the due index.
pub(crate) async fn all(client: &Client, table: &str) -> BTreeMap<String, Value> {
    let rows = scan(client, table).await;
    let names: Vec<(String, String)> = rows.iter().filter_map(name).collect();
    rows.into_iter()
        .map(|mut row| {
            if let Some(place) = row.get_mut("gsi1pk") {
                let text = place.as_str().unwrap();
                *place = Value::String(text.rsplit_once('#').unwrap().0.to_owned());
            }
            // of a path that has the member's id
            row.remove("body_hash");
            let mut text = Value::Object(row).to_string();
            for (id, name) in &names {
                text = text.replace(id, name);
            }
            let row: Value = serde_json::from_str(&text).unwrap();
            (format!("{} / {}", row["pk"].as_str().unwrap(), row["sk"].as_str().unwrap()), row)
        })
        .collect()
}

/// # Panics
/// Unless there is exactly one.
pub(crate) async fn only_member(client: &Client, table: &str) -> String {
    let rows = scan(client, table).await;
    let ids: Vec<String> = rows.iter().filter_map(name).map(|(id, _)| id).collect();
    let [id] = ids.as_slice() else { panic!("{} members", ids.len()) };
    id.clone()
}

async fn scan(client: &Client, table: &str) -> Vec<Map<String, Value>> {
    let mut pages = client.scan().table_name(table).consistent_read(true).into_paginator().items().send();
    let mut rows = Vec::new();
    while let Some(item) = pages.next().await {
        rows.push(object(&item.unwrap()));
    }
    rows
}

/// A member's id, and who they are.
fn name(row: &Map<String, Value>) -> Option<(String, String)> {
    if row["sk"] != "PROFILE" {
        return None;
    }
    let name = row.get("email").map_or_else(|| row["links"].to_string(), |email| email.as_str().unwrap().to_owned());
    Some((row["id"].as_str().unwrap().to_owned(), name))
}

fn object(item: &HashMap<String, AttributeValue>) -> Map<String, Value> {
    item.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
}

fn plain(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => Value::String(text.clone()),
        AttributeValue::Bool(flag) => Value::Bool(*flag),
        AttributeValue::L(list) => list.iter().map(plain).collect(),
        AttributeValue::M(map) => Value::Object(object(map)),
        AttributeValue::B(bytes) => bytes.as_ref().iter().copied().map(Value::from).collect(),
        AttributeValue::Null(_) => Value::Null,
        other => panic!("no row of ours has {other:?}"),
    }
}
