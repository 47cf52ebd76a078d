//! What customers and former shops may ask for.

use rules::{
    email::Email,
    ids::{CustomerId, HappeningId, Source},
};
use serde_json::json;
use storefront::event::{Event, PrivacyDemand, PrivacyEvent};

use crate::captured::{read, read_changed};

fn demanded(demand: PrivacyDemand) -> Event {
    Event::Privacy(PrivacyEvent { shop: Source::parse("shopify:marlow-fern-example.myshopify.com").unwrap(), demand })
}

#[test]
fn a_customer_asks_to_be_forgotten_or_to_see_what_is_kept() {
    let customer_id = CustomerId::parse("7304512998145").unwrap();
    let email = Email::parse("mia.thornbury@example.com").ok();
    let request = HappeningId::parse("9514738").unwrap();
    assert_eq!(
        read("customers-redact"),
        demanded(PrivacyDemand::Redact { customer_id: customer_id.clone(), email: email.clone() })
    );
    assert_eq!(read("customers-data-request"), demanded(PrivacyDemand::Data { customer_id, email, request }));
}

#[test]
fn a_former_shop_is_named_by_its_domain() {
    assert_eq!(read("shop-redact"), demanded(PrivacyDemand::RedactShop));
    let problems = read_changed("shop-redact", &[("/shop_domain", Some(json!("a shop#")))]).unwrap_err().problems;
    assert_eq!((problems.len(), problems[0].pointer.as_str()), (1, "/shop_domain"));
}
