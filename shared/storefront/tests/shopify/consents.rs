use rules::consent::{ConsentChange, ConsentState};
use serde_json::json;
use storefront::event::Event;

use crate::captured::{at, customer, now, order, order_changed, read_changed};

const STATED_AT: &str = "2026-03-01T12:00:00Z";

/// What an order's customer states who lives in that country.
fn stated(country: &str, state: Option<&str>, level: &str) -> Option<ConsentChange> {
    let consent = json!({"state": state, "opt_in_level": level, "consent_updated_at": STATED_AT});
    let changes = [
        ("/shipping_address/country_code", Some(json!(country))),
        ("/customer/email_marketing_consent", Some(consent)),
    ];
    let change = order_changed("orders-paid", &changes).buyer.unwrap().profile.marketing?;
    assert_eq!(change.at, at(STATED_AT));
    Some(change)
}

/// What the consent topic states.
fn topic(state: &str, level: &str, stated_at: Option<&str>) -> Event {
    let consent = json!({"state": state, "opt_in_level": level, "consent_updated_at": stated_at});
    read_changed("customers-consent-update", &[("/email_marketing_consent", Some(consent))]).unwrap()
}

#[test]
fn an_order_carries_the_statement_with_its_own_time() {
    let granted = ConsentChange::new(ConsentState::Granted, at("2026-05-02T18:20:11Z"));
    assert_eq!(order("orders-paid").buyer.unwrap().profile.marketing, Some(granted));
}

#[test]
fn a_single_opt_in_is_a_grant_that_nobody_has_confirmed_and_who_must_confirm_is_not_ours_to_say() {
    for (level, confirmed) in [("single_opt_in", false), ("confirmed_opt_in", true), ("unknown", false)] {
        let change = stated("DE", Some("subscribed"), level).unwrap();
        assert_eq!((change.state, change.confirmed), (ConsentState::Granted, confirmed), "{level}");
    }
}

#[test]
fn each_state_means_what_it_says() {
    let stated = |state| stated("US", state, "single_opt_in").map(|change| change.state);
    assert_eq!(stated(Some("unsubscribed")), Some(ConsentState::Withdrawn));
    assert_eq!(stated(Some("redacted")), Some(ConsentState::Withdrawn));
    assert_eq!(stated(Some("pending")), Some(ConsentState::Pending));
    for nothing in [Some("not_subscribed"), Some("invalid"), None] {
        assert_eq!(stated(nothing), None);
    }
}

#[test]
fn a_subscription_without_a_date_is_no_statement_but_a_withdrawal_is() {
    let of = |state: &str| {
        let consent = json!({"state": state, "opt_in_level": null, "consent_updated_at": null});
        let order = order_changed("orders-paid", &[("/customer/email_marketing_consent", Some(consent))]);
        order.buyer.unwrap().profile.marketing
    };
    assert_eq!(of("subscribed"), None);
    let withdrawn = ConsentChange::new(ConsentState::Withdrawn, at("2026-06-18T10:00:07Z"));
    assert_eq!(of("unsubscribed"), Some(withdrawn));
}

#[test]
fn a_withdrawal_comes_as_its_own_event() {
    let change = customer("customers-consent-update");
    assert_eq!(change.customer_id.as_str(), "7304512998145");
    assert_eq!(change.updated_at, at("2026-07-01T22:30:00Z"));
    assert_eq!(change.profile.marketing.unwrap().state, ConsentState::Withdrawn);
    assert!(!change.created && change.profile.email.is_none() && change.profile.name.is_none());
}

#[test]
fn the_consent_topic_says_whether_it_was_confirmed() {
    let confirmed = |level| match topic("subscribed", level, Some(STATED_AT)) {
        Event::Customer(change) => change.profile.marketing.unwrap().confirmed,
        other => panic!("{other:?}"),
    };
    assert!(confirmed("confirmed_opt_in") && !confirmed("single_opt_in"));
}

#[test]
fn in_the_consent_topic_no_statement_is_ignored_and_an_undated_withdrawal_holds_from_now() {
    assert!(matches!(topic("not_subscribed", "single_opt_in", None), Event::Ignored { .. }));
    assert!(matches!(topic("subscribed", "single_opt_in", None), Event::Ignored { .. }));
    let Event::Customer(change) = topic("unsubscribed", "single_opt_in", None) else { panic!("ignored") };
    assert_eq!(change.updated_at, now());
}
