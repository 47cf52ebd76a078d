use rules::money::Money;
use serde_json::json;
use storefront::event::{Event, ProductEvent, ProductNews};

use crate::captured::{at, read, read_changed};

#[test]
fn a_product_is_told_whole() {
    let Event::Product(ProductEvent { id, news: ProductNews::Listed { listing, page_path, updated_at } }) =
        read("product-updated")
    else {
        panic!("no product")
    };
    assert_eq!((id.as_str(), page_path, updated_at), ("BODY-OIL-100", None, at("2026-06-18T09:30:00Z")));
    assert_eq!(listing.title.as_str(), "Körperöl 100 ml");
    assert_eq!(listing.url.unwrap().as_str(), "https://shop.example.com/de/body-oil-100");
    assert_eq!(listing.image_url.unwrap().as_str(), "https://img.example.com/body-oil-100.jpg");
    assert_eq!(listing.price, Some(Money { minor: 2440, currency: "EUR".parse().unwrap() }));
    assert_eq!(listing.tags.len(), 2);
}

#[test]
fn a_deletion_is_dated_by_the_event() {
    let Event::Product(ProductEvent { id, news }) = read("product-deleted") else { panic!("no product") };
    assert_eq!((id.as_str(), news), ("HAND-CREAM-50", ProductNews::Deleted { at: at("2026-06-25T09:30:00Z") }));
}

#[test]
fn each_bad_value_is_named() {
    for (pointer, value) in [
        ("/timestamp", None),
        ("/data/id", None),
        ("/data/id", Some(json!("a b"))),
        ("/data/title", None),
        ("/data/title", Some(json!(" "))),
        ("/data/price", Some(json!("24.40"))),
        ("/data/price/amount", Some(json!("-1"))),
        ("/data/tags", Some(json!("vegan"))),
        ("/data/tags/0", Some(json!(1))),
        ("/data/deleted", Some(json!("yes"))),
    ] {
        let bad = read_changed("product-updated", &[(pointer, value)]).unwrap_err();
        assert_eq!(bad.problems[0].pointer, pointer);
    }
}
