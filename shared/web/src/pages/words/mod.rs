//! What the pages say, a room for each language. A language that lacks a text does not compile.

mod de;
mod en;
mod es;
mod fr;
mod ja;
mod zh;

use crate::pages::language::Language;

pub(super) struct Words {
    /// Of what people agree to: to be raised when it changes, because proofs of consent name it.
    pub(super) consent_version: &'static str,
    pub(super) close_hint: &'static str,

    pub(super) unknown_title: &'static str,
    pub(super) unknown_text: &'static str,
    pub(super) expired_title: &'static str,
    pub(super) expired_text: &'static str,
    pub(super) nobody_title: &'static str,
    pub(super) nobody_text: &'static str,
    pub(super) busy_title: &'static str,
    pub(super) busy_text: &'static str,
    pub(super) too_large_title: &'static str,
    pub(super) too_large_text: &'static str,

    pub(super) leave_title: &'static str,
    pub(super) leave_text: &'static str,
    pub(super) leave_button: &'static str,
    pub(super) to_preferences: &'static str,
    pub(super) left_title: &'static str,
    pub(super) left_text: &'static str,
    pub(super) back_text: &'static str,
    pub(super) back_button: &'static str,
    pub(super) returned_title: &'static str,
    pub(super) returned_text: &'static str,

    pub(super) preferences_title: &'static str,
    pub(super) preferences_question: &'static str,
    pub(super) preferences_yes: &'static str,
    pub(super) preferences_no: &'static str,
    pub(super) topics_legend: &'static str,
    /// Name and explanation, in the order of `Topic::ALL`.
    pub(super) topics: [(&'static str, &'static str); 4],
    pub(super) orders_note: &'static str,
    pub(super) save_button: &'static str,
    pub(super) saved_title: &'static str,
    pub(super) choose_yes_or_no: &'static str,

    pub(super) confirm_title: &'static str,
    pub(super) confirm_text: &'static str,
    pub(super) confirm_button: &'static str,
    pub(super) confirmed_title: &'static str,
    pub(super) confirmed_text: &'static str,

    pub(super) review_title: &'static str,
    pub(super) review_intro: &'static str,
    pub(super) verified_purchase: &'static str,
    pub(super) a_product: &'static str,
    pub(super) rating_legend: &'static str,
    /// From one star to five.
    pub(super) ratings: [&'static str; 5],
    pub(super) headline_label: &'static str,
    pub(super) text_label: &'static str,
    pub(super) optional: &'static str,
    pub(super) anonymous_label: &'static str,
    pub(super) publish_note: &'static str,
    pub(super) send_button: &'static str,
    pub(super) please_check: &'static str,
    pub(super) rate_something: &'static str,
    pub(super) rate_this: &'static str,
    /// With `{chars}` and `{most}`.
    pub(super) too_long: &'static str,
    pub(super) another_product: &'static str,
    pub(super) thanks_title: &'static str,
    pub(super) thanks_text: &'static str,
    pub(super) thanks_pending: &'static str,
    pub(super) thanks_again: &'static str,
    /// With `{points}`.
    pub(super) thanks_points: &'static str,
    pub(super) nothing_title: &'static str,
    pub(super) nothing_text: &'static str,
}

impl Words {
    pub(super) fn of(language: Language) -> &'static Words {
        match language {
            Language::De => &de::WORDS,
            Language::En => &en::WORDS,
            Language::Es => &es::WORDS,
            Language::Fr => &fr::WORDS,
            Language::Ja => &ja::WORDS,
            Language::Zh => &zh::WORDS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_each_count_and_no_two_say_the_same() {
        let all: Vec<&Words> = Language::ALL.into_iter().map(Words::of).collect();
        for words in &all {
            assert!(words.too_long.contains("{chars}") && words.too_long.contains("{most}"));
            assert!(words.thanks_points.contains("{points}"));
            let texts = [words.leave_title, words.confirm_text, words.review_title, words.unknown_text];
            assert!(texts.iter().all(|text| !text.trim().is_empty()));
            let others = all.iter().filter(|other| !std::ptr::eq(**other, *words));
            assert!(others.clone().all(|other| other.leave_text != words.leave_text));
            assert!(others.clone().all(|other| other.consent_version != words.consent_version));
        }
    }
}
