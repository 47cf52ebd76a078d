//! Products: what storefronts tell of them, and the merchant's guides.
#![cfg(test)]

use serde_json::{Value, json};
use tests::{
    Answer, Shop, captured,
    captured::event,
    shop::{ADMIN, STOREFRONT, bearer},
};

const NOW: &str = "2026-06-30T12:00:00Z";
const OIL: &str = "8410023456701";

async fn product(shop: &Shop, id: &str) -> Value {
    shop.get(&format!("/v1/products/{id}")).await.is(200)
}

async fn put_guides(shop: &Shop, id: &str, guides: &Value) -> Answer {
    let body = json!({ "guides": guides }).to_string();
    shop.call("PUT", &format!("/v1/products/{id}"), &[bearer(ADMIN).as_header()], body).await
}

fn told(updated_at: &str, title: &str) -> Value {
    let mut product = captured("products-update").payload();
    (product["updated_at"], product["title"]) = (json!(updated_at), json!(title));
    product
}

async fn tell(shop: &Shop, updated_at: &str, title: &str) -> Value {
    shop.send("products/update", &told(updated_at, title)).await.is(200)["result"].clone()
}

#[tokio::test]
async fn a_product_of_shopify_is_kept_with_its_page_on_the_shops_domain() {
    let shop = Shop::open(NOW).await;
    shop.get(&format!("/v1/products/{OIL}")).await.is_problem(404, "not-found");
    assert_eq!(shop.send("products/update", &captured("products-update").payload()).await.is(200)["result"], "kept");
    let expected = json!({
        "id": OIL, "source": "shopify:marlow-fern-example.myshopify.com", "title": "Body Oil <em>100 ml</em>",
        "url": "https://marlow-fern-example.myshopify.com/products/body-oil-100",
        "image_url": "https://cdn.shopify.com/s/files/1/0700/1234/5678/files/body-oil.jpg?v=1772449801",
        "price": null, "category": "Body care", "vendor": "Marlow & Fern", "tags": ["body care", "gift", "vegan"],
        "guides": [], "updated_at": "2026-06-18T12:00:02Z", "deleted": false,
    });
    assert_eq!(product(&shop, OIL).await, expected);
    let as_storefront = shop.call("GET", &format!("/v1/products/{OIL}"), &[bearer(STOREFRONT).as_header()], "").await;
    assert_eq!(as_storefront.is(200), expected);
}

#[tokio::test]
async fn the_newest_by_its_own_time_holds_whichever_arrives_last() {
    let shop = Shop::open(NOW).await;
    assert_eq!(tell(&shop, "2026-06-20T10:00:00Z", "two").await, "kept");
    assert_eq!(tell(&shop, "2026-06-19T10:00:00Z", "one").await, "known");
    assert_eq!(tell(&shop, "2026-06-20T10:00:00Z", "two").await, "known");
    assert_eq!(product(&shop, OIL).await["title"], "two");
    assert_eq!(tell(&shop, "2026-06-21T10:00:00Z", "three").await, "kept");
    assert_eq!(product(&shop, OIL).await["title"], "three");
}

#[tokio::test]
async fn of_two_told_at_one_instant_the_same_one_holds_in_either_order() {
    let titles = [["one", "two"], ["two", "one"]];
    let mut held = Vec::new();
    for order in titles {
        let shop = Shop::open(NOW).await;
        for title in order {
            tell(&shop, "2026-06-20T10:00:00Z", title).await;
        }
        held.push(product(&shop, OIL).await["title"].clone());
    }
    assert_eq!(held[0], held[1]);
}

#[tokio::test]
async fn a_deleted_product_is_not_revived_by_what_was_told_before() {
    let shop = Shop::open("2026-06-25T12:00:00Z").await;
    tell(&shop, "2026-06-20T10:00:00Z", "one").await;
    let deletion = json!({"id": 8_410_023_456_701_u64});
    assert_eq!(shop.send("products/delete", &deletion).await.is(200)["result"], "kept");
    let deleted = product(&shop, OIL).await;
    assert_eq!((&deleted["deleted"], &deleted["title"]), (&json!(true), &json!("one")), "its title is still known");
    shop.move_clock("2026-06-28T12:00:00Z".parse().unwrap());
    assert_eq!(shop.send("products/delete", &deletion).await.is(200)["result"], "known");
    tell(&shop, "2026-06-25T11:00:00Z", "late").await;
    assert_eq!(product(&shop, OIL).await["deleted"], true);
    tell(&shop, "2026-06-26T11:00:00Z", "sold again").await;
    let listed = product(&shop, OIL).await;
    assert_eq!((&listed["deleted"], &listed["title"]), (&json!(false), &json!("sold again")));
}

