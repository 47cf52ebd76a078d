use rules::{
    consent::{ConsentChange, ConsentState},
    ids::CustomerId,
    profile::ProfileFacts,
};
use serde_json::{Value, json};
use storefront::event::Event;

use crate::captured::{at, captured, customer, parse, read, read_changed};

#[test]
fn a_new_customer_is_created_with_what_the_shop_knows() {
    let created = customer("customers-create");
    assert!(created.created);
    assert_eq!(created.customer_id, CustomerId::parse("7304512998145").unwrap());
    assert_eq!(created.updated_at, at("2026-05-02T18:20:11Z"));
    let profile = created.profile;
    assert_eq!(profile.email.unwrap().as_str(), "mia.thornbury@example.com");
    assert_eq!(profile.name.as_deref(), Some("Mia Thornbury"));
    assert_eq!(profile.country.as_deref(), Some("US"));
    assert!(profile.email_verified && profile.has_account);
    let granted = ConsentChange::new(ConsentState::Granted, at("2026-05-02T18:20:11Z"));
    assert_eq!(profile.marketing, Some(granted));
}

#[test]
fn a_changed_customer_is_not_created_anew() {
    let updated = customer("customers-update");
    assert!(!updated.created);
    assert_eq!(updated.updated_at, at("2026-06-29T12:45:19Z"));
    assert_eq!(updated.profile.name.as_deref(), Some("Mia Thornbury-Hale"));
    let body = captured("customers-update").body;
    for topic in ["customers/enable", "customers/disable"] {
        assert_eq!(parse(topic, &body), Ok(Event::Customer(updated.clone())), "{topic}");
    }
}

#[test]
fn a_customer_without_an_enabled_account_or_a_verified_address_says_so() {
    let changes = [("/state", Some(json!("invited"))), ("/verified_email", Some(json!(false)))];
    let Ok(Event::Customer(invited)) = read_changed("customers-create", &changes) else { panic!("refused") };
    assert!(!invited.profile.has_account && !invited.profile.email_verified);
}

#[test]
fn a_customer_may_have_nothing_but_a_number() {
    let body = r#"{"id": "77", "updated_at": "2026-06-01T00:00:00Z", "email": null, "verified_email": true}"#;
    let Ok(Event::Customer(bare)) = parse("customers/update", body) else { panic!("refused") };
    assert!(bare.profile == ProfileFacts::default());
}

#[test]
fn a_deleted_customer_is_named() {
    let customer_id = CustomerId::parse("7304512998411").unwrap();
    assert_eq!(read("customers-delete"), Event::CustomerDeleted { customer_id });
}

#[test]
fn a_name_of_blanks_is_no_name() {
    let changes = [("/first_name", Some(json!("  "))), ("/last_name", Some(Value::Null))];
    let Ok(Event::Customer(nameless)) = read_changed("customers-create", &changes) else { panic!("refused") };
    assert_eq!(nameless.profile.name, None);
}
