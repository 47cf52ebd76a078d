//! Buyers who are made of hostile strings, from their enrolment to their reviews, and what they get by mail.

use std::{collections::BTreeSet, env, fs, path::Path};

use app::Deadline;
use jiff::SignedDuration;
use serde_json::json;
use tests::{Ses, Shop, page_of};
use web::schedules;

use crate::{
    buyers::{Buyer, PLACES},
    hostile_strings,
    letters::{Letter, Shape},
    open,
};

/// Buyers repeat after so many: each language, of each storefront, with and without a review of their own.
const KINDS: u64 = 18;
/// No storefront numbers from 0.
const FIRST: u64 = KINDS;
const HOSTILE: u64 = 72;
/// So many texts a buyer has, which does not divide the number of all: each text comes to several fields.
const TEXTS: usize = 21;

const SCENARIOS: [&str; 7] = [
    "welcome_1",
    "order_confirmation_1",
    "shipped_1",
    "delivered_1",
    "review_invitation_1",
    "review_rescue_2",
    "care_1",
];

/// A shop with its buyers, and the mails that they have read.
struct Walk {
    shop: Shop,
    ses: Ses,
    buyers: Vec<Buyer>,
    letters: Vec<Letter>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_writes_is_text_in_every_mail_and_on_every_page() {
    let all = hostile_strings::hostile();
    assert_eq!(all.len(), 500);
    let mut texts = all.iter().cycle().cloned();
    let harmless = (0..KINDS).map(|number| Buyer { number: FIRST + number, texts: Vec::new() });
    let mut hostile = Vec::new();
    for number in FIRST + KINDS..FIRST + KINDS + HOSTILE {
        hostile.push(Buyer { number, texts: texts.by_ref().take(TEXTS).collect() });
    }
    let others = hostile.split_off(hostile.len() / 2);
    let (harmless, hostile, others) = futures::join!(Walk::of(harmless.collect()), Walk::of(hostile), Walk::of(others));
    let known = Shape::of(&harmless.letters);
    for walk in [harmless, hostile, others] {
        walk.writes_all();
        walk.letters.iter().for_each(|letter| walk.shows_words_alone(letter, &known));
        walk.shows_names_as_they_are().await;
        walk.tells_the_staff();
        walk.keep();
    }
}

impl Walk {
    async fn of(buyers: Vec<Buyer>) -> Walk {
        let (shop, ses) = open().await;
        let mut walk = Walk { shop, ses, buyers, letters: Vec::new() };
        for buyer in &walk.buyers {
            buyer.enrols(&walk.shop).await;
        }
        // some confirm first
        walk.goes_on(0).await;
        walk.goes_on(10).await;
        for buyer in &walk.buyers {
            buyer.buys(&walk.shop).await;
        }
        walk.goes_on(0).await;
        walk.goes_on(15).await;
        for buyer in walk.buyers.iter().filter(|buyer| buyer.reviews()) {
            buyer.complains(&walk.shop).await;
        }
        for minutes in [0, 70, 70, 70] {
            walk.goes_on(minutes).await;
        }
        walk
    }

    /// Then the schedules run, and what comes of it is read.
    async fn goes_on(&mut self, minutes: i64) {
        self.shop.move_clock(self.shop.now() + SignedDuration::from_mins(minutes));
        schedules::reviews(&self.shop.state, Deadline::NONE).await.unwrap();
        schedules::lifecycle(&self.shop.state, Deadline::NONE).await.unwrap();
        let taken = self.ses.taken();
        for mail in &taken[self.letters.len()..] {
            let letter = Letter::read(mail);
            self.opens_pages_of(&letter).await;
            self.letters.push(letter);
        }
    }

    async fn opens_pages_of(&self, letter: &Letter) {
        let Some(buyer) = self.buyers.iter().find(|buyer| buyer.email() == letter.to) else { return };
        // the pages of the footer are the same in every mail
        let worth_it =
            |path: &&String| !path.starts_with("/u/") || ["welcome_1", "care_1"].contains(&letter.scenario.as_str());
        for path in letter.pages.iter().filter(worth_it) {
            let language = page_of(self.shop.page(path).await, 200).language();
            assert_eq!(language, letter.language);
            if path.starts_with("/c/") {
                page_of(self.shop.submit(path, &[]).await, 200);
            } else if path.starts_with("/r/") {
                self.reviews_at(path, buyer).await;
            }
        }
    }

