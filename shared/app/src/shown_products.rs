//! The products of an order as a mail shows them.

use mail::{letter::ProductView, locale::Locale, web_link::WebLink};
use rules::{ids::ProductId, order::Order, product::Product};

/// A product with what the reader may see of it.
pub(crate) fn product_view(
    product: &Product,
    order: Option<&Order>,
    review: Option<&WebLink>,
    locale: Locale,
) -> Option<ProductView> {
    let listing = product.listing()?;
    let lines = order.and_then(|order| order.facts.content()).into_iter().flat_map(|content| &content.lines);
    let own = lines.filter(|line| line.product_id.as_ref() == Some(&product.id));
    let units = order.map(|order| own.map(|line| order.facts.units_kept(line)).sum());
    Some(ProductView {
        id: product.id.clone(),
        title: listing.title.as_str().to_owned(),
        image_url: listing.image_url.clone().map(WebLink::from),
        url: listing.url.clone().map(WebLink::from),
        review_url: review_of(&product.id, review),
        quantity: units,
        guides: product.guides.iter().filter(|guide| locale.reads(guide.locale.as_deref())).cloned().collect(),
    })
}

/// A product that the shop has not told of.
pub(crate) fn nameless_view(id: ProductId, review: Option<&WebLink>) -> ProductView {
    let review_url = review_of(&id, review);
    ProductView { id, title: String::new(), image_url: None, url: None, review_url, quantity: None, guides: Vec::new() }
}

fn review_of(product: &ProductId, review: Option<&WebLink>) -> Option<WebLink> {
    review.and_then(|link| WebLink::parse(&format!("{}?product={product}", link.as_str())).ok())
}
