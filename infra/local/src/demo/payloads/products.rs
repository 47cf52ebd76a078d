//! Listings of what is sold.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    money::amount,
    template::{PRODUCT, filled, gid, part},
};
use crate::demo::catalogue::Product;

/// `products/create`
pub(in crate::demo) fn product(product: &Product, at: Timestamp) -> Value {
    let handle = product.sku.to_lowercase();
    let variant_id = 37_400_000_000_000 + product.id;
    let variant = filled(
        part(&PRODUCT, "/variants/0"),
        json!({
            "id": variant_id,
            "product_id": product.id,
            "title": product.variant,
            "price": amount(product.price),
            "option1": product.variant,
            "created_at": at,
            "updated_at": at,
            "grams": product.grams,
            "requires_shipping": !product.gift_card,
            "sku": product.sku,
            "admin_graphql_api_id": gid("ProductVariant", variant_id),
        }),
    );
    let src = format!("https://cdn.shopify.com/s/files/1/0700/1234/5678/files/{handle}.jpg");
    let image = filled(part(&PRODUCT, "/image"), json!({ "product_id": product.id, "src": src }));
    filled(
        PRODUCT.clone(),
        json!({
            "id": product.id,
            "admin_graphql_api_id": gid("Product", product.id),
            "title": product.title,
            "body_html": format!("<p>{}, {}.</p>", product.title, product.variant),
            "handle": handle,
            "product_type": if product.gift_card { "Gift card" } else { "Goods" },
            "created_at": at,
            "updated_at": at,
            "published_at": at,
            "variants": [variant],
            "images": [image],
            "image": image,
        }),
    )
}
