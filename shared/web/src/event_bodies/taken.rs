//! The events of any storefront that is neither Shopify nor WooCommerce.

use utoipa::openapi::{Components, ObjectBuilder, RefOr, Schema, schema::SchemaType};

use super::{Described, customers, deeds, named, orders, products};

/// Of these, `type` alone is read.
pub(super) const IGNORED: [&str; 3] = ["cart.updated", "product.viewed", "subscription.*"];

const WHOLE: &str = "The order as it is now, whole. Of several bodies the one with the latest `timestamp` holds; what \
    it leaves out of `refunds` and `fulfilments`, or of `paid_at` and `cancelled_at`, is not taken back.";
const WAITS: &str = "It may come before its order, for which it then waits.";
const NOTHING: &str = "It is taken, and nothing follows from it; nothing but `type` is read.";

pub(super) const EVENTS: &[Described] = &[
    Described {
        name: "order.placed",
        summary: "An order was placed",
        description: WHOLE,
        data: named::<orders::ToldOrder>,
        example: include_str!("examples/order.placed.json"),
    },
    Described {
        name: "order.paid",
        summary: "All of an order was paid",
        description: WHOLE,
        data: named::<orders::ToldPaidOrder>,
        example: include_str!("examples/order.paid.json"),
    },
    Described {
        name: "order.updated",
        summary: "An order was changed",
        description: WHOLE,
        data: named::<orders::ToldOrder>,
        example: include_str!("examples/order.updated.json"),
    },
    Described {
        name: "order.refunded",
        summary: "Units or money of an order were given back",
        description: WAITS,
        data: named::<orders::ToldRefundOfOrder>,
        example: include_str!("examples/order.refunded.json"),
    },
    Described {
        name: "order.cancelled",
        summary: "An order was cancelled, for good",
        description: WAITS,
        data: named::<orders::ToldCancellation>,
        example: include_str!("examples/order.cancelled.json"),
    },
    Described {
        name: "order.shipped",
        summary: "A parcel was handed over",
        description: WAITS,
        data: named::<orders::ToldShipping>,
        example: include_str!("examples/order.shipped.json"),
    },
    Described {
        name: "order.delivered",
        summary: "A parcel reached the buyer",
        description: "An order is delivered when each of its parcels that was shipped is. It may come before its \
            order, for which it then waits.",
        data: named::<orders::ToldDelivery>,
        example: include_str!("examples/order.delivered.json"),
    },
    Described {
        name: "customer.updated",
        summary: "A customer is new or was changed",
        description: "Of several bodies the one with the latest `timestamp` holds.",
        data: named::<customers::ToldCustomer>,
        example: include_str!("examples/customer.updated.json"),
    },
    Described {
        name: "consent.updated",
        summary: "A customer said yes or no to marketing by email",
        description: "The latest statement by its own `marketing_at` holds.",
        data: named::<customers::ToldConsentOfCustomer>,
        example: include_str!("examples/consent.updated.json"),
    },
    Described {
        name: "product.updated",
        summary: "A product is new, was changed or is sold no more",
        description: "Of several bodies the one with the latest `timestamp` holds.",
        data: named::<products::ToldProduct>,
        example: include_str!("examples/product.updated.json"),
    },
    Described {
        name: "activity.recorded",
        summary: "A customer did something besides buying",
        description: "The program says what it earns, within its caps; each of a list is taken for itself.",
        data: named::<deeds::ToldActivities>,
        example: include_str!("examples/activity.recorded.json"),
    },
    Described {
        name: "review.created",
        summary: "A customer wrote about a product",
        description: "Records the activity `review` about it. Proof of purchase is looked for when it arrives.",
        data: named::<deeds::ToldReview>,
        example: include_str!("examples/review.created.json"),
    },
    Described {
        name: "cart.updated",
        summary: "A cart was changed",
        description: NOTHING,
        data: anything,
        example: include_str!("examples/cart.updated.json"),
    },
    Described {
        name: "product.viewed",
        summary: "A product was looked at",
        description: NOTHING,
        data: anything,
        example: include_str!("examples/product.viewed.json"),
    },
    Described {
        name: "subscription.*",
        summary: "A subscription began, was changed or ended",
        description: NOTHING,
        data: anything,
        example: include_str!("examples/subscription.json"),
    },
];

fn anything(_: &mut Components) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some("Anything")).into()
}
