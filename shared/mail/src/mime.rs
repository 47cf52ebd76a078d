//! A mail as bytes: MIME, RFC 5322 and RFC 2045 to 2049.

use mail_builder::{
    headers::{Header, address::Address, raw::Raw, text::Text},
    mime::MimePart,
};
use rules::email::Email;

use crate::{clean::one_line, mail_link::mail_link, render::Rendered, web_link::WebLink};

const MAX_NAME_CHARS: usize = 100;
/// A line has at most 998 characters (RFC 5322, 2.1.1), and a link cannot be folded.
const MAX_LINK_BYTES: usize = 900;

/// Who a mail is from and to.
#[derive(Clone, Copy)]
pub struct Envelope<'a> {
    pub from_name: &'a str,
    pub from: &'a Email,
    pub to: &'a Email,
    pub reply_to: Option<&'a Email>,
    /// What is not transactional must have it.
    pub unsubscribe: Option<Unsubscribe<'a>>,
}

/// How one click ends all marketing: RFC 2369 and RFC 8058.
#[derive(Clone, Copy)]
pub struct Unsubscribe<'a> {
    /// Takes a POST with `List-Unsubscribe=One-Click`. Mailbox providers ask for https.
    pub link: &'a WebLink,
    /// Gets a mail with the link in it, from programs that know no better way: whoever reads it follows that.
    pub mailbox: Option<&'a Email>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAMail {
    /// SES delivers to addresses of ASCII alone; a domain of other letters has to be in punycode. What looks like an
    /// encoded word (RFC 2047) is none in an address, but some programs decode it, and read another one.
    #[error("an address has letters that SES does not deliver to, or that read as others")]
    Address,
    #[error("the link to unsubscribe has more than {MAX_LINK_BYTES} characters")]
    Link,
}

/// The whole message, but for `Date` and `Message-ID`, which SES writes.
///
/// # Errors
/// `NotAMail` for an address or a link that no header can have.
pub fn message(mail: &Rendered, envelope: &Envelope<'_>) -> Result<Vec<u8>, NotAMail> {
    let mut out = Vec::with_capacity(mail.html.len() + mail.text.len() + 1_024);
    let name = header_text(&one_line(envelope.from_name, MAX_NAME_CHARS));
    let name = Some(name).filter(|name| !name.is_empty());
    write("From", &Address::new_address(name, deliverable(envelope.from)?), &mut out);
    write("To", &address(envelope.to)?, &mut out);
    if let Some(reply_to) = envelope.reply_to {
        write("Reply-To", &address(reply_to)?, &mut out);
    }
    write("Subject", &Text::new(header_text(&mail.subject)), &mut out);
    if let Some(unsubscribe) = &envelope.unsubscribe {
        write("List-Unsubscribe", &Raw::new(unsubscribe.places()?), &mut out);
        write("List-Unsubscribe-Post", &Raw::new("List-Unsubscribe=One-Click"), &mut out);
    }
    write("MIME-Version", &Raw::new("1.0"), &mut out);
    let text = MimePart::new("text/plain", mail.text.as_str());
    let html = MimePart::new("text/html", mail.html.as_str());
    MimePart::new("multipart/alternative", vec![text, html]).write_part(&mut out);
    Ok(out)
}

impl Unsubscribe<'_> {
    fn places(&self) -> Result<String, NotAMail> {
        let link = self.link.as_str();
        if link.len() > MAX_LINK_BYTES {
            return Err(NotAMail::Link);
        }
        let place = format!("<{link}>");
        let Some(mailbox) = self.mailbox else { return Ok(place) };
        let mail = mail_link(deliverable(mailbox)?, "unsubscribe", Some(link));
        // one place is enough where the other has no room in a line
        Ok(if mail.len() > MAX_LINK_BYTES { place } else { format!("{place}, <{mail}>") })
    }
}

/// What looks like an encoded word (RFC 2047) would be decoded, and could bring in what was cleaned away.
fn header_text(text: &str) -> String {
    text.replace("=?", "= ?")
}

fn address(email: &Email) -> Result<Address<'_>, NotAMail> {
    Ok(Address::new_address(None::<&str>, deliverable(email)?))
}

fn deliverable(email: &Email) -> Result<&str, NotAMail> {
    let address = email.as_str();
    if address.is_ascii() && !address.contains("=?") { Ok(address) } else { Err(NotAMail::Address) }
}

fn write(name: &str, value: &impl Header, out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    value.write_header(out, name.len() + 2);
}
