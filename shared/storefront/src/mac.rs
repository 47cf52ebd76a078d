//! The keyed hash that every storefront signs with.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA256 (RFC 2104) of the parts, one after the other. An empty secret signs nothing: whoever
/// left it empty would take anything from anybody.
pub(crate) fn tag(secret: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    if secret.is_empty() {
        return None;
    }
    let mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    let mac = parts.iter().fold(mac, |mac, part| mac.chain_update(part));
    Some(mac.finalize().into_bytes().into())
}
