//! What a genuine event says, whichever storefront sent it.

use jiff::Timestamp;
use rules::{
    deed::Told,
    email::Email,
    facts::OrderFacts,
    ids::{CustomerId, HappeningId, OrderId, ProductId, Source},
    product::Listing,
    profile::ProfileFacts,
    review_draft::ReviewDraft,
};

#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "there is one for each request, and most are orders")]
pub enum Event {
    Order(OrderEvent),
    Customer(CustomerEvent),
    /// The storefront's customer is gone; what we keep of the member is for their own request to say.
    CustomerDeleted {
        customer_id: CustomerId,
    },
    Product(ProductEvent),
    Activities(Vec<ActivityEvent>),
    Privacy(PrivacyEvent),
    /// Genuine, and nothing follows from it.
    Ignored {
        reason: &'static str,
    },
}

/// What a storefront tells of one thing that its customer did besides buying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityEvent {
    /// Makes it the same one for ever.
    pub id: HappeningId,
    pub customer_id: CustomerId,
    pub told: Told,
    /// What it says of a product, if it is a review.
    pub review: Option<ReviewDraft>,
}

/// What the law lets a customer, or the former shop, ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivacyEvent {
    /// The shop that the payload names.
    pub shop: Source,
    pub demand: PrivacyDemand,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivacyDemand {
    /// To be forgotten.
    Redact { customer_id: CustomerId, email: Option<Email> },
    /// To see what is kept of them.
    Data { customer_id: CustomerId, email: Option<Email>, request: HappeningId },
    /// The shop has not used us any more for two days.
    RedactShop,
}

/// What one payload tells of one order; refunds and deliveries name no buyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEvent {
    pub id: OrderId,
    pub facts: OrderFacts,
    pub buyer: Option<Buyer>,
}

/// The person behind the customer of the order's facts. A guest has an email and no `customer_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    pub customer_id: Option<CustomerId>,
    pub profile: ProfileFacts,
    /// The order's own `updated_at`: what the payload says of the person is as old as itself.
    pub updated_at: Timestamp,
}

/// What a payload tells of a storefront's customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerEvent {
    pub customer_id: CustomerId,
    /// The account was made just now, rather than changed.
    pub created: bool,
    pub profile: ProfileFacts,
    pub updated_at: Timestamp,
}

/// What a payload tells of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductEvent {
    pub id: ProductId,
    pub news: ProductNews,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductNews {
    Listed {
        listing: Listing,
        /// Where its page is on the shop's own domain, if the payload tells that instead of an address.
        page_path: Option<String>,
        updated_at: Timestamp,
    },
    Deleted {
        at: Timestamp,
    },
}

/// A payload that is malformed, with every field found at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payload is malformed in {} place(s)", .problems.len())]
pub struct BadEvent {
    pub problems: Vec<FieldProblem>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// A JSON Pointer (RFC 6901) into the payload; empty for all of it.
    pub pointer: String,
    pub reason: String,
}
