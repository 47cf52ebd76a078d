//! What is to be known of a member from now on: a JSON merge patch, every bad field named.

use app::change_member::MemberChange;
use jiff::civil::Date;
use rules::email::Email;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::{
    problem::Problem,
    shapes::{
        consent::ConsentInput,
        enrolment::{Faults, LinkInput, birthday, country, locale, name, time_zone},
    },
};

/// What is absent stays; `null` removes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChangeShape {
    /// The member's address from now on. It cannot be removed.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, required = false)]
    email: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    /// BCP 47, e.g. `de-AT`
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    locale: Option<Option<String>>,
    /// IANA, e.g. `Europe/Vienna`
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Option<String>>,
    /// ISO 3166-1 alpha-2, e.g. `AT`
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    country: Option<Option<String>>,
    /// Can be changed once a year
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, format = "date")]
    birthday: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = ConsentInput, required = false)]
    consent: Option<Option<ConsentInput>>,
    /// Added to those that there are; at most 20 at once
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Vec<LinkInput>, required = false)]
    links: Option<Option<Vec<LinkInput>>>,
}

/// A `null` that is there is another thing than none.
pub(super) fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(field: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(field).map(Some)
}

impl MemberChangeShape {
    /// # Errors
    /// A problem with every field that is bad.
    pub fn parse(self, today: Date) -> Result<MemberChange, Problem> {
        let mut errors = Faults::default();
        let email = kept(&mut errors, "/email", self.email);
        let email = errors
            .optional("/email", email, |text| Email::parse(&text).map_err(|_| "is not an email address".to_owned()));
        let consent = kept(&mut errors, "/consent", self.consent);
        let consent = consent.map(|consent| consent.parse(&mut errors)).unwrap_or_default();
        let links = kept(&mut errors, "/links", self.links).unwrap_or_default();
        let change = MemberChange {
            name: removable(&mut errors, "/name", self.name, |text| name(&text)),
            locale: removable(&mut errors, "/locale", self.locale, locale),
            time_zone: removable(&mut errors, "/time_zone", self.time_zone, time_zone),
            country: removable(&mut errors, "/country", self.country, country),
            birthday: removable(&mut errors, "/birthday", self.birthday, |text| birthday(&text, today)),
            email,
            consent,
            links: errors.links(links),
        };
        errors.none_or_problem()?;
        Ok(change)
    }
}

/// A field that is not removed.
fn kept<T>(errors: &mut Faults, pointer: &str, value: Option<Option<T>>) -> Option<T> {
    if let Some(None) = value {
        errors.add(pointer, "cannot be removed".to_owned());
    }
    value.flatten()
}

fn removable<T>(
    errors: &mut Faults,
    pointer: &str,
    value: Option<Option<String>>,
    parse: impl FnOnce(String) -> Result<T, String>,
) -> Option<Option<T>> {
    value.map(|value| errors.optional(pointer, value, parse))
}
