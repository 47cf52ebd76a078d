//! Consent to marketing by email, each statement dated by itself.

use jiff::Timestamp;
use rules::{
    consent::{ConsentChange, ConsentState},
    profile::ProfileFacts,
};

use crate::{
    event::{CustomerEvent, Event},
    reading::Object,
};

/// A statement that is no change, and a subscription without a date, are ignored.
pub(super) fn event(change: &Object, now: Timestamp) -> Option<Event> {
    let id = change.get("customer_id");
    let customer_id = if id.is_absent() { change.need("id").id() } else { id.id() };
    let statement = statement(change, Some(now));
    let customer_id = customer_id?;
    let Some(marketing) = statement else {
        return Some(Event::Ignored { reason: "it states no consent and no withdrawal" });
    };
    let profile = ProfileFacts { marketing: Some(marketing), ..ProfileFacts::default() };
    Some(Event::Customer(CustomerEvent { customer_id, created: false, profile, updated_at: marketing.at }))
}

/// What `email_marketing_consent` states, at its own time. A subscription that has none is no
/// statement, because a later date would revive it; a withdrawal without one was made by `stated_by`.
pub(super) fn statement(customer: &Object, stated_by: Option<Timestamp>) -> Option<ConsentChange> {
    let consent = customer.object("email_marketing_consent")?;
    let (state, level) = (consent.get("state").text(), consent.get("opt_in_level").text());
    let stated_at = consent.get("consent_updated_at").time();
    let confirmed = level.is_some_and(|level| level.eq_ignore_ascii_case("confirmed_opt_in"));
    let state = match state?.to_ascii_lowercase().as_str() {
        "subscribed" => ConsentState::Granted,
        "pending" => ConsentState::Pending,
        "unsubscribed" | "redacted" => ConsentState::Withdrawn,
        _ => return None,
    };
    let by = stated_by.filter(|_| state == ConsentState::Withdrawn);
    let change = ConsentChange::new(state, stated_at.or(by)?);
    Some(if confirmed { change.confirmed() } else { change })
}
