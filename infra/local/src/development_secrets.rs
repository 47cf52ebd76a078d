//! The secrets of a machine that nobody else can reach; a deployed function refuses them.

use web::secrets::{BadSecrets, Secrets};

/// What signs the webhooks of every shop.
pub const SHOPIFY: &str = "dev-shopify";
pub const ADMIN_KEY: &str = "dev-admin";
pub const STOREFRONT_KEY: &str = "dev-storefront";

/// What signs the events of every other storefront, whose source is `storefront:local`.
pub const STANDARD_WEBHOOKS: &str = "whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM=";

/// Each secret with its name, for people.
pub const NAMED: &[(&str, &str)] = &[
    ("admin_key", ADMIN_KEY),
    ("storefront_key", STOREFRONT_KEY),
    ("publishable_key", "dev-publishable"),
    ("member_token_secret", "dev-member"),
    ("link_secret", "dev-links"),
    ("email_hmac", "dev-email"),
    ("shopify_secret", SHOPIFY),
    ("woocommerce_secret", "dev-woocommerce"),
    ("standard_webhooks_secret", STANDARD_WEBHOOKS),
];

const DOCUMENT: &str = r#"{"admin_keys":["dev-admin"],"storefront_keys":["dev-storefront"],"publishable_keys":["dev-publishable"],"member_token_secrets":["dev-member"],"link_secrets":["dev-links"],"email_hmac":"dev-email","sources":{"shopify:*":["dev-shopify"],"woocommerce:local":["dev-woocommerce"],"storefront:local":["whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM="]}}"#;

pub(crate) fn secrets() -> Result<Secrets, BadSecrets> {
    Secrets::parse(DOCUMENT, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_lambda_gives_the_functions_the_same_secrets() {
        let environment = include_str!("../cargo-lambda.env");
        assert!(environment.contains(&format!("REGULARS_SECRETS='{DOCUMENT}'")), "{environment}");
    }

    #[test]
    fn every_named_secret_is_in_the_document() {
        for (name, secret) in NAMED {
            assert!(DOCUMENT.contains(&format!("\"{secret}\"")), "{name}");
        }
    }
}
