//! Consent to marketing by email, each statement dated by itself.

use jiff::Timestamp;
use rules::profile::{ConsentChange, ConsentState, ProfileFacts};

use crate::{
    event::{CustomerEvent, Event},
    reading::Object,
};

/// The European Economic Area with its parts that have codes of their own, and the United Kingdom.
const CONFIRMING_COUNTRIES: [&str; 38] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "AX", "GF", "GP", "MF", "MQ", "RE", "YT", "GB",
];

/// The payload tells no country, so that a subscription in it is confirmed or pending; a
/// statement that is no change, and a subscription without a date, are ignored.
pub(super) fn event(change: &Object, now: Timestamp) -> Option<Event> {
    let id = change.get("customer_id");
    let customer_id = if id.is_absent() { change.need("id").id() } else { id.id() };
    let statement = statement(change, true, Some(now));
    let customer_id = customer_id?;
    let Some(marketing) = statement else {
        return Some(Event::Ignored { reason: "it states no consent and no withdrawal" });
    };
    let profile = ProfileFacts { marketing: Some(marketing), ..ProfileFacts::default() };
    Some(Event::Customer(CustomerEvent { customer_id, created: false, profile, updated_at: marketing.at }))
}

/// Whether a subscription from there waits until the subscriber has confirmed it.
pub(super) fn needs_confirmation(country: Option<&str>) -> bool {
    country.is_some_and(|code| CONFIRMING_COUNTRIES.contains(&code))
}

/// What `email_marketing_consent` states, at its own time. A subscription that has none is no
/// statement, because a later date would revive it; a withdrawal without one was made by `stated_by`.
pub(super) fn statement(
    customer: &Object,
    needs_confirmation: bool,
    stated_by: Option<Timestamp>,
) -> Option<ConsentChange> {
    let consent = customer.object("email_marketing_consent")?;
    let (state, level) = (consent.get("state").text(), consent.get("opt_in_level").text());
    let stated_at = consent.get("consent_updated_at").time();
    let confirmed = level.is_some_and(|level| level.eq_ignore_ascii_case("confirmed_opt_in"));
    let state = match state?.to_ascii_lowercase().as_str() {
        "subscribed" if needs_confirmation && !confirmed => ConsentState::Pending,
        "subscribed" => ConsentState::Granted,
        "pending" => ConsentState::Pending,
        "unsubscribed" | "redacted" => ConsentState::Withdrawn,
        _ => return None,
    };
    let by = stated_by.filter(|_| state == ConsentState::Withdrawn);
    Some(ConsentChange { state, at: stated_at.or(by)? })
}
