//! `GET /v1/members/{id}/export`: everything that is kept of a member.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use rules::order::Order;
use serde::Serialize;
use serde_json::{Map, Value};
use store::MemberRow;
use utoipa::ToSchema;

use crate::{caller::Storefront, members::member_id, problem::Problem, shapes::member::MemberShape, state::AppState};

#[derive(Serialize, ToSchema)]
pub(crate) struct ExportShape {
    member: MemberShape,
    /// By kind, each row as it is stored; rows of merged members before the member's own
    #[schema(value_type = Object)]
    kept: BTreeMap<&'static str, Vec<Map<String, Value>>>,
    /// What the storefronts told of each order and what came of it
    #[schema(value_type = Vec<Object>)]
    orders: Vec<Order>,
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
    let export = state.app.export_member(&member_id(&id)?, state.clock.now()).await?;
    Ok(Json(ExportShape { member: export.member.into(), kept: by_kind(export.rows), orders: export.orders }))
}

fn by_kind(rows: Vec<MemberRow>) -> BTreeMap<&'static str, Vec<Map<String, Value>>> {
    let mut kept: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows.into_iter().rev() {
        kept.entry(name_of(&row.kind)).or_default().push(row.content);
    }
    kept
}

fn name_of(kind: &str) -> &'static str {
    match kind {
        "PROFILE" => "profile",
        "ACCOUNT" => "account",
        "LED" => "entries",
        "TIER" => "tier_changes",
        "CON" => "consents",
        "RED" => "redemptions",
        "ACT" => "activities",
        "HOLD" => "holds",
        "CASE" => "cases",
        "REFD" => "invited",
        "ORD" => "order_numbers",
        "CLAIM" => "claims",
        _ => "other",
    }
}
