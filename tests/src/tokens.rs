//! What members and themes prove themselves with, signed as the merchant's back end and Shopify sign it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::shop::{DOMAIN, SIGNING};

/// What signs member tokens.
pub const MEMBER_TOKENS: &str = "dev-member";

/// A token that is good for the next hour.
pub fn member_token(subject: &str, now: Timestamp) -> String {
    let claims = json!({"sub": subject, "iat": now.as_second(), "exp": now.as_second() + 3_600});
    signed_token(&json!({"alg": "HS256", "typ": "JWT"}), &claims, MEMBER_TOKENS)
}

/// A token with any header and claims, whatever the header says signed by HMAC-SHA256.
pub fn signed_token(header: &Value, claims: &Value, secret: &str) -> String {
    let signed = unsigned_token(header, claims);
    let tag = hmac(secret.as_bytes(), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// Header and claims alone.
pub fn unsigned_token(header: &Value, claims: &Value) -> String {
    [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".")
}

/// The path and query with which Shopify forwards a theme's request for that customer; nobody, if it is empty.
pub fn forwarded(customer_id: &str, sent_at: Timestamp) -> String {
    let second = sent_at.as_second();
    let signed =
        format!("logged_in_customer_id={customer_id}path_prefix=/apps/regularsshop={DOMAIN}timestamp={second}");
    let signature: String = hmac(SIGNING, signed.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "/shopify/proxy/me?shop={DOMAIN}&logged_in_customer_id={customer_id}&path_prefix=%2Fapps%2Fregulars\
         &timestamp={second}&signature={signature}"
    )
}

fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(message).finalize().into_bytes().to_vec()
}
