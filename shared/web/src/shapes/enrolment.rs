//! Who is to be enrolled: parsed into the domain's types, every bad field named.

use app::enrol_member::Enrolment;
use jiff::civil::Date;
use rules::{email::Email, ids::CustomerKey, zone::Zone};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    problem::{FieldError, Problem},
    shapes::consent::ConsentInput,
};

const MAX_NAME_CHARS: usize = 200;
const MAX_LINKS: usize = 20;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentShape {
    email: String,
    name: Option<String>,
    /// BCP 47, e.g. `de-AT`
    locale: Option<String>,
    /// IANA, e.g. `Europe/Vienna`
    time_zone: Option<String>,
    /// ISO 3166-1 alpha-2, e.g. `AT`
    country: Option<String>,
    #[schema(format = "date")]
    birthday: Option<String>,
    #[serde(default)]
    consent: Option<ConsentInput>,
    #[serde(default)]
    links: Vec<LinkInput>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    source: String,
    customer_id: String,
}

impl EnrolmentShape {
    /// # Errors
    /// A problem with every field that is bad.
    pub fn parse(self, today: Date) -> Result<Enrolment, Problem> {
        let mut errors = Faults::default();
        let email = errors.check("/email", Email::parse(&self.email).map_err(|_| "is not an email address".to_owned()));
        let name = errors.optional("/name", self.name, |text| name(&text));
        let locale = errors.optional("/locale", self.locale, locale);
        let time_zone = errors.optional("/time_zone", self.time_zone, time_zone);
        let country = errors.optional("/country", self.country, country);
        let birthday = errors.optional("/birthday", self.birthday, |text| birthday(&text, today));
        let links = errors.links(self.links);
        let consent = self.consent.map(|consent| consent.parse(&mut errors)).unwrap_or_default();
        match email {
            Some(email) if errors.0.is_empty() => {
                Ok(Enrolment { email, name, locale, time_zone, country, birthday, consent, links })
            }
            _ => Err(Problem::fields(errors.0)),
        }
    }
}

#[derive(Default)]
pub(super) struct Faults(Vec<FieldError>);

impl Faults {
    pub(super) fn add(&mut self, pointer: &str, reason: String) {
        self.0.push(FieldError { pointer: pointer.to_owned(), reason });
    }

    fn check<T, E: ToString>(&mut self, pointer: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(pointer, error.to_string())).ok()
    }

    pub(super) fn optional<T>(
        &mut self,
        pointer: &str,
        value: Option<String>,
        parse: impl FnOnce(String) -> Result<T, String>,
    ) -> Option<T> {
        value.and_then(|value| self.check(pointer, parse(value)))
    }

    /// Each once.
    pub(super) fn links(&mut self, inputs: Vec<LinkInput>) -> Vec<CustomerKey> {
        if inputs.len() > MAX_LINKS {
            self.add("/links", format!("must be at most {MAX_LINKS}"));
        }
        let mut links: Vec<CustomerKey> = Vec::new();
        for (index, link) in inputs.into_iter().enumerate() {
            let source = self.check(&format!("/links/{index}/source"), link.source.try_into());
            let customer_id = self.check(&format!("/links/{index}/customer_id"), link.customer_id.try_into());
            if let (Some(source), Some(customer_id)) = (source, customer_id) {
                let link = CustomerKey { source, customer_id };
                if !links.contains(&link) {
                    links.push(link);
                }
            }
        }
        links
    }

    pub(super) fn none_or_problem(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::fields(self.0)) }
    }
}

pub(super) fn name(text: &str) -> Result<String, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.chars().count() > MAX_NAME_CHARS || trimmed.chars().any(char::is_control) {
        return Err(format!("must be 1 to {MAX_NAME_CHARS} characters without controls"));
    }
    Ok(trimmed.to_owned())
}

pub(crate) fn locale(text: String) -> Result<String, String> {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or("");
    let language_is_fit = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    let rest_is_fit =
        parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !language_is_fit || !rest_is_fit || text.len() > 35 {
        return Err("is not a BCP 47 language tag such as `de-AT`".to_owned());
    }
    Ok(text)
}

pub(super) fn time_zone(text: String) -> Result<String, String> {
    Zone::parse(&text).map_err(|error| error.to_string())?;
    Ok(text)
}

pub(super) fn country(text: String) -> Result<String, String> {
    if text.len() != 2 || !text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err("is not an ISO 3166-1 alpha-2 code such as `AT`".to_owned());
    }
    Ok(text)
}

pub(super) fn birthday(text: &str, today: Date) -> Result<Date, String> {
    let date: Date = text.parse().map_err(|_| "is not a date such as `1990-02-28`".to_owned())?;
    if date.year() < 1900 || date > today {
        return Err("must be from 1900 to today".to_owned());
    }
    Ok(date)
}
