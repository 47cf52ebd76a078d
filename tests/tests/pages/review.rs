//! `/r/{token}`: the review form of an order.

use app::links::{Link, Purpose};
use rules::ids::{MemberId, OrderKey};
use serde_json::{Value, json};
use tests::{Buyer, Page, Shop, at, captured, payloads::*, shop::SOURCE};

use crate::{NOW, page_of};

const ORDER: u64 = 6_120_000_000_001;
pub(crate) const FIRST: &str = "8410000000000";
const SECOND: &str = "8410000000001";

/// A delivered order of two products, the first of which the shop has told of.
pub(crate) async fn bought(shop: &Shop) -> (Value, String) {
    let order = paid_order(ORDER, &Buyer::with_account(1), at("2026-06-10T10:00:00Z"), &[("19.99", 2), ("5.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, 1, at("2026-06-11T10:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, 1, at("2026-06-12T10:00:00Z"))).await.is(200);
    told(shop, "Body oil").await;
    let member = shop.id_of_customer(customer_id(1)).await;
    let path = path_of(shop, &member, ORDER);
    (order, path)
}

pub(crate) async fn told(shop: &Shop, title: &str) {
    let mut product = captured("products-create").payload();
    (product["id"], product["title"]) = (json!(8_410_000_000_000_u64), json!(title));
    product["updated_at"] = json!(shop.now());
    shop.send("products/update", &product).await.is(200);
}

fn path_of(shop: &Shop, member: &str, order: u64) -> String {
    let order: OrderKey = serde_json::from_value(json!({"source": SOURCE, "id": order.to_string()})).unwrap();
    shop.path_of(&Link::new(Purpose::Review, MemberId::parse(member).unwrap(), shop.now()).about(order))
}

/// What the form sends for the first product.
pub(crate) fn first<'a>(rating: &'a str, title: &'a str, text: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("product-0", FIRST),
        ("rating-0", rating),
        ("title-0", title),
        ("text-0", text),
        ("product-1", SECOND),
        ("title-1", ""),
        ("text-1", ""),
    ]
}

pub(crate) async fn reviews(shop: &Shop) -> Vec<Value> {
    let mut all = Vec::new();
    for state in ["pending", "published", "rejected"] {
        let listed = shop.get(&format!("/v1/reviews?state={state}")).await.is(200);
        all.extend(listed["reviews"].as_array().unwrap().clone());
    }
    all
}

/// The place of a product in the form that is shown.
fn place(page: &Page, product: &str) -> String {
    page.attribute(&format!("input[type=hidden][value=\"{product}\"]"), "name").unwrap().replace("product-", "")
}

#[tokio::test]
async fn the_form_says_whose_it_is_before_and_after() {
    let shop = Shop::open(NOW).await;
    crate::name_the_shop(&shop).await;
    let (_, path) = bought(&shop).await;
    let form = page_of(shop.page(&path).await, 200);
    let thanks = page_of(shop.submit(&path, &first("5", "Lovely", "")).await, 200);
    for page in [form, thanks] {
        assert_eq!(page.text("p.shop"), "Kräuter & Öl");
        assert_eq!(page.attribute("footer a", "href").as_deref(), Some("https://shop.example/privacy"));
    }
}

#[tokio::test]
async fn the_form_shows_each_product_once_with_its_title_and_picture() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let page = page_of(shop.page(&path).await, 200);
    assert_eq!(page.all("section.card").len(), 2);
    assert_eq!(page.text("section:nth-of-type(1) h2"), "Body oil");
    assert_eq!(page.text("section:nth-of-type(2) h2"), "A product of your order");
    assert!(page.attribute("img", "src").unwrap().starts_with("https://"));
    assert_eq!(page.all("input[type=radio]").len(), 12);
    assert_eq!(page.all("input[checked]").len(), 2);
    assert!(page.has("#rating-0-0[value=\"\"][checked]") && page.has("#rating-1-0[value=\"\"][checked]"));
    assert!(page.text("section").contains("Verified purchase"));
}