    /// What is too long comes back as it was typed, and is shorter the next time.
    async fn reviews_at(&self, path: &str, buyer: &Buyer) {
        let product = buyer.product();
        let form = |text: &str| {
            let text = text.to_owned();
            [("product-0", product.clone()), ("rating-0", "2".to_owned()), ("title-0", text.clone()), ("text-0", text)]
        };
        let short: String = buyer.text(18, "It broke.").chars().take(100).collect();
        for text in [buyer.text(18, "It broke."), &short] {
            let form = form(text);
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = self.shop.submit(path, &form).await;
            let status = answer.status;
            assert!([200, 400].contains(&status), "{answer:?}");
            page_of(answer, status);
            if status == 200 {
                return;
            }
        }
        panic!("{short} is not taken");
    }

    /// There is every mail that shows what somebody wrote, in every language, and each buyer has some.
    fn writes_all(&self) {
        let written: BTreeSet<(&str, &str)> =
            self.letters.iter().map(|letter| (letter.scenario.as_str(), letter.language.as_str())).collect();
        for scenario in SCENARIOS {
            for (language, ..) in PLACES {
                assert!(written.contains(&(scenario, language)), "{scenario} {language}: {written:?}");
            }
        }
        for buyer in &self.buyers {
            let to = buyer.email();
            assert!(self.letters.iter().any(|letter| letter.to == to && letter.scenario == "review_rescue_2"), "{to}");
        }
    }

    fn shows_words_alone(&self, letter: &Letter, known: &Shape) {
        let buyer = self.buyers.iter().find(|buyer| buyer.email() == letter.to);
        let of = buyer.map(|buyer| (buyer.number, buyer.storefront()));
        letter.shape.is_within(known, &format!("{} {} {of:?}", letter.scenario, letter.language));
        assert!(buyer.is_none_or(|buyer| letter.language == buyer.place().0), "{of:?}");
    }

    /// What is plain, and no longer than a greeting can be, is shown just as it was written.
    async fn shows_names_as_they_are(&self) {
        for buyer in &self.buyers {
            let path = format!("/v1/members/{}", buyer.id(&self.shop).await);
            let name = self.shop.get(&path).await.is(200)["name"].as_str().unwrap().to_owned();
            let to = buyer.email();
            // orders bring another name than the enrolment
            let last = self.letters.iter().filter(|letter| letter.to == to && letter.scenario == "review_rescue_2");
            for Letter { shown, text, .. } in last.filter(|_| is_plain(&name)) {
                assert!(shown.contains(&name) && text.contains(&name), "{name}: {text}");
            }
        }
    }

    /// Each buyer wrote a bad review.
    fn tells_the_staff(&self) {
        let alerts = self.letters.iter().filter(|letter| letter.scenario == "review_rescue_1");
        assert_eq!(alerts.count(), self.buyers.len());
    }

    /// For another language's parser: each mail as it was taken, and beside it what it must be read with.
    #[allow(clippy::disallowed_methods, reason = "whoever reads them says where they are to be")]
    fn keep(&self) {
        let Ok(folder) = env::var("REGULARS_MAILS") else { return };
        fs::create_dir_all(&folder).unwrap();
        let first = self.buyers[0].number;
        for (place, (taken, letter)) in self.ses.taken().iter().zip(&self.letters).enumerate() {
            let name = Path::new(&folder).join(format!("{first}-{place}"));
            fs::write(name.with_extension("eml"), &taken.raw).unwrap();
            let read = json!({"to": letter.to, "subject": letter.subject, "text": letter.text});
            fs::write(name.with_extension("json"), read.to_string()).unwrap();
        }
    }
}

fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_graphic() || c == ' ';
    text.len() <= 60 && text.chars().all(is_plain) && !text.contains("  ") && text.trim() == text
}
