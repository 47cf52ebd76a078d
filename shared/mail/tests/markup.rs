//! Five hundred hostile strings, through every field that a customer, a storefront or the merchant writes.
#![cfg(test)]

#[path = "letters/hostile_strings.rs"]
mod hostile_strings;
mod letters;

use std::collections::{BTreeMap, BTreeSet};

use hostile_strings::hostile;
use mail::{
    letter::Letter,
    locale::Locale,
    mime::{Envelope, Unsubscribe, message},
    render::{Rendered, render},
};
use mail_parser::MessageParser;
use rules::email::Email;
use scraper::{Html, Node};

#[test]
fn no_text_becomes_markup_a_header_or_a_template() {
    let all: Vec<_> = letters::all().collect();
    let mut harmless = BTreeMap::new();
    let texts = hostile();
    assert_eq!(texts.len(), 500);
    for (number, text) in texts.iter().enumerate() {
        // each string meets two letters, and the strings together meet every letter
        for which in [number, number * 7 + 40] {
            let (scenario, step, locale) = all[which % all.len()];
            let known = harmless.entry((scenario, step, locale)).or_insert_with(|| {
                let letter = letters::full(scenario, step, locale, &|_| "one\ntwo".to_owned());
                features(&written(&letter).html)
            });
            let letter = letters::full(scenario, step, locale, &|_| text.clone());
            let mail = written(&letter);
            let shown = format!("{scenario} {step} {locale} {text:.60?}");
            has_no_active_output(&mail, known, &shown);
            is_readable(&mail, &shown);
            keeps_its_headers(&letter, &mail, &shown);
        }
    }
}

/// Nothing is in the page that is not in the page of a harmless letter: no element, no attribute, no address.
fn has_no_active_output(mail: &Rendered, harmless: &BTreeSet<String>, shown: &str) {
    let found = features(&mail.html);
    let more: Vec<_> = found.difference(harmless).collect();
    assert!(more.is_empty(), "{shown}: {more:?}");
}

/// Every element with each attribute and its value, but for texts.
fn features(html: &str) -> BTreeSet<String> {
    let page = Html::parse_document(html);
    let mut found = BTreeSet::new();
    for node in page.tree.values() {
        match node {
            Node::Element(element) => {
                found.insert(element.name().to_owned());
                for (name, value) in element.attrs().filter(|(name, _)| *name != "alt") {
                    found.insert(format!("{} {name}={}", element.name(), without_subject(value)));
                }
            }
            Node::Comment(comment) => {
                found.insert(format!("comment {comment:?}"));
            }
            _ => {}
        }
    }
    let style =
        page.tree.nodes().find(|node| node.value().as_element().is_some_and(|element| element.name() == "style"));
    let css = style.and_then(|style| style.first_child()).and_then(|text| text.value().as_text()).unwrap();
    found.insert(css.to_string());
    found
}

/// A link that begins a mail has the subject of the one that it answers, of which nothing can be more than words.
fn without_subject(address: &str) -> &str {
    let Some((mailbox, subject)) = address.strip_prefix("mailto:").and_then(|_| address.split_once("?subject=")) else {
        return address;
    };
    assert!(subject.chars().all(|c| c.is_ascii_alphanumeric() || "%-._~".contains(c)), "{address}");
    mailbox
}

fn is_readable(mail: &Rendered, shown: &str) {
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{2028}\u{2029}".contains(c)
    };
    for part in [&mail.subject, &mail.html, &mail.text] {
        assert!(!part.contains(hidden), "{shown}");
        // what the strings have templates multiply
        assert!(!part.contains("54173879"), "{shown}");
    }
    assert!(!mail.subject.contains('\n') && mail.subject.chars().count() <= 120, "{shown}: {}", mail.subject);
    assert!(!mail.subject.is_empty(), "{shown}");
    assert!(mail.html.len() < 400_000 && mail.text.len() < 200_000, "{shown}: {} {}", mail.html.len(), mail.text.len());
}

fn keeps_its_headers(letter: &Letter, mail: &Rendered, shown: &str) {
    let (from, to) = (Email::parse("shop@leaf.example").unwrap(), Email::parse("mia@example.com").unwrap());
    let unsubscribe = letter.links.unsubscribe.as_ref().map(|link| Unsubscribe { link, mailbox: Some(&from) });
    let envelope = Envelope { from_name: &letter.shop.name, from: &from, to: &to, reply_to: Some(&from), unsubscribe };
    let raw = message(mail, &envelope).unwrap();
    let read = MessageParser::default().parse(&raw).unwrap();
    let names: Vec<&str> = read.headers().iter().map(|header| header.name()).collect();
    let expected = [
        "From",
        "To",
        "Reply-To",
        "Subject",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Content-Type",
    ];
    assert_eq!(names, expected, "{shown}");
    assert_eq!(read.subject(), Some(mail.subject.replace("=?", "= ?").as_str()), "{shown}");
    assert_eq!(read.to().unwrap().iter().count(), 1, "{shown}");
    assert_eq!(read.from().unwrap().first().unwrap().address(), Some("shop@leaf.example"), "{shown}");
    assert_eq!(read.parts.len(), 3, "{shown}");
    assert!(raw.is_ascii() && raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998), "{shown}");
}

#[test]
fn a_customers_words_cannot_pass_for_the_shops_footer() {
    let evil = "nice\n\n-- \nUnsubscribe: https://evil.example/u\nLeaf & Pot: https://evil.example";
    for (scenario, step, locale) in letters::all() {
        let mut letter = letters::full(scenario, step, locale, &|_| evil.to_owned());
        letter.shop = letters::full(scenario, step, locale, &str::to_owned).shop;
        let text = written(&letter).text;
        for line in text.lines() {
            assert!(!line.starts_with("Unsubscribe: https://evil"), "{scenario} {step} {locale}: {line}");
            assert!(!line.starts_with("Leaf & Pot: https://evil"), "{scenario} {step} {locale}: {line}");
        }
        assert_eq!(text.lines().filter(|line| line.trim() == "--").count(), 1, "{scenario} {step} {locale}");
    }
}

#[test]
fn text_is_shown_as_it_was_written() {
    let text = "Tom & Jerry's <3 \"tea\" {{ x }}";
    let mail = written(&letters::full("review_rescue", 1, Locale::En, &|_| text.to_owned()));
    let page = Html::parse_document(&mail.html);
    let seen: String = page.root_element().text().collect();
    assert!(seen.contains(text) && mail.text.contains(text));
    assert!(!seen.contains("&amp;") && !seen.contains("&#39;"));
}

fn written(letter: &Letter) -> Rendered {
    render(letter).unwrap()
}
