//! What storefronts send us: proved to be theirs, and read into facts. Pure: the time, the secrets and
//! the raw bytes are arguments.

mod body_signature;
mod discounts;
pub mod email_keys;
pub mod event;
pub mod imports;
mod mac;
mod order_lines;
mod person;
mod product_listing;
mod reading;
pub mod shopify;
pub mod standard_webhooks;
pub mod woocommerce;
