//! What templates see of a letter.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use crate::{clean::clean, formats::dates::moment, letter::Letter};

/// In which a shop without a colour of its own shows its button.
const ACCENT: &str = "#1f5c4a";

/// What no letter is without, and what stands for it where its text was none.
const NEVER_EMPTY: [&str; 7] = [
    "/shop/name",
    "/tier/title",
    "/lower_tier/title",
    "/order/number",
    "/review/product_title",
    "/case/kind",
    "/case/id",
];
const NO_TEXT: &str = "–";

/// The letter's fields, clean, with those of its content beside `shop`, `addressee` and `links`. What may be
/// missing is `none`, so that a name that is written wrong in a template is an error.
pub(crate) fn view(letter: &Letter) -> Result<Map<String, Value>, serde_json::Error> {
    let zone = json!(letter.shop.zone).as_str().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let time = |at: Timestamp| moment(letter.locale, &at.to_zoned(zone.clone()));
    let Value::Object(mut view) = clean(serde_json::to_value(letter)?) else { return Ok(Map::new()) };
    if let Some(Value::Object(content)) = view.remove("content") {
        view.extend(content);
    }
    view.insert("due_at".to_owned(), json!(letter.content.due_at.map(time)));
    if let (Some(case), Some(shown)) = (&letter.content.case, view.get_mut("case")) {
        shown["opened_at"] = json!(time(case.opened_at));
    }
    let color = letter.shop.accent_color;
    let accent = color.map_or(ACCENT.to_owned(), String::from);
    let on_accent = color.map_or("#ffffff", |color| color.text_on_it());
    view.insert("accent".to_owned(), json!({ "color": accent, "text": on_accent }));
    view.insert("locale".to_owned(), json!(letter.locale));
    Ok(without_holes(view))
}

fn without_holes(view: Map<String, Value>) -> Map<String, Value> {
    let mut view = Value::Object(view);
    for pointer in NEVER_EMPTY {
        if let Some(text @ Value::Null) = view.pointer_mut(pointer) {
            *text = NO_TEXT.into();
        }
    }
    match view {
        Value::Object(view) => view,
        _ => Map::new(),
    }
}
