//! Links that begin a mail to somebody: RFC 6068.

use std::fmt::Write;

/// To that address, with a subject and, if there is one, a text.
pub(crate) fn mail_link(address: &str, subject: &str, body: Option<&str>) -> String {
    let mut link = format!("mailto:{}?subject={}", escaped(address, "@+!$'*"), escaped(subject, ""));
    if let Some(body) = body {
        link.push_str("&body=");
        link.push_str(&escaped(body, ""));
    }
    link
}

/// Every byte of UTF-8 as `%` and two digits, but for RFC 3986's unreserved characters and those of `plain`.
fn escaped(text: &str, plain: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || (c.is_ascii() && plain.contains(c)) {
            escaped.push(c);
        } else {
            // a String takes whatever is written to it
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_link_ends_it_or_adds_to_it() {
        assert_eq!(mail_link("help@leaf.example", "unsubscribe", None), "mailto:help@leaf.example?subject=unsubscribe");
        assert_eq!(
            mail_link("a+b?cc=x&y@leaf.example", "Grüße & 茶?\r\nBcc: x", Some("https://leaf.example/u/to~ken")),
            "mailto:a+b%3Fcc%3Dx%26y@leaf.example?subject=Gr%C3%BC%C3%9Fe%20%26%20%E8%8C%B6%3F%0D%0ABcc%3A%20x\
             &body=https%3A%2F%2Fleaf.example%2Fu%2Fto~ken"
        );
    }
}
