//! Products.

use jiff::Timestamp;
use rules::product::{Listing, MAX_TAGS};

use crate::{
    event::{Event, ProductEvent, ProductNews},
    product_listing::{address, label},
    reading::Object,
};

pub(super) fn event(product: &Object, told_at: Option<Timestamp>) -> Option<Event> {
    let id = product.need("id").text_id();
    if product.get("deleted").flag() == Some(true) {
        return Some(Event::Product(ProductEvent { id: id?, news: ProductNews::Deleted { at: told_at? } }));
    }
    let title = product.need("title");
    let listing = Listing {
        url: address(&product.get("url")),
        image_url: address(&product.get("image_url")),
        price: product.get("price").amount(),
        category: label(&product.get("category")),
        vendor: label(&product.get("vendor")),
        tags: product.get("tags").texts().iter().filter_map(|tag| label(tag)).take(MAX_TAGS).collect(),
        title: label(&title).or_else(|| title.refuse("must not be empty"))?,
    };
    let news = ProductNews::Listed { listing, page_path: None, updated_at: told_at? };
    Some(Event::Product(ProductEvent { id: id?, news }))
}
