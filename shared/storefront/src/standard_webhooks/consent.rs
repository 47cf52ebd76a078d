//! Consent to marketing by email, dated by itself.

use std::collections::BTreeMap;

use rules::{
    consent::{ConsentChange, ConsentState, Topic, TopicChoice},
    profile::ProfileFacts,
};

use crate::{
    event::{CustomerEvent, Event},
    reading::Object,
};

pub(super) fn event(data: &Object) -> Option<Event> {
    let customer_id = data.need("customer_id").text_id();
    let consent = data.need("consent").object()?;
    let (marketing, topics) = (marketing(&consent), topics(&consent));
    let customer_id = customer_id?;
    let topics_at = topics.values().map(|choice| choice.at).max();
    let Some(updated_at) = marketing.map(|change| change.at).max(topics_at) else {
        return Some(Event::Ignored { reason: "it states no consent and no withdrawal" });
    };
    let profile = ProfileFacts { marketing, topics, ..ProfileFacts::default() };
    Some(Event::Customer(CustomerEvent { customer_id, created: false, profile, updated_at }))
}

/// Nothing where it is unknown, or topics alone are spoken of.
pub(super) fn marketing(consent: &Object) -> Option<ConsentChange> {
    let about_topics_alone = !consent.get("topics").is_absent();
    let field = if about_topics_alone { consent.get("marketing") } else { consent.need("marketing") };
    let state = match field.text()?.as_str() {
        "granted" => ConsentState::Granted,
        "pending" => ConsentState::Pending,
        "withdrawn" => ConsentState::Withdrawn,
        "unknown" => return None,
        _ => return field.refuse("must be `granted`, `pending`, `withdrawn` or `unknown`"),
    };
    let change = ConsentChange::new(state, consent.need("marketing_at").time()?);
    let confirmed = consent.get("confirmed").flag().unwrap_or(false);
    Some(if confirmed { change.confirmed() } else { change })
}

/// What is switched on or off, each by name, at `topics_at`.
pub(super) fn topics(consent: &Object) -> BTreeMap<Topic, TopicChoice> {
    let Some(topics) = consent.object("topics") else { return BTreeMap::new() };
    let Some(at) = consent.need("topics_at").time() else { return BTreeMap::new() };
    let chosen = Topic::ALL.into_iter().filter_map(|topic| Some((topic, topics.get(topic.name()).flag()?)));
    chosen.map(|(topic, on)| (topic, TopicChoice { on, at })).collect()
}
