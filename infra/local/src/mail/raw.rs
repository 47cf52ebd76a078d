//! A mail that comes as raw MIME.

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::{Address, MessageParser};

use super::message::{Header, Letter};

/// Reads the base64 of a message; nothing if it is none.
pub(super) fn read(data: &str) -> Option<Letter> {
    let bytes = STANDARD.decode(data).ok()?;
    let message = MessageParser::default().parse(&bytes).filter(|message| !message.headers().is_empty())?;
    let headers = message.headers_raw().map(|(name, value)| Header::new(name, unfolded(value)));
    Some(Letter {
        to: message.to().map(addresses).unwrap_or_default(),
        subject: message.subject().unwrap_or("").to_owned(),
        headers: headers.collect(),
        html: message.html_bodies().next().and_then(|part| part.text_contents()).map(str::to_owned),
        text: message.text_bodies().next().and_then(|part| part.text_contents()).map(str::to_owned),
        ..Letter::default()
    })
}

fn addresses(to: &Address) -> String {
    to.iter().filter_map(|recipient| recipient.address()).collect::<Vec<_>>().join(", ")
}

/// RFC 5322, section 2.2.3: a header may go on in lines that begin with a blank.
fn unfolded(value: &str) -> String {
    value.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}
