//! A mail as its reader's program takes it apart.

use std::collections::BTreeSet;

use mail_parser::MessageParser;
use scraper::{Html, Node, Selector};
use tests::{post::PAGES, ses::Taken};

/// What the hostile strings have templates multiply.
const EVALUATED: &str = "54173879";
const ALWAYS: [&str; 6] = ["From", "To", "Reply-To", "Subject", "MIME-Version", "Content-Type"];
const MARKETING: [&str; 8] =
    ["From", "To", "Reply-To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type"];
/// Attributes that are read, or read aloud.
const WORDS: [&str; 2] = ["alt", "title"];

/// A mail that is one: every header once, two parts, texts without controls.
pub(crate) struct Letter {
    pub(crate) scenario: String,
    pub(crate) to: String,
    pub(crate) language: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) shape: Shape,
    /// The paths of our own pages, each once.
    pub(crate) pages: BTreeSet<String>,
    /// What is read of the page.
    pub(crate) shown: String,
}

/// What there is in mails besides words. Of addresses of the shop's only the scheme, of ours the first part too.
#[derive(Default)]
pub(crate) struct Shape {
    /// Each element, and each attribute with its value.
    features: BTreeSet<String>,
    headers: BTreeSet<Vec<String>>,
    /// What plain texts end with.
    footers: BTreeSet<String>,
}

impl Letter {
    #[track_caller]
    pub(crate) fn read(taken: &Taken) -> Letter {
        let mail = MessageParser::default().parse(&taken.raw).unwrap();
        let headers: Vec<String> = mail.headers().iter().map(|header| header.name().to_owned()).collect();
        assert!(headers == ALWAYS || headers == MARKETING, "{headers:?}");
        let addresses = |list: Option<&mail_parser::Address<'_>>| -> Vec<String> {
            list.unwrap().iter().map(|address| address.address().unwrap().to_owned()).collect()
        };
        assert_eq!(addresses(mail.to()), [taken.to.as_str()]);
        assert_eq!(addresses(mail.from()).len(), 1);
        assert_eq!((mail.parts.len(), mail.html_body.len(), mail.text_body.len()), (3, 1, 1));
        let is_whole = |line: &[u8]| line.len() <= 998 && !line[..line.len().saturating_sub(1)].contains(&b'\r');
        assert!(taken.raw.is_ascii() && taken.raw.split(|byte| *byte == b'\n').all(is_whole));
        let subject = mail.subject().unwrap().to_owned();
        let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
        let source = mail.body_html(0).unwrap().replace("\r\n", "\n");
        is_readable(&subject, &text, &source);
        let html = Html::parse_document(&source);
        let shape = Shape {
            features: features(&html),
            headers: BTreeSet::from([headers]),
            footers: BTreeSet::from([footer(&text)]),
        };
        let language = html.root_element().attr("lang").unwrap().to_owned();
        let (scenario, to, pages) = (taken.scenario.clone(), taken.to.clone(), pages(&html));
        let shown = html.root_element().text().collect();
        Letter { scenario, to, language, subject, text, shape, pages, shown }
    }
}

impl Shape {
    pub(crate) fn of<'a>(letters: impl IntoIterator<Item = &'a Letter>) -> Shape {
        let mut whole = Shape::default();
        for Letter { shape, .. } in letters {
            whole.features.extend(shape.features.iter().cloned());
            whole.headers.extend(shape.headers.iter().cloned());
            whole.footers.extend(shape.footers.iter().cloned());
        }
        whole
    }

    /// Nothing is in it that is in no harmless mail.
    #[track_caller]
    pub(crate) fn is_within(&self, harmless: &Shape, shown: &str) {
        let strange: Vec<_> = self.features.difference(&harmless.features).collect();
        assert!(strange.is_empty(), "{shown}: {strange:?}");
        assert!(self.headers.is_subset(&harmless.headers), "{shown}: {:?}", self.headers);
        assert!(self.footers.is_subset(&harmless.footers), "{shown}: {:?}", self.footers);
    }
}

fn is_readable(subject: &str, text: &str, html: &str) {
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || "\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{2060}\u{feff}".contains(c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    for part in [subject, text, html] {
        assert!(!part.contains(hidden), "{:?} in {part:.300}", part.chars().find(|c| hidden(*c)));
        assert!(!part.contains(EVALUATED), "{part:.300}");
    }
    assert!(!subject.contains('\n') && (1..=120).contains(&subject.chars().count()), "{subject}");
    assert_eq!(text.lines().filter(|line| line.trim() == "--").count(), 1, "{text}");
}

fn features(html: &Html) -> BTreeSet<String> {
    let mut features = BTreeSet::new();
    for node in html.tree.values() {
        match node {
            Node::Element(element) => {
                features.insert(element.name().to_owned());
                let values = element.attrs().filter(|(name, _)| !WORDS.contains(name));
                features.extend(
                    values.map(|(name, value)| format!("{} {name}={}", element.name(), known_part(name, value))),
                );
            }
            Node::Comment(_) | Node::ProcessingInstruction(_) => {
                features.insert(format!("{node:?}"));
            }
            _ => {}
        }
    }
    let styles = Selector::parse("style").unwrap();
    features.extend(html.select(&styles).map(|style| style.text().collect()));
    features
}

/// Of an address, as much as is the same in every mail.
fn known_part(name: &str, value: &str) -> String {
    if !["href", "src"].contains(&name) {
        return value.to_owned();
    }
    if value.starts_with("mailto:") {
        assert!(value.matches(['?', '&', '=']).count() <= 2, "it has no field but a subject: {value}");
        return value.split('=').next().unwrap_or_default().to_owned();
    }
    match value.strip_prefix(PAGES) {
        Some(path) => path.split('/').nth(1).unwrap_or_default().to_owned(),
        None => value.split("//").next().unwrap_or_default().to_owned(),
    }
}

/// Without the tokens, which differ.
fn footer(text: &str) -> String {
    let (_, footer) = text.rsplit_once("\n--").unwrap();
    let is_token = |c: char| c.is_ascii_alphanumeric() || "._~-/".contains(c);
    let known = |part: &str| part.trim_start_matches(is_token).to_owned();
    footer.split(PAGES).map(known).collect::<Vec<_>>().join(PAGES)
}

/// One of each, whatever the rating that it begins with.
fn pages(html: &Html) -> BTreeSet<String> {
    let links = Selector::parse("a[href]").unwrap();
    let links = html.select(&links).filter_map(|link| link.attr("href")?.strip_prefix(PAGES));
    links.map(|path| path.split('?').next().unwrap_or(path).to_owned()).collect()
}