#[tokio::test]
async fn a_review_earns_its_points_once_and_is_kept() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let page = page_of(shop.submit(&path, &first("5", "Lovely", "Smells of <summer>.\r\nReally.")).await, 200);
    assert_eq!(page.title(), "Thank you for your review");
    assert!(page.text("main").contains("50 points are yours"), "{}", page.text("main"));
    let kept = reviews(&shop).await;
    assert_eq!(kept.len(), 1);
    let expected =
        json!({"product_id": FIRST, "rating": 5, "title": "Lovely", "verified_purchase": true, "source": "page"});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&kept[0][name], value, "{name}: {}", kept[0]);
    }
    let rows = shop.rows().await;
    let again = page_of(shop.submit(&path, &first("5", "Lovely", "Smells of <summer>.\r\nReally.")).await, 200);
    assert!(again.text("[role=status]").contains("already") && !again.text("main").contains("points"));
    assert_eq!(shop.rows().await, rows, "sent twice is sent once");
    let page = page_of(shop.submit(&path, &first("2", "Hm", "")).await, 200);
    assert!(!page.text("main").contains("points"));
    let kept = reviews(&shop).await;
    assert_eq!((kept.len(), &kept[0]["rating"]), (1, &json!(2)));
}

#[tokio::test]
async fn both_products_are_reviewed_at_once_and_without_a_name_if_they_like() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let mut fields = first("5", "", "");
    fields.extend([("rating-1", "4"), ("anonymous", "on")]);
    let page = page_of(shop.submit(&path, &fields).await, 200);
    assert!(page.text("main").contains("100 points"));
    let kept = reviews(&shop).await;
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|review| review["author"].is_null()), "{kept:?}");
}

