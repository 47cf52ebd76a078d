//! Who is at a tier, and how a member's tier changed.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at,
    payloads::*,
    shop::{PUBLISHABLE, STOREFRONT, bearer},
};

const NOW: &str = "2026-06-20T12:00:00Z";

async fn buys_for(shop: &Shop, order: u64, buyer: u64, price: &str) -> Value {
    let paid = paid_order(order, &Buyer::with_account(buyer), shop.now(), &[(price, 1)]);
    shop.send("orders/paid", &paid).await.is(200);
    paid
}

/// The pages of a list from that path on, as `Link` leads from one to the next.
async fn pages(shop: &Shop, path: &str, list: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let answer = shop.get_as(STOREFRONT, &path).await;
        let link = answer.header("link").map(str::to_owned);
        let body = answer.is(200);
        assert_eq!(link.is_some(), body["next_cursor"].is_string(), "{body}");
        next = link.map(|link| link.split(['<', '>']).nth(1).unwrap().to_owned());
        pages.push(body[list].as_array().unwrap().clone());
        assert!(pages.len() < 50, "pages without end");
    }
    pages
}

fn ids(members: &[Value]) -> BTreeSet<String> {
    members.iter().map(|member| member["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_members_at_a_tier_are_listed_page_by_page_each_once() {
    let shop = Shop::open(NOW).await;
    let mut silver = BTreeSet::new();
    for buyer in 1..=9 {
        let price = if buyer % 3 == 0 { "20.00" } else { "250.00" };
        buys_for(&shop, 1_000 + buyer, buyer, price).await;
        if buyer % 3 != 0 {
            silver.insert(shop.id_of_customer(customer_id(buyer)).await);
        }
    }
    let [erased, merged] = [1, 2].map(|buyer| shop.id_of_customer(customer_id(buyer)));
    let (erased, merged, bronze) = (erased.await, merged.await, shop.id_of_customer(customer_id(3)).await);
    shop.delete(&format!("/v1/members/{erased}")).await.is(204);
    // whoever has their orders is at their tier
    shop.merge(&merged, &bronze).await;
    silver.retain(|id| *id != erased && *id != merged);
    silver.insert(bronze);
    let pages = pages(&shop, "/v1/members?tier=silver&limit=2", "members").await;
    assert!(pages.len() >= 3 && pages.iter().all(|page| page.len() <= 2), "{pages:?}");
    let members = pages.concat();
    assert_eq!((members.len(), ids(&members)), (silver.len(), silver));
    assert!(members.iter().all(|member| member["tier"]["id"] == "silver"), "{members:?}");
    let all = shop.get("/v1/members?tier=silver").await.is(200);
    assert_eq!((all["members"].as_array().unwrap().len(), &all["next_cursor"]), (members.len(), &Value::Null));
    assert_eq!(shop.get("/v1/members?tier=diamond").await.is(200), json!({"members": [], "next_cursor": null}));
}

#[tokio::test]
async fn a_tier_ends_for_the_list_when_it_ends_for_the_member() {
    let shop = Shop::open(NOW).await;
    buys_for(&shop, 1, 1, "250.00").await;
    assert_eq!(shop.get("/v1/members?tier=silver").await.is(200)["members"].as_array().unwrap().len(), 1);
    shop.move_clock(at("2027-06-21T12:00:00Z"));
    assert_eq!(shop.get("/v1/members?tier=silver").await.is(200)["members"], json!([]));
    assert_eq!(shop.get("/v1/members?tier=bronze").await.is(200)["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_asked_of_members_is_named() {
    let shop = Shop::open(NOW).await;
    for (query, named) in [
        ("tier=platinum", "tier"),
        ("tier=", "tier"),
        ("stage=sleeping", "stage"),
        ("segment=champion", "segment"),
        ("tier=silver&cursor=7", "cursor"),
        ("tier=silver&cursor=zz.zz", "cursor"),
        ("tier=silver&limit=0", "limit"),
        ("email=a@example.com&limit=5", "limit"),
        ("tier=silver&email=a@example.com", "email"),
    ] {
        let answer = shop.get(&format!("/v1/members?{query}")).await.is_problem(400, "invalid-request");
        assert_eq!(answer["errors"][0]["pointer"], named, "{query}: {answer}");
    }
    let key = bearer(PUBLISHABLE);
    shop.call("GET", "/v1/members?tier=silver", &[key.as_header()], "").await.is(403);
}

#[tokio::test]
async fn the_history_of_tiers_goes_back_page_by_page() {
    let shop = Shop::open(NOW).await;
    for order in 1..=3 {
        let paid = buys_for(&shop, order, 1, "250.00").await;
        shop.send("refunds/create", &refund(&paid, 9_000 + order, shop.now(), &[(0, 1)])).await.is(200);
    }
    let id = shop.id_of_customer(customer_id(1)).await;
    let path = format!("/v1/members/{id}/tiers");
    let all = shop.get(&path).await.is(200)["tier_changes"].as_array().unwrap().clone();
    assert_eq!(all.len(), 6, "{all:?}");
    let pages = pages(&shop, &format!("{path}?limit=4"), "tier_changes").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2]);
    assert_eq!(pages.concat(), all);
    for query in ["cursor=4", "cursor=before-x", "limit=101"] {
        shop.get(&format!("{path}?{query}")).await.is_problem(400, "invalid-request");
    }
}
