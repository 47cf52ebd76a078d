//! The stars of a product.

use serde_json::{Value, json};
use tests::{
    Shop,
    shop::{DOMAIN, PUBLISHABLE},
};

use crate::{NOW, PRODUCT, buyer, judge, later, review};

async fn rating(shop: &Shop, product: &str) -> Value {
    shop.get_as(PUBLISHABLE, &format!("/v1/products/{product}/rating")).await.is(200)
}

#[tokio::test]
async fn it_is_that_of_what_is_published_and_at_most_a_minute_old() {
    let shop = Shop::open(NOW).await;
    let mut reviews = Vec::new();
    for (number, stars) in [(1, 5), (2, 4), (3, 5), (4, 1)] {
        let id = buyer(&shop, number).await;
        reviews.push(review(&shop, &id, PRODUCT, stars).await);
    }
    let all = json!({"product_id": PRODUCT, "average": "3.75", "count": 4,
        "distribution": {"1": 1, "2": 0, "3": 0, "4": 1, "5": 2}});
    assert_eq!(rating(&shop, PRODUCT).await, all);
    judge(&shop, &reviews[3], json!({"state": "rejected"})).await;
    later(&shop, 1);
    let shown = rating(&shop, PRODUCT).await;
    assert_eq!((&shown["average"], &shown["count"]), (&json!("4.67"), &json!(3)));
    for review in &reviews {
        judge(&shop, review, json!({"state": "rejected"})).await;
    }
    later(&shop, 1);
    let none = rating(&shop, PRODUCT).await;
    assert_eq!((&none["average"], &none["count"]), (&Value::Null, &json!(0)));
}

#[tokio::test]
async fn who_makes_products_up_leaves_nothing_behind() {
    let shop = Shop::open(NOW).await;
    let rows = shop.rows().await;
    let none = json!({"product_id": "MADE-UP", "average": null, "count": 0,
        "distribution": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0}});
    assert_eq!(rating(&shop, "MADE-UP").await, none);
    shop.get_as(PUBLISHABLE, "/v1/products/a%20b/rating").await.is_problem(404, "not-found");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn the_case_of_a_product_s_id_makes_no_difference() {
    let shop = Shop::open(NOW).await;
    let id = buyer(&shop, 1).await;
    review(&shop, &id, "Body-Oil", 4).await;
    later(&shop, 1);
    assert_eq!(review(&shop, &id, "BODY-OIL", 2).await["product_id"], "Body-Oil");
    assert_eq!(rating(&shop, "body-oil").await["average"], "2");
}

#[tokio::test]
async fn a_shop_s_own_pages_may_ask_for_both() {
    let shop = Shop::open(NOW).await;
    let origin = format!("https://{DOMAIN}");
    for path in ["/v1/reviews", "/v1/products/1/rating"] {
        let asked = [
            ("origin", origin.as_str()),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization"),
        ];
        let answer = shop.call("OPTIONS", path, &asked, "").await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin.as_str()), "{path}");
    }
}
