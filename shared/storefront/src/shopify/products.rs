//! Products.

use jiff::Timestamp;
use rules::product::{Label, Listing, MAX_TAGS};

use crate::{
    event::{Event, ProductEvent, ProductNews},
    product_listing::{address, label},
    reading::Object,
};

/// The payload names no currency, so the prices of its variants are not kept: the program's currency
/// need not be the shop's.
pub(super) fn event(product: &Object) -> Option<Event> {
    let id = product.need("id").id();
    let updated_at = product.need("updated_at").time();
    let title = product.need("title");
    let listing = listing(product, label(&title));
    let page_path = page_path(product);
    let (id, updated_at) = (id?, updated_at?);
    let Some(listing) = listing else { return Some(Event::Ignored { reason: "the product has no title" }) };
    Some(Event::Product(ProductEvent { id, news: ProductNews::Listed { listing, page_path, updated_at } }))
}

/// Names its number alone, and no time.
pub(super) fn deleted(product: &Object, now: Timestamp) -> Option<Event> {
    Some(Event::Product(ProductEvent { id: product.need_alone("id").id()?, news: ProductNews::Deleted { at: now } }))
}

fn listing(product: &Object, title: Option<Label>) -> Option<Listing> {
    let image = product.object("image").or_else(|| product.objects("images").into_iter().next());
    let tags = product.get("tags").text().unwrap_or_default();
    Some(Listing {
        category: label(&product.get("product_type")),
        vendor: label(&product.get("vendor")),
        image_url: image.and_then(|image| address(&image.get("src"))),
        tags: tags.split(',').filter_map(Label::of).take(MAX_TAGS).collect(),
        title: title?,
        url: None,
        price: None,
    })
}

/// Only what is published has a page.
fn page_path(product: &Object) -> Option<String> {
    let published = !product.get("published_at").is_absent();
    let active = product.get("status").text().is_none_or(|status| status == "active");
    let handle = product.get("handle").text()?;
    (published && active).then(|| format!("/products/{}", percent_encoded(&handle)))
}

/// RFC 3986, section 2: handles may have letters of any language.
fn percent_encoded(handle: &str) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = |byte: u8| if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    handle.bytes().map(encoded).collect()
}
