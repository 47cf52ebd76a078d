//! Consent to marketing by email, dated by itself.

use rules::profile::{ConsentChange, ConsentState, ProfileFacts};

use crate::{
    event::{CustomerEvent, Event},
    reading::Object,
};

pub(super) fn event(data: &Object) -> Option<Event> {
    let customer_id = data.need("customer_id").text_id();
    let consent = data.need("consent").object()?;
    let marketing = marketing(&consent);
    let customer_id = customer_id?;
    let Some(change) = marketing else {
        return Some(Event::Ignored { reason: "it states no consent and no withdrawal" });
    };
    let profile = ProfileFacts { marketing, ..ProfileFacts::default() };
    Some(Event::Customer(CustomerEvent { customer_id, created: false, profile, updated_at: change.at }))
}

/// Nothing where it is unknown.
pub(super) fn marketing(consent: &Object) -> Option<ConsentChange> {
    let field = consent.need("marketing");
    let state = match field.text()?.as_str() {
        "granted" => ConsentState::Granted,
        "pending" => ConsentState::Pending,
        "withdrawn" => ConsentState::Withdrawn,
        "unknown" => return None,
        _ => return field.refuse("must be `granted`, `pending`, `withdrawn` or `unknown`"),
    };
    Some(ConsentChange { state, at: consent.need("marketing_at").time()? })
}
