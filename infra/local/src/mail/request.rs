//! The body of SES v2 SendEmail
//! (<https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>), as far as it shows
//! in a mail; what else there may be is ignored.

use serde::Deserialize;

use super::{
    message::{Header, Letter},
    raw,
};

/// SES takes no more recipients of one mail.
const MAX_RECIPIENTS: usize = 50;
const MAX_TAG_CHARS: usize = 256;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    #[serde(default)]
    email_tags: Vec<NameValue>,
    configuration_set_name: Option<String>,
    list_management_options: Option<ListManagement>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Deserialize)]
enum Content {
    Simple(Simple),
    Raw(Raw),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    headers: Vec<NameValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    html: Option<Text>,
    text: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    /// base64 of the MIME message
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NameValue {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListManagement {
    contact_list_name: String,
    topic_name: Option<String>,
}

/// Why SES would not take it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("1 validation error detected: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("the message has no sender")]
    NoSender,
    #[error("the message has no recipient, or more than {MAX_RECIPIENTS}")]
    Recipients,
    #[error("the tag `{0}` has other characters than letters, digits, `_` and `-`, or more than {MAX_TAG_CHARS}")]
    Tag(String),
    #[error("the raw message is not MIME in base64")]
    Raw,
}

impl SendEmail {
    pub(super) fn parse(body: &[u8]) -> Result<Letter, Refused> {
        let mut mail: SendEmail = serde_json::from_slice(body)?;
        if let Some(tag) = mail.email_tags.iter().find(|tag| !is_tag(&tag.name) || !is_tag(&tag.value)) {
            return Err(Refused::Tag(tag.name.clone()));
        }
        let mut letter = match &mail.content {
            Content::Simple(simple) => mail.simple(simple)?,
            Content::Raw(raw) => raw::read(&raw.data).ok_or(Refused::Raw)?,
        };
        // the destination decides who gets a raw message too; its headers are only what is shown
        let recipients = mail.destination.all();
        if !recipients.is_empty() {
            letter.to = recipients.join(", ");
        }
        if letter.to.is_empty() || recipients.len() > MAX_RECIPIENTS {
            return Err(Refused::Recipients);
        }
        letter.headers.extend(mail.delivery_headers());
        letter.message_id = mail.take_tag("message_id");
        letter.member_id = mail.take_tag("member_id");
        letter.scenario = mail.take_tag("scenario");
        Ok(letter)
    }

    fn simple(&self, simple: &Simple) -> Result<Letter, Refused> {
        let from = self.from_email_address.clone().ok_or(Refused::NoSender)?;
        let subject = simple.subject.data.clone();
        let mut headers = vec![Header::new("From", from), Header::new("To", self.destination.to_addresses.join(", "))];
        if !self.destination.cc_addresses.is_empty() {
            headers.push(Header::new("Cc", self.destination.cc_addresses.join(", ")));
        }
        if !self.reply_to_addresses.is_empty() {
            headers.push(Header::new("Reply-To", self.reply_to_addresses.join(", ")));
        }
        headers.push(Header::new("Subject", subject.clone()));
        headers.extend(simple.headers.iter().map(|header| Header::new(&header.name, header.value.clone())));
        let data = |text: &Option<Text>| text.as_ref().map(|text| text.data.clone());
        Ok(Letter {
            subject,
            headers,
            html: data(&simple.body.html),
            text: data(&simple.body.text),
            ..Letter::default()
        })
    }

    /// What the API says beside the message, under the names that SES has for it in SMTP
    /// (<https://docs.aws.amazon.com/ses/latest/dg/header-fields.html>).
    fn delivery_headers(&self) -> Vec<Header> {
        let list = self.list_management_options.as_ref().map(|list| {
            let topic = list.topic_name.iter().map(|topic| format!("; topic={topic}")).collect::<String>();
            Header::new("X-SES-LIST-MANAGEMENT-OPTIONS", format!("{}{topic}", list.contact_list_name))
        });
        let set = self.configuration_set_name.as_ref().map(|name| Header::new("X-SES-CONFIGURATION-SET", name));
        let tags: Vec<String> = self.email_tags.iter().map(|tag| format!("{}={}", tag.name, tag.value)).collect();
        let tags = (!tags.is_empty()).then(|| Header::new("X-SES-MESSAGE-TAGS", tags.join(", ")));
        [set, tags, list].into_iter().flatten().collect()
    }

    fn take_tag(&mut self, name: &str) -> Option<String> {
        let position = self.email_tags.iter().position(|tag| tag.name == name)?;
        Some(self.email_tags.swap_remove(position).value)
    }
}

impl Destination {
    fn all(&self) -> Vec<String> {
        [&self.to_addresses, &self.cc_addresses, &self.bcc_addresses].into_iter().flatten().cloned().collect()
    }
}

fn is_tag(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !text.is_empty() && text.len() <= MAX_TAG_CHARS && text.bytes().all(allowed)
}
