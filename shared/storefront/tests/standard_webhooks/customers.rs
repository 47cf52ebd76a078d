use rules::{
    consent::{ConsentChange, ConsentState},
    ids::CustomerId,
    profile::ProfileFacts,
};
use serde_json::json;
use storefront::event::Event;

use crate::captured::{at, customer, parse, read_changed};

#[test]
fn a_customer_is_told_with_what_the_shop_knows() {
    let updated = customer("customer-updated");
    assert!(!updated.created);
    assert_eq!(updated.customer_id, CustomerId::parse("c_1881").unwrap());
    assert_eq!(updated.updated_at, at("2026-06-29T12:45:19Z"));
    let profile = updated.profile;
    assert_eq!(profile.email.unwrap().as_str(), "jonas.weidlich@example.com");
    assert_eq!(profile.name.as_deref(), Some("Jonas Weidlich-Berg"));
    assert!(profile.email_verified && profile.has_account);
    let granted = ConsentChange::new(ConsentState::Granted, at("2026-04-11T07:05:00Z"));
    assert_eq!(profile.marketing, Some(granted));
}

#[test]
fn a_customer_may_have_nothing_but_an_id() {
    let body = json!({"type": "customer.updated", "timestamp": "2026-06-01T00:00:00Z", "data": {"id": "77", "email_verified": true}});
    let Ok(Event::Customer(bare)) = parse(&body.to_string()) else { panic!("refused") };
    assert!(bare.profile == ProfileFacts { has_account: true, ..ProfileFacts::default() });
}

#[test]
fn a_withdrawal_comes_as_its_own_event() {
    let change = customer("consent-updated");
    assert_eq!(change.customer_id.as_str(), "c_1881");
    assert_eq!(change.updated_at, at("2026-07-01T22:30:00Z"));
    assert_eq!(change.profile.marketing.unwrap().state, ConsentState::Withdrawn);
    assert!(change.profile.email.is_none() && !change.profile.has_account);
}

#[test]
fn each_statement_means_what_it_says_and_unknown_is_none() {
    let told = |state: &str| read_changed("consent-updated", &[("/data/consent/marketing", Some(json!(state)))]);
    let states = [
        ("granted", ConsentState::Granted),
        ("pending", ConsentState::Pending),
        ("withdrawn", ConsentState::Withdrawn),
    ];
    for (name, state) in states {
        let Ok(Event::Customer(change)) = told(name) else { panic!("{name}") };
        assert_eq!(change.profile.marketing.unwrap().state, state, "{name}");
    }
    assert!(matches!(told("unknown"), Ok(Event::Ignored { .. })));
}
