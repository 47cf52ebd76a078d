//! What the review form has in it: what was typed, and what is wrong with it.

use app::{record_review::Reviewed, reviewable::ReviewableProduct};
use rules::{
    ids::ProductId,
    plain_text::{one_line, paragraphs},
    review_draft::{MAX_TEXT_CHARS, MAX_TITLE_CHARS, RawDraft, ReviewDraft},
};

use super::{form::Form, words::Words};

/// One product with what was typed for it.
pub(super) struct Entry {
    pub(super) product: ReviewableProduct,
    /// From 1 to 5, once chosen.
    pub(super) rating: Option<u8>,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) rating_fault: Option<String>,
    pub(super) title_fault: Option<String>,
    pub(super) text_fault: Option<String>,
    /// It was recorded before a fault kept others from it.
    pub(super) is_saved: bool,
}

#[derive(Default)]
pub(super) struct Answers {
    pub(super) entries: Vec<Entry>,
    pub(super) anonymous: bool,
    /// What is wrong with no field of the form alone.
    pub(super) fault: Option<String>,
    /// A fault of ours: nothing is wrong with the answers, and they can be sent again.
    pub(super) is_busy: bool,
}

/// Stars that there are.
pub(super) const MOST_STARS: u8 = 5;

impl Entry {
    fn empty(product: ReviewableProduct) -> Entry {
        let (title, text) = (String::new(), String::new());
        let (rating_fault, title_fault, text_fault) = (None, None, None);
        Entry { product, rating: None, title, text, rating_fault, title_fault, text_fault, is_saved: false }
    }

    /// With what was said of it before, so that sending it takes nothing away.
    fn as_before(product: ReviewableProduct) -> Entry {
        let mut entry = Entry::empty(product);
        if let Some(before) = entry.product.reviewed.clone() {
            entry.rating = Some(before.rating.get());
            entry.title = before.title.unwrap_or_default();
            entry.text = before.text.unwrap_or_default();
        }
        entry
    }

    /// Whether something is said of it. Words of before without stars are no news: who takes the stars away leaves their
    /// review as it is.
    fn is_filled(&self) -> bool {
        let before = self.product.reviewed.as_ref();
        let is_news =
            |typed: &str, known: Option<&String>| typed != known.map_or("", String::as_str) && !typed.is_empty();
        self.rating.is_some()
            || is_news(&one_line(&self.title), before.and_then(|before| before.title.as_ref()))
            || is_news(&paragraphs(&self.text), before.and_then(|before| before.text.as_ref()))
    }

    pub(super) fn faults(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let faults = [("rating", &self.rating_fault), ("title", &self.title_fault), ("text", &self.text_fault)];
        faults.into_iter().filter_map(|(field, fault)| Some((field, fault.as_ref()?)))
    }

    /// The draft, once stars are chosen and nothing is too long.
    fn draft(&mut self, anonymous: bool, words: &Words) -> Option<ReviewDraft> {
        let Some(rating) = self.rating else {
            self.rating_fault = Some(words.rate_this.to_owned());
            return None;
        };
        let kept = self.product.reviewed.as_ref().and_then(|before| before.author.as_deref());
        let raw = RawDraft {
            rating: rating.into(),
            title: Some(&self.title),
            text: Some(&self.text),
            author: if anonymous { Some("") } else { kept },
        };
        let problems = match ReviewDraft::parse(self.product.id.clone(), &raw) {
            Ok(draft) => return Some(draft),
            Err(problems) => problems,
        };
        for problem in problems {
            let too_long = |typed: &str, most: usize| {
                let chars = typed.chars().count().to_string();
                Some(words.too_long.replace("{chars}", &chars).replace("{most}", &most.to_string()))
            };
            match problem.pointer.as_str() {
                "/title" => self.title_fault = too_long(&self.title, MAX_TITLE_CHARS),
                "/text" => self.text_fault = too_long(&self.text, MAX_TEXT_CHARS),
                _ => self.rating_fault = Some(words.rate_this.to_owned()),
            }
        }
        None
    }
}

