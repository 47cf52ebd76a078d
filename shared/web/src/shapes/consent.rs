//! What a member has said to mail, as it is told and as it is shown.

use std::{collections::BTreeMap, net::IpAddr};

use app::state_consent::ConsentStatement;
use jiff::Timestamp;
use rules::consent::{Consent, ConsentState, Topic};
use serde::{
    Deserialize, Serialize,
    de::{IntoDeserializer, value::Error as BadValue},
};
use utoipa::ToSchema;

use super::{enrolment::Faults, member_change::said};

const MAX_WORD_CHARS: usize = 100;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentInput {
    /// `granted` or `withdrawn`. Where the program asks for it, a grant is `pending` until it is confirmed by email
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, required = false, example = "granted")]
    marketing: Option<Option<String>>,
    #[serde(default)]
    topics: Option<TopicsInput>,
    #[serde(default)]
    proof: Option<ProofInput>,
}

/// Each can be switched off alone; what is absent stays
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicsInput {
    reviews: Option<bool>,
    replenishment: Option<bool>,
    loyalty: Option<bool>,
    offers: Option<bool>,
}

/// What shows that they said it
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofInput {
    /// Where, e.g. `checkout`
    source: Option<String>,
    /// Of the words that they agreed to
    text_version: Option<String>,
    /// The network address that it was said from; only its keyed hash is kept
    ip: Option<String>,
    /// They have confirmed it from their mailbox already
    #[serde(default)]
    confirmed: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ConsentShape {
    #[schema(value_type = String, example = "granted")]
    marketing: ConsentState,
    /// When it was said
    #[schema(value_type = Option<String>, format = "date-time")]
    marketing_at: Option<Timestamp>,
    topics: TopicsShape,
}

/// Which mail they want, once marketing is granted
#[derive(Serialize, ToSchema)]
pub struct TopicsShape {
    reviews: bool,
    replenishment: bool,
    loyalty: bool,
    offers: bool,
}

impl ConsentInput {
    pub(super) fn parse(self, errors: &mut Faults) -> ConsentStatement {
        if let Some(None) = self.marketing {
            errors.add("/consent/marketing", "cannot be removed".to_owned());
        }
        let marketing = errors.optional("/consent/marketing", self.marketing.flatten(), |text| state(&text));
        let proof = self.proof.unwrap_or_default();
        let ip = |text: String| text.parse::<IpAddr>().map_err(|_| "is not a network address".to_owned());
        ConsentStatement {
            marketing,
            withdrawn_at: None,
            confirmed: proof.confirmed,
            topics: self.topics.unwrap_or_default().chosen(),
            source: errors.optional("/consent/proof/source", proof.source, word),
            text_version: errors.optional("/consent/proof/text_version", proof.text_version, word),
            ip: errors.optional("/consent/proof/ip", proof.ip, ip),
        }
    }
}

impl TopicsInput {
    fn chosen(&self) -> BTreeMap<Topic, bool> {
        let of = |topic| match topic {
            Topic::Reviews => self.reviews,
            Topic::Replenishment => self.replenishment,
            Topic::Loyalty => self.loyalty,
            Topic::Offers => self.offers,
        };
        Topic::ALL.into_iter().filter_map(|topic| Some((topic, of(topic)?))).collect()
    }
}

impl From<&Consent> for ConsentShape {
    fn from(consent: &Consent) -> ConsentShape {
        let topics = TopicsShape {
            reviews: consent.is_on(Topic::Reviews),
            replenishment: consent.is_on(Topic::Replenishment),
            loyalty: consent.is_on(Topic::Loyalty),
            offers: consent.is_on(Topic::Offers),
        };
        ConsentShape { marketing: consent.marketing, marketing_at: consent.marketing_at, topics }
    }
}

fn state(text: &str) -> Result<ConsentState, String> {
    ConsentState::deserialize(text.into_deserializer()).map_err(|error: BadValue| error.to_string())
}

fn word(text: String) -> Result<String, String> {
    if text.is_empty() || text.chars().count() > MAX_WORD_CHARS || text.chars().any(char::is_control) {
        return Err(format!("must be 1 to {MAX_WORD_CHARS} characters without controls"));
    }
    Ok(text)
}
