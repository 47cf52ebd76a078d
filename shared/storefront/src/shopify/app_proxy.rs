//! Requests that Shopify forwards from a theme: an app proxy signs the query
//! (<https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies>).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rules::ids::CustomerId;
use subtle::{Choice, ConstantTimeEq};

use crate::mac;

const SIGNATURE: &str = "signature";
const SHOP: &str = "shop";
const TIMESTAMP: &str = "timestamp";
const CUSTOMER: &str = "logged_in_customer_id";

/// How far Shopify's clock may be from ours, either way.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// A query as it was forwarded; it proves nothing before [`Forwarded::verify`] has said so.
pub struct Forwarded {
    /// All other parameters in the form in which Shopify signs them.
    signed: String,
    signature: String,
    shop: String,
    sent_at: Timestamp,
    customer: String,
}

/// What a query proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This customer of the shop is logged in.
    Customer(CustomerId),
    NobodyIsLoggedIn,
    WrongTime,
    /// The signature does not fit.
    Forged,
}

impl Forwarded {
    /// Reads the decoded parameters of a query; `None` if they are not what Shopify forwards.
    ///
    /// What is signed has no separators (`a=1b=2`), so a buyer can have Shopify sign a parameter of their own that
    /// reads as another customer's id once the query is cut differently. Shopify's own names must therefore appear
    /// exactly once in what was signed, wherever the cuts are.
    pub fn read(query: impl IntoIterator<Item = (String, String)>) -> Option<Forwarded> {
        let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in query {
            parameters.entry(name).or_default().push(value);
        }
        let signature = only(&parameters.remove(SIGNATURE)?)?;
        let mut pairs: Vec<String> =
            parameters.iter().map(|(name, values)| format!("{name}={}", values.join(","))).collect();
        pairs.sort();
        let signed = pairs.concat();
        let is_once = |name: &str| signed.matches(&format!("{name}=")).count() == 1;
        if ![SHOP, TIMESTAMP, CUSTOMER].into_iter().all(is_once) {
            return None;
        }
        let value = |name: &str| parameters.get(name).and_then(|values| only(values));
        let second = value(TIMESTAMP)?.parse().ok()?;
        let sent_at = Timestamp::from_second(second).ok()?;
        Some(Forwarded { signed, signature, shop: value(SHOP)?, sent_at, customer: value(CUSTOMER)? })
    }

    /// The domain that it says it comes from, which decides whose secrets must have signed it.
    pub fn shop(&self) -> &str {
        &self.shop
    }

    /// Tries every secret in constant time.
    pub fn verify(&self, secrets: &[impl AsRef<[u8]>], now: Timestamp) -> Verdict {
        let signed_by = |secret: &[u8]| {
            let tag = mac::tag(secret, &[self.signed.as_bytes()]);
            tag.map_or(Choice::from(0), |tag| hexadecimal(&tag).as_bytes().ct_eq(self.signature.as_bytes()))
        };
        let genuine = secrets.iter().fold(Choice::from(0), |found, secret| found | signed_by(secret.as_ref()));
        if !bool::from(genuine) {
            return Verdict::Forged;
        }
        if self.sent_at.duration_since(now).abs() > TOLERANCE {
            return Verdict::WrongTime;
        }
        let is_number = self.customer.bytes().all(|byte| byte.is_ascii_digit());
        match CustomerId::parse(&self.customer) {
            Ok(customer) if is_number => Verdict::Customer(customer),
            _ => Verdict::NobodyIsLoggedIn,
        }
    }
}

fn only(values: &[String]) -> Option<String> {
    if let [value] = values { Some(value.clone()) } else { None }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
