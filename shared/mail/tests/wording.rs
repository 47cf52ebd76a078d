//! What mails say is true of their reader, and alike in every language.
#![cfg(test)]

mod letters;

use std::collections::BTreeSet;

use mail::{
    letter::{Basis, Letter},
    locale::Locale,
    render::{Rendered, render},
    web_link::WebLink,
};

fn full(scenario: &str, step: u8, locale: Locale) -> Letter {
    letters::full(scenario, step, locale, &str::to_owned)
}

fn written(letter: &Letter) -> Rendered {
    render(letter).unwrap()
}

/// Of a button in a page: what it says, and where it leads.
fn buttons(html: &str) -> Vec<(String, String)> {
    let links = html.split("<a href=\"").skip(1).filter(|link| link.contains("font-weight:bold;text-decoration:none"));
    let of = |link: &str| {
        let (address, rest) = link.split_once('"').unwrap();
        let label = rest.split_once('>').unwrap().1.split_once("</a>").unwrap().0;
        (label.to_owned(), address.to_owned())
    };
    links.map(of).collect()
}

#[test]
fn a_button_leads_where_it_says() {
    let account = "https://shop.example/account?from=mail&amp;tab=1";
    let answer = "mailto:help@shop.example?subject=Re%3A%20";
    for (scenario, step, label, target) in [
        ("confirm_subscription", 1, "Yes, write to me", "https://mail.shop.example/c/token"),
        ("order_confirmation", 1, "See your orders", account),
        ("shipped", 1, "Follow the parcel", "https://post.example/track?n=RR123456789"),
        ("delivered", 1, "See your orders", account),
        ("welcome", 1, "See your account", account),
        ("welcome", 3, "Go to the shop", "https://shop.example/"),
        ("care", 1, "Ask us something", answer),
        ("review_rescue", 2, "Tell us what happened", answer),
        ("points_expiring", 1, "Use your points", account),
        ("tier_up", 1, "See your account", account),
        ("tier_at_risk", 1, "Go to the shop", "https://shop.example/"),
    ] {
        let mail = written(&full(scenario, step, Locale::En));
        let [(said, leads_to)] = &buttons(&mail.html)[..] else { panic!("{scenario} {step}") };
        assert!(said == label && leads_to.starts_with(target), "{scenario} {step}: {said} {leads_to}");
        assert!(mail.text.contains(label), "{scenario} {step}: {}", mail.text);
    }
    assert!(written(&full("care", 1, Locale::En)).text.contains("Ask us something: help@shop.example"));
}

#[test]
fn a_button_that_can_lead_to_the_shop_alone_says_so_and_one_that_leads_nowhere_is_not_there() {
    let says = ["Go to the shop", "Zum Shop", "Aller à la boutique", "Ir a la tienda", "ショップを見る", "去店里看看"];
    for (locale, label) in Locale::ALL.into_iter().zip(says) {
        for scenario in ["welcome", "order_confirmation", "shipped", "delivered", "points_expiring", "tier_up"] {
            let mut letter = full(scenario, 1, locale);
            letter.shop.account_url = None;
            letter.content.order.as_mut().unwrap().tracking_url = None;
            let shop = (label.to_owned(), "https://shop.example/".to_owned());
            assert_eq!(buttons(&written(&letter).html), [shop], "{scenario} {locale}");
            letter.shop.url = None;
            assert_eq!(buttons(&written(&letter).html), [], "{scenario} {locale}");
        }
    }
}

#[test]
fn the_staff_find_a_case_by_its_number_and_are_led_to_no_page_that_there_is_not() {
    for scenario in ["staff_case", "review_rescue"] {
        for locale in Locale::ALL {
            let mail = written(&full(scenario, 1, locale));
            assert_eq!(buttons(&mail.html), [], "{scenario} {locale}");
            assert!(mail.html.contains("case_0123") && mail.text.contains("case_0123"), "{scenario} {locale}");
        }
    }
}

#[test]
fn the_time_that_is_left_is_counted_when_the_mail_is_written() {
    let subject = |days| {
        let mut letter = full("points_expiring", 3, Locale::En);
        letter.content.days_left = Some(days);
        written(&letter).subject
    };
    assert_eq!(subject(0), "Last day today: 102 points");
    assert_eq!(subject(1), "Last day tomorrow: 102 points");
    assert_eq!(subject(2), "102 points expire on December 31, 2026");
    for (scenario, step) in
        [("points_expiring", 1), ("points_expiring", 2), ("points_expiring", 3), ("tier_at_risk", 2)]
    {
        for locale in Locale::ALL {
            let mut letter = full(scenario, step, locale);
            let mut texts = BTreeSet::new();
            for days in [0, 1, 5, 30] {
                letter.content.days_left = Some(days);
                let mail = written(&letter);
                assert_eq!(
                    mail.text.contains(" 5 ") || mail.text.contains("5日") || mail.text.contains("5天"),
                    days == 5
                );
                texts.insert(mail.text);
            }
            assert_eq!(texts.len(), 4, "{scenario} {step} {locale}");
        }
    }
}

