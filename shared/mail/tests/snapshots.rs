//! Mails to be read by whoever changes a template: all of the English ones, one of each other language.
#![cfg(test)]

mod letters;

use mail::{locale::Locale, render::render};

#[test]
fn every_english_mail_is_as_it_was() {
    for (scenario, steps) in letters::scenarios() {
        for step in 1..=steps {
            insta::assert_snapshot!(format!("{scenario}_{step}_en"), shown(scenario, step, Locale::En));
        }
    }
}

#[test]
fn a_mail_of_each_other_language_is_as_it_was() {
    for locale in Locale::ALL.into_iter().skip(1) {
        insta::assert_snapshot!(format!("review_invitation_1_{locale}"), shown("review_invitation", 1, locale));
    }
}

#[test]
fn a_page_is_as_it_was() {
    let letter = letters::full("review_invitation", 1, Locale::En, &str::to_owned);
    insta::assert_snapshot!("review_invitation_1_en_html", render(&letter).unwrap().html);
}

fn shown(scenario: &str, step: u8, locale: Locale) -> String {
    let full = render(&letters::full(scenario, step, locale, &str::to_owned)).unwrap();
    let sparse = render(&letters::sparse(scenario, step, locale)).unwrap();
    let rule = "=".repeat(40);
    format!("{}\n\n{}\n{rule}\n{}\n\n{}", full.subject, full.text, sparse.subject, sparse.text)
}
