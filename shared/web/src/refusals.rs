//! How HTTP says what a use case refuses, and the one place where a fault of ours is logged.

use app::AppError;
use http::StatusCode;
use rules::{deed::Refusal, redemption::CannotEnd, referral::CannotClaim};
use storefront::event::BadEvent;

use crate::problem::{FieldError, Problem};

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        let detail = error.to_string();
        let conflict = |slug, title| Problem::new(StatusCode::CONFLICT, slug, title).detail(detail.clone());
        match error {
            AppError::UnknownMember(_)
            | AppError::UnknownCustomer
            | AppError::UnknownActivity
            | AppError::UnknownMessage
            | AppError::UnknownReview
            | AppError::UnknownCase
            | AppError::UnknownEndpoint(_)
            | AppError::UnknownEvent(_)
            | AppError::UnknownReferral
            | AppError::UnknownEntry
            | AppError::UnknownOrder
            | AppError::UnknownReward
            | AppError::UnknownRedemption
            | AppError::UnknownHold
            | AppError::UnknownProduct
            | AppError::UnknownVersion => Problem::not_found(&detail),
            AppError::MemberExists(member) => {
                let mut problem = conflict("member-exists", "The address belongs to a member");
                problem.member_id = Some(member.to_string());
                problem
            }
            AppError::LinksOfDifferentMembers(..) => {
                conflict("links-conflict", "The links belong to different members")
            }
            AppError::Activity(refusal) => refused_activity(&refusal),
            AppError::NoReferral => conflict("no-referral", "The program has no referral"),
            AppError::CannotClaim(why) => conflict(slug_of(why), "The referral cannot be claimed"),
            AppError::BirthdayLocked(_) => conflict("birthday-locked", "The birthday cannot be changed yet"),
            AppError::MergedWithItself => Problem::field("/from", detail),
            AppError::AlreadyMerged(member) => {
                let mut problem = conflict("already-merged", "The member was merged before");
                problem.member_id = Some(member.to_string());
                problem
            }
            AppError::TooManyAliases => conflict("too-many-aliases", "Too many members are merged into one"),
            AppError::TooManyLinks => conflict("too-many-links", "Too many customers are linked to one member"),
            AppError::NotEnrolled(_) => conflict("not-enrolled", "A guest cannot spend points"),
            AppError::InsufficientPoints { .. } => conflict("insufficient-points", "Too few points are available"),
            AppError::TooManyEndpoints => conflict("too-many-endpoints", "There are as many endpoints as there may be"),
            AppError::NotInOrder(_) => conflict("not-in-order", "The order does not have that product"),
            AppError::KeyReused => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Problem::new(status, "idempotency-key-reused", "The idempotency key was used before").detail(detail)
            }
            AppError::ProgramChanged { .. } => {
                let status = StatusCode::PRECONDITION_FAILED;
                Problem::new(status, "program-changed", "The program was changed since").detail(detail)
            }
            AppError::ReviewChanged { .. } => {
                let status = StatusCode::PRECONDITION_FAILED;
                Problem::new(status, "review-changed", "The review was changed since").detail(detail)
            }
            AppError::CannotEnd(why) => cannot_end(why),
            AppError::TooManyHolds => conflict("too-many-holds", "Too many holds are open"),
            AppError::HoldsNotOffered => conflict("holds-not-offered", "Points cannot be used as cash"),
            AppError::HoldCaptured => conflict("hold-captured", "An order has used the hold"),
            AppError::NoCodesLeft(_) => conflict("no-codes-left", "The reward has no codes left"),
            AppError::NotAPool(_) => conflict("not-a-pool", "The reward takes no codes"),
            AppError::NoRandomness(_) => unavailable("unavailable", &error),
            AppError::InvalidProgram(problems) | AppError::InvalidRequest(problems) => Problem::fields(
                problems.into_iter().map(|p| FieldError { pointer: p.pointer, reason: p.reason }).collect(),
            ),
            AppError::Overflow(_) => {
                Problem::new(StatusCode::BAD_REQUEST, "too-large", "The amounts are too large").detail(detail)
            }
            AppError::TooLarge => {
                Problem::new(StatusCode::BAD_REQUEST, "too-large", "The change is too large").detail(detail)
            }
            AppError::Busy => unavailable("busy", &error),
            AppError::Store(_) => unavailable("unavailable", &error),
            AppError::StartingProgram(_) | AppError::Unwritable(_) | AppError::NoPostOffice => {
                tracing::error!(error = &error as &dyn std::error::Error, "request failed");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something is wrong on our side")
            }
        }
    }
}

fn refused_activity(refusal: &Refusal) -> Problem {
    let detail = refusal.to_string();
    let conflict = |slug, title| Problem::new(StatusCode::CONFLICT, slug, title).detail(detail.clone());
    match refusal {
        Refusal::UnknownActivity | Refusal::ByEnrolmentAlone => Problem::field("/type", detail),
        Refusal::SubjectMissing => Problem::field("/subject", detail),
        Refusal::Ahead | Refusal::LongAgo => Problem::field("/occurred_at", detail),
        Refusal::NotSelfService => {
            Problem::new(StatusCode::FORBIDDEN, "not-self-service", "Members do not record this").detail(detail)
        }
        Refusal::NoOrder | Refusal::NotBought => conflict("proof-missing", "The activity is not proved"),
        Refusal::SubjectUsed | Refusal::CapReached(_) => conflict("cap-reached", "A cap is reached"),
        Refusal::Reversed => conflict("activity-reversed", "The activity was reversed"),
        Refusal::Overflow(_) => {
            Problem::new(StatusCode::BAD_REQUEST, "too-large", "The amounts are too large").detail(detail)
        }
    }
}

fn cannot_end(why: CannotEnd) -> Problem {
    let conflict = |slug, title| Problem::new(StatusCode::CONFLICT, slug, title);
    let problem = match why {
        CannotEnd::Used => conflict("coupon-used", "The coupon was used"),
        CannotEnd::Expired => conflict("coupon-expired", "The coupon has expired"),
        CannotEnd::Fulfilled => conflict("redemption-fulfilled", "The redemption was fulfilled"),
        CannotEnd::Cancelled => conflict("redemption-cancelled", "The redemption was cancelled"),
        CannotEnd::NotManual => conflict("not-manual", "There is nothing to fulfil"),
        CannotEnd::MerchantsCode => Problem::new(StatusCode::FORBIDDEN, "forbidden", "The key does not allow this"),
        CannotEnd::Overflow(overflow) => return AppError::from(overflow).into(),
    };
    problem.detail(why.to_string())
}

fn slug_of(why: CannotClaim) -> &'static str {
    match why {
        CannotClaim::SelfReferral => "self-referral",
        CannotClaim::AlreadyReferred => "already-referred",
        CannotClaim::NotANewCustomer => "not-a-new-customer",
        CannotClaim::ReciprocalReferral => "reciprocal-referral",
        CannotClaim::Erased => "erased",
    }
}

/// Nothing was lost: the sender is asked to come again.
fn unavailable(slug: &str, error: &AppError) -> Problem {
    tracing::warn!(error = error as &dyn std::error::Error, "request could not be carried out now");
    let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, slug, "Try again");
    problem.retry_after_secs = Some(1);
    problem
}

impl From<BadEvent> for Problem {
    fn from(bad: BadEvent) -> Problem {
        Problem::fields(bad.problems.into_iter().map(|p| FieldError { pointer: p.pointer, reason: p.reason }).collect())
    }
}
