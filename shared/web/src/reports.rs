//! `/v1/reports`: what the merchant looks at.

use std::collections::BTreeMap;

use app::report_scenarios::ScenarioReport;
use axum::{
    Json,
    extract::{RawQuery, State},
};
use jiff::{Timestamp, civil::Date};
use rules::fate::Figures;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{caller::Admin, problem::Problem, query::parse_query, state::AppState};

const MOST_DAYS: i32 = 92;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DaysQuery {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ScenarioReportShape {
    /// The first day, in the shop's zone
    #[schema(value_type = String, format = "date")]
    from: Date,
    /// The last one
    #[schema(value_type = String, format = "date")]
    to: Date,
    scenarios: Vec<ScenarioFigures>,
    /// Since when marketing mail is stopped, because too much of it bounced or was called spam
    #[schema(value_type = Option<String>, format = "date-time")]
    marketing_stopped_at: Option<Timestamp>,
    /// Whether all of these days was counted; of more than 200,000 mails the first ones are
    complete: bool,
}

/// Mails by what became of them
#[derive(Serialize, ToSchema)]
struct ScenarioFigures {
    /// With its step
    #[schema(example = "review_invitation_1")]
    scenario: String,
    sent: u64,
    delivered: u64,
    /// By a person, as far as SES tells
    opened: u64,
    /// By machines that open mail for people
    prefetched: u64,
    clicked: u64,
    bounced: u64,
    soft_bounced: u64,
    /// Not handed on by SES: the address is on the AWS account's own suppression list
    withheld: u64,
    complained: u64,
    unsubscribed: u64,
    /// Nobody knows whether they were sent
    unknown: u64,
    /// Not sent, by reason
    skipped: BTreeMap<&'static str, u64>,
}

/// Reports what became of mail, scenario by scenario
#[utoipa::path(get, path = "/v1/reports/scenarios", tag = "mail",
    params(("from" = Option<String>, Query, format = "date"), ("to" = Option<String>, Query, format = "date")),
    responses((status = 200, body = ScenarioReportShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn scenarios(
    State(state): State<AppState>,
    Admin(_): Admin,
    RawQuery(query): RawQuery,
) -> Result<Json<ScenarioReportShape>, Problem> {
    let query = parse_query::<DaysQuery>(query.as_deref())?;
    let (from, to) = (day("from", query.from.as_deref())?, day("to", query.to.as_deref())?);
    if let (Some(from), Some(to)) = (from, to)
        && !(0..MOST_DAYS).contains(&from.until(to).map_or(-1, |span| span.get_days()))
    {
        return Err(Problem::field("to", format!("must be `from` or one of the {MOST_DAYS} days after it")));
    }
    let report = state.app.report_scenarios((from, to), state.clock.now()).await?;
    Ok(Json(report.into()))
}

fn day(parameter: &'static str, text: Option<&str>) -> Result<Option<Date>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let day = text.parse().map_err(|_| Problem::field(parameter, "is not a date such as `2026-06-18`"))?;
    Ok(Some(day))
}

impl From<ScenarioReport> for ScenarioReportShape {
    fn from(report: ScenarioReport) -> ScenarioReportShape {
        ScenarioReportShape {
            from: report.from,
            to: report.to,
            scenarios: report.scenarios.into_iter().map(ScenarioFigures::from).collect(),
            marketing_stopped_at: report.stopped_at,
            complete: report.complete,
        }
    }
}

impl From<(String, Figures)> for ScenarioFigures {
    fn from((scenario, figures): (String, Figures)) -> ScenarioFigures {
        ScenarioFigures {
            scenario,
            sent: figures.sent,
            delivered: figures.delivered,
            opened: figures.opened,
            prefetched: figures.prefetched,
            clicked: figures.clicked,
            bounced: figures.bounced,
            soft_bounced: figures.soft_bounced,
            withheld: figures.withheld,
            complained: figures.complained,
            unsubscribed: figures.unsubscribed,
            unknown: figures.unknown,
            skipped: figures.skipped.into_iter().map(|(reason, count)| (reason.name(), count)).collect(),
        }
    }
}
