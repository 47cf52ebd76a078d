//! `POST /v1/imports`: members, opening balances, consents and past orders from files, part by part.

use std::time::Duration;

use app::import::{Bounds, Report};
use axum::{Json, extract::State};
use http::{HeaderMap, Method, Uri};
use rules::ids::Source;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use storefront::imports::{self, Data, Format, Kind};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, OneOfBuilder, Schema, schema::Type},
};

use crate::{
    body::RawBody,
    caller::Admin,
    problem::{FieldError, Problem},
    state::AppState,
};

/// The function's own is 15 s, and the row that is under way may take 3 more.
const TIME: Duration = Duration::from_secs(10);

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportShape {
    /// The configured storefront that the file is of, e.g. `shopify:my-shop.myshopify.com`
    source: String,
    kind: KindShape,
    format: FormatShape,
    /// The text of a CSV with its header, or a list of rows. An order must not be cut in two; of a long
    /// history the oldest part is best sent first, because an order is priced by the tier of its time
    #[schema(schema_with = text_or_rows)]
    data: Box<RawValue>,
    /// `next_row` of the answer to the same part
    from_row: Option<u64>,
    /// Takes at most so many rows
    #[schema(minimum = 1)]
    limit: Option<u32>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KindShape {
    Members,
    Balances,
    Consents,
    Orders,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FormatShape {
    /// Rows of our own: see the docs of `shared/storefront/src/imports`; orders are those of Standard Webhooks
    Regulars,
    /// `customers_export.csv`, `orders_export.csv`
    ShopifyCsv,
    /// The customers of WooCommerce's analytics
    #[serde(rename = "woocommerce_csv")]
    WooCommerceCsv,
    /// Orders as the REST API lists them
    #[serde(rename = "woocommerce_json")]
    WooCommerceJson,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ImportReport {
    /// Taken this time
    rows: u64,
    imported: u64,
    /// They said nothing that was not known
    unchanged: u64,
    skipped: Vec<SkippedRow>,
    /// Where to go on with the same part; null when all of it was taken
    next_row: Option<u64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SkippedRow {
    /// As the file numbers it: the header of a CSV is 1, and so is the first of a list
    row: u64,
    field: Option<String>,
    reason: String,
}

/// Imports a part of a file; the same part again changes nothing
#[utoipa::path(post, path = "/v1/imports", tag = "program", request_body = ImportShape,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ImportReport), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn import(
    State(state): State<AppState>,
    Admin(caller): Admin,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<ImportReport>, Problem> {
    let request = body.keyed(&caller, &method, uri.path(), &headers)?;
    let import = body.json::<ImportShape>()?;
    let (source, bounds) = import.check(&state)?;
    let now = state.clock.now();
    let (text, list);
    let data = if import.data.get().starts_with('"') {
        text = serde_json::from_str::<String>(import.data.get()).map_err(|error| unreadable(&error))?;
        Data::Csv(&text)
    } else {
        list = serde_json::from_str::<Vec<&RawValue>>(import.data.get()).map_err(|error| unreadable(&error))?;
        Data::Rows(list)
    };
    let (kind, format) = (import.kind.into(), import.format.into());
    let rows = imports::read(&source, kind, format, &data, &state.app.email_keys, now)
        .map_err(|bad| Problem::field(format!("/{}", bad.field), bad.reason))?;
    if let Some(first) = bounds.from_row
        && rows.iter().all(|row| row.number != first)
    {
        return Err(Problem::field("/from_row", "is no row of this part at which one begins"));
    }
    let report = state.app.import(&source, &rows, bounds, request.as_ref(), now).await?;
    Ok(Json(report.into()))
}

fn text_or_rows() -> Schema {
    let row = ObjectBuilder::new().schema_type(Type::Object).description(Some("The fields of its kind and format"));
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some("A CSV with its header"));
    Schema::OneOf(OneOfBuilder::new().item(text).item(row.to_array_builder()).build())
}

fn unreadable(error: &serde_json::Error) -> Problem {
    Problem::field("/data", format!("must be the text of a CSV, or a list of rows: {error}"))
}

impl ImportShape {
    fn check(&self, state: &AppState) -> Result<(Source, Bounds), Problem> {
        let mut errors = Vec::new();
        let mut add = |pointer: &str, reason: &str| {
            errors.push(FieldError { pointer: pointer.to_owned(), reason: reason.to_owned() });
        };
        let source = Source::parse(&self.source).ok().filter(|source| state.secrets.knows(source));
        if source.is_none() {
            add("/source", "is not a storefront that is configured");
        }
        let make = match self.format {
            FormatShape::Regulars => "",
            FormatShape::ShopifyCsv => "shopify:",
            FormatShape::WooCommerceCsv | FormatShape::WooCommerceJson => "woocommerce:",
        };
        if !self.source.starts_with(make) {
            add("/format", "is of another make of storefront than the source");
        }
        if self.limit == Some(0) {
            add("/limit", "must be at least 1");
        }
        let rows = self.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        match source {
            Some(source) if errors.is_empty() => Ok((source, Bounds { from_row: self.from_row, rows, time: TIME })),
            _ => Err(Problem::fields(errors)),
        }
    }
}

impl From<KindShape> for Kind {
    fn from(kind: KindShape) -> Kind {
        match kind {
            KindShape::Members => Kind::Members,
            KindShape::Balances => Kind::Balances,
            KindShape::Consents => Kind::Consents,
            KindShape::Orders => Kind::Orders,
        }
    }
}

impl From<FormatShape> for Format {
    fn from(format: FormatShape) -> Format {
        match format {
            FormatShape::Regulars => Format::Regulars,
            FormatShape::ShopifyCsv => Format::ShopifyCsv,
            FormatShape::WooCommerceCsv => Format::WooCommerceCsv,
            FormatShape::WooCommerceJson => Format::WooCommerceJson,
        }
    }
}

impl From<Report> for ImportReport {
    fn from(report: Report) -> ImportReport {
        let Report { imported, unchanged, skipped, next_row } = report;
        let rows = imported + unchanged + skipped.len() as u64;
        let skipped =
            skipped.into_iter().map(|bad| SkippedRow { row: bad.number, field: bad.field, reason: bad.reason });
        ImportReport { rows, imported, unchanged, skipped: skipped.collect(), next_row }
    }
}
