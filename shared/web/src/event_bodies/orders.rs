//! Orders, whole or one thing that happened to them.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{AllOfBuilder, ArrayBuilder, ObjectBuilder, RefOr, Schema, schema::ArrayItems},
};

use super::{any_of, customers::ToldBuyer, reference};

/// The storefront's own
#[derive(ToSchema)]
#[schema(pattern = "^[A-Za-z0-9._~:/=+-]{1,128}$")]
pub(super) struct ToldId(String);

/// An order, whole
#[derive(ToSchema)]
pub(super) struct ToldOrder {
    id: ToldId,
    /// ISO 4217; that of all its money
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: String,
    /// Not before the year 2000 and at most 24 hours ahead, as every time
    #[schema(format = "date-time")]
    created_at: String,
    /// When all of it was paid; it earns from then on. The earliest that any body says holds
    #[schema(format = "date-time")]
    paid_at: Option<String>,
    /// When it was cancelled, for good. The earliest holds
    #[schema(format = "date-time")]
    cancelled_at: Option<String>,
    /// It earns nothing
    test: Option<bool>,
    customer: Option<ToldBuyer>,
    /// What was sold, without shipping and fees; no two of one id
    #[schema(max_items = 500)]
    lines: Vec<ToldLine>,
    /// The codes that the checkout took; 20 of them are looked at
    #[schema(max_items = 500)]
    discount_codes: Option<Vec<ToldCode>>,
    /// The hold that it uses, where no code says so
    hold: Option<String>,
    metadata: Option<ToldMetadata>,
    #[schema(max_items = 500)]
    refunds: Option<Vec<ToldRefund>>,
    #[schema(max_items = 500)]
    fulfilments: Option<Vec<ToldFulfilment>>,
}

/// An order that is paid
#[derive(ToSchema)]
pub(super) struct ToldPaidOrder {
    #[serde(flatten)]
    order: ToldOrder,
    #[schema(format = "date-time")]
    paid_at: String,
}

#[derive(ToSchema)]
struct ToldMetadata {
    /// Means the same as `hold`
    regulars_hold: Option<String>,
}

/// Money that is not negative
#[derive(ToSchema)]
pub(super) struct ToldMoney {
    /// In no finer digits than its currency has
    #[schema(pattern = r"^[0-9]+(\.[0-9]+)?$", example = "40.98")]
    amount: String,
    /// ISO 4217
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    currency: String,
}

/// One line; `price` times `quantity` is at most what an order may be worth
#[derive(ToSchema)]
struct ToldLine {
    /// Within the order, the same for ever
    id: ToldId,
    product_id: Option<ToldId>,
    kind: Option<ToldLineKind>,
    /// Whole units; those that were refunded count, those that were edited away do not
    #[schema(minimum = 0, maximum = 1_000_000)]
    quantity: u32,
    /// Of one unit
    price: ToldMoney,
    /// Of the whole line, its part of the order's discounts included
    discount: Option<ToldMoney>,
    /// Of the whole line: the tax in what is left of the price after the discount
    tax_included: Option<ToldMoney>,
}

/// `product` if it is left out; the others earn nothing
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ToldLineKind {
    Product,
    GiftCard,
    Tip,
}

#[derive(ToSchema)]
struct ToldCode {
    /// One that is none of ours is the shop's own
    code: String,
    /// What the code took off; unknown if it is left out
    amount: Option<ToldMoney>,
}

/// With `lines`, `amount` or both
struct ToldRefund;

#[derive(ToSchema)]
struct ToldRefundFields {
    id: ToldId,
    #[schema(format = "date-time")]
    refunded_at: String,
    /// When it was last changed, if it was: of two bodies with the same `id` the later holds
    #[schema(format = "date-time")]
    updated_at: Option<String>,
    /// Units that came back
    #[schema(max_items = 500)]
    lines: Option<Vec<ToldUnits>>,
    /// Money that came back for no unit, without tax and shipping
    amount: Option<ToldMoney>,
}

#[derive(ToSchema)]
struct ToldUnits {
    line_id: ToldId,
    #[schema(minimum = 0, maximum = 1_000_000)]
    quantity: u32,
}

/// One parcel
#[derive(ToSchema)]
struct ToldFulfilment {
    id: ToldId,
    /// When it was handed over; without it the fields up to `estimated_delivery_at` say nothing
    #[schema(format = "date-time")]
    shipped_at: Option<String>,
    /// When it was last changed, if it was
    #[schema(format = "date-time")]
    updated_at: Option<String>,
    /// It never went, or never will
    cancelled: Option<bool>,
    #[schema(max_length = 2048)]
    tracking_company: Option<String>,
    #[schema(max_length = 2048)]
    tracking_number: Option<String>,
    #[schema(pattern = "^https?://", max_length = 2048)]
    tracking_url: Option<String>,
    /// At most a year ahead
    #[schema(format = "date-time")]
    estimated_delivery_at: Option<String>,
    /// When it reached the buyer; the latest that any body says holds
    #[schema(format = "date-time")]
    delivered_at: Option<String>,
}

#[derive(ToSchema)]
struct ToldShippedParcel {
    #[serde(flatten)]
    fulfilment: ToldFulfilment,
    #[schema(format = "date-time")]
    shipped_at: String,
}

#[derive(ToSchema)]
struct ToldDeliveredParcel {
    #[serde(flatten)]
    fulfilment: ToldFulfilment,
    #[schema(format = "date-time")]
    delivered_at: String,
}

#[derive(ToSchema)]
pub(super) struct ToldRefundOfOrder {
    order_id: ToldId,
    refund: ToldRefund,
}

#[derive(ToSchema)]
pub(super) struct ToldCancellation {
    order_id: ToldId,
    #[schema(format = "date-time")]
    cancelled_at: String,
}

#[derive(ToSchema)]
pub(super) struct ToldShipping {
    order_id: ToldId,
    fulfilment: ToldShippedParcel,
}

#[derive(ToSchema)]
pub(super) struct ToldDelivery {
    order_id: ToldId,
    fulfilment: ToldDeliveredParcel,
}

impl PartialSchema for ToldRefund {
    fn schema() -> RefOr<Schema> {
        let units = ArrayBuilder::new().items(ArrayItems::RefOrSchema(Box::new(reference::<ToldUnits>())));
        let with =
            |name: &str, schema: RefOr<Schema>| ObjectBuilder::new().property(name, schema).required(name).into();
        let either = any_of([with("lines", units.into()), with("amount", reference::<ToldMoney>())]);
        AllOfBuilder::new()
            .item(reference::<ToldRefundFields>())
            .item(either)
            .description(Some("With `lines`, `amount` or both"))
            .into()
    }
}

impl ToSchema for ToldRefund {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((ToldRefundFields::name().into_owned(), ToldRefundFields::schema()));
        ToldRefundFields::schemas(schemas);
    }
}
