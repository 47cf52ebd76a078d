//! Lists of reviews, and who sees what in them.

use serde_json::{Value, json};
use tests::{
    Shop,
    shop::{ADMIN, PUBLISHABLE, STOREFRONT},
};

use crate::{NOW, PRODUCT, SECOND, buyer, each, judge, later, listed, review, shop_with_buyer};

/// Follows the links from page to page; ids and how many pages.
async fn all_pages(shop: &Shop, key: &str, path: &str) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut path) = (Vec::new(), 0, path.to_owned());
    loop {
        let answer = shop.get_as(key, &path).await;
        let link = answer.header("link").map(str::to_owned);
        let page = answer.is(200);
        pages += 1;
        ids.extend(page["reviews"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        assert_eq!(link.is_some(), page["next_cursor"].is_string(), "{page}");
        let Some(link) = link else { return (ids, pages) };
        path = link.split(['<', '>']).nth(1).unwrap().to_owned();
    }
}

/// Twelve reviews of six members, a minute apart; every third is pending, every fourth rejected. Ids, the newest first.
async fn shop_with_reviews() -> (Shop, Vec<String>) {
    let shop = Shop::open(NOW).await;
    let mut ids = Vec::new();
    for number in 1..=6 {
        let id = buyer(&shop, number).await;
        for product in [PRODUCT, SECOND] {
            let nth = ids.len() + 1;
            let publish = if nth % 3 == 0 { "after_approval" } else { "at_once" };
            crate::change_reviews(&shop, json!({"publish": publish})).await;
            let written = review(&shop, &id, product, u8::try_from(nth % 5 + 1).unwrap()).await;
            if nth % 4 == 0 {
                judge(&shop, &written, json!({"state": "rejected"})).await;
            }
            ids.push(written["id"].as_str().unwrap().to_owned());
            later(&shop, 1);
        }
    }
    ids.reverse();
    (shop, ids)
}

#[tokio::test]
async fn every_page_size_shows_each_review_once_the_newest_first() {
    let (shop, ids) = shop_with_reviews().await;
    for limit in [1, 2, 5, 12, 100] {
        let (found, pages) = all_pages(&shop, ADMIN, &format!("/v1/reviews?limit={limit}")).await;
        assert_eq!(found, ids, "{limit}");
        assert_eq!(pages, ids.len().div_ceil(limit), "{limit}");
    }
    let published: Vec<String> = ids
        .iter()
        .rev()
        .enumerate()
        .filter(|(n, _)| (n + 1) % 3 != 0 && (n + 1) % 4 != 0)
        .map(|(_, id)| id.clone())
        .rev()
        .collect();
    for key in [STOREFRONT, PUBLISHABLE] {
        assert_eq!(all_pages(&shop, key, "/v1/reviews?limit=2").await.0, published);
    }
    assert_eq!(all_pages(&shop, ADMIN, "/v1/reviews?limit=2&state=published").await.0, published);
}

#[tokio::test]
async fn lists_are_narrowed_by_product_state_stars_and_source() {
    let (shop, ids) = shop_with_reviews().await;
    let of = |keep: fn(usize) -> bool| -> Vec<String> {
        (1..=12).rev().filter(|n| keep(*n)).map(|n| ids[12 - n].clone()).collect()
    };
    for (query, wanted) in [
        (format!("product_id={PRODUCT}"), of(|n| n % 2 == 1)),
        (format!("product_id={SECOND}&state=rejected"), of(|n| n % 4 == 0)),
        ("state=pending".to_owned(), of(|n| n % 3 == 0 && n % 4 != 0)),
        ("rating=3".to_owned(), of(|n| n % 5 == 2)),
        (format!("product_id={PRODUCT}&rating=2"), of(|n| n % 2 == 1 && n % 5 == 1)),
        ("source=api".to_owned(), of(|_| true)),
        ("source=page".to_owned(), of(|_| false)),
        ("product_id=NEVER-SOLD".to_owned(), of(|_| false)),
    ] {
        for limit in [1, 100] {
            let path = format!("/v1/reviews?{query}&limit={limit}");
            assert_eq!(all_pages(&shop, ADMIN, &path).await.0, wanted, "{path}");
        }
    }
}

#[tokio::test]
async fn a_member_s_are_listed_with_those_of_who_was_merged_into_them() {
    let (shop, id) = shop_with_buyer().await;
    let other = buyer(&shop, 2).await;
    let first = review(&shop, &id, PRODUCT, 5).await;
    later(&shop, 1);
    let second = review(&shop, &other, SECOND, 4).await;
    later(&shop, 1);
    let third = review(&shop, &other, PRODUCT, 1).await;
    shop.merge(&id, &other).await;
    let wanted: Vec<&str> = [&third, &second, &first].map(|one| one["id"].as_str().unwrap()).into();
    for member in [&id, &other] {
        for limit in [1, 2, 100] {
            let path = format!("/v1/reviews?member_id={member}&limit={limit}");
            assert_eq!(all_pages(&shop, ADMIN, &path).await.0, wanted, "{path}");
        }
    }
    let narrow = format!("/v1/reviews?member_id={other}&product_id={PRODUCT}&rating=5");
    assert_eq!(each(&listed(&shop, ADMIN, &narrow).await, "id"), [first["id"].as_str().unwrap()]);
}

#[tokio::test]
async fn a_browser_learns_nothing_of_members() {
    let (shop, id) = shop_with_buyer().await;
    review(&shop, &id, PRODUCT, 5).await;
    let shown = shop.get_as(PUBLISHABLE, "/v1/reviews").await.is(200);
    assert_eq!(shown["reviews"].as_array().unwrap().len(), 1);
    let text = shown.to_string();
    assert!(!text.contains(&id) && !text.contains("mem_") && !text.contains("6120000000001"), "{text}");
    for query in [format!("member_id={id}"), "state=pending".to_owned(), "state=rejected".to_owned()] {
        shop.get_as(PUBLISHABLE, &format!("/v1/reviews?{query}")).await.is_problem(403, "forbidden");
    }
    shop.get_as(STOREFRONT, "/v1/reviews?state=pending").await.is_problem(403, "forbidden");
    let of_them = listed(&shop, STOREFRONT, &format!("/v1/reviews?member_id={id}")).await;
    assert_eq!(each(&of_them, "member_id"), [&json!(id)]);
}

#[tokio::test]
async fn an_empty_shop_has_none_and_a_wrong_question_is_refused() {
    let shop = Shop::open(NOW).await;
    assert_eq!(shop.get("/v1/reviews").await.is(200), json!({"reviews": [], "next_cursor": null}));
    shop.get("/v1/reviews?member_id=mem_nobody").await.is_problem(404, "not-found");
    for (query, pointer) in [
        ("state=shown", "state"),
        ("rating=0", "rating"),
        ("rating=six", "rating"),
        ("source=mail", "source"),
        ("product_id=a%20b", "product_id"),
        ("member_id=a%23b", "member_id"),
        ("limit=101", "limit"),
        ("cursor=1", "cursor"),
        ("cursor=x~rev_1", "cursor"),
        ("cursor=1~a%20b", "cursor"),
        ("cursor=99999999999999999999~rev_1", "cursor"),
        ("stars=5", "stars"),
    ] {
        let problem = shop.get(&format!("/v1/reviews?{query}")).await.is_problem(400, "invalid-request");
        let named: &Value = &problem["errors"][0];
        assert!(named["pointer"] == pointer || pointer == "stars", "{query}: {problem}");
    }
}
