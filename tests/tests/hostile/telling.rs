//! Hostile bodies, and what is to become of them: a body is taken, or refused for fields that are hostile alone.

use serde_json::Value;
use tests::Answer;

/// What decides what a body is about, or to whom mail goes; `addresses.rs` is about the latter.
const DECIDING: [&str; 9] =
    ["id", "type", "email", "contact_email", "financial_status", "state", "status", "kind", "marketing"];
/// What a payload of ours has nothing in, and somebody may write in.
const EMPTY: [&str; 6] = ["company", "note", "address2", "phone", "reference", "po_number"];
/// What is longer is put where it is read alone: in every field it would be more than a body may have.
const LONG: usize = 1_000;

/// The body with one text after another in the fields that are `read`, and in every other that has a text; as it is,
/// where there are none.
pub(crate) fn hostile<'a>(harmless: &Value, texts: impl IntoIterator<Item = &'a String>, read: &[&str]) -> Value {
    let texts: Vec<&str> = texts.into_iter().map(String::as_str).collect();
    let mut body = harmless.clone();
    if texts.is_empty() {
        return body;
    }
    let short = texts.iter().copied().filter(|text| text.len() < LONG);
    spoil("", &mut body, &mut short.cycle());
    for (pointer, text) in read.iter().zip(texts.iter().cycle()) {
        let field = body.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"));
        *field = spoilt(harmless.pointer(pointer).and_then(Value::as_str).unwrap_or_default(), text).into();
    }
    body
}

fn spoil<'a>(name: &str, value: &mut Value, texts: &mut impl Iterator<Item = &'a str>) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| spoil(name, value, texts)),
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(name, item, texts)),
        Value::String(own) if is_free(name, own) => *own = texts.next().map_or(String::new(), |text| spoilt(own, text)),
        Value::Null if EMPTY.contains(&name) => *value = texts.next().into(),
        _ => {}
    }
}

/// Amounts and times are what `bad_input` is about.
fn is_free(name: &str, own: &str) -> bool {
    let is_number = own.starts_with(|first: char| first.is_ascii_digit());
    !is_number && !DECIDING.contains(&name) && !name.ends_with("_id")
}

/// An address may begin as one, and go on as something else.
fn spoilt(own: &str, text: &str) -> String {
    if own.starts_with("https://") && text.len() % 2 == 1 { format!("{own}{text}") } else { text.to_owned() }
}

/// Sends it as a merchant would who is told what is wrong with it: what is refused is harmless the next time. Returns
/// the body that was taken, and the answer.
pub(crate) async fn told(
    harmless: &Value,
    mut body: Value,
    expected: u16,
    mut send: impl AsyncFnMut(&Value) -> Answer,
) -> (Value, Value) {
    // a problem names twenty fields at most
    for _ in 0..5 {
        let answer = send(&body).await;
        if answer.status == expected {
            assert_ne!(answer.body["result"], "ignored", "{}", answer.body);
            return (body, answer.body);
        }
        let problem = answer.body.clone();
        for pointer in refused(answer) {
            let own = harmless.pointer(&pointer).cloned().unwrap_or_default();
            let field = body.pointer_mut(&pointer).unwrap_or_else(|| panic!("there is no {pointer}"));
            assert!(*field != own, "{pointer} is refused, and harmless: {own}; {problem}");
            *field = own;
        }
    }
    panic!("it is still refused once it is harmless: {body:.2000}");
}

/// The fields that a problem names.
#[track_caller]
pub(crate) fn refused(answer: Answer) -> Vec<String> {
    let problem = answer.is_problem(400, "invalid-request");
    let errors = problem["errors"].as_array().unwrap();
    let mut fields: Vec<String> = errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect();
    let count = fields.len();
    fields.sort();
    fields.dedup();
    assert_eq!(fields.len(), count, "each has its reason: {problem}");
    fields
}