#[test]
fn a_step_says_what_is_so_whenever_it_goes_out() {
    for locale in Locale::ALL {
        let texts = |scenario, steps: &[u8]| -> BTreeSet<String> {
            let text = |step: &u8| {
                let mut letter = full(scenario, *step, locale);
                letter.content.days_left = Some(2);
                written(&letter).text
            };
            steps.iter().map(text).collect()
        };
        assert_eq!(texts("points_expiring", &[1, 2, 3]).len(), 1, "{locale}");
        assert_eq!(texts("tier_at_risk", &[1, 2]).len(), 1, "{locale}");
        let mut care = full("care", 1, locale);
        let arrived = written(&care).text;
        care.content.order.as_mut().unwrap().delivered_on = Some("2026-11-20".parse().unwrap());
        assert_ne!(written(&care).text, arrived, "{locale}");
    }
    assert!(written(&full("care", 1, Locale::En)).text.contains("Your parcel arrived on November 26, 2026."));
}

#[test]
fn who_has_not_agreed_is_not_told_that_they_did() {
    let bought = ["bought from", "bei Leaf & Pot gekauft", "acheté chez", "compraste en", "お買い物をされ", "买过东西"];
    for (locale, words) in Locale::ALL.into_iter().zip(bought) {
        let mut letter = full("care", 1, locale);
        assert!(!written(&letter).text.contains(words), "{locale}");
        letter.addressee.basis = Basis::SoftOptIn;
        let mail = written(&letter);
        assert!(mail.text.contains(words), "{locale}: {}", mail.text);
        assert!(mail.html.contains(&words.replace('&', "&amp;")), "{locale}");
    }
}

#[test]
fn benefits_are_told_in_the_readers_language_by_what_they_are() {
    let says = ["Free shipping", "Kostenloser Versand", "Livraison offerte", "Envío gratis", "送料無料", "免运费"];
    for (locale, words) in Locale::ALL.into_iter().zip(says) {
        for (scenario, step) in [("tier_up", 1), ("tier_at_risk", 1), ("welcome", 2)] {
            let mut letter = full(scenario, step, locale);
            let tier = letter.content.tier.as_mut().unwrap();
            tier.benefits[0].title = "Shipping is on us".to_owned();
            tier.benefits[1].kind = "tea_party".to_owned();
            tier.benefits[1].title = "A tea party".to_owned();
            letter.shop.locale = if locale == Locale::En { Locale::De } else { Locale::En };
            let text = written(&letter).text;
            assert!(text.contains(words) && !text.contains("Shipping is on us"), "{locale}: {text}");
            assert!(text.contains("A tea party"), "{locale}: {text}");
            letter.shop.locale = locale;
            let text = written(&letter).text;
            assert!(text.contains("Shipping is on us") && !text.contains(words), "{locale}: {text}");
        }
    }
}

#[test]
fn a_bad_review_is_promised_nothing_that_the_merchant_did_not_say() {
    let promises =
        ["money back", "a new one", "Geld zurück", "Ersatz", "rembours", "échange", "devolución", "otro nuevo"];
    let promises = [&promises[..], &["返金", "交換", "掲載いたします", "退款", "换货"]].concat();
    for locale in Locale::ALL {
        let text = written(&full("review_rescue", 2, locale)).text;
        assert!(promises.iter().all(|promise| !text.contains(promise)), "{locale}: {text}");
    }
}

#[test]
fn french_marks_never_begin_a_line() {
    for (scenario, step, locale) in letters::all().filter(|(_, _, locale)| *locale == Locale::Fr) {
        let mail = written(&letters::full(scenario, step, locale, &|_| "X".to_owned()));
        for mark in [" :", " ?", " !", " ;", " »", "« "] {
            assert!(!mail.subject.contains(mark) && !mail.text.contains(mark), "{scenario} {step}: `{mark}`");
        }
    }
}

#[test]
fn an_address_has_its_lines() {
    let mail = written(&full("care", 1, Locale::En));
    assert!(mail.text.contains("\nLeaf & Pot Ltd\n12 Harbour Row\nDublin\n"), "{}", mail.text);
    assert!(mail.html.contains("Leaf &amp; Pot Ltd<br>12 Harbour Row<br>Dublin"));
}

#[test]
fn a_link_to_the_carrier_may_be_any_of_the_web() {
    let mut letter = full("shipped", 1, Locale::En);
    let carrier = WebLink::parse("http://post.example/t/1").unwrap();
    letter.content.order.as_mut().unwrap().tracking_url = Some(carrier.clone());
    assert_eq!(buttons(&written(&letter).html), [("Follow the parcel".to_owned(), carrier.as_str().to_owned())]);
}
