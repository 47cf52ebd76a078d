//! Keys and signing secrets: one JSON document, in the environment as `REGULARS_SECRETS`.

use std::{collections::BTreeMap, fmt};

use app::links::Links;
use rules::ids::Source;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    member_token::TokenSecrets,
    origins::{Origin, is_loopback, is_of_source},
};

/// What a caller's key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// Act for members; not change rules or adjust.
    Storefront,
    /// Read what a browser may show.
    Publishable,
    /// Act for themself: no key of ours, but a token that a member has for a while.
    Member,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    admin_keys: Vec<String>,
    storefront_keys: Vec<String>,
    #[serde(default)]
    publishable_keys: Vec<String>,
    /// Sign member tokens (HS256); two while one is rotated, the first mints.
    #[serde(default)]
    member_token_secrets: Vec<String>,
    /// Sign the links in mail; two while one is rotated, the first signs.
    #[serde(default)]
    link_secrets: Vec<String>,
    /// Keys the hash of email addresses; never rotated, because lookups rest on it.
    email_hmac: String,
    /// Live signing secrets by source; two while one is rotated. `shopify:<domain>` is a Shopify shop
    /// (`shopify:*` any), `woocommerce:<name>` a WooCommerce one, everything else signs its events by
    /// Standard Webhooks.
    sources: BTreeMap<String, Vec<String>>,
    /// Whose pages may call from a browser, besides those of the Shopify sources.
    #[serde(default)]
    origins: Vec<Origin>,
    /// Whether this is a machine on which shops are made.
    #[serde(skip)]
    is_local: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum BadSecrets {
    #[error("the secrets are not JSON of the expected shape")]
    Malformed(#[source] serde_json::Error),
    #[error("`{0}` is empty")]
    Empty(&'static str),
    #[error("a secret of `member_token_secrets` or `link_secrets` is shorter than {MIN_TOKEN_SECRET_BYTES} bytes")]
    Short,
    #[error("a development secret is only for a database on this machine")]
    Development,
}

/// RFC 7518, 3.2: at least as long as the hash. Whoever has a token or a link can try secrets on it.
const MIN_TOKEN_SECRET_BYTES: usize = 32;

/// How a Standard Webhooks secret begins that is `dev-...` in base64.
const DEV_WHSEC: &str = "whsec_ZGV2L";

/// Whose manner of signing a source has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    Shopify,
    WooCommerce,
    StandardWebhooks,
}

impl Signer {
    fn of(source: &str) -> Signer {
        match source.split_once(':') {
            Some(("shopify", _)) => Signer::Shopify,
            Some(("woocommerce", _)) => Signer::WooCommerce,
            _ => Signer::StandardWebhooks,
        }
    }
}

impl Secrets {
    /// Reads the document. Development secrets (`dev-...`, any shop) are refused unless the database is local.
    ///
    /// # Errors
    /// `BadSecrets` says which part.
    pub fn parse(json: &str, database_is_local: bool) -> Result<Secrets, BadSecrets> {
        let mut secrets: Secrets = serde_json::from_str(json).map_err(BadSecrets::Malformed)?;
        secrets.is_local = database_is_local;
        let keys = || secrets.admin_keys.iter().chain(&secrets.storefront_keys).chain(&secrets.publishable_keys);
        let minting = || secrets.member_token_secrets.iter().chain(&secrets.link_secrets);
        let signing = || secrets.sources.values().flatten().chain(minting());
        let all = || keys().chain(signing()).chain([&secrets.email_hmac]);
        if secrets.admin_keys.is_empty() {
            return Err(BadSecrets::Empty("admin_keys"));
        }
        if all().any(String::is_empty) {
            return Err(BadSecrets::Empty("a secret"));
        }
        let for_development = all().any(|secret| secret.starts_with("dev-") || secret.starts_with(DEV_WHSEC))
            || secrets.sources.keys().any(|source| source.ends_with(":*"));
        if for_development && !database_is_local {
            return Err(BadSecrets::Development);
        }
        if !database_is_local && minting().any(|secret| secret.len() < MIN_TOKEN_SECRET_BYTES) {
            return Err(BadSecrets::Short);
        }
        Ok(secrets)
    }

    pub fn links(&self) -> Links {
        Links::new(self.link_secrets.iter().map(String::as_bytes))
    }

    pub(crate) fn member_tokens(&self) -> TokenSecrets {
        TokenSecrets::new(&self.member_token_secrets)
    }

    /// Whether a page of that origin may call.
    pub(crate) fn allow_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|known| known.is(origin))
            || self.sources.keys().any(|source| is_of_source(source, origin))
            || self.is_local && is_loopback(origin)
    }

    /// The source of a Shopify shop and its live secrets, if it is configured.
    pub(crate) fn shopify_shop(&self, domain: &str) -> Option<(Source, &[String])> {
        let source = Source::parse(&format!("shopify:{domain}")).ok()?;
        let secrets = self.sources.get(source.as_str()).or_else(|| self.sources.get("shopify:*"))?;
        Some((source, secrets))
    }

    pub fn email_hmac(&self) -> &[u8] {
        self.email_hmac.as_bytes()
    }

    /// The role of a key, compared in constant time with every key there is.
    pub fn role_of(&self, key: &str) -> Option<Role> {
        let asked = Sha256::digest(key);
        let lists = [
            (Role::Admin, &self.admin_keys),
            (Role::Storefront, &self.storefront_keys),
            (Role::Publishable, &self.publishable_keys),
        ];
        let mut found = None;
        for (role, keys) in lists {
            for known in keys {
                if bool::from(Sha256::digest(known).ct_eq(&asked)) {
                    found = found.or(Some(role));
                }
            }
        }
        found
    }

    /// The Shopify shop whose secret signed the body. The domain of the header is not signed: it only
    /// says which of the shops that share a secret is meant.
    pub fn shopify_source(&self, domain: Option<&str>, signed_by: impl Fn(&[String]) -> bool) -> Option<Source> {
        let named = domain.map(|domain| format!("shopify:{domain}"));
        let mut verified = None;
        for (source, secrets) in self.signing(Signer::Shopify) {
            if !signed_by(secrets) {
                continue;
            }
            let is_named = Some(source) == named.as_ref();
            let name = if source == "shopify:*" { named.as_deref().unwrap_or("shopify:unnamed") } else { source };
            if is_named || verified.is_none() {
                verified = Source::parse(name).ok().or(verified);
            }
        }
        verified
    }

    /// Whether an event of that source may speak of that shop: a secret that is any shop's says nothing of which.
    pub fn takes_shop(&self, source: &Source, shop: &Source) -> bool {
        shop == source || !self.sources.contains_key(source.as_str())
    }

    /// The source of that manner of signing whose secret signed the body.
    pub fn source_signed(&self, signer: Signer, signed_by: impl Fn(&[String]) -> bool) -> Option<Source> {
        let mut signing = self.signing(signer).filter(|(_, secrets)| signed_by(secrets));
        signing.next().and_then(|(source, _)| Source::parse(source).ok())
    }

    /// Whether events of that source could be genuine.
    pub fn knows(&self, source: &Source) -> bool {
        let of_any_shop = || source.as_str().starts_with("shopify:") && self.sources.contains_key("shopify:*");
        self.sources.contains_key(source.as_str()) || of_any_shop()
    }

    fn signing(&self, signer: Signer) -> impl Iterator<Item = (&String, &Vec<String>)> {
        self.sources.iter().filter(move |(source, _)| Signer::of(source) == signer)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_SHOPS: &str = r#"{"admin_keys":["a1"],"storefront_keys":["s1"],"publishable_keys":["p1"],"email_hmac":"e",
        "sources":{"shopify:one.myshopify.com":["x"],"shopify:two.myshopify.com":["x","y"]}}"#;

    fn signed_with(secret: &str) -> impl Fn(&[String]) -> bool + '_ {
        move |secrets| secrets.iter().any(|known| known == secret)
    }

    #[test]
    fn a_key_has_the_role_of_its_list() {
        let secrets = Secrets::parse(TWO_SHOPS, false).unwrap();
        assert_eq!(secrets.role_of("a1"), Some(Role::Admin));
        assert_eq!(secrets.role_of("s1"), Some(Role::Storefront));
        assert_eq!(secrets.role_of("p1"), Some(Role::Publishable));
        assert_eq!(secrets.role_of("A1"), None);
        assert_eq!(secrets.role_of(""), None);
    }

    #[test]
    fn the_secret_decides_the_shop_and_the_header_only_among_equals() {
        let secrets = Secrets::parse(TWO_SHOPS, false).unwrap();
        let shop = |domain, secret| secrets.shopify_source(domain, signed_with(secret)).map(String::from);
        assert_eq!(shop(Some("two.myshopify.com"), "x").as_deref(), Some("shopify:two.myshopify.com"));
        assert_eq!(shop(Some("one.myshopify.com"), "y").as_deref(), Some("shopify:two.myshopify.com"));
        assert_eq!(shop(None, "x").as_deref(), Some("shopify:one.myshopify.com"));
        assert_eq!(shop(Some("two.myshopify.com"), "z"), None);
    }

    #[test]
    fn a_shop_speaks_of_itself_alone_unless_its_secret_is_any_shop_s() {
        let [one, two] =
            ["shopify:one.myshopify.com", "shopify:two.myshopify.com"].map(|shop| Source::parse(shop).unwrap());
        let secrets = Secrets::parse(TWO_SHOPS, false).unwrap();
        assert!(secrets.takes_shop(&one, &one) && !secrets.takes_shop(&one, &two));
        let any = Secrets::parse(&TWO_SHOPS.replace("one.myshopify.com", "*"), true).unwrap();
        assert!(any.takes_shop(&one, &two) && !any.takes_shop(&two, &one));
    }

    #[test]
    fn a_signature_counts_only_for_sources_that_sign_in_its_manner() {
        let json = TWO_SHOPS.replace("\"sources\":{", "\"sources\":{\"woocommerce:shop\":[\"w\"],\"own\":[\"x\"],");
        let secrets = Secrets::parse(&json, false).unwrap();
        let source = |signer, secret| secrets.source_signed(signer, signed_with(secret)).map(String::from);
        assert_eq!(source(Signer::WooCommerce, "w").as_deref(), Some("woocommerce:shop"));
        assert_eq!(source(Signer::WooCommerce, "x"), None);
        assert_eq!(source(Signer::StandardWebhooks, "x").as_deref(), Some("own"));
    }

    #[test]
    fn development_secrets_are_refused_where_the_database_is_not_local() {
        let dev = TWO_SHOPS.replace("\"a1\"", "\"dev-admin\"");
        assert!(matches!(Secrets::parse(&dev, false), Err(BadSecrets::Development)));
        assert!(Secrets::parse(&dev, true).is_ok());
        let whsec = TWO_SHOPS.replace("\"y\"", "\"whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM=\"");
        assert!(matches!(Secrets::parse(&whsec, false), Err(BadSecrets::Development)));
        let any_shop = TWO_SHOPS.replace("one.myshopify.com", "*");
        assert!(matches!(Secrets::parse(&any_shop, false), Err(BadSecrets::Development)));
    }

    #[test]
    fn documents_without_member_tokens_or_links_still_parse_and_weak_or_development_ones_are_refused() {
        assert!(Secrets::parse(TWO_SHOPS, false).is_ok());
        let with = |secret: &str| {
            ["member_token_secrets", "link_secrets"]
                .map(|name| TWO_SHOPS.replace("\"sources\":", &format!("\"{name}\":[\"{secret}\"],\"sources\":")))
        };
        assert!(with(&"s".repeat(32)).iter().all(|json| Secrets::parse(json, false).is_ok()));
        for json in with(&"s".repeat(31)) {
            assert!(matches!(Secrets::parse(&json, false), Err(BadSecrets::Short)));
        }
        for json in with("dev-member") {
            assert!(matches!(Secrets::parse(&json, false), Err(BadSecrets::Development)));
            assert!(Secrets::parse(&json, true).is_ok());
        }
        for json in with("") {
            assert!(matches!(Secrets::parse(&json, true), Err(BadSecrets::Empty(_))));
        }
    }

    #[test]
    fn pages_of_the_shops_and_of_the_list_may_call_and_of_this_machine_where_shops_are_made() {
        let json = TWO_SHOPS.replace("\"sources\":", "\"origins\":[\"https://shop.example\"],\"sources\":");
        let (deployed, local) = (Secrets::parse(&json, false).unwrap(), Secrets::parse(&json, true).unwrap());
        for origin in ["https://shop.example", "https://one.myshopify.com", "https://two.myshopify.com"] {
            assert!(deployed.allow_origin(origin) && local.allow_origin(origin), "{origin}");
        }
        for origin in ["https://three.myshopify.com", "https://shop.example.evil.example", "null", "*", ""] {
            assert!(!deployed.allow_origin(origin) && !local.allow_origin(origin), "{origin}");
        }
        assert!(local.allow_origin("http://localhost:3000") && !deployed.allow_origin("http://localhost:3000"));
        let bad = json.replace("https://shop.example", "https://shop.example/path");
        assert!(matches!(Secrets::parse(&bad, false), Err(BadSecrets::Malformed(_))));
    }
}
