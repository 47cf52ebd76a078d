//! Files as storefronts export them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Shop, at, shop::SOURCE};

use crate::{NOW, counts, file, import, import_of};

async fn points(shop: &Shop, email: &str) -> Value {
    shop.find(email).await.unwrap()["points"].clone()
}

#[tokio::test]
async fn a_shop_moves_in_with_its_members_balances_consents_and_orders() {
    let shop = Shop::open(NOW).await;
    assert_eq!(counts(&import(&shop, &file("members-shopify")).await), (2, 0, 0));
    assert_eq!(counts(&import(&shop, &file("members")).await), (2, 0, 0));
    assert_eq!(counts(&import(&shop, &file("opening-balances")).await), (2, 0, 0));
    assert_eq!(counts(&import(&shop, &file("optins")).await), (2, 0, 0));
    let orders = import(&shop, &file("orders-shopify")).await;
    assert_eq!((counts(&orders), &orders["rows"], &orders["next_row"]), ((3, 0, 0), &json!(3), &Value::Null));

    let ines = shop.find("ines.okafor@example.com").await.unwrap();
    assert_eq!((&ines["name"], &ines["status"]), (&json!("Ines Okafor"), &json!("guest")));
    assert_eq!(ines["consent"]["marketing"], "granted");
    assert_eq!(ines["links"], json!([{"source": SOURCE, "customer_id": "7304518893001"}]));
    // 61.00 less what of 12.66 was paid back for goods: 12.66 of 64.05 with tax are 12.05 of 61.00
    assert_eq!((&ines["points"]["available"], &ines["points"]["pending"]), (&json!(85), &json!(48)));
    // 61.00 with 12.20 tax in it
    assert_eq!(points(&shop, "tomas.lindqvist@example.com").await["pending"], 48);
    let priya = shop.find("priya.raman@example.com").await.unwrap();
    assert_eq!((&priya["status"], &priya["points"]["available"]), (&json!("enrolled"), &json!(1240)));
    assert_eq!(priya["points"]["expiring_next"], json!({"points": 1240, "on": "2027-06-30"}));

    let rows = shop.rows().await;
    for case in ["members-shopify", "members", "opening-balances", "optins", "orders-shopify"] {
        let (imported, unchanged, skipped) = counts(&import(&shop, &file(case)).await);
        assert_eq!((imported, skipped), (0, 0), "{case}");
        assert!(unchanged > 1, "{case}");
    }
    assert_eq!(shop.rows().await, rows);
}

/// All rows, without the mark of an order that a file told of: no program plans mail for it.
async fn but_for_mail(shop: &Shop) -> BTreeMap<String, Value> {
    let mut rows: BTreeMap<String, Value> = shop.rows().await.into_iter().collect();
    for row in rows.values_mut().filter_map(Value::as_object_mut) {
        row.remove("mail");
    }
    rows
}

#[tokio::test]
async fn an_order_of_woocommerce_is_the_same_from_a_file_and_from_its_webhook() {
    let (one, other) = (Shop::open(NOW).await, Shop::open(NOW).await);
    assert_eq!(counts(&import(&one, &file("orders-woocommerce")).await), (1, 0, 0));
    other.send_woocommerce("order-completed").await.is(200);
    assert_eq!(but_for_mail(&one).await, but_for_mail(&other).await);
    one.send_woocommerce("order-completed").await.is(200);
    assert_eq!(but_for_mail(&one).await, but_for_mail(&other).await);
    assert_eq!(counts(&import(&other, &file("orders-woocommerce")).await), (0, 1, 0));
}

