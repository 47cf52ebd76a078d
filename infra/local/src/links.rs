//! `GET /local/links/{member}`: the pages that mails to that member would link to.

use app::links::{Link, Purpose};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use rules::ids::{MemberId, OrderKey};
use serde::Deserialize;
use serde_json::{Value, json};
use web::state::AppState;

use crate::problem::Problem;

#[derive(Deserialize)]
pub(crate) struct About {
    source: Option<String>,
    order: Option<String>,
}

/// Paths by their purpose; that of a review with `?source=&order=`.
pub(crate) async fn list(
    State(state): State<AppState>,
    Path(member): Path<String>,
    Query(about): Query<About>,
) -> Result<Json<Value>, Problem> {
    let member = MemberId::parse(&member).map_err(|_| Problem::not_found("no such member".to_owned()))?;
    let now = state.clock.now();
    let path = |link: &Link| state.app.links.path(link);
    let to = |purpose| path(&Link::new(purpose, member.clone(), now));
    let order = about
        .source
        .zip(about.order)
        .and_then(|(source, id)| serde_json::from_value::<OrderKey>(json!({"source": source, "id": id})).ok());
    let review = order.and_then(|order| path(&Link::new(Purpose::Review, member.clone(), now).about(order)));
    Ok(Json(json!({
        "unsubscribe": to(Purpose::Unsubscribe),
        "preferences": to(Purpose::Preferences),
        "confirm": to(Purpose::Confirm),
        "review": review,
    })))
}
