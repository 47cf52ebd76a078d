//! What members did besides buying.

use rules::{
    activity::{REVIEW, Subject},
    deed::Told,
    rating::Rating,
    review_draft::{RawDraft, ReviewDraft},
};

use crate::{
    event::{ActivityEvent, Event},
    reading::{Field, Object},
};

/// Each takes a commit of its own.
const MAX_ACTIVITIES: usize = 100;

/// One activity, or the list of them in `activities`.
pub(super) fn event(data: &Object) -> Option<Event> {
    let list = data.get("activities");
    if list.is_absent() {
        return Some(Event::Activities(vec![activity(data)?]));
    }
    let all = list.objects();
    if all.len() > MAX_ACTIVITIES {
        return list.refuse(format!("has {} entries, and may have {MAX_ACTIVITIES}", all.len()));
    }
    let read: Vec<Option<ActivityEvent>> = all.iter().map(activity).collect();
    Some(Event::Activities(read.into_iter().collect::<Option<_>>()?))
}

/// A review is an activity about its product, and what it says of it.
pub(super) fn review(data: &Object) -> Option<Event> {
    let subject = data.need("product_id");
    let subject = self::subject(&subject);
    let happening = data.need("id").text_id();
    let customer_id = data.need("customer_id").text_id();
    let occurred_at = data.need("created_at").time();
    let review = draft(data);
    let told = Told { activity: REVIEW.to_owned(), subject: Some(subject?), occurred_at: occurred_at? };
    Some(Event::Activities(vec![ActivityEvent { id: happening?, customer_id: customer_id?, told, review: review? }]))
}

/// What it says of the product; nothing without stars.
fn draft(data: &Object) -> Option<Option<ReviewDraft>> {
    let field = data.get("rating");
    if field.is_absent() {
        return Some(None);
    }
    let rating = field.whole(1..=5).and_then(|stars| Rating::try_from(u8::try_from(stars).ok()?).ok());
    let product = data.need("product_id").text_id();
    let written = |name: &str| {
        let field = data.get(name);
        if field.is_absent() { Some(None) } else { field.string().map(Some) }
    };
    let (title, text, author) = (written("title"), written("text"), written("author"));
    let (title, text, author) = (title?, text?, author?);
    let raw = RawDraft { rating: 0, title: title.as_deref(), text: text.as_deref(), author: author.as_deref() };
    Some(Some(ReviewDraft::cut(product?, rating?, &raw)))
}

fn activity(data: &Object) -> Option<ActivityEvent> {
    let id = data.need("id").text_id();
    let customer_id = data.need("customer_id").text_id();
    let activity = data.need("type").text();
    let occurred_at = data.need("occurred_at").time();
    let field = data.get("subject");
    let subject = if field.is_absent() { None } else { Some(subject(&field)?) };
    let told = Told { activity: activity?, subject, occurred_at: occurred_at? };
    Some(ActivityEvent { id: id?, customer_id: customer_id?, told, review: None })
}

fn subject(field: &Field) -> Option<Subject> {
    let text = field.text()?;
    Subject::parse(&text).ok().or_else(|| field.refuse("must be 1 to 200 visible ASCII characters"))
}
