//! What the pages say, a room for each language. A language that lacks a text does not compile.

mod de;
mod en;
mod es;
mod fr;
mod ja;
mod zh;

use app::shop_face::ShopFace;
use mail::locale::Locale;
use rules::suppression::Hindrance;

/// What people agree to on one page.
pub(super) struct Agreement {
    /// To be raised when the text changes, because proofs of consent name it.
    pub(super) version: &'static str,
    /// With `{shop}`.
    pub(super) text: &'static str,
}

pub(super) struct Words {
    /// What stands for a shop that names itself nowhere.
    pub(super) this_shop: &'static str,
    pub(super) privacy_link: &'static str,
    pub(super) close_hint: &'static str,

    pub(super) unknown_title: &'static str,
    pub(super) unknown_text: &'static str,
    pub(super) expired_title: &'static str,
    pub(super) expired_text: &'static str,
    pub(super) nobody_title: &'static str,
    pub(super) nobody_text: &'static str,
    pub(super) busy_title: &'static str,
    pub(super) busy_text: &'static str,
    /// Above the form that was sent.
    pub(super) busy_answers: &'static str,
    pub(super) too_large_title: &'static str,
    pub(super) too_large_text: &'static str,

    pub(super) leave_title: &'static str,
    pub(super) leave_text: &'static str,
    pub(super) leave_button: &'static str,
    pub(super) to_preferences: &'static str,
    pub(super) left_title: &'static str,
    pub(super) left_text: &'static str,
    pub(super) back_text: &'static str,
    pub(super) back_agreement: Agreement,
    pub(super) back_button: &'static str,
    pub(super) returned_title: &'static str,
    pub(super) returned_text: &'static str,
    /// Instead of it, where mail does not get there.
    pub(super) bounced_text: &'static str,
    pub(super) complained_text: &'static str,

    pub(super) preferences_title: &'static str,
    /// With `{shop}`.
    pub(super) preferences_question: &'static str,
    pub(super) preferences_agreement: Agreement,
    pub(super) preferences_yes: &'static str,
    pub(super) preferences_no: &'static str,
    pub(super) topics_legend: &'static str,
    /// Name and explanation, in the order of `Topic::ALL`.
    pub(super) topics: [(&'static str, &'static str); 4],
    pub(super) orders_note: &'static str,
    pub(super) save_button: &'static str,
    pub(super) saved_title: &'static str,
    pub(super) choose_yes_or_no: &'static str,

    /// With `{shop}`.
    pub(super) confirm_title: &'static str,
    pub(super) confirm_intro: &'static str,
    pub(super) confirm_agreement: Agreement,
    pub(super) confirm_if_not: &'static str,
    pub(super) confirm_button: &'static str,
    pub(super) confirmed_title: &'static str,
    pub(super) confirmed_text: &'static str,

    pub(super) review_title: &'static str,
    pub(super) review_intro: &'static str,
    pub(super) verified_purchase: &'static str,
    pub(super) reviewed_before: &'static str,
    pub(super) a_product: &'static str,
    pub(super) rating_legend: &'static str,
    /// From one star to five.
    pub(super) ratings: [&'static str; 5],
    pub(super) no_rating: &'static str,
    pub(super) headline_label: &'static str,
    pub(super) text_label: &'static str,
    pub(super) optional: &'static str,
    pub(super) anonymous_label: &'static str,
    /// With `{name}`.
    pub(super) published_as: &'static str,
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
    /// Of one and of more, with `{points}`.
    pub(super) thanks_points: [&'static str; 2],
    pub(super) nothing_title: &'static str,
    pub(super) nothing_text: &'static str,
}

impl Words {
    pub(super) fn of(language: Locale) -> &'static Words {
        match language {
            Locale::De => &de::WORDS,
            Locale::En => &en::WORDS,
            Locale::Es => &es::WORDS,
            Locale::Fr => &fr::WORDS,
            Locale::Ja => &ja::WORDS,
            Locale::Zh => &zh::WORDS,
        }
    }

    /// A text with `{shop}`, of that one.
    pub(super) fn of_shop(&self, text: &str, shop: &ShopFace) -> String {
        text.replace("{shop}", shop.name.as_deref().unwrap_or(self.this_shop))
    }

    pub(super) fn hindered(&self, hindrance: Hindrance) -> &'static str {
        match hindrance {
            Hindrance::Bounced => self.bounced_text,
            Hindrance::Complained => self.complained_text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_each_count_and_no_two_say_the_same() {
        let all: Vec<&Words> = Locale::ALL.into_iter().map(Words::of).collect();
        for words in &all {
            assert!(words.too_long.contains("{chars}") && words.too_long.contains("{most}"));
            assert!(words.thanks_points.iter().all(|text| text.contains("{points}")));
            assert!(words.published_as.contains("{name}"));
            let of_shop = [words.confirm_title, words.preferences_question].into_iter();
            assert!(
                of_shop.chain(agreements(words).map(|agreement| agreement.text)).all(|text| text.contains("{shop}"))
            );
            let texts = [words.leave_title, words.confirm_intro, words.review_title, words.unknown_text];
            assert!(texts.iter().all(|text| !text.trim().is_empty()));
            let mut others = all.iter().filter(|other| !std::ptr::eq(**other, *words));
            assert!(others.all(|other| other.leave_text != words.leave_text));
        }
    }

    fn agreements(words: &Words) -> [&Agreement; 3] {
        [&words.confirm_agreement, &words.preferences_agreement, &words.back_agreement]
    }

    #[test]
    fn no_two_texts_that_people_agree_to_have_one_version() {
        let all = Locale::ALL.into_iter().flat_map(|language| agreements(Words::of(language)));
        let mut versions: Vec<&str> = all.map(|agreement| agreement.version).collect();
        let count = versions.len();
        versions.sort_unstable();
        versions.dedup();
        assert_eq!(versions.len(), count);
    }

    #[test]
    fn french_puts_no_break_before_its_high_signs() {
        let source = include_str!("fr.rs");
        for sign in [":", "?", "!", ";"] {
            let broken = source.lines().filter(|line| line.contains('"') && line.contains(&format!(" {sign}")));
            assert_eq!(broken.collect::<Vec<_>>(), Vec::<&str>::new());
        }
    }
}
