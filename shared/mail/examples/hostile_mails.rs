//! Prints whole mails that are made of hostile strings, for another language's parser to read: on each
//! line the base64 of a message, a blank, and the base64 of the subject that it must be read with.
#![allow(clippy::unwrap_used, reason = "an example stops where something is wrong")]

#[path = "../tests/letters/hostile_strings.rs"]
mod hostile_strings;
#[path = "../tests/letters/mod.rs"]
mod letters;

use std::io::{self, Write};

use base64::{Engine, engine::general_purpose::STANDARD};
use mail::{
    mime::{Envelope, Unsubscribe, message},
    render::render,
};
use rules::email::Email;

fn main() -> io::Result<()> {
    let (from, to) = (Email::parse("shop@leaf.example").unwrap(), Email::parse("mia@example.com").unwrap());
    let letters: Vec<_> = letters::all().collect();
    let mut out = io::stdout().lock();
    for (text, (scenario, step, locale)) in hostile_strings::hostile().iter().zip(letters.into_iter().cycle()) {
        let letter = letters::full(scenario, step, locale, &|_| text.clone());
        let mail = render(&letter).unwrap();
        let unsubscribe = letter.links.unsubscribe.as_ref().map(|link| Unsubscribe { link, mailbox: Some(&from) });
        let envelope =
            Envelope { from_name: &letter.shop.name, from: &from, to: &to, reply_to: Some(&from), unsubscribe };
        let raw = message(&mail, &envelope).unwrap();
        writeln!(out, "{} {}", STANDARD.encode(raw), STANDARD.encode(mail.subject.replace("=?", "= ?")))?;
    }
    Ok(())
}
