//! `GET /local/mail`: the captured mail, the oldest first.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use serde::{Deserialize, Serialize};

use super::{Mailbox, message::Mail};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailQuery {
    to: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct MailList {
    mail: Vec<Mail>,
}

pub(crate) async fn list(
    State(mailbox): State<Arc<Mailbox>>,
    query: Result<Query<MailQuery>, QueryRejection>,
) -> Result<Json<MailList>, Problem> {
    let Query(query) = query.map_err(|_| Problem::field("to", "is the one parameter that there is, once"))?;
    Ok(Json(MailList { mail: mailbox.mail(query.to.as_deref()) }))
}
