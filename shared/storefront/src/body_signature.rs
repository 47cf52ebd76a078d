//! The signature of Shopify (`X-Shopify-Hmac-Sha256`) and of WooCommerce (`X-WC-Webhook-Signature`): the
//! base64 HMAC-SHA256 of the raw body under a secret that both sides know
//! (<https://shopify.dev/docs/apps/build/webhooks/subscribe/https>,
//! <https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks>).

use base64::{Engine, engine::general_purpose::STANDARD};
use subtle::{Choice, ConstantTimeEq};

use crate::mac;

/// Whether one of the live secrets signed the body; more than one lives while they are rotated.
/// Every secret is tried in constant time, so that the time taken tells nothing of any. An empty
/// secret signs nothing.
pub fn verify(secrets: &[impl AsRef<[u8]>], body: &[u8], signature_base64: &str) -> bool {
    let Ok(signature) = STANDARD.decode(signature_base64) else { return false };
    let signed_by = |secret: &[u8]| {
        let tag = mac::tag(secret, &[body]);
        tag.map_or(Choice::from(0), |tag| tag.as_slice().ct_eq(&signature))
    };
    secrets.iter().fold(Choice::from(0), |found, secret| found | signed_by(secret.as_ref())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":6120345678901}"#;
    /// `printf '{"id":6120345678901}' | openssl dgst -sha256 -hmac dev-shopify -binary | base64`
    const SIGNATURE: &str = "FxNTn2hCBxaxX8wl6IF3aOLcQF5Mxb7iuRkTf5ICBQk=";

    #[test]
    fn what_the_secret_signed_is_genuine() {
        assert!(verify(&["dev-shopify"], BODY, SIGNATURE));
    }

    #[test]
    fn while_a_secret_is_rotated_either_is_good() {
        assert!(verify(&["the-next", "dev-shopify"], BODY, SIGNATURE));
        assert!(verify(&["dev-shopify", "the-next"], BODY, SIGNATURE));
    }

    #[test]
    fn another_body_or_secret_or_signature_is_refused() {
        assert!(!verify(&["dev-shopify"], br#"{"id":6120345678902}"#, SIGNATURE));
        assert!(!verify(&["the-next"], BODY, SIGNATURE));
        for signature in ["", "=", "not base64", "AAAA", &SIGNATURE[..40], &format!(" {SIGNATURE}")] {
            assert!(!verify(&["dev-shopify"], BODY, signature), "{signature}");
        }
    }

    #[test]
    fn without_a_secret_nothing_is_genuine() {
        /// `printf '{"id":6120345678901}' | openssl dgst -sha256 -hmac '' -binary | base64`
        const UNDER_NO_SECRET: &str = "URfjAnNe2I0bCoAIuge+uzy4i3uT4CqQJsM/ZF+9n2k=";
        assert!(!verify(&[] as &[&str], BODY, SIGNATURE));
        assert!(!verify(&[""], BODY, UNDER_NO_SECRET));
    }
}
