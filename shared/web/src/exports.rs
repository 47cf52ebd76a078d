//! `GET /v1/members/{id}/export`: everything that is kept of a member, for them to read (GDPR, articles 15 and 20).

use std::collections::BTreeMap;

use app::export_member::MemberExport;
use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use jiff::Timestamp;
use rules::{
    consent_proof::ConsentProof, deed::Deed, hold::Hold, ledger::Entry, posting::TierChange, redemption::Redemption,
    review::Review,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use store::MemberRow;
use utoipa::ToSchema;

use crate::{
    caller::Storefront,
    members::member_id,
    problem::Problem,
    shapes::{
        activity::ActivityShape,
        entry::EntryShape,
        exported::{InvitationsShape, OrderExport, StatementShape},
        hold::HoldShape,
        lots::LotsShape,
        member::MemberShape,
        redemption::{CouponShape, RedemptionShape},
        review::ReviewShape,
        tier_change::TierChangeShape,
    },
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct ExportShape {
    member: MemberShape,
    lots: LotsShape,
    /// The ledger, the newest first, as all lists here
    entries: Vec<EntryShape>,
    tier_changes: Vec<TierChangeShape>,
    redemptions: Vec<RedemptionShape>,
    /// Bought or given
    coupons: Vec<CouponShape>,
    holds: Vec<HoldShape>,
    activities: Vec<ActivityShape>,
    reviews: Vec<ReviewShape>,
    /// What was said to marketing, with what proves it
    consents: Vec<StatementShape>,
    referral: InvitationsShape,
    /// What the storefronts told of each order, and what came of it
    orders: Vec<OrderExport>,
    /// By kind, each as it is stored: what is shown nowhere else
    #[schema(value_type = BTreeMap<String, Vec<Value>>)]
    also_kept: BTreeMap<String, Vec<Map<String, Value>>>,
}

/// Exports everything that is kept of a member, merged ones with them
#[utoipa::path(get, path = "/v1/members/{id}/export", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = ExportShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn export(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
) -> Result<Json<ExportShape>, Problem> {
    let now = state.clock.now();
    let export = state.app.export_member(&member_id(&id)?, now).await?;
    shown(export, now).map(Json).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a row of a member cannot be exported");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something is wrong on our side")
    })
}

fn shown(export: MemberExport, now: Timestamp) -> Result<ExportShape, serde_json::Error> {
    let referral = InvitationsShape::from(&export.account);
    let mut rows = by_kind(export.rows);
    let redemptions: Vec<Redemption> = take(&mut rows, "RED")?;
    let holds: Vec<Hold> = take(&mut rows, "HOLD")?;
    let export = ExportShape {
        member: export.member.into(),
        lots: export.lots.into(),
        entries: take::<Entry>(&mut rows, "LED")?.into_iter().map(EntryShape::from).collect(),
        tier_changes: take::<TierChange>(&mut rows, "TIER")?.into_iter().map(TierChangeShape::from).collect(),
        redemptions: redemptions.iter().filter_map(|one| RedemptionShape::at(one, now)).collect(),
        coupons: redemptions.iter().filter_map(|one| CouponShape::at(one, now)).collect(),
        holds: holds.iter().map(|hold| HoldShape::at(hold, now)).collect(),
        activities: take::<Deed>(&mut rows, "ACT")?.into_iter().map(ActivityShape::from).collect(),
        reviews: take::<Review>(&mut rows, "REV")?.into_iter().map(ReviewShape::from).collect(),
        consents: take::<ConsentProof>(&mut rows, "CON")?.into_iter().map(StatementShape::from).collect(),
        referral,
        orders: export.orders.into_iter().map(OrderExport::from).collect(),
        also_kept: rows.into_iter().filter_map(|(kind, rows)| Some((name_of(&kind)?, rows))).collect(),
    };
    Ok(export)
}

/// Each kind from the newest to the oldest.
fn by_kind(rows: Vec<MemberRow>) -> BTreeMap<String, Vec<Map<String, Value>>> {
    let mut kept: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows.into_iter().rev() {
        kept.entry(row.kind).or_default().push(row.content);
    }
    kept
}

fn take<T: DeserializeOwned>(
    rows: &mut BTreeMap<String, Vec<Map<String, Value>>>,
    kind: &str,
) -> Result<Vec<T>, serde_json::Error> {
    let rows = rows.remove(kind).unwrap_or_default().into_iter();
    rows.map(|row| serde_json::from_value(Value::Object(row))).collect()
}

/// What the profile, the account, claims and pointers to orders say is in the fields above.
fn name_of(kind: &str) -> Option<String> {
    match kind {
        "PROFILE" | "ACCOUNT" | "CLAIM" | "ORD" => None,
        "CASE" => Some("cases".to_owned()),
        "REFD" => Some("invited".to_owned()),
        other => Some(other.to_lowercase()),
    }
}
