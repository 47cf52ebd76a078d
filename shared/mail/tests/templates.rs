//! Every scenario can be written to everybody, whatever is known of them.
#![cfg(test)]

mod letters;

use std::{collections::BTreeSet, error::Error, fs, path::Path};

use mail::{
    letter::Letter,
    locale::Locale,
    render::{Draft, Part, RenderError, Rendered, preview, render, scenarios},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");

#[test]
fn every_scenario_has_every_file_in_every_locale_and_nothing_else_lies_there() {
    let mut expected: BTreeSet<String> = ["layout.html.j2", "layout.txt.j2", "parts.html.j2", "parts.txt.j2"]
        .map(str::to_owned)
        .into_iter()
        .chain(Locale::ALL.map(|locale| format!("phrases/{locale}.j2")))
        .collect();
    for scenario in scenarios() {
        for locale in Locale::ALL {
            expected.extend(
                ["subject.txt.j2", "body.html.j2", "body.txt.j2"].map(|file| format!("{scenario}/{locale}/{file}")),
            );
        }
    }
    assert_eq!(files(Path::new(FOLDER)), expected);
    let known: BTreeSet<_> = letters::scenarios().map(|(scenario, _)| scenario).collect();
    assert_eq!(scenarios().collect::<Vec<_>>(), known.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_locale_has_the_same_phrases() {
    let names = |locale: Locale| -> BTreeSet<String> {
        let source = fs::read_to_string(format!("{FOLDER}/phrases/{locale}.j2")).unwrap();
        source.lines().map(|line| line.split(" %}").next().unwrap().to_owned()).collect()
    };
    for locale in Locale::ALL {
        assert_eq!(names(locale), names(Locale::En), "{locale}");
    }
}

#[test]
fn every_letter_can_be_written_with_all_that_may_be_known_and_with_the_least() {
    for (scenario, step, locale) in letters::all() {
        reads_well(&letters::full(scenario, step, locale, &str::to_owned));
        reads_well(&letters::sparse(scenario, step, locale));
    }
}

fn reads_well(letter: &Letter) {
    let mail = written(letter);
    let (scenario, step, locale) = (&letter.scenario, letter.step, letter.locale);
    let which = format!("{scenario} {step} {locale}");
    for part in [&mail.subject, &mail.html, &mail.text] {
        for leftover in ["{{", "}}", "{%", "%}", "None", "none<", "undefined", "null", "()", "href=\"\"", "src=\"\""] {
            assert!(!part.contains(leftover), "{which}: `{leftover}` in {part}");
        }
    }
    assert!(!mail.subject.contains("  ") && mail.subject.trim() == mail.subject, "{which}: {}", mail.subject);
    assert!(
        (8..=120).contains(&mail.subject.chars().count()) || matches!(locale, Locale::Ja | Locale::Zh),
        "{which}: {}",
        mail.subject
    );
    for line in mail.text.lines() {
        assert!(!line.trim_start().contains("  "), "{which}: two blanks in `{line}`");
        assert!(!line.ends_with(": ") && !line.starts_with(": "), "{which}: {line}");
    }
    for entity in ["&amp;", "&lt;", "&#", "&quot;", "<p>", "<br>"] {
        assert!(!mail.text.contains(entity), "{which}: `{entity}` in {}", mail.text);
    }
    assert!(!mail.html.contains("<p></p>") && !mail.html.contains("<p> "), "{which}");
    assert!(mail.html.contains(&format!("<html lang=\"{locale}\"")), "{which}");
    assert!(mail.html.len() < 100_000, "{which}: Gmail cuts at 102 kB");
}

#[test]
fn another_language_is_left_without_english() {
    // of no other of the six languages, and in every English mail
    let english =
        [" the ", " you ", " your ", "Your ", " is ", " and ", "Hello", "Unsubscribe", "Best wishes", "Order"];
    for (scenario, step, locale) in letters::all().filter(|(_, _, locale)| *locale != Locale::En) {
        let quiet = letters::full(scenario, step, locale, &|_| "X".to_owned());
        let mail = written(&quiet);
        for word in english {
            for part in [&mail.subject, &mail.text, &mail.html] {
                assert!(!part.contains(word), "{scenario} {step} {locale}: `{word}` in {part}");
            }
        }
    }
}

#[test]
fn each_step_and_each_language_says_something_else() {
    let mut texts = BTreeSet::new();
    for (scenario, step, locale) in letters::all() {
        let mail = written(&letters::full(scenario, step, locale, &str::to_owned));
        assert!(texts.insert(mail.text), "{scenario} {step} {locale}");
    }
}

#[test]
fn every_language_gives_the_same_facts_and_links_in_html_and_text() {
    for (scenario, step, locale) in letters::all() {
        let mail = written(&letters::full(scenario, step, locale, &str::to_owned));
        let english = written(&letters::full(scenario, step, Locale::En, &str::to_owned));
        assert_eq!(links(&mail.html, '"'), links(&english.html, '"'), "{scenario} {step} {locale}");
        assert_eq!(links(&mail.text, '\n'), links(&english.text, '\n'), "{scenario} {step} {locale}");
        for fact in ["1042", "RR 123 456 789", "THANKS-5", "The lid was broken."] {
            assert_eq!(mail.text.contains(fact), english.text.contains(fact), "{scenario} {step} {locale}: {fact}");
            assert_eq!(mail.html.contains(fact), mail.text.contains(fact), "{scenario} {step} {locale}: {fact}");
        }
    }
}

#[test]
fn a_mail_without_a_link_to_unsubscribe_speaks_of_none() {
    for (scenario, step, locale) in letters::all() {
        let mut letter = letters::full(scenario, step, locale, &str::to_owned);
        let with = written(&letter);
        assert!(with.html.contains("/u/token") && with.text.contains("/u/token"), "{scenario} {step} {locale}");
        letter.links.unsubscribe = None;
        let without = written(&letter);
        assert!(!without.html.contains("/u/token") && !without.text.contains("/u/token"), "{scenario} {step} {locale}");
    }
}

#[test]
fn a_rewarded_review_is_asked_for_whatever_its_rating() {
    let says = [
        "whatever your rating is",
        "gleich wie sie ausfällt",
        "quelle que soit la note",
        "sea cual sea la nota",
        "評価の内容にかかわらず",
        "打几颗星都一样",
    ];
    for (locale, words) in Locale::ALL.into_iter().zip(says) {
        for step in [1, 2] {
            let mut letter = letters::full("review_invitation", step, locale, &str::to_owned);
            assert!(written(&letter).text.contains(words), "{locale}");
            letter.content.points = None;
            assert!(!written(&letter).text.contains(words), "{locale}");
        }
    }
}

#[test]
fn one_of_anything_is_said_in_the_singular() {
    let text = |scenario: &str, locale| written(&letters::sparse(scenario, 1, locale)).text;
    assert!(text("points_expiring", Locale::En).contains("1 of your points expires on December 31, 2026"));
    assert!(text("points_expiring", Locale::De).contains("am 31. Dezember 2026 verfällt 1 Punkt."));
    assert!(text("points_expiring", Locale::Fr).contains("1 point expire le 31 décembre 2026"));
    assert!(text("points_expiring", Locale::Es).contains("te caduca 1 punto"));
}

#[test]
fn a_letter_that_lacks_what_it_is_about_is_not_written() {
    for scenario in ["points_expiring", "tier_up", "tier_at_risk", "order_confirmation", "staff_case", "review_rescue"]
    {
        let mut letter = letters::sparse(scenario, 1, Locale::En);
        letter.content = Default::default();
        assert!(matches!(render(&letter), Err(RenderError::Template { .. })), "{scenario}");
    }
    let unknown = letters::sparse("../welcome", 1, Locale::En);
    assert!(matches!(render(&unknown), Err(RenderError::UnknownScenario(_))));
}

#[test]
fn a_draft_is_shown_without_being_in_use() {
    let letter = letters::full("welcome", 1, Locale::De, &str::to_owned);
    let draft = Draft { subject: Some("Hallo {{ addressee.name }}".to_owned()), ..Draft::default() };
    let mail = preview(&letter, &draft).unwrap();
    assert_eq!(mail.subject, "Hallo Mia Wong");
    assert_eq!(mail.text, written(&letter).text);
    for bad in [
        "{{ addresee.name }}",
        "{{ shop.nme }}",
        "{% if %}",
        "{{ lower_tier.until }}",
        "{% include \"/etc/passwd\" %}",
        "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
    ] {
        let draft = Draft { html: Some(bad.to_owned()), ..Draft::default() };
        assert!(matches!(preview(&letter, &draft), Err(RenderError::Template { part: Part::Html, .. })), "{bad}");
    }
    let draft = Draft { text: Some("Hello\n{{ shop.nme }}".to_owned()), ..Draft::default() };
    let Err(RenderError::Template { part: Part::Text, said, .. }) = preview(&letter, &draft) else { panic!() };
    assert!(said.starts_with("line 2: undefined value"), "{said}");
}

fn written(letter: &Letter) -> Rendered {
    render(letter).unwrap_or_else(|error| panic!("{letter:?}: {:?}", error.source().map(ToString::to_string)))
}

fn links(text: &str, end: char) -> BTreeSet<String> {
    text.split("https://").skip(1).map(|rest| rest.split(end).next().unwrap().to_owned()).collect()
}

fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found
}
