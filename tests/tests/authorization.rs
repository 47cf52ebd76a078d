//! Every route, and every kind of caller: exactly those that may call it get in.
#![cfg(test)]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{
    Answer, Buyer, Shop, at, captured,
    captured::event,
    payloads::*,
    shop::{ADMIN, PUBLISHABLE, SOURCE, STOREFRONT, bearer},
};
use web::routes::ROUTES;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Nobody,
    Stranger,
    Publishable,
    Storefront,
    Admin,
}
use Caller::{Admin, Nobody, Publishable, Storefront, Stranger};

const CALLERS: [Caller; 5] = [Nobody, Stranger, Publishable, Storefront, Admin];
const EVERYBODY: &[Caller] = &CALLERS;
const WITH_A_KEY: &[Caller] = &[Publishable, Storefront, Admin];
const FOR_MEMBERS: &[Caller] = &[Storefront, Admin];
const MERCHANT: &[Caller] = &[Admin];

/// Who may call what; what is not in here is not a route.
const EXPECTED: &[(&str, &str, &[Caller])] = &[
    // proved by its signature
    ("POST", "/webhooks/shopify", EVERYBODY),
    ("POST", "/webhooks/woocommerce", EVERYBODY),
    ("POST", "/webhooks/events", EVERYBODY),
    ("POST", "/v1/members", FOR_MEMBERS),
    ("GET", "/v1/members", FOR_MEMBERS),
    ("GET", "/v1/members/{id}", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/ledger", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/ledger/{entry}/explain", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/lots", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/tiers", FOR_MEMBERS),
    ("POST", "/v1/members/{id}/adjustments", MERCHANT),
    ("POST", "/v1/quotes", WITH_A_KEY),
    ("GET", "/v1/orders/{source}/{id}/explain", FOR_MEMBERS),
    ("GET", "/v1/program", FOR_MEMBERS),
    ("PUT", "/v1/program", MERCHANT),
    ("GET", "/v1/tiers", WITH_A_KEY),
    ("GET", "/v1/products/{id}", FOR_MEMBERS),
    ("PUT", "/v1/products/{id}", MERCHANT),
    ("GET", "/openapi.json", EVERYBODY),
];

const ORDER: u64 = 6_120_000_000_001;
const PRODUCT: u64 = 8_410_023_456_701;

async fn shop_with_member() -> (Shop, String) {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    shop.send("orders/paid", &order()).await.is(200);
    shop.send("products/create", &captured("products-create").payload()).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    (shop, id)
}

fn order() -> Value {
    paid_order(ORDER, &Buyer::with_account(1), at("2026-06-18T10:00:00Z"), &[("19.99", 1)])
}

/// (method, path) of everything that the description lists.
async fn described(shop: &Shop) -> BTreeSet<(String, String)> {
    let description = shop.get("/openapi.json").await.is(200);
    let paths = description["paths"].as_object().unwrap();
    let methods =
        |path: &Value| path.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect::<Vec<_>>();
    paths.iter().flat_map(|(path, item)| methods(item).into_iter().map(move |method| (method, path.clone()))).collect()
}

