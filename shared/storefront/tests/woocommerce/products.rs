use rules::product::Listing;
use serde_json::{Value, json};
use storefront::event::{Event, ProductEvent, ProductNews};

use crate::captured::{at, captured, now, parse, read, read_changed};

fn listed(event: Event) -> (String, Listing, jiff::Timestamp) {
    match event {
        Event::Product(ProductEvent { id, news: ProductNews::Listed { listing, page_path: None, updated_at } }) => {
            (id.into(), listing, updated_at)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_product_is_told_with_its_page_and_picture_and_without_a_price_of_no_currency() {
    let (id, listing, updated_at) = listed(read("product-updated"));
    assert_eq!((id.as_str(), updated_at), ("22", at("2026-06-26T09:40:02Z")));
    assert_eq!(listing.title.as_str(), "Cedar Soap Bar");
    assert_eq!(listing.url.unwrap().as_str(), "https://marlow-fern.example.com/product/cedar-soap-bar/");
    let image = listing.image_url.unwrap();
    assert_eq!(image.as_str(), "https://marlow-fern.example.com/wp-content/uploads/2026/03/soap.jpg");
    assert_eq!(listing.category.unwrap().as_str(), "Soap");
    assert_eq!((listing.vendor, listing.price, listing.tags), (None, None, vec![]));
}

#[test]
fn a_new_product_is_as_old_as_its_making_and_a_restored_one_as_its_restoring() {
    assert_eq!(listed(read("product-created")).2, at("2026-03-02T11:11:20Z"));
    assert_eq!(listed(read("product-restored")).2, at("2026-06-28T09:40:02Z"));
}

#[test]
fn a_draft_and_a_page_without_https_have_no_address() {
    for change in [("/status", json!("draft")), ("/permalink", json!("http://marlow-fern.example.com/soap/"))] {
        let (_, listing, _) = listed(read_changed("product-updated", &[(change.0, Some(change.1))]).unwrap());
        assert_eq!(listing.url, None);
    }
}

#[test]
fn brand_and_tags_are_kept_by_their_names() {
    let names = |names: &[&str]| Some(names.iter().map(|name| json!({"id": 1, "name": name})).collect::<Value>());
    let changes = [("/brands", names(&["Fern"])), ("/tags", names(&["vegan", "", "gift"]))];
    let (_, listing, _) = listed(read_changed("product-updated", &changes).unwrap());
    assert_eq!(listing.vendor.unwrap().as_str(), "Fern");
    assert_eq!(listing.tags.iter().map(rules::product::Label::as_str).collect::<Vec<_>>(), ["vegan", "gift"]);
}

#[test]
fn a_deleted_product_is_named_by_its_number_alone() {
    let Event::Product(ProductEvent { id, news }) = read("product-deleted") else { panic!("no product") };
    assert_eq!((id.as_str(), news), ("31", ProductNews::Deleted { at: now() }));
    let bad = parse("product.deleted", &captured("product-updated").body).unwrap_err();
    assert_eq!(bad.problems[0].pointer, "/id");
}

#[test]
fn each_bad_value_is_named() {
    for (pointer, value) in [
        ("/id", Some(json!(0))),
        ("/id", None),
        ("/date_modified_gmt", None),
        ("/date_modified_gmt", Some(json!("2026-07-03T00:00:01"))),
        ("/name", None),
        ("/name", Some(json!(7))),
        ("/images", Some(json!({}))),
        ("/categories", Some(json!("Soap"))),
        ("/permalink", Some(json!(1))),
    ] {
        let bad = read_changed("product-updated", &[(pointer, value)]).unwrap_err();
        assert_eq!(bad.problems[0].pointer, pointer);
    }
}
