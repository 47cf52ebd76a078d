//! What is there before the first day: the catalogue, the balances of regulars from the program before
//! this one, and the merchant's own server that is told of what happens.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    catalogue::{EXTRAS, GIFT_CARD, STAPLES},
    market::HOME,
    payloads,
    people::Person,
    play::DemoError,
    receiver::Receiver,
    sending::send,
    shop::Shop,
};
use crate::client::Client;

pub(super) async fn prepare(client: &Client, shop: &Shop, start: Timestamp) -> Result<Receiver, DemoError> {
    for product in STAPLES.iter().chain(EXTRAS).chain([&GIFT_CARD]) {
        send(client, HOME.domain, "products/create", &payloads::product(product, start)).await?;
    }
    let regulars: Vec<&Person> = shop.people.iter().filter(|person| person.is_regular()).collect();
    let members: Vec<Value> = regulars.iter().map(|person| member(person)).collect();
    import(client, "members", &members).await?;
    let balances: Vec<Value> = regulars.iter().map(|person| balance(person, start)).collect();
    import(client, "balances", &balances).await?;
    Receiver::open(client).await
}

fn member(person: &Person) -> Value {
    let name = format!("{} {}", person.first_name, person.last_name);
    json!({ "email": person.email(), "name": name, "customer_id": person.customer_id().to_string() })
}

/// Points that some have until the end of the year and some use or lose sooner.
fn balance(person: &Person, start: Timestamp) -> Value {
    let days = if person.number.is_multiple_of(5) { 240 } else { 500 };
    let expires_on = TimeZone::UTC.to_datetime(start + SignedDuration::from_hours(24 * days)).date();
    let points = 400 + 350 * (person.number / 12 % 7);
    json!({ "email": person.email(), "points": points, "expires_on": expires_on, "reference": "before-regulars" })
}

/// Every row has to be taken.
async fn import(client: &Client, kind: &str, rows: &[Value]) -> Result<(), DemoError> {
    let source = format!("shopify:{}", HOME.domain);
    let body = json!({ "source": source, "kind": kind, "format": "regulars", "data": rows });
    let answer = client.post("/v1/imports", &body).await?;
    if answer.body.get("imported").and_then(Value::as_u64) == Some(rows.len() as u64) {
        return Ok(());
    }
    Err(DemoError::refused(&format!("POST /v1/imports of {kind}"), answer))
}
