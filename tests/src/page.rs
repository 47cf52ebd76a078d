//! A page as a browser reads it.

use scraper::{ElementRef, Html, Selector};

use crate::Answer;

pub struct Page {
    html: Html,
    source: String,
}

/// What may be in a page of ours at all.
const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "a", "strong", "form", "button",
    "fieldset", "legend", "label", "input", "textarea", "span", "div", "ul", "li", "img", "section", "footer",
];

/// The page, if the answer is one with that status and keeps to itself.
///
/// # Panics
/// If it is another, or does not.
#[track_caller]
pub fn page_of(answer: Answer, status: u16) -> Page {
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{answer:?}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("x-robots-tag"), Some("noindex, nofollow"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("location"), None);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    let page = Page::of(answer.is(status).as_str().unwrap());
    page.is_inert();
    page
}

impl Page {
    pub fn of(source: &str) -> Page {
        Page { html: Html::parse_document(source), source: source.to_owned() }
    }

    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.html.select(&Selector::parse(selector).unwrap()).collect()
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.all(selector).is_empty()
    }

    pub fn text(&self, selector: &str) -> String {
        self.all(selector).iter().flat_map(|element| element.text()).collect()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.all(selector).first()?.value().attr(name).map(str::to_owned)
    }

    pub fn language(&self) -> String {
        self.attribute("html", "lang").unwrap()
    }

    pub fn title(&self) -> String {
        self.text("h1")
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// Nothing in it runs, leads elsewhere or loads anything but pictures over https.
    #[track_caller]
    pub fn is_inert(&self) {
        for element in self.all("*") {
            let (name, what) = (element.value().name(), element.html());
            let what: String = what.chars().take(300).collect();
            assert!(ELEMENTS.contains(&name), "{what}");
            for (attribute, value) in element.value().attrs() {
                assert!(!attribute.starts_with("on"), "{what}");
                let leads =
                    ["href", "src", "action", "formaction", "srcset", "style", "http-equiv"].contains(&attribute);
                let is_own = value.starts_with('/') && !value.starts_with("//") || value.starts_with('#');
                let is_picture = (name, attribute) == ("img", "src") && value.starts_with("https://");
                let is_privacy = attribute == "href" && value == "https://shop.example/privacy";
                assert!(!leads || is_own || is_picture || is_privacy, "{what}");
            }
        }
        assert_eq!(self.all("style").len(), 1);
        assert!(self.all("title, h1").len() == 2 && self.has("main"), "{}", self.source);
        for field in self.all("input, textarea") {
            let is_labelled = field.value().attr("type") == Some("hidden")
                || field
                    .ancestors()
                    .any(|node| node.value().as_element().is_some_and(|element| element.name() == "label"))
                || field.value().attr("id").is_some_and(|id| self.has(&format!("label[for=\"{id}\"]")));
            assert!(is_labelled, "{}", field.html());
        }
        let mut ids: Vec<_> = self.all("[id]").iter().map(|element| element.value().id().unwrap().to_owned()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id is one element's");
    }
}