#[tokio::test]
async fn products_of_woocommerce_and_of_any_storefront_are_kept_too() {
    let shop = Shop::open(NOW).await;
    for (name, result) in [("created", "kept"), ("updated", "kept"), ("created", "known")] {
        assert_eq!(shop.send_woocommerce(&format!("product-{name}")).await.is(200)["result"], result);
    }
    let soap = product(&shop, "22").await;
    assert_eq!((&soap["source"], &soap["title"]), (&json!("woocommerce:local"), &json!("Cedar Soap Bar")));
    assert_eq!(soap["url"], "https://marlow-fern.example.com/product/cedar-soap-bar/");
    shop.send_woocommerce("product-deleted").await.is(200);
    assert_eq!(product(&shop, "31").await["deleted"], true);
    shop.send_standard(&event("events-product-updated").body, shop.now()).await.is(200);
    let oil = product(&shop, "BODY-OIL-100").await;
    assert_eq!(oil["price"], json!({"amount": "24.40", "currency": "EUR"}));
    shop.send_standard(&event("events-product-deleted").body, shop.now()).await.is(200);
    let cream = product(&shop, "HAND-CREAM-50").await;
    assert_eq!((&cream["deleted"], &cream["updated_at"]), (&json!(true), &json!("2026-06-25T09:30:00Z")));
}

#[tokio::test]
async fn guides_are_the_merchants_and_no_event_touches_them() {
    let shop = Shop::open(NOW).await;
    let guides = json!([
        {"title": "How to <use> it", "url": "https://shop.example.com/guides/oil", "locale": "en"},
        {"title": "Anywhere", "url": "https://shop.example.com/guides", "locale": null},
    ]);
    let put = put_guides(&shop, OIL, &guides).await.is(200);
    assert_eq!((&put["guides"], &put["title"]), (&guides, &Value::Null), "before any storefront told of it");
    tell(&shop, "2026-06-20T10:00:00Z", "one").await;
    shop.send("products/delete", &json!({"id": 8_410_023_456_701_u64})).await.is(200);
    let now = product(&shop, OIL).await;
    assert_eq!((&now["guides"], &now["title"]), (&guides, &json!("one")));
    assert_eq!(put_guides(&shop, OIL, &json!([])).await.is(200)["guides"], json!([]));
}

#[tokio::test]
async fn guides_name_each_field_that_is_bad() {
    let shop = Shop::open(NOW).await;
    let good = json!({"title": "How to", "url": "https://shop.example.com/guides/oil"});
    let with = |field: &str, value: Value| {
        let mut guide = good.clone();
        guide[field] = value;
        guide
    };
    let many: Vec<Value> = (0..21).map(|_| good.clone()).collect();
    for (guides, pointers) in [
        (json!([with("title", json!(" "))]), vec!["/guides/0/title"]),
        (json!([good, with("title", json!("a\u{0}b"))]), vec!["/guides/1/title"]),
        (json!([with("title", json!("x".repeat(256)))]), vec!["/guides/0/title"]),
        (json!([with("url", json!("http://shop.example.com"))]), vec!["/guides/0/url"]),
        (json!([with("url", json!("javascript:alert(1)"))]), vec!["/guides/0/url"]),
        (json!([with("locale", json!("german"))]), vec!["/guides/0/locale"]),
        (json!([{"title": "", "url": "", "locale": ""}]), vec!["/guides/0/title", "/guides/0/url", "/guides/0/locale"]),
        (json!([with("colour", json!("red"))]), vec!["/guides/0/colour"]),
        (json!(many), vec!["/guides"]),
        (json!({}), vec!["/guides"]),
    ] {
        let problem = put_guides(&shop, OIL, &guides).await.is_problem(400, "invalid-request");
        let named: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(named, pointers, "{guides}");
    }
    put_guides(&shop, "a%20b", &json!([])).await.is_problem(404, "not-found");
    shop.get(&format!("/v1/products/{OIL}")).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn ten_events_of_one_product_at_once_end_in_the_newest() {
    let shop = Shop::open(NOW).await;
    let instances: Vec<Shop> = (0..10).map(|_| shop.another_instance()).collect();
    let told: Vec<Value> =
        (10..20).map(|day| told(&format!("2026-06-{day}T10:00:00Z"), &format!("day {day}"))).collect();
    let sent = instances.iter().zip(&told).map(|(shop, told)| shop.deliver("products/update", told));
    futures::future::join_all(sent).await;
    assert_eq!(product(&shop, OIL).await["title"], "day 19");
}
