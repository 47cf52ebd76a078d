//! What another program would have made of past orders.

use app::preview_program::Previewed;
use rules::{
    points::Overflow,
    preview::{Affected, Change},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::shapes::money::MoneyShape;

#[derive(Serialize, ToSchema)]
pub struct PreviewShape {
    /// False where there is more than could be read in time: the numbers are of what was covered
    complete: bool,
    /// Members covered
    members: u64,
    /// Their orders that were paid in the window
    orders: u64,
    /// What those orders earn
    points: ChangeShape,
    liability: LiabilityShape,
    tier_moves: Vec<TierMoveShape>,
    /// At most ten, the largest difference in points first
    most_affected: Vec<AffectedShape>,
}

#[derive(Serialize, ToSchema)]
pub struct ChangeShape {
    now: i64,
    then: i64,
    difference: i64,
}

/// What all members covered could still spend: less what has expired by now
#[derive(Serialize, ToSchema)]
pub struct LiabilityShape {
    points: ChangeShape,
    /// By the reward that makes money of points, in the program in force; none without one
    value_now: Option<MoneyShape>,
    /// By the candidate's
    value_then: Option<MoneyShape>,
}

#[derive(Serialize, ToSchema)]
pub struct TierMoveShape {
    from: String,
    to: String,
    members: u64,
}

#[derive(Serialize, ToSchema)]
pub struct AffectedShape {
    member_id: String,
    points: ChangeShape,
    tier_now: String,
    tier_then: String,
    /// In sentences
    why: Vec<String>,
}

impl TryFrom<Previewed> for PreviewShape {
    type Error = Overflow;

    fn try_from(previewed: Previewed) -> Result<PreviewShape, Overflow> {
        let Previewed { complete, outcome, value_now, value_then } = previewed;
        let moves = outcome.moves.into_iter();
        Ok(PreviewShape {
            complete,
            members: outcome.members,
            orders: outcome.orders,
            points: outcome.points.try_into()?,
            liability: LiabilityShape {
                points: outcome.outstanding.try_into()?,
                value_now: value_now.map(MoneyShape::from),
                value_then: value_then.map(MoneyShape::from),
            },
            tier_moves: moves
                .map(|((from, to), members)| TierMoveShape { from: from.into(), to: to.into(), members })
                .collect(),
            most_affected: outcome.most_affected.into_iter().map(AffectedShape::try_from).collect::<Result<_, _>>()?,
        })
    }
}

impl TryFrom<Change> for ChangeShape {
    type Error = Overflow;

    fn try_from(change: Change) -> Result<ChangeShape, Overflow> {
        Ok(ChangeShape { now: change.now.get(), then: change.then.get(), difference: change.difference()?.get() })
    }
}

impl TryFrom<Affected> for AffectedShape {
    type Error = Overflow;

    fn try_from(affected: Affected) -> Result<AffectedShape, Overflow> {
        Ok(AffectedShape {
            member_id: affected.member.into(),
            points: affected.points.try_into()?,
            tier_now: affected.tier_now.into(),
            tier_then: affected.tier_then.into(),
            why: affected.why,
        })
    }
}
