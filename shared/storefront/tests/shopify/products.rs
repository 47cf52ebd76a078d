use rules::product::Listing;
use serde_json::{Value, json};
use storefront::event::{Event, ProductEvent, ProductNews};

use crate::captured::{at, captured, now, parse, read};

fn changed(changes: &[(&str, Value)]) -> Value {
    let mut body: Value = serde_json::from_str(&captured("products-update").body).unwrap();
    for (field, value) in changes {
        body[field] = value.clone();
    }
    body
}

fn listed(body: &Value) -> (Listing, Option<String>) {
    match parse("products/update", &body.to_string()).unwrap() {
        Event::Product(ProductEvent { news: ProductNews::Listed { listing, page_path, .. }, .. }) => {
            (listing, page_path)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_product_is_told_with_its_page_and_picture_and_without_a_price_of_no_currency() {
    let Event::Product(ProductEvent { id, news: ProductNews::Listed { listing, page_path, updated_at } }) =
        read("products-update")
    else {
        panic!("no product")
    };
    assert_eq!((id.as_str(), updated_at), ("8410023456701", at("2026-06-18T12:00:02Z")));
    assert_eq!(listing.title.as_str(), "Body Oil <em>100 ml</em>", "markup is text");
    assert_eq!(page_path.as_deref(), Some("/products/body-oil-100"));
    let image = listing.image_url.unwrap();
    assert_eq!(image.as_str(), "https://cdn.shopify.com/s/files/1/0700/1234/5678/files/body-oil.jpg?v=1772449801");
    assert_eq!(listing.category.unwrap().as_str(), "Body care");
    assert_eq!(listing.vendor.unwrap().as_str(), "Marlow & Fern");
    assert_eq!(
        listing.tags.iter().map(rules::product::Label::as_str).collect::<Vec<_>>(),
        ["body care", "gift", "vegan"]
    );
    assert_eq!((listing.price, listing.url), (None, None));
}

#[test]
fn what_is_not_published_has_no_page() {
    for change in [("published_at", Value::Null), ("status", json!("draft")), ("status", json!("archived"))] {
        assert_eq!(listed(&changed(&[change])).1, None);
    }
}

#[test]
fn a_handle_of_any_language_is_escaped() {
    let (_, path) = listed(&changed(&[("handle", json!("öl/../x?y"))]));
    assert_eq!(path.as_deref(), Some("/products/%C3%B6l%2F..%2Fx%3Fy"));
}

#[test]
fn the_first_picture_stands_in_for_the_main_one_and_only_https_is_kept() {
    let (listing, _) = listed(&changed(&[("image", Value::Null)]));
    assert!(listing.image_url.unwrap().as_str().ends_with("/body-oil.jpg?v=1772449801"));
    let (listing, _) = listed(&changed(&[("image", json!({"src": "http://cdn.example.com/a.jpg"}))]));
    assert_eq!(listing.image_url, None);
}

#[test]
fn texts_are_one_line_of_bounded_length() {
    let tags: Vec<String> = (0..40).map(|number| format!(" tag\n{number} ")).collect();
    let changes = [("title", json!(format!("a\u{0}b\r\nc{}", "x".repeat(300)))), ("tags", json!(tags.join(",")))];
    let (listing, _) = listed(&changed(&changes));
    assert_eq!(listing.title.as_str().chars().count(), 255);
    assert!(listing.title.as_str().starts_with("a b  cx"), "{:?}", listing.title);
    assert_eq!(listing.tags.len(), 30);
    assert_eq!(listing.tags[1].as_str(), "tag 1");
    let nameless = parse("products/update", &changed(&[("title", json!(" \u{7} "))]).to_string());
    assert_eq!(nameless, Ok(Event::Ignored { reason: "the product has no title" }));
}

#[test]
fn a_deleted_product_is_named_by_its_number_alone() {
    let Event::Product(ProductEvent { id, news }) = read("products-delete") else { panic!("no product") };
    assert_eq!((id.as_str(), news), ("8410023456999", ProductNews::Deleted { at: now() }));
    let bad = parse("products/delete", &captured("products-update").body).unwrap_err();
    assert_eq!(bad.problems[0].pointer, "/id", "what lists a product, sent again as a deletion, deletes nothing");
}

#[test]
fn each_bad_value_is_named() {
    for (field, value) in [
        ("id", json!(0)),
        ("id", Value::Null),
        ("updated_at", json!("2026-07-03T00:00:01Z")),
        ("updated_at", Value::Null),
        ("title", Value::Null),
        ("title", json!(5)),
        ("tags", json!(["a"])),
        ("image", json!("https://cdn.example.com/a.jpg")),
        ("handle", json!(5)),
    ] {
        let bad = parse("products/update", &changed(&[(field, value.clone())]).to_string()).unwrap_err();
        assert_eq!(bad.problems[0].pointer, format!("/{field}"), "{value}");
    }
}
