//! What storefronts send us: proved to be theirs, and read into facts. Pure: the time, the secrets and
//! the raw bytes are arguments.

pub mod email_keys;
pub mod event;
mod reading;
pub mod shopify;
