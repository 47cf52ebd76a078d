//! The bodies of the shop's webhooks: what Shopify really sends, as captured in `events/`, with the
//! shop's own people, things, times and amounts in it.

mod customers;
mod lines;
mod money;
mod orders;
mod parcels;
mod products;
mod refunds;
mod template;

pub(super) use customers::{consent, created, deleted, updated};
pub(super) use money::{amount, minor};
pub(super) use orders::order;
pub(super) use parcels::{carrier_event, fulfilment};
pub(super) use products::product;
pub(super) use refunds::refund;

#[cfg(test)]
mod tests;
