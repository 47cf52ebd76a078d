//! Products.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::{
    any_of,
    orders::{ToldId, ToldMoney},
    reference,
};

pub(super) struct ToldProduct;

/// What is sold; texts are kept on one line of at most 255 characters
#[derive(ToSchema)]
struct ToldListing {
    /// The `product_id` of lines
    id: ToldId,
    deleted: Option<bool>,
    /// Markup in it is text
    #[schema(min_length = 1, max_length = 2048, pattern = r"\S")]
    title: String,
    /// `https://`; another address is left out
    #[schema(max_length = 2048)]
    url: Option<String>,
    /// `https://`; another address is left out
    #[schema(max_length = 2048)]
    image_url: Option<String>,
    price: Option<ToldMoney>,
    #[schema(max_length = 2048)]
    category: Option<String>,
    #[schema(max_length = 2048)]
    vendor: Option<String>,
    /// The first 30 are kept
    #[schema(max_items = 500)]
    tags: Option<Vec<String>>,
}

/// What is sold no more; what is told of it later lists it again
#[derive(ToSchema)]
struct ToldRemoval {
    id: ToldId,
    #[schema(schema_with = yes)]
    deleted: bool,
}

fn yes() -> Object {
    ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true])).build()
}

impl PartialSchema for ToldProduct {
    fn schema() -> RefOr<Schema> {
        any_of([reference::<ToldListing>(), reference::<ToldRemoval>()])
    }
}

impl ToSchema for ToldProduct {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((ToldListing::name().into_owned(), ToldListing::schema()));
        ToldListing::schemas(schemas);
        schemas.push((ToldRemoval::name().into_owned(), ToldRemoval::schema()));
        ToldRemoval::schemas(schemas);
    }
}
