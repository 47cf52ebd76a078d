use rules::{ids::CustomerId, profile::ProfileFacts};
use serde_json::{Value, json};
use storefront::event::Event;

use crate::captured::{at, captured, customer, parse, read, read_changed};

#[test]
fn a_new_customer_has_an_account_and_an_address_that_nothing_proves() {
    let created = customer("customer-created");
    assert!(created.created);
    assert_eq!(created.customer_id, CustomerId::parse("25").unwrap());
    assert_eq!(created.updated_at, at("2026-05-02T18:20:11Z"), "nothing was changed yet");
    let profile = created.profile;
    assert_eq!(profile.email.unwrap().as_str(), "mia.thornbury@example.com");
    assert_eq!(profile.name.as_deref(), Some("Mia Thornbury"));
    assert!(profile.has_account && !profile.email_verified);
    assert_eq!((profile.country, profile.marketing), (None, None));
}

#[test]
fn a_changed_customer_is_not_created_anew() {
    let updated = customer("customer-updated");
    assert!(!updated.created);
    assert_eq!(updated.updated_at, at("2026-06-29T12:45:19Z"));
    assert_eq!(updated.profile.name.as_deref(), Some("Mia Thornbury-Hale"));
    assert_eq!(updated.profile.country.as_deref(), Some("US"));
}

#[test]
fn a_deleted_customer_is_named() {
    let customer_id = CustomerId::parse("48").unwrap();
    assert_eq!(read("customer-deleted"), Event::CustomerDeleted { customer_id });
}

#[test]
fn an_order_under_the_topic_of_a_customer_makes_nobody() {
    let bad = parse("customer.created", &captured("order-paid").body).unwrap_err();
    assert_eq!(bad.problems[0].pointer, "/email");
}

#[test]
fn a_customer_may_have_nothing_but_an_account() {
    let nothing = [
        ("/email", Some(json!("deleted@site.invalid"))),
        ("/first_name", Some(json!(" "))),
        ("/last_name", Some(Value::Null)),
    ];
    let Ok(Event::Customer(bare)) = read_changed("customer-created", &nothing) else { panic!("refused") };
    assert!(bare.profile == ProfileFacts { has_account: true, ..ProfileFacts::default() });
}
