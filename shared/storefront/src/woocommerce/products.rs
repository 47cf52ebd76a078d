//! Products.

use jiff::Timestamp;
use rules::product::{Label, Listing, MAX_TAGS};

use crate::{
    event::{Event, ProductEvent, ProductNews},
    product_listing::{address, label, names},
    reading::Object,
};

/// The payload names no currency, so its price is not kept: the program's currency need not be the
/// shop's. Until a product is changed, only its making is dated.
pub(super) fn event(product: &Object) -> Option<Event> {
    let id = product.need("id").id();
    let created_at = product.get("date_created_gmt").utc_time();
    let modified_at = product.need("date_modified_gmt").utc_time();
    let name = product.need("name");
    let listing = listing(product, label(&name));
    let (id, updated_at) = (id?, modified_at.max(created_at)?);
    let Some(listing) = listing else { return Some(Event::Ignored { reason: "the product has no title" }) };
    Some(Event::Product(ProductEvent { id, news: ProductNews::Listed { listing, page_path: None, updated_at } }))
}

/// Names its number alone, and no time.
pub(super) fn deleted(product: &Object, now: Timestamp) -> Option<Event> {
    Some(Event::Product(ProductEvent { id: product.need_alone("id").id()?, news: ProductNews::Deleted { at: now } }))
}

fn listing(product: &Object, title: Option<Label>) -> Option<Listing> {
    let published = product.get("status").text().is_none_or(|status| status == "publish");
    let image = product.objects("images").into_iter().next();
    Some(Listing {
        url: address(&product.get("permalink")).filter(|_| published),
        image_url: image.and_then(|image| address(&image.get("src"))),
        price: None,
        category: names(product, "categories").into_iter().next(),
        vendor: names(product, "brands").into_iter().next(),
        tags: names(product, "tags").into_iter().take(MAX_TAGS).collect(),
        title: title?,
    })
}
