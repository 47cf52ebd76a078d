//! Mails as bytes: what is written is what is read, by another's parser.
#![cfg(test)]

mod letters;

use mail::{
    locale::Locale,
    mime::{Envelope, NotAMail, Unsubscribe, message},
    render::{Rendered, render},
    web_link::WebLink,
};
use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders, PartType};
use rules::email::Email;

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn parsed(raw: &[u8]) -> Message<'_> {
    MessageParser::default().parse(raw).unwrap()
}

#[test]
fn a_mail_in_every_language_reads_as_it_was_written() {
    let (from, to, reply_to) = (email("shop@leaf.example"), email("mia@example.com"), email("help@leaf.example"));
    let link = WebLink::parse("https://mail.leaf.example/u/token").unwrap();
    for (scenario, step, locale) in letters::all() {
        let written = render(&letters::full(scenario, step, locale, &str::to_owned)).unwrap();
        let raw = message(
            &written,
            &Envelope {
                from_name: "Leaf & Pot, Kräuter und 茶",
                from: &from,
                to: &to,
                reply_to: Some(&reply_to),
                unsubscribe: Some(Unsubscribe { link: &link, mailbox: Some(&reply_to) }),
            },
        );
        let raw = raw.unwrap();
        assert!(
            raw.is_ascii() && raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998),
            "{scenario} {locale}"
        );
        let read = parsed(&raw);
        assert_eq!(read.subject(), Some(written.subject.as_str()));
        assert_eq!(read.from().unwrap().first().unwrap().name(), Some("Leaf & Pot, Kräuter und 茶"));
        assert_eq!(read.from().unwrap().first().unwrap().address(), Some("shop@leaf.example"));
        assert_eq!(read.to().unwrap().first().unwrap().address(), Some("mia@example.com"));
        assert_eq!(read.reply_to().unwrap().first().unwrap().address(), Some("help@leaf.example"));
        assert_eq!(bodies(&read), (written.text, written.html), "{scenario} {step} {locale}");
        assert_eq!(read.header_raw("List-Unsubscribe-Post").unwrap().trim(), "List-Unsubscribe=One-Click");
        let places = read.header_raw("List-Unsubscribe").unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let by_mail = "mailto:help@leaf.example?subject=unsubscribe&body=https%3A%2F%2Fmail.leaf.example%2Fu%2Ftoken";
        assert_eq!(places, format!("<https://mail.leaf.example/u/token>, <{by_mail}>"));
    }
}

#[test]
fn a_link_too_long_to_be_mailed_is_still_one_click() {
    let (from, to) = (email("shop@leaf.example"), email("mia@example.com"));
    let written = Rendered { subject: "x".to_owned(), html: "x".to_owned(), text: "x".to_owned() };
    let link = WebLink::parse(&format!("https://leaf.example/{}", "/u".repeat(430))).unwrap();
    let unsubscribe = Some(Unsubscribe { link: &link, mailbox: Some(&from) });
    let raw = message(&written, &Envelope { unsubscribe, ..plain(&from, &to) }).unwrap();
    assert!(raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    let places = parsed(&raw).header_raw("List-Unsubscribe").unwrap().trim().to_owned();
    assert_eq!(places, format!("<{}>", link.as_str()));
}

#[test]
fn a_mail_has_two_parts_the_better_one_last_and_leaves_its_id_to_ses() {
    let written = render(&letters::full("shipped", 1, Locale::Ja, &str::to_owned)).unwrap();
    let raw = message(&written, &plain(&email("a@b.example"), &email("c@d.example"))).unwrap();
    let read = parsed(&raw);
    let names: Vec<&str> = read.headers().iter().map(|header| header.name()).collect();
    assert_eq!(names, ["From", "To", "Subject", "MIME-Version", "Content-Type"]);
    let kind = |part: usize| {
        let kind = read.part(part as u32).unwrap().content_type().unwrap();
        (format!("{}/{}", kind.ctype(), kind.subtype().unwrap()), kind.attribute("charset").map(str::to_owned))
    };
    assert_eq!(kind(0).0, "multipart/alternative");
    assert_eq!(kind(1), ("text/plain".to_owned(), Some("utf-8".to_owned())));
    assert_eq!(kind(2), ("text/html".to_owned(), Some("utf-8".to_owned())));
}

#[test]
fn no_value_adds_a_header_or_a_recipient() {
    let from = email("shop@leaf.example");
    let to = email("mia@example.com");
    for hostile in [
        "Leaf\r\nBcc: evil@evil.example",
        "Leaf\nBcc: evil@evil.example\n\n<script>",
        "Leaf\r\n\r\nbody",
        "\" <evil@evil.example>, \"",
        "evil@evil.example, Leaf",
        "=?utf-8?Q?=0D=0ABcc:_evil@evil.example?=",
        "\u{0}\u{b}\u{c}\u{85}\u{2028}Bcc: evil@evil.example",
        "--=_boundary",
        &"x".repeat(100_000),
        &"茶 ".repeat(50_000),
    ] {
        let written = Rendered { subject: hostile.to_owned(), html: hostile.to_owned(), text: hostile.to_owned() };
        let raw = message(&written, &Envelope { from_name: hostile, ..plain(&from, &to) }).unwrap();
        let read = parsed(&raw);
        let names: Vec<&str> = read.headers().iter().map(|header| header.name()).collect();
        assert_eq!(names, ["From", "To", "Subject", "MIME-Version", "Content-Type"], "{hostile:.60}");
        assert_eq!(read.from().unwrap().iter().count(), 1, "{hostile:.60}");
        assert_eq!(read.from().unwrap().first().unwrap().address(), Some("shop@leaf.example"));
        assert_eq!(read.to().unwrap().iter().count(), 1, "{hostile:.60}");
        assert_eq!(read.parts.len(), 3, "{hostile:.60}");
        assert!(read.header(HeaderName::Bcc).is_none());
    }
}

#[test]
fn an_address_or_a_link_that_no_header_can_have_is_no_mail() {
    let written = Rendered { subject: "x".to_owned(), html: "x".to_owned(), text: "x".to_owned() };
    let (shop, unicode) = (email("shop@leaf.example"), email("mía@example.com"));
    assert_eq!(message(&written, &plain(&shop, &unicode)), Err(NotAMail::Address));
    assert_eq!(message(&written, &plain(&unicode, &shop)), Err(NotAMail::Address));
    let link = WebLink::parse(&format!("https://leaf.example/{}", "u".repeat(900))).unwrap();
    let unsubscribe = Some(Unsubscribe { link: &link, mailbox: None });
    assert_eq!(message(&written, &Envelope { unsubscribe, ..plain(&shop, &shop) }), Err(NotAMail::Link));
}

fn plain<'a>(from: &'a Email, to: &'a Email) -> Envelope<'a> {
    Envelope { from_name: "Leaf", from, to, reply_to: None, unsubscribe: None }
}

/// Of text and HTML, with the line ends of our own: MIME's are CR LF.
fn bodies(message: &Message<'_>) -> (String, String) {
    let [_, text, html] = message.parts.as_slice() else { panic!("{} parts", message.parts.len()) };
    match (&text.body, &html.body) {
        (PartType::Text(text), PartType::Html(html)) => (text.replace("\r\n", "\n"), html.replace("\r\n", "\n")),
        other => panic!("{other:?}"),
    }
}
