//! What a use case can answer instead of its result. How HTTP says it is `web`'s business.

use rules::{
    birthday::ChangedRecently,
    deal::NoDeal,
    deed::Refusal,
    endpoint::MAX_ENDPOINTS,
    hold_terms::NoHold,
    holds::{HoldError, MAX_OPEN},
    ids::{EndpointId, EventId, MemberId, ProductId, RewardId},
    points::{Overflow, Points},
    program_check::Problem,
    redemption::{CannotEnd, RedeemError},
    referral::CannotClaim,
    spending::SpendError,
};
use store::{CommitError, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("the account is being changed too often at once; nothing was done, try again")]
    Busy,
    #[error("no member `{0}`")]
    UnknownMember(MemberId),
    #[error("no such referral code")]
    UnknownReferral,
    #[error("the program has no referral")]
    NoReferral,
    #[error(transparent)]
    CannotClaim(#[from] CannotClaim),
    #[error("no member is linked to that customer")]
    UnknownCustomer,
    #[error("no such ledger entry")]
    UnknownEntry,
    #[error("no such version of the program")]
    UnknownVersion,
    #[error("no such product")]
    UnknownProduct,
    #[error("no such review")]
    UnknownReview,
    #[error("the review is at version {current} now")]
    ReviewChanged { current: u64 },
    #[error("no such case")]
    UnknownCase,
    #[error("product `{0}` is not in the order")]
    NotInOrder(ProductId),
    #[error("no such activity")]
    UnknownActivity,
    #[error(transparent)]
    Activity(Refusal),
    #[error("no endpoint `{0}`")]
    UnknownEndpoint(EndpointId),
    #[error("no event `{0}`")]
    UnknownEvent(EventId),
    #[error("there are {MAX_ENDPOINTS} endpoints already")]
    TooManyEndpoints,
    #[error("this function was given no way to send mail")]
    NoPostOffice,
    #[error("no such message")]
    UnknownMessage,
    #[error("no such order")]
    UnknownOrder,
    #[error("the address belongs to member `{0}`")]
    MemberExists(MemberId),
    #[error("the links belong to different members, `{0}` and `{1}`")]
    LinksOfDifferentMembers(MemberId, MemberId),
    #[error(transparent)]
    BirthdayLocked(ChangedRecently),
    #[error("a member cannot be merged with itself")]
    MergedWithItself,
    #[error("that member was merged before, and is member `{0}` now")]
    AlreadyMerged(MemberId),
    #[error("no more than {} members can be merged into one", crate::merge_members::MAX_ALIASES)]
    TooManyAliases,
    #[error("no more than {} customers can be linked to one member", crate::merge_members::MAX_MERGED_LINKS)]
    TooManyLinks,
    #[error("member `{0}` is a guest; spending needs enrolment")]
    NotEnrolled(MemberId),
    #[error("{needed} points are needed and {available} are available")]
    InsufficientPoints { needed: Points, available: Points },
    #[error("the idempotency key was used for another request")]
    KeyReused,
    #[error("the program is at version {current} now")]
    ProgramChanged { current: u64 },
    #[error("the program is not valid")]
    InvalidProgram(Vec<Problem>),
    #[error("the request is not valid")]
    InvalidRequest(Vec<Problem>),
    #[error("no such reward")]
    UnknownReward,
    #[error("no such redemption")]
    UnknownRedemption,
    #[error("no such hold")]
    UnknownHold,
    #[error("a member has at most {MAX_OPEN} open holds")]
    TooManyHolds,
    #[error("the program has no points as cash")]
    HoldsNotOffered,
    #[error("an order has used the hold")]
    HoldCaptured,
    #[error("no codes of `{0}` are left")]
    NoCodesLeft(RewardId),
    #[error("the codes of `{0}` are generated")]
    NotAPool(RewardId),
    #[error(transparent)]
    CannotEnd(CannotEnd),
    #[error("the operating system gives no random bytes")]
    NoRandomness(#[source] getrandom::Error),
    #[error(transparent)]
    Overflow(#[from] Overflow),
    #[error("the program that we ship cannot be read")]
    StartingProgram(#[source] serde_json::Error),
    #[error("what is to be kept cannot be written as JSON")]
    Unwritable(#[source] serde_json::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the change is too large for one commit")]
    TooLarge,
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> AppError {
        match refusal {
            Refusal::Overflow(overflow) => AppError::Overflow(overflow),
            refusal => AppError::Activity(refusal),
        }
    }
}

impl From<SpendError> for AppError {
    fn from(error: SpendError) -> AppError {
        match error {
            SpendError::Insufficient { needed, available } => AppError::InsufficientPoints { needed, available },
            SpendError::Overflow(overflow) => AppError::Overflow(overflow),
        }
    }
}

impl From<NoDeal> for AppError {
    fn from(error: NoDeal) -> AppError {
        match error {
            NoDeal::BadAsk(problem) => AppError::InvalidRequest(vec![problem]),
            NoDeal::Overflow(overflow) => AppError::Overflow(overflow),
        }
    }
}

impl From<NoHold> for AppError {
    fn from(error: NoHold) -> AppError {
        match error {
            NoHold::NotOffered => AppError::HoldsNotOffered,
            NoHold::BadAsk(problem) => AppError::InvalidRequest(vec![problem]),
            NoHold::Insufficient { needed, available } => AppError::InsufficientPoints { needed, available },
            NoHold::Overflow(overflow) => AppError::Overflow(overflow),
        }
    }
}

impl AppError {
    pub(crate) fn of_holding(error: HoldError, member: &MemberId) -> AppError {
        match error {
            HoldError::NotEnrolled => AppError::NotEnrolled(member.clone()),
            HoldError::TooMany => AppError::TooManyHolds,
            HoldError::Spend(error) => error.into(),
        }
    }

    pub(crate) fn of_redeeming(error: RedeemError, member: &MemberId) -> AppError {
        match error {
            RedeemError::NotEnrolled => AppError::NotEnrolled(member.clone()),
            RedeemError::Spend(error) => error.into(),
            RedeemError::Overflow(overflow) => overflow.into(),
        }
    }
}

/// Why one attempt ended without a result.
pub(crate) enum Attempt {
    /// Somebody else changed what it rested on.
    Conflict,
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for Attempt {
    fn from(error: E) -> Attempt {
        Attempt::Failed(error.into())
    }
}

impl From<CommitError> for Attempt {
    fn from(error: CommitError) -> Attempt {
        match error {
            CommitError::Conflict => Attempt::Conflict,
            CommitError::TooLarge => Attempt::Failed(AppError::TooLarge),
            CommitError::Store(error) => Attempt::Failed(error.into()),
        }
    }
}
