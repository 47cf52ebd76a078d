//! The kinds of automatic mail, a file each. A new one is a file here with its line below, a folder of
//! templates in `mail/templates`, and a row in the program.

mod care;
pub mod confirm_subscription;
mod delivered;
mod order_confirmation;
pub(crate) mod points_expiring;
mod review_invitation;
mod review_rescue;
mod shipped;
mod staff_case;
pub(crate) mod tier_at_risk;
mod tier_up;
mod tips;
mod welcome;

use crate::scenario::{Kind, Scenario};

pub const ALL: &[&Scenario] = &[
    &confirm_subscription::SCENARIO,
    &staff_case::SCENARIO,
    &order_confirmation::SCENARIO,
    &shipped::SCENARIO,
    &delivered::SCENARIO,
    &review_rescue::SCENARIO,
    &points_expiring::SCENARIO,
    &tier_at_risk::SCENARIO,
    &tier_up::SCENARIO,
    &care::SCENARIO,
    &review_invitation::SCENARIO,
    &tips::SCENARIO,
    &welcome::SCENARIO,
];

/// Those that begin with what happened to a member rather than to an order.
pub use confirm_subscription::SCENARIO as CONFIRM_SUBSCRIPTION;
pub use review_rescue::SCENARIO as REVIEW_RESCUE;
pub use staff_case::SCENARIO as STAFF_CASE;
pub use tier_up::SCENARIO as TIER_UP;
pub use welcome::SCENARIO as WELCOME;

/// The scenario and the step of that name, as the API and SES's tags have it.
pub fn with_step(name: &str) -> Option<(&'static Scenario, u8)> {
    let (scenario, step) = name.rsplit_once('_')?;
    Some((named(scenario)?, step.parse().ok()?))
}

/// Whether mail of that name, with its step, goes to the shop itself.
pub fn is_for_staff(name: &str) -> bool {
    with_step(name).is_some_and(|(scenario, step)| scenario.kind_of(step) == Kind::Staff)
}

/// The scenario of that name.
pub fn named(name: &str) -> Option<&'static Scenario> {
    ALL.iter().copied().find(|scenario| scenario.name == name)
}
