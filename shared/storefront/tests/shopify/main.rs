//! Shopify's payloads, as they are in `events/`: genuine, read into facts, and broken on purpose.

#[cfg(test)]
mod any_bytes;
#[cfg(test)]
mod app_proxy;
#[cfg(test)]
mod captured;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod consents;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod files;
#[cfg(test)]
mod malformed;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod parcels;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod products;
#[cfg(test)]
mod refunds;