/// A request that does what it asks for, if the caller may.
async fn call_as(shop: &Shop, caller: Caller, member: &str, method: &str, path: &str) -> Answer {
    let path = match path {
        "/v1/members" if method == "GET" => format!("{path}?email=buyer-1@example.com"),
        _ if path.starts_with("/v1/orders") => format!("/v1/orders/{SOURCE}/{ORDER}/explain"),
        "/v1/products/{id}" => format!("/v1/products/{PRODUCT}"),
        _ => path.replace("{id}", member).replace("{entry}", "led_000000000001"),
    };
    let body = match (method, path.as_str()) {
        ("POST", "/webhooks/shopify") => return shop.send("orders/paid", &order()).await,
        ("POST", "/webhooks/woocommerce") => return shop.send_woocommerce("order-paid").await,
        ("POST", "/webhooks/events") => return shop.send_standard(&event("events-order-paid").body, shop.now()).await,
        ("POST", "/v1/members") => json!({"email": format!("{caller:?}@example.com")}),
        ("POST", "/v1/quotes") => json!({"currency": "USD", "lines": []}),
        ("POST", _) => json!({"points": 1, "reason": "sorry"}),
        ("PUT", path) if path.starts_with("/v1/products") => json!({"guides": []}),
        ("PUT", _) => shop.get("/v1/program").await.is(200),
        _ => Value::Null,
    };
    let etag = shop.get("/v1/program").await.header("etag").unwrap().to_owned();
    let key = match caller {
        Nobody => None,
        Stranger => Some("dev-adminn"),
        Publishable => Some(PUBLISHABLE),
        Storefront => Some(STOREFRONT),
        Admin => Some(ADMIN),
    };
    let bearer = key.map(bearer);
    let idempotency_key = format!("{caller:?}-{method}-{path}");
    let mut headers = vec![("idempotency-key", idempotency_key.as_str()), ("if-match", etag.as_str())];
    headers.extend(bearer.as_ref().map(|bearer| bearer.as_header()));
    shop.call(method, &path, &headers, body.to_string()).await
}

#[tokio::test]
async fn exactly_the_allowed_callers_get_in() {
    let (shop, member) = shop_with_member().await;
    for (method, path) in described(&shop).await {
        let expected = EXPECTED.iter().find(|(m, p, _)| (*m, *p) == (method.as_str(), path.as_str()));
        let (_, _, allowed) = expected.unwrap_or_else(|| panic!("who may call {method} {path}?"));
        for caller in CALLERS {
            let answer = call_as(&shop, caller, &member, &method, &path).await;
            let what = format!("{caller:?} {method} {path}: {}", answer.body);
            match (allowed.contains(&caller), caller) {
                (true, _) => assert!((200..300).contains(&answer.status), "{what}"),
                (false, Nobody | Stranger) => {
                    assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
                    answer.is_problem(401, "unauthorized");
                }
                (false, _) => drop(answer.is_problem(403, "forbidden")),
            }
        }
    }
}

#[tokio::test]
async fn the_description_lists_exactly_the_routes() {
    let (shop, _) = shop_with_member().await;
    let routes: BTreeSet<_> =
        ROUTES.iter().map(|(_, method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described(&shop).await, routes);
    let expected: BTreeSet<_> = EXPECTED.iter().map(|(m, p, _)| ((*m).to_owned(), (*p).to_owned())).collect();
    assert_eq!(expected, routes);
}

#[tokio::test]
async fn who_may_not_call_writes_nothing() {
    let (shop, member) = shop_with_member().await;
    let rows = shop.rows().await;
    for (method, path, allowed) in EXPECTED {
        for caller in CALLERS.iter().filter(|caller| !allowed.contains(caller)) {
            call_as(&shop, *caller, &member, method, path).await;
        }
    }
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_key_must_be_a_bearer_token() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    for header in ["", "Bearer", "Bearer ", "dev-admin", "Basic dev-admin", "Bearer dev-admin,", "Bearer DEV-ADMIN"] {
        let answer = shop.call("GET", "/v1/program", &[("authorization", header)], "").await;
        answer.is_problem(401, "unauthorized");
    }
    for header in ["Bearer dev-admin", "bearer dev-admin", "BEARER  dev-admin "] {
        shop.call("GET", "/v1/program", &[("authorization", header)], "").await.is(200);
    }
}

#[tokio::test]
async fn what_is_no_route_is_not_found_and_another_method_is_not_allowed() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    for path in ["/", "/v1", "/v1/rewards", "/v1/members/a/b/c/d", "/webhooks/magento", "/v1/members/"] {
        shop.get(path).await.is_problem(404, "not-found");
    }
    for (method, path) in [("DELETE", "/v1/program"), ("GET", "/webhooks/shopify"), ("PATCH", "/v1/members/mem_1")] {
        shop.call(method, path, &[bearer(ADMIN).as_header()], "").await.is_problem(405, "method-not-allowed");
    }
}
