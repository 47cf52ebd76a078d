//! Something that a member did besides buying.

use app::record_activity::Recorded;
use jiff::Timestamp;
use rules::{
    activity::Subject,
    deed::{Deed, DeedState, Told},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{FieldError, Problem};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityInput {
    /// The name that the program has for it
    #[schema(example = "check_in")]
    r#type: String,
    /// What it is about, by an id: a product, a survey; never a person. Case and blanks make no difference
    subject: Option<String>,
    /// When it was done, at most 24 hours ahead and 366 days ago; now if it is left out. Points expire by
    /// it; caps count when it is recorded
    #[schema(format = "date-time")]
    occurred_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ActivityShape {
    pub id: String,
    r#type: String,
    subject: Option<String>,
    #[schema(value_type = String, example = "posted")]
    state: DeedState,
    /// What it gave, or will give once it is approved
    points: i64,
    #[schema(value_type = String, format = "date-time")]
    occurred_at: Timestamp,
    #[schema(value_type = String, format = "date-time")]
    recorded_at: Timestamp,
}

impl ActivityInput {
    /// # Errors
    /// A problem with every field that is bad.
    pub fn parse(self, now: Timestamp) -> Result<Told, Problem> {
        let mut errors = Vec::new();
        let mut add = |pointer: &str, reason: String| errors.push(FieldError { pointer: pointer.to_owned(), reason });
        let subject = self.subject.map(|text| Subject::parse(&text)).transpose();
        let subject = subject.unwrap_or_else(|reason| {
            add("/subject", reason.to_string());
            None
        });
        let occurred_at = self.occurred_at.map_or(Ok(now), |text| text.parse()).unwrap_or_else(|_| {
            add("/occurred_at", "is not an instant such as `2026-06-18T10:00:00Z`".to_owned());
            now
        });
        if errors.is_empty() {
            Ok(Told { activity: self.r#type, subject, occurred_at })
        } else {
            Err(Problem::fields(errors))
        }
    }
}

impl From<Deed> for ActivityShape {
    fn from(deed: Deed) -> ActivityShape {
        ActivityShape {
            id: deed.id.into(),
            r#type: deed.activity,
            subject: deed.subject.map(String::from),
            state: deed.state,
            points: deed.points.get(),
            occurred_at: deed.occurred_at,
            recorded_at: deed.recorded_at,
        }
    }
}

impl From<Recorded> for ActivityShape {
    fn from(recorded: Recorded) -> ActivityShape {
        match recorded {
            Recorded::New(deed) | Recorded::Known(deed) => deed.into(),
        }
    }
}
