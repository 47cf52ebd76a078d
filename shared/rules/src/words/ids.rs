//! Typed ids: none of them can be taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};

/// No id of ours or of a storefront is longer than this.
pub const MAX_ID_BYTES: usize = 128;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id: 1 to {MAX_ID_BYTES} characters of letters, digits and `._~-:/=+`")]
pub struct NotAnId(String);

fn parse_id(text: &str) -> Result<String, NotAnId> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._~-:/=+".contains(&b);
    if text.is_empty() || text.len() > MAX_ID_BYTES || !text.bytes().all(allowed) {
        return Err(NotAnId(text.chars().take(40).collect()));
    }
    Ok(text.to_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// # Errors
            /// `NotAnId` if it is empty, too long or has a character that a key must not have.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                parse_id(text).map($name)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! { /// One customer of the merchant, whatever channel they come from: `mem_...`.
MemberId }
id! { /// A storefront's own number of an order.
OrderId }
id! { /// A line of an order, as the storefront numbers it.
LineId }
id! { RefundId }
id! { FulfilmentId }
id! { ProductId }
id! { /// A storefront's own number of a customer.
CustomerId }
id! { TierId }
id! { CampaignId }
id! { /// The keyed hash of an email address: finds a member without keeping the address.
EmailKey }
id! { /// One storefront, e.g. `shopify:my-shop.myshopify.com`.
Source }
id! { RewardId }
id! { /// One purchase of a reward: `red_...`.
RedemptionId }
id! { /// Points set aside for one checkout: `hold_...`.
HoldId }
id! { /// Where a merchant wants to be told what happens: `end_...`.
EndpointId }
id! { /// Something that an endpoint is told: `evt_` and a UUID that begins with its time, so that ids sort by it.
EventId }
id! { /// One activity that was recorded: `act_...`.
ActivityId }
id! { /// What a storefront calls one thing that happened, the same for ever.
HappeningId }
id! { /// One mail to one member for one occasion, planned or not: `msg_...`.
MessageId }

impl ActivityId {
    /// The id of an activity, from a number that nobody else has.
    pub fn from_uuid(uuid: u128) -> ActivityId {
        ActivityId(format!("act_{uuid:032x}"))
    }
}

impl RedemptionId {
    /// The id of a redemption, from a number that nobody else has.
    pub fn from_uuid(uuid: u128) -> RedemptionId {
        RedemptionId(format!("red_{uuid:032x}"))
    }
}

id! { /// What a member says of a product: `rev_...`.
ReviewId }

impl ReviewId {
    /// The id of the review with that hash of whose and of what it is.
    pub(crate) fn from_hash(hash: &[u8]) -> ReviewId {
        ReviewId(format!("rev_{}", hex(hash)))
    }
}

id! { /// Something that a person at the shop must look at: `case_...`.
CaseId }

const HOLD_PREFIX: &str = "hold_";

impl HoldId {
    /// The hold that this code stands for. Id and code say the same, so that an order may name either.
    pub fn of_code(code: &CouponCode) -> HoldId {
        HoldId(format!("{HOLD_PREFIX}{}", code.as_str().to_ascii_lowercase()))
    }

    /// The code that stands for it; none for an id that is not ours.
    pub fn code(&self) -> Option<CouponCode> {
        CouponCode::parse(self.0.strip_prefix(HOLD_PREFIX)?).ok()
    }
}

impl CaseId {
    /// The case that a bad review opens.
    pub fn of_bad_review(review: &ReviewId) -> CaseId {
        crate::case::id_of(&format!("bad_review#{review}"))
    }

    /// The id of the case with that hash of what it is about.
    pub(crate) fn from_hash(hash: &[u8]) -> CaseId {
        CaseId(format!("case_{}", hex(hash)))
    }
}

impl MessageId {
    /// The id of the message with that hash of what it is for.
    pub(crate) fn from_hash(hash: &[u8]) -> MessageId {
        MessageId(format!("msg_{}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
    }
}

impl MemberId {
    /// Nobody: what mail to the shop's own staff is kept under where it is about no member.
    pub(crate) fn of_the_shop() -> MemberId {
        MemberId("mem_shop".to_owned())
    }

    /// The id of a member, from a number that nobody else has.
    pub fn from_uuid(uuid: u128) -> MemberId {
        MemberId(format!("mem_{uuid:032x}"))
    }
}

impl EndpointId {
    /// The id of an endpoint, from a number that no other has.
    pub fn from_uuid(uuid: u128) -> EndpointId {
        EndpointId(format!("end_{uuid:032x}"))
    }
}

impl EventId {
    /// The id of an event, from a UUID of version 7.
    pub fn from_uuid(uuid: u128) -> EventId {
        EventId(format!("evt_{uuid:032x}"))
    }

    /// Milliseconds since the epoch at which it happened; 0 for what is no id of ours.
    pub fn millisecond(&self) -> u64 {
        self.0.get(4..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
    }
}

/// No code that a checkout takes is longer than this.
const MAX_CODE_BYTES: usize = 64;

/// A code that a buyer types at a checkout. Storefronts ignore its case, so it is kept in capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CouponCode(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a code: 1 to {MAX_CODE_BYTES} letters, digits and `._~-`")]
pub struct NotACode(String);

impl CouponCode {
    /// # Errors
    /// `NotACode` if it is empty, too long or has another character.
    pub fn parse(text: &str) -> Result<CouponCode, NotACode> {
        let text = text.trim();
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._~-".contains(&b);
        if text.is_empty() || text.len() > MAX_CODE_BYTES || !text.bytes().all(allowed) {
            return Err(NotACode(text.chars().take(40).collect()));
        }
        Ok(CouponCode(text.to_ascii_uppercase()))
    }

    /// Of letters that are known to be a code's.
    pub(crate) fn of_letters(letters: String) -> CouponCode {
        CouponCode(letters)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CouponCode {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        CouponCode::parse(&text)
    }
}

impl From<CouponCode> for String {
    fn from(code: CouponCode) -> String {
        code.0
    }
}

impl fmt::Display for CouponCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Source {
    /// What concerns all mail of the shop comes from no storefront.
    pub(crate) fn of_mail() -> Source {
        Source("mail".to_owned())
    }

    /// The part of the source that numbers orders and customers: a Shopify id is unique over all shops.
    pub fn numbering(&self) -> &str {
        match self.0.split_once(':') {
            Some(("shopify", _)) => "shopify",
            _ => &self.0,
        }
    }
}

/// One order of one storefront.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderKey {
    pub source: Source,
    pub id: OrderId,
}

impl OrderKey {
    /// How a message names it as what it is about.
    pub(crate) fn as_subject(&self) -> String {
        format!("{}#{}", self.source, self.id)
    }

    /// The order that a message is about, whichever part of it.
    pub fn of_subject(subject: &str) -> Option<OrderKey> {
        let mut parts = subject.split('#');
        let (source, id) = (parts.next()?, parts.next()?);
        Some(OrderKey { source: Source::parse(source).ok()?, id: OrderId::parse(id).ok()? })
    }

    /// Whether it is the same order, which a shop of Shopify may call by another domain.
    pub fn is_same(&self, other: &OrderKey) -> bool {
        self.id == other.id && self.source.numbering() == other.source.numbering()
    }
}

impl OrderKey {
    /// Of a cart that is quoted as if it were paid. No storefront has such a name.
    pub(crate) fn of_a_quote() -> OrderKey {
        OrderKey { source: Source("quote".to_owned()), id: OrderId("quote".to_owned()) }
    }
}

/// One customer account of one storefront.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerKey {
    pub source: Source,
    pub customer_id: CustomerId,
}
