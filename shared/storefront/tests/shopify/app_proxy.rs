//! What an app proxy forwards is believed exactly if Shopify signed it for that customer.

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use proptest::{collection::vec, prelude::*};
use rules::ids::CustomerId;
use sha2::Sha256;
use storefront::shopify::app_proxy::{Forwarded, Verdict};

const SHOP: &str = "marlow-fern-example.myshopify.com";
const NOW: &str = "2026-06-20T12:00:00Z";

type Query = Vec<(String, String)>;

fn query(pairs: &[(&str, &str)]) -> Query {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn verdict(query: Query, secret: &str, now: Timestamp) -> Option<Verdict> {
    Forwarded::read(query).map(|forwarded| forwarded.verify(&[secret], now))
}

fn customer(id: &str) -> Verdict {
    Verdict::Customer(CustomerId::parse(id).unwrap())
}

/// As the documentation has it: decoded, sorted, concatenated.
fn canonical(query: &Query) -> String {
    let mut names: Vec<&String> = query.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    let values = |of: &String| -> Vec<&str> {
        query.iter().filter(|(name, _)| name == of).map(|(_, value)| value.as_str()).collect()
    };
    let mut pairs: Vec<String> = names.into_iter().map(|name| format!("{name}={}", values(name).join(","))).collect();
    pairs.sort();
    pairs.concat()
}

fn signature(query: &Query) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(b"dev-shopify").unwrap().chain_update(canonical(query).as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn signed(mut query: Query) -> Query {
    let signature = signature(&query);
    query.push(("signature".to_owned(), signature));
    query
}

fn forwarded(customer: &str) -> Query {
    query(&[
        ("shop", SHOP),
        ("logged_in_customer_id", customer),
        ("path_prefix", "/apps/regulars"),
        ("timestamp", "1781956800"),
    ])
}

#[test]
fn the_example_of_shopify_s_documentation_is_genuine() {
    let example = query(&[
        ("extra", "1"),
        ("extra", "2"),
        ("shop", "shop-name.myshopify.com"),
        ("logged_in_customer_id", "1"),
        ("path_prefix", "/apps/awesome_reviews"),
        ("timestamp", "1317327555"),
        ("signature", "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"),
    ]);
    let then = Timestamp::from_second(1_317_327_555).unwrap();
    assert_eq!(Forwarded::read(example.clone()).unwrap().shop(), "shop-name.myshopify.com");
    assert_eq!(verdict(example.clone(), "hush", then), Some(customer("1")));
    assert_eq!(verdict(example, "hash", then), Some(Verdict::Forged));
}

/// Cross-checked with Python's `hmac.new(b"dev-shopify", ..., hashlib.sha256).hexdigest()`.
#[test]
fn what_another_implementation_signed_is_genuine() {
    let with = |mut query: Query, signature: &str| {
        query.push(("signature".to_owned(), signature.to_owned()));
        query
    };
    let logged_in = "01887f4013cd4696792e9966fc94356ef64c4b57839b32b5ea37c3c89feaa7d6";
    assert_eq!(
        verdict(with(forwarded("7304000000001"), logged_in), "dev-shopify", now()),
        Some(customer("7304000000001"))
    );
    let mut nobody = forwarded("");
    nobody.extend(query(&[("a", "1"), ("a-b", "2")]));
    let sorted_by_pairs = "9476ac8c1786afc51f5d0149583108462de28e7e846819f7298a880afc4e50c1";
    assert_eq!(verdict(with(nobody, sorted_by_pairs), "dev-shopify", now()), Some(Verdict::NobodyIsLoggedIn));
}

#[test]
fn five_minutes_either_way_are_taken_and_a_second_more_is_not() {
    let genuine = signed(forwarded("42"));
    let after = |seconds: i64| verdict(genuine.clone(), "dev-shopify", now() + SignedDuration::from_secs(seconds));
    assert_eq!((after(300), after(-300)), (Some(customer("42")), Some(customer("42"))));
    assert_eq!((after(301), after(-301)), (Some(Verdict::WrongTime), Some(Verdict::WrongTime)));
}

#[test]
fn a_changed_query_or_signature_is_forged() {
    let genuine = signed(forwarded("42"));
    for place in 0..genuine.len() {
        let mut changed = genuine.clone();
        changed[place].1.push('0');
        assert!(matches!(verdict(changed.clone(), "dev-shopify", now()), Some(Verdict::Forged) | None), "{changed:?}");
        let mut missing = genuine.clone();
        missing.remove(place);
        assert!(matches!(verdict(missing, "dev-shopify", now()), Some(Verdict::Forged) | None));
    }
    let mut more = genuine.clone();
    more.push(("extra".to_owned(), "1".to_owned()));
    assert_eq!(verdict(more, "dev-shopify", now()), Some(Verdict::Forged));
    assert_eq!(verdict(genuine.clone(), "", now()), Some(Verdict::Forged));
    assert_eq!(Forwarded::read(genuine.clone()).unwrap().verify(&["next", "dev-shopify"], now()), customer("42"));
    let upper = genuine.into_iter().map(|(name, value)| (name, value.to_uppercase())).collect();
    assert_eq!(verdict(upper, "dev-shopify", now()), Some(Verdict::Forged));
}

#[test]
fn a_buyer_s_own_parameter_cannot_be_cut_into_another_customer_s_id() {
    // Shopify signs these for customer 42, who added the first parameter to the theme's address
    let mut asked = forwarded("42");
    asked.push(("extra".to_owned(), "1logged_in_customer_id=99m=l".to_owned()));
    let signature = signature(&asked);
    // the same text, cut elsewhere
    let recut = query(&[
        ("extra", "1"),
        ("logged_in_customer_id", "99"),
        ("m", "llogged_in_customer_id=42"),
        ("path_prefix", "/apps/regulars"),
        ("shop", SHOP),
        ("timestamp", "1781956800"),
    ]);
    assert_eq!(canonical(&recut), canonical(&asked));
    let forged = recut.into_iter().chain([("signature".to_owned(), signature)]).collect();
    assert_eq!(verdict(forged, "dev-shopify", now()), None);
}

proptest! {
    /// Whatever a buyer adds to the address, and however what Shopify signed is cut afterwards.
    #[test]
    fn no_cut_of_what_was_signed_makes_another_customer(
        added in vec(("[a-z_=]{1,24}|logged_in_customer_id=9[a-z=]{0,3}", "[a-z0-9_=]{0,30}|(l|1)?logged_in_customer_id=99?[a-z=]{0,4}"), 0..3),
        cuts in vec(any::<prop::sample::Index>(), 12),
    ) {
        let mut asked = forwarded("42");
        asked.extend(added);
        let text = canonical(&asked);
        let signature = signature(&asked);
        let mut query: Query = Vec::new();
        let mut rest = text.as_str();
        for cut in cuts {
            let Some((name, tail)) = rest.split_once('=') else { break };
            let end = cut.index(tail.len() + 1);
            query.push((name.to_owned(), tail[..end].to_owned()));
            rest = &tail[end..];
        }
        query.push(("signature".to_owned(), signature));
        let verdict = verdict(query, "dev-shopify", now());
        prop_assert!(!matches!(&verdict, Some(Verdict::Customer(id)) if id.as_str() != "42"), "{verdict:?}");
    }

    #[test]
    fn no_query_whatsoever_breaks_it(pairs in vec(("\\PC{0,20}", "\\PC{0,20}"), 0..8)) {
        prop_assert!(!matches!(verdict(pairs, "dev-shopify", now()), Some(Verdict::Customer(_))));
    }
}
