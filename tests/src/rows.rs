//! All that the table holds, in a form in which two shops can be compared.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use serde_json::{Map, Value};

/// Shards follow from random ids.
const PARTITION_OF_EVENTS: &str = "EVENT#";

/// Every row by its key. Members are named by their address, and all else that has a random id or code
/// by what it is, because those differ from shop to shop; and so does the shard that an id gives its
/// row in the due index.
pub(crate) async fn all(client: &Client, table: &str) -> BTreeMap<String, Value> {
    let rows = scan(client, table).await;
    let names = names(&rows);
    rows.into_iter()
        .map(|mut row| {
            if let Some(place) = row.get_mut("gsi1pk") {
                *place = Value::String(without_shard(place.as_str().unwrap()));
            }
            let partition = row["pk"].as_str().unwrap();
            if partition.starts_with(PARTITION_OF_EVENTS) {
                row["pk"] = Value::String(without_shard(partition));
            }
            // of a path that has the member's id
            row.remove("body_hash");
            // the secret of an endpoint
            row.remove("secret");
            let row: Value = serde_json::from_str(&named(Value::Object(row).to_string(), &names)).unwrap();
            (format!("{} / {}", row["pk"].as_str().unwrap(), row["sk"].as_str().unwrap()), row)
        })
        .collect()
}

fn without_shard(partition: &str) -> String {
    partition.rsplit_once('#').unwrap().0.to_owned()
}

fn named(text: String, names: &[(String, String)]) -> String {
    names.iter().fold(text, |text, (id, name)| text.replace(id, name))
}

/// # Panics
/// Unless there is exactly one.
pub(crate) async fn only_member(client: &Client, table: &str) -> String {
    let rows = scan(client, table).await;
    let ids: Vec<String> = rows.iter().filter_map(member).map(|(id, _)| id).collect();
    let [id] = ids.as_slice() else { panic!("{} members", ids.len()) };
    id.clone()
}

pub(crate) async fn count(client: &Client, table: &str, sort_key_begins: &str) -> usize {
    let rows = scan(client, table).await;
    rows.iter().filter(|row| row["sk"].as_str().unwrap().starts_with(sort_key_begins)).count()
}

pub(crate) async fn set_format(client: &Client, table: &str, (pk, sk): (&str, &str), format: u64) {
    let update = client
        .update_item()
        .table_name(table)
        .key("pk", AttributeValue::S(pk.to_owned()))
        .key("sk", AttributeValue::S(sk.to_owned()))
        .update_expression("SET #v = :v")
        .condition_expression("attribute_exists(pk)")
        .expression_attribute_names("#v", "v")
        .expression_attribute_values(":v", AttributeValue::N(format.to_string()));
    update.send().await.unwrap();
}

async fn scan(client: &Client, table: &str) -> Vec<Map<String, Value>> {
    let mut pages = client.scan().table_name(table).consistent_read(true).into_paginator().items().send();
    let mut rows = Vec::new();
    while let Some(item) = pages.next().await {
        rows.push(object(&item.unwrap()));
    }
    rows
}

/// Every random text with a name that is the same in every shop where the same has happened.
fn names(rows: &[Map<String, Value>]) -> Vec<(String, String)> {
    let mut names: Vec<(String, String)> = rows.iter().filter_map(member).collect();
    let known: BTreeSet<String> = names.iter().map(|(id, _)| id.clone()).collect();
    let random: Vec<(String, &'static str, String)> = rows
        .iter()
        .flat_map(|row| {
            random_texts(row).into_iter().map(|(text, kind)| (text, kind, Value::from(row.clone()).to_string()))
        })
        .filter(|(text, ..)| !known.contains(text))
        .collect();
    let blanks: Vec<(String, String)> =
        names.iter().cloned().chain(random.iter().map(|(text, ..)| (text.clone(), String::new()))).collect();
    let mut by_content: Vec<(&str, String, &String)> =
        random.iter().map(|(text, kind, row)| (*kind, named(row.clone(), &blanks), text)).collect();
    by_content.sort();
    let numbered =
        by_content.iter().enumerate().map(|(number, (kind, _, text))| ((*text).clone(), format!("{kind}-{number}")));
    names.extend(numbered);
    // an id may be a part of a longer one
    names.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    names
}

/// A member's id, and who they are.
fn member(row: &Map<String, Value>) -> Option<(String, String)> {
    if row["sk"] != "PROFILE" {
        return None;
    }
    let name = row.get("email").map_or_else(|| row["links"].to_string(), |email| email.as_str().unwrap().to_owned());
    Some((row["id"].as_str().unwrap().to_owned(), name))
}

/// What a row brings of random texts, and of what kind each is.
fn random_texts(row: &Map<String, Value>) -> Vec<(String, &'static str)> {
    let (pk, sk) = (row["pk"].as_str().unwrap(), row["sk"].as_str().unwrap());
    let of = |text: &Value, kind| text.as_str().map(|text| (text.to_owned(), kind)).into_iter().collect();
    match sk.split_once('#') {
        None if sk == "ACCOUNT" => {
            let id = pk.strip_prefix("MEM#").unwrap().to_owned();
            let code = row.get("referrals").and_then(|referrals| referrals["code"].as_str());
            [(id, "nobody")].into_iter().chain(code.map(|code| (code.to_owned(), "invitation"))).collect()
        }
        None if pk.starts_with(PARTITION_OF_EVENTS) => vec![(sk.to_owned(), "event")],
        None if sk == "ORDER" => row.values().flat_map(hashes).map(|hash| (hash, "content")).collect(),
        Some(("HOLD", id)) => {
            let code = id.trim_start_matches("hold_");
            vec![(id.to_owned(), "hold"), (code.to_uppercase(), "code"), (code.to_owned(), "code in an order")]
        }
        Some(("RED", id)) => {
            let code: Vec<_> = row.get("coupon").map(|coupon| of(&coupon["code"], "coupon")).unwrap_or_default();
            [(id.to_owned(), "redemption")].into_iter().chain(code).collect()
        }
        Some(("ACT", id)) => vec![(id.to_owned(), "activity")],
        Some(("REV", id)) => vec![(id.to_owned(), "review")],
        Some(("CASE", id)) => vec![(id.to_owned(), "case")],
        Some(("W", id)) => vec![(id.to_owned(), "endpoint")],
        _ => Vec::new(),
    }
}

/// Of an order's content, in which there are codes.
fn hashes(value: &Value) -> Box<dyn Iterator<Item = String> + '_> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("hash").and_then(Value::as_str).map(str::to_owned);
            Box::new(own.into_iter().chain(fields.values().flat_map(hashes)))
        }
        Value::Array(values) => Box::new(values.iter().flat_map(hashes)),
        _ => Box::new(std::iter::empty()),
    }
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