impl Answers {
    /// The form with what was said before. Who pressed a star in a mail finds it chosen, and its product first.
    pub(super) fn asked(products: Vec<ReviewableProduct>, product: Option<&str>, rating: Option<&str>) -> Answers {
        let mut entries: Vec<Entry> = products.into_iter().map(Entry::as_before).collect();
        let is_alone = entries.len() == 1;
        let wanted = |entry: &Entry| product.map_or(is_alone, |product| entry.product.id.as_str() == product);
        if let Some(place) = entries.iter().position(wanted) {
            entries.get_mut(..=place).into_iter().for_each(|first| first.rotate_right(1));
            if let Some(entry) = entries.first_mut() {
                entry.rating = rating.and_then(stars).or(entry.rating);
            }
        }
        let mut reviewed = entries.iter().filter_map(|entry| entry.product.reviewed.as_ref());
        let anonymous = reviewed.any(|before| before.author.is_none());
        Answers { entries, anonymous, ..Answers::default() }
    }

    /// What was sent while nothing can be read: nothing is known of the products but their numbers.
    pub(super) fn unread(form: &Form, words: &Words) -> Answers {
        let numbers = (0..MOST_PLACES).filter_map(|place| form.get(&format!("product-{place}")));
        let nameless = |id| ReviewableProduct { id, title: None, image_url: None, reviewed: None, byline: None };
        let products = numbers.filter_map(|number| ProductId::parse(number).ok()).map(nameless);
        Answers { is_busy: true, ..Answers::sent(form, products.collect(), words) }
    }

    /// The same after a fault of ours, which kept all but those from being recorded.
    pub(super) fn interrupted(mut self, reviewed: &[Reviewed]) -> Answers {
        for entry in &mut self.entries {
            entry.is_saved = reviewed.iter().any(|one| one.review.product == entry.product.id);
        }
        Answers { is_busy: true, ..self }
    }

    /// The names that it is published under, each once.
    pub(super) fn bylines(&self) -> Vec<&str> {
        let mut bylines: Vec<&str> = Vec::new();
        for byline in self.entries.iter().filter_map(|entry| entry.product.byline.as_deref()) {
            if !bylines.contains(&byline) {
                bylines.push(byline);
            }
        }
        bylines
    }

    /// What was sent. Each product is found by its number, because the order may have changed meanwhile.
    pub(super) fn sent(form: &Form, products: Vec<ReviewableProduct>, words: &Words) -> Answers {
        let mut answers = Answers { anonymous: form.has("anonymous", "on"), ..Answers::default() };
        let place = |id: &str| (0..MOST_PLACES).find(|place| form.has(&format!("product-{place}"), id));
        let mut read = vec![false; MOST_PLACES];
        for product in products {
            let mut entry = Entry::empty(product);
            if let Some(place) = place(entry.product.id.as_str()) {
                let typed = |field: &str| form.get(&format!("{field}-{place}")).unwrap_or_default();
                entry.rating = stars(typed("rating"));
                typed("title").clone_into(&mut entry.title);
                typed("text").clone_into(&mut entry.text);
                read.get_mut(place).into_iter().for_each(|read| *read = true);
            }
            answers.entries.push(entry);
        }
        let is_rated = |place| form.get(&format!("rating-{place}")).is_some_and(|rating| !rating.is_empty());
        let is_another = |(place, read): (usize, bool)| !read && is_rated(place);
        if read.into_iter().enumerate().any(is_another) {
            answers.fault = Some(words.another_product.to_owned());
        }
        answers
    }

    /// A draft of each product that something was typed for; none if anything is wrong.
    pub(super) fn drafts(&mut self, words: &Words) -> Option<Vec<ReviewDraft>> {
        let anonymous = self.anonymous;
        let filled = self.entries.iter_mut().filter(|entry| entry.is_filled());
        let drafts: Vec<Option<ReviewDraft>> = filled.map(|entry| entry.draft(anonymous, words)).collect();
        if drafts.is_empty() && self.fault.is_none() {
            self.fault = Some(words.rate_something.to_owned());
        }
        if self.fault.is_some() { None } else { drafts.into_iter().collect() }
    }
}

/// No form has more products.
const MOST_PLACES: usize = 40;

fn stars(text: &str) -> Option<u8> {
    text.parse().ok().filter(|stars| (1..=MOST_STARS).contains(stars))
}
