//! Who a member is: the only row that holds anything that names a person.

use std::{collections::BTreeMap, fmt};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    consent::{Consent, ConsentChange, ConsentState, Topic, TopicChoice},
    email::Email,
    ids::{CustomerKey, MemberId},
};

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub id: MemberId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The address is the member's own: proved to a storefront, or given by the merchant.
    #[serde(default)]
    pub email_verified: bool,
    /// Addresses of members who were merged into this one: they lead here too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_emails: Vec<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// BCP 47, e.g. `de-AT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// IANA, e.g. `Europe/Vienna`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Date>,
    /// When it was entered or last changed, by the program's calendar; kept when it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday_entered_on: Option<Date>,
    /// When it was last changed after it had been entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday_changed_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<CustomerKey>,
    #[serde(default)]
    pub consent: Consent,
    /// When they were first greeted for a consent: nobody is twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcomed_at: Option<Timestamp>,
    /// The latest statement that they were asked to confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_about: Option<Timestamp>,
    /// The storefront's own time of what this profile says.
    pub updated_at: Timestamp,
    pub created_at: Timestamp,
}

/// What a storefront's payload says of a customer; what it does not say is `None`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProfileFacts {
    pub email: Option<Email>,
    pub email_verified: bool,
    pub has_account: bool,
    pub name: Option<String>,
    pub locale: Option<String>,
    pub country: Option<String>,
    pub marketing: Option<ConsentChange>,
    pub topics: BTreeMap<Topic, TopicChoice>,
}

impl ProfileFacts {
    /// Of what is said to mail, only what somebody does not want.
    #[must_use]
    pub fn without_grants(mut self) -> ProfileFacts {
        self.marketing = self.marketing.filter(|change| change.state == ConsentState::Withdrawn);
        self.topics.retain(|_, choice| !choice.on);
        self
    }
}

impl Profile {
    /// The address that is theirs from now on; among those that lead to them, it changes places.
    pub fn change_address(&mut self, email: Email, verified: bool) {
        let known = self.other_emails.len();
        self.other_emails.retain(|other| *other != email);
        let was_another = self.other_emails.len() < known;
        let former = self.email.replace(email).filter(|_| was_another);
        self.other_emails.extend(former);
        self.email_verified = verified;
    }

    /// Takes over what only the other profile says, with its links; of two statements of consent the
    /// later one holds.
    pub fn absorb(&mut self, other: Profile) {
        let addresses = other.email.into_iter().chain(other.other_emails);
        for address in addresses {
            match &self.email {
                None => (self.email, self.email_verified) = (Some(address), other.email_verified),
                Some(own) if *own == address || self.other_emails.contains(&address) => {}
                Some(_) => self.other_emails.push(address),
            }
        }
        self.name = self.name.take().or(other.name);
        self.locale = self.locale.take().or(other.locale);
        self.time_zone = self.time_zone.take().or(other.time_zone);
        self.country = self.country.take().or(other.country);
        if self.birthday.is_none() && self.birthday_entered_on.is_none() {
            self.birthday = other.birthday;
            self.birthday_entered_on = other.birthday_entered_on;
            self.birthday_changed_on = other.birthday_changed_on;
        }
        self.links.extend(other.links);
        self.consent.absorb(&other.consent);
        self.welcomed_at = self.welcomed_at.into_iter().chain(other.welcomed_at).min();
        self.created_at = self.created_at.min(other.created_at);
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for ProfileFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProfileFacts(***)")
    }
}
