//! Text of customers, merchants and storefronts, made harmless before any template sees it.

use serde_json::Value;

/// No piece of text in a mail is longer.
const MAX_CHARS: usize = 2_000;
/// No list in a mail is longer.
const MAX_ITEMS: usize = 20;
/// Where line breaks mean something.
const WITH_LINES: [&str; 2] = ["text", "postal_address"];

/// Every text on one line but for those that may have more, without controls and overrides of the
/// writing direction, cut where it is too long; nothing where no text is left.
pub(crate) fn clean(value: Value) -> Value {
    clean_field("", value)
}

fn clean_field(name: &str, value: Value) -> Value {
    match value {
        Value::String(text) => {
            let kept = if WITH_LINES.contains(&name) { lines(&text) } else { one_line(&text, MAX_CHARS) };
            if kept.is_empty() { Value::Null } else { Value::String(kept) }
        }
        Value::Array(items) => Value::Array(items.into_iter().take(MAX_ITEMS).map(clean).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name.clone(), clean_field(&name, value))).collect())
        }
        other => other,
    }
}

/// The text on one line of at most so many characters, an ellipsis among them if it is cut.
pub(crate) fn one_line(text: &str, max_chars: usize) -> String {
    // what is far too long is not read to its end
    let head = text.chars().take(max_chars.saturating_mul(4));
    let visible: String = head.filter_map(shown).collect();
    shorten(&visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "), max_chars)
}

fn lines(text: &str) -> String {
    let head: String = text.chars().take(MAX_CHARS.saturating_mul(2)).collect();
    let lines = head.split('\n').map(|line| one_line(line, MAX_CHARS)).filter(|line| !line.is_empty());
    shorten(&lines.collect::<Vec<_>>().join("\n"), MAX_CHARS)
}

/// Cut at so many characters, the last of them an ellipsis.
pub(crate) fn shorten(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// What is left of a character: controls, line separators and tabs become blanks, and what nobody sees
/// but a layout engine is gone.
fn shown(c: char) -> Option<char> {
    match c {
        '\u{a0}' | '\u{202f}' => Some(c),
        c if c.is_control() || c.is_whitespace() => Some(' '),
        // marks, embeddings, overrides and isolates of the direction; zero widths but the joiners, which
        // Persian and emoji need; interlinear annotations and tags
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_title_is_one_line_without_what_cannot_be_seen() {
        let title = "  Green\u{202e}Tea\u{0}\r\nBcc: \tmia@example.com\u{2028}x\u{200b}y \u{feff}";
        assert_eq!(clean(json!({ "title": title })), json!({ "title": "GreenTea Bcc: mia@example.com xy" }));
        assert_eq!(clean(json!({ "title": "👩‍🌾 می‌خواهم" })), json!({ "title": "👩‍🌾 می‌خواهم" }));
    }

    #[test]
    fn a_text_keeps_its_lines() {
        assert_eq!(clean(json!({ "text": "one\r\n\r\n two \u{7}\nthree" })), json!({ "text": "one\ntwo\nthree" }));
    }

    #[test]
    fn what_has_no_text_is_nothing() {
        assert_eq!(clean(json!({ "name": " \u{202e}\u{0} ", "text": "\n" })), json!({ "name": null, "text": null }));
    }

    #[test]
    fn a_hundred_thousand_characters_are_cut() {
        let Value::String(kept) = clean(Value::String("é ".repeat(50_000))) else { panic!() };
        assert_eq!(kept.chars().count(), MAX_CHARS);
        assert!(kept.ends_with("…"));
        let Value::String(kept) = clean(Value::String(" ".repeat(100_000) + "x")) else { return };
        assert_eq!(kept, "x");
    }
}
