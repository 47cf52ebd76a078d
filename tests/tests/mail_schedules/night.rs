//! Quiet hours: whose night it is.

use serde_json::{Value, json};
use tests::{
    Buyer, Ses, Shop, at,
    mailing::{NOW, consent, four_days_ago, shop_with},
    payloads::*,
};

use crate::{days_after, live_until, local, sent_to};

/// A shop whose own night is another one than all of its members'.
async fn shop_in(zone: &str) -> (Shop, Ses) {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["zone"] = json!(zone);
    program["mail"]["double_opt_in"] = json!("never");
    shop.put_program(&program, Some("\"2\"")).await.is(200);
    (shop, ses)
}

/// Somebody of whom the shop knows that, and who has agreed to mail.
async fn somebody(shop: &Shop, number: u64, mut known: Value) {
    known["email"] = json!(email(number));
    let id = shop.post("/v1/members", &known, None).await.is(201)["id"].as_str().unwrap().to_owned();
    consent(shop, &id, json!({"marketing": "granted"})).await;
}

fn address(country: Option<&str>) -> Value {
    country.map_or(Value::Null, |code| json!({"country_code": code}))
}

/// An order of theirs that goes and is billed there, has arrived.
async fn came(shop: &Shop, number: u64, ordered_at: &str, ship_to: Option<&str>, bill_to: Option<&str>) {
    let id = 6_160_000_000_000 + number * 100 + u64::from(ordered_at.as_bytes()[9]);
    let mut order = paid_order(id, &Buyer::with_account(number), at(ordered_at), &[("9.99", 1)]);
    (order["shipping_address"], order["billing_address"]) = (address(ship_to), address(bill_to));
    order["customer"]["default_address"] = Value::Null;
    order["customer_locale"] = Value::Null;
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, id, at("2026-06-15T10:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, id, four_days_ago())).await.is(200);
}

const FIRST: &str = "2026-06-10T10:00:00Z";
const SECOND: &str = "2026-06-12T10:00:00Z";

/// When theirs goes out, by the clock of that zone; it is due at 16:05 in UTC.
async fn goes_out(shop: &Shop, ses: &Ses, number: u64, zone: &str) -> String {
    live_until(shop, days_after(at(NOW), 2)).await;
    let sent = sent_to(ses, number);
    local(zone, sent.first().unwrap_or_else(|| panic!("nothing went to {number}")).1)
}

#[tokio::test]
async fn the_zone_of_their_own_goes_before_all_countries() {
    let (shop, ses) = shop_in("Asia/Kolkata").await;
    somebody(&shop, 1, json!({"time_zone": "Pacific/Honolulu", "country": "US"})).await;
    came(&shop, 1, FIRST, Some("JP"), Some("AU")).await;
    assert_eq!(goes_out(&shop, &ses, 1, "Pacific/Honolulu").await, "2026-06-20 08:00");
}

#[tokio::test]
async fn without_one_it_is_night_where_the_newest_parcel_went() {
    let (shop, ses) = shop_in("Asia/Kolkata").await;
    somebody(&shop, 1, json!({"country": "US"})).await;
    came(&shop, 1, FIRST, Some("AU"), Some("US")).await;
    came(&shop, 1, SECOND, Some("JP"), Some("US")).await;
    assert_eq!(goes_out(&shop, &ses, 1, "Asia/Tokyo").await, "2026-06-21 08:00");
}

#[tokio::test]
async fn the_newest_is_the_one_that_was_ordered_last_whichever_we_hear_of_last() {
    let (shop, ses) = shop_in("Asia/Kolkata").await;
    somebody(&shop, 1, json!({"country": "US"})).await;
    came(&shop, 1, SECOND, Some("JP"), Some("US")).await;
    came(&shop, 1, FIRST, Some("US"), Some("US")).await;
    assert_eq!(goes_out(&shop, &ses, 1, "Asia/Tokyo").await, "2026-06-21 08:00");
}

#[tokio::test]
async fn where_nothing_is_shipped_to_it_is_night_where_the_bill_goes() {
    let (shop, ses) = shop_in("Asia/Kolkata").await;
    somebody(&shop, 1, json!({})).await;
    came(&shop, 1, FIRST, None, Some("AU")).await;
    assert_eq!(goes_out(&shop, &ses, 1, "Australia/Sydney").await, "2026-06-21 08:00");
}

#[tokio::test]
async fn of_whom_no_country_is_known_keeps_the_hours_of_the_shop() {
    let (shop, ses) = shop_in("Asia/Kolkata").await;
    somebody(&shop, 1, json!({})).await;
    came(&shop, 1, FIRST, None, None).await;
    assert_eq!(goes_out(&shop, &ses, 1, "Asia/Kolkata").await, "2026-06-21 08:00");
}