#[tokio::test]
async fn a_star_that_was_pressed_in_the_mail_is_chosen_and_its_product_comes_first() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let page = page_of(shop.page(&format!("{path}?product={SECOND}&rating=4")).await, 200);
    assert_eq!(place(&page, SECOND), "0");
    assert_eq!(page.attribute("input[checked]", "id").unwrap(), "rating-0-4");
    assert!(reviews(&shop).await.is_empty(), "nothing is sent by opening a link");
    for query in [
        "product=nothing&rating=4",
        "rating=4",
        &format!("product={FIRST}&rating=6"),
        "product=%00&rating=%3Cscript%3E",
    ] {
        let page = page_of(shop.page(&format!("{path}?{query}")).await, 200);
        assert!(!page.has("input[type=radio][checked]:not([value=\"\"])"), "{query}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let rows = shop.rows().await;
    let (title, text) = ("T".repeat(121), "é".repeat(5_001));
    let page = page_of(shop.submit(&path, &first("4", &title, &text)).await, 400);
    assert_eq!(page.attribute("#title-0", "value").unwrap(), title);
    assert_eq!(page.text("#text-0").trim(), text);
    assert!(page.has("#rating-0-4[checked]"));
    for (field, most) in [("title", "121 characters; at most 120"), ("text", "5001 characters; at most 5000")] {
        let selector = format!("#{field}-0[aria-invalid=true][aria-describedby={field}-0-fault]");
        assert!(page.has(&selector) && page.text(&format!("#{field}-0-fault")).contains(most), "{field}");
        assert!(page.has(&format!("[role=alert] a[href=\"#{field}-0\"]")));
    }
    let page = page_of(shop.submit(&path, &first("", "Lovely", "\n\nmore\n")).await, 400);
    assert!(page.has("[role=alert] a[href=\"#rating-0-1\"]") && page.has("fieldset[aria-describedby=rating-0-fault]"));
    assert_eq!(page.text("#text-0"), "\n\nmore\n", "with its line breaks");
    for fields in [vec![], vec![("product-0", FIRST)], vec![("anonymous", "on")]] {
        let page = page_of(shop.submit(&path, &fields).await, 400);
        assert!(page.text("[role=alert]").contains("at least one"));
    }
    for rating in ["0", "6", "-1", "five", "4.5", "99999999999999999999"] {
        let page = page_of(shop.submit(&path, &first(rating, "", "x")).await, 400);
        assert!(page.text("#rating-0-fault").contains("stars"), "{rating}");
    }
    let large = page_of(shop.submit(&path, &first("5", "", &"x".repeat(1_100_000))).await, 413);
    assert_eq!(large.title(), "That was too much at once");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_product_that_is_not_in_the_order_is_refused_and_the_rest_is_kept() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let rows = shop.rows().await;
    let mut fields = first("5", "Lovely", "");
    fields.extend([("product-2", "8410023456701"), ("rating-2", "5")]);
    let page = page_of(shop.submit(&path, &fields).await, 400);
    assert!(page.text("[role=alert]").contains("not part of your order"));
    assert_eq!(page.attribute("#title-0", "value").unwrap(), "Lovely");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn what_went_back_is_not_asked_for_and_of_what_went_back_wholly_nothing_is() {
    let shop = Shop::open(NOW).await;
    let (order, path) = bought(&shop).await;
    let back = refund(&order, 1, at("2026-06-15T10:00:00Z"), &[(1, 1)]);
    shop.send("refunds/create", &back).await.is(200);
    let page = page_of(shop.page(&path).await, 200);
    assert_eq!((page.all("section.card").len(), place(&page, FIRST).as_str()), (1, "0"));
    let rest = refund(&order, 2, at("2026-06-16T10:00:00Z"), &[(0, 2)]);
    shop.send("refunds/create", &rest).await.is(200);
    let rows = shop.rows().await;
    for answer in [shop.page(&path).await, shop.submit(&path, &first("5", "", "")).await] {
        assert_eq!(page_of(answer, 200).title(), "There is nothing to review here");
    }
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn somebody_else_s_order_and_an_unknown_one_have_nothing_to_review() {
    let shop = Shop::open(NOW).await;
    bought(&shop).await;
    let other = shop.post("/v1/members", &json!({"email": "eve@example.com"}), None).await.is(201);
    let other = other["id"].as_str().unwrap();
    for order in [ORDER, 1] {
        let page = page_of(shop.page(&path_of(&shop, other, order)).await, 200);
        assert_eq!(page.title(), "There is nothing to review here");
    }
    page_of(shop.page(&shop.link(Purpose::Review, other).await).await, 404);
}

#[tokio::test]
async fn the_merged_review_as_who_they_are_now_and_the_erased_do_not() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let member = shop.id_of_customer(customer_id(1)).await;
    let other = shop.post("/v1/members", &json!({"email": "bob@example.com", "locale": "ja"}), None).await.is(201);
    let other = other["id"].as_str().unwrap();
    shop.merge(&member, other).await;
    assert_eq!(page_of(shop.page(&path).await, 200).title(), "いかがでしたか");
    page_of(shop.submit(&path, &first("5", "", "")).await, 200);
    assert_eq!(reviews(&shop).await.len(), 1);
    shop.delete(&format!("/v1/members/{other}")).await.is(204);
    let rows = shop.rows().await;
    for answer in [shop.page(&path).await, shop.submit(&path, &first("1", "", "")).await] {
        assert_eq!(page_of(answer, 200).title(), "We no longer hold your data");
    }
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_fault_of_ours_brings_the_form_back_with_all_that_was_typed_and_says_what_is_saved() {
    let mut seen = std::collections::BTreeSet::new();
    for call in 0.. {
        let shop = Shop::open(NOW).await;
        let (_, path) = bought(&shop).await;
        let mut fields = first("5", "Lovely", "Smells of summer");
        fields.extend([("rating-1", "4")]);
        shop.wire.break_calls(tests::Fault::Refused, call, 1_000);
        let answer = shop.submit(&path, &fields).await;
        shop.wire.clear();
        if answer.status == 200 {
            break;
        }
        assert_eq!(answer.header("retry-after"), Some("1"));
        let page = page_of(answer, 503);
        assert_eq!(page.attribute("#title-0", "value").unwrap(), "Lovely");
        assert_eq!(page.text("#text-0").trim(), "Smells of summer");
        assert!(page.has("#rating-0-5[checked]") && page.has("#rating-1-4[checked]"));
        assert!(!page.text("main").contains("Nothing was changed"));
        let saved = reviews(&shop).await.len();
        assert_eq!(page.all("section strong").len(), saved, "at call {call}");
        seen.insert(saved);
        page_of(shop.submit(&path, &fields).await, 200);
        assert_eq!(reviews(&shop).await.len(), 2);
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [0, 1]);
}

#[tokio::test]
async fn the_buttons_of_stars_are_hidden_only_where_colours_tell_the_chosen_ones() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let style = page_of(shop.page(&path).await, 200).text("style");
    let (shown, hidden) = style.split_once("@media (forced-colors: none) { @supports selector(:has(a)) {").unwrap();
    assert!(!shown.contains("opacity: 0;") && hidden.lines().next().unwrap().contains("opacity: 0;"));
}

#[tokio::test]
async fn the_form_takes_no_more_than_is_kept_and_what_it_takes_is_never_too_large() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let page = page_of(shop.page(&path).await, 200);
    assert_eq!(page.attribute("#text-0", "maxlength").as_deref(), Some("5000"));
    assert_eq!(page.attribute("#title-0", "maxlength").as_deref(), Some("120"));
    let (title, text) = ("評".repeat(120), "評".repeat(5_000));
    let of_one = form_urlencoded::Serializer::new(String::new()).extend_pairs(first("5", &title, &text)).finish();
    assert!(of_one.len() * 20 < 1024 * 1024, "twenty products full of it are {} bytes", of_one.len() * 20);
}