#[tokio::test]
async fn the_customers_of_woocommerce_s_analytics_are_members_and_those_with_a_name_to_sign_in_enrolled() {
    let shop = Shop::open(NOW).await;
    let csv = "Name,Username,\"Last Active\",\"Sign Up\",Email,Orders,\"Total Spend\",AOV,\"Country / Region\",City,Region,\"Postal Code\"\n\
        \"Jun Park\",junpark,\"2026-06-01 10:00:00\",\"2025-02-03 04:05:06\",jun.park@example.com,3,120.5,40.17,KR,Seoul,,04524\n\
        \"Ola Berg\",,\"2026-05-01 10:00:00\",,ola.berg@example.com,1,20,20,NO,Oslo,,0150\n";
    let body = json!({"source": "woocommerce:local", "kind": "members", "format": "woocommerce_csv", "data": csv});
    assert_eq!(counts(&import(&shop, &body).await), (2, 0, 0));
    let status = async |email| shop.find(email).await.unwrap()["status"].clone();
    assert_eq!(status("jun.park@example.com").await, "enrolled");
    assert_eq!(status("ola.berg@example.com").await, "guest");
    assert_eq!(points(&shop, "jun.park@example.com").await["available"], 0, "what they had is for an opening balance");
}

#[tokio::test]
async fn a_file_may_begin_with_a_byte_order_mark_and_have_either_line_end_and_quoted_line_breaks() {
    let shop = Shop::open(NOW).await;
    let mut body = file("members-shopify");
    let csv = body["data"].as_str().unwrap().replace('\n', "\r\n");
    body["data"] = json!(format!("\u{feff}{csv}"));
    assert_eq!(counts(&import(&shop, &body).await), (2, 0, 0));
    assert_eq!(shop.find("tomas.lindqvist@example.com").await.unwrap()["country"], "SE");
}

#[tokio::test]
async fn what_a_spreadsheet_would_take_for_a_formula_is_text() {
    let shop = Shop::open(NOW).await;
    let name = "=HYPERLINK(\"http://example.com\",\"x\")";
    let csv = "email,name\nada@example.com,\"=HYPERLINK(\"\"http://example.com\"\",\"\"x\"\")\"\n";
    assert_eq!(counts(&import(&shop, &import_of("members", "regulars", csv)).await), (1, 0, 0));
    assert_eq!(shop.find("ada@example.com").await.unwrap()["name"], name);
}

#[tokio::test]
async fn what_expired_long_ago_is_in_the_ledger_and_gone() {
    let shop = Shop::open(NOW).await;
    let mut body = file("orders-shopify");
    body["data"] = json!(body["data"].as_str().unwrap().replace("2026-05-", "2023-05-"));
    assert_eq!(counts(&import(&shop, &body).await), (3, 0, 0));
    let ines = shop.find("ines.okafor@example.com").await.unwrap();
    let lots = shop.lots(ines["id"].as_str().unwrap()).await;
    assert_eq!((&lots["ledger"], &lots["lots"]), (&json!(0), &json!([])));
    assert_eq!(ines["tier"]["id"], "bronze");
    let kinds: Vec<Value> =
        shop.ledger(ines["id"].as_str().unwrap()).await.iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["expiry", "purchase"]);
    assert_eq!(counts(&import(&shop, &body).await), (0, 3, 0));
}

#[tokio::test]
async fn orders_from_before_the_program_starts_earn_nothing() {
    let shop = Shop::open(NOW).await;
    let answer = shop.get("/v1/program").await;
    let etag = answer.header("etag").unwrap().to_owned();
    let mut program = answer.is(200);
    program["starts_on"] = json!("2026-07-03");
    shop.put_program(&program, Some(&etag)).await.is(200);
    shop.move_clock(at("2026-07-05T12:00:00Z"));
    let mut body = file("orders-shopify");
    body["data"] = json!(body["data"].as_str().unwrap().replace("2026-05-", "2026-06-"));
    assert_eq!(counts(&import(&shop, &body).await), (3, 0, 0));
    let ines = shop.find("ines.okafor@example.com").await.unwrap();
    assert_eq!((&ines["points"]["available"], &ines["points"]["pending"]), (&json!(0), &json!(0)));
    let explained = shop.get(&format!("/v1/orders/{SOURCE}/6120345001207/explain")).await.is(200);
    assert_eq!(explained["nothing"], "before_the_program_starts");
}
