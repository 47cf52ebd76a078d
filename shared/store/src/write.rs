//! The rows that a plan can write, and what guards each.

use rules::{
    account::Account,
    case::{Case, CasePlace},
    consent_proof::ConsentProof,
    coupon::CouponPlace,
    deed::{ClaimKey, Deed},
    endpoint::Endpoint,
    hold::Hold,
    ids::{ActivityId, CouponCode, CustomerKey, EmailKey, EndpointId, MemberId, OrderKey, ProductId, RewardId},
    ledger::Entry,
    mail_stop::MailStop,
    message::Message,
    order::Order,
    outbound_event::OutboundEvent,
    posting::TierChange,
    product::Product,
    profile::Profile,
    program::ProgramVersion,
    rating::ProductRating,
    redemption::Redemption,
    referral::ReferralCode,
    replan::Replan,
    review::Review,
    suppression::Suppression,
};

use crate::{due::DueAt, saved_answer::SavedAnswer};

/// One row to write. No plan may have the same row twice.
#[derive(Clone, Debug)]
pub enum Write {
    /// Its version is one above the stored one's, or 1 where nothing is stored.
    Order(Order),
    /// Guarded like an order. In the due index while something is to be done for it, else not.
    Account {
        member: MemberId,
        account: Account,
        due: Option<DueAt>,
    },
    /// Guarded by the account of the same member, which must be in the same plan.
    Profile(Profile),
    /// Guarded like a profile.
    RemoveProfile(MemberId),
    /// Must not exist.
    Entry {
        member: MemberId,
        entry: Entry,
    },
    /// In place of an entry that had a person's words, and the same numbers.
    SilentEntry {
        member: MemberId,
        entry: Entry,
    },
    /// Must not exist.
    TierChange {
        member: MemberId,
        change: TierChange,
    },
    /// A proof is never changed: its key is of its content.
    ConsentProof {
        member: MemberId,
        proof: ConsentProof,
    },
    /// Guarded like an order.
    Deed {
        member: MemberId,
        deed: Deed,
    },
    /// Must not exist: whoever claims first has it.
    Claim {
        member: MemberId,
        claim: ClaimKey,
        deed: ActivityId,
    },
    OrderPointer {
        member: MemberId,
        order: OrderKey,
    },
    RemoveOrderPointer {
        member: MemberId,
        order: OrderKey,
    },
    /// Must lead to nobody.
    Customer {
        customer: CustomerKey,
        member: MemberId,
    },
    /// Must lead to the member who was merged into the other.
    MoveCustomer {
        customer: CustomerKey,
        from: MemberId,
        into: MemberId,
    },
    /// Must be that member's, who is erased. The row stays, so that nothing that is told later makes them anew, and
    /// remembers whether they were given points for joining.
    EraseCustomer {
        customer: CustomerKey,
        member: MemberId,
        has_joined: bool,
    },
    /// Must lead to nobody.
    Email {
        key: EmailKey,
        member: MemberId,
    },
    /// Must lead to the member who was merged into the other.
    MoveEmail {
        key: EmailKey,
        from: MemberId,
        into: MemberId,
    },
    /// Must be that member's. The row stays where it is to remember that they were given points for joining.
    RemoveEmail {
        key: EmailKey,
        member: MemberId,
        remember: bool,
    },
    /// Guarded like an order.
    Product(Product),
    /// Guarded like an order.
    Redemption {
        member: MemberId,
        redemption: Redemption,
    },
    /// What a new code stands for. Must not exist.
    Code {
        code: CouponCode,
        at: CouponPlace,
    },
    /// Guarded like an order.
    Hold {
        member: MemberId,
        hold: Hold,
    },
    /// Whose hold a new code stands for. Must not exist.
    HoldCode {
        code: CouponCode,
        holder: MemberId,
    },
    /// Guarded like an order. Where it is, is written with it if it is new.
    Case {
        at: CasePlace,
        case: Case,
    },
    /// Guarded like an order. Where it is, is written with it if it is new or moves in the lists.
    Review {
        review: Review,
        moves: bool,
    },
    /// It follows from the reviews, so it may be written over.
    Rating {
        product: ProductId,
        rating: ProductRating,
    },
    /// A new code of a pool; with it goes the row that keeps it from being another's. Must not exist.
    ReservedCode(CouponCode),
    PoolCode {
        reward: RewardId,
        code: CouponCode,
    },
    /// Must exist.
    TakePoolCode {
        reward: RewardId,
        code: CouponCode,
    },
    /// What a code of a pool stands for, guarded by its being taken in the same plan.
    TakenCode {
        code: CouponCode,
        at: CouponPlace,
    },
    /// Must not exist.
    ReferralCode {
        code: ReferralCode,
        member: MemberId,
    },
    /// That a friend with that mailbox has claimed a referral. Must not exist.
    ReferredMailbox {
        key: EmailKey,
        member: MemberId,
    },
    /// A friend whom the member invited; guarded by the friend's account.
    Invited {
        member: MemberId,
        friend: MemberId,
    },
    /// Must not exist.
    Program(ProgramVersion),
    /// Its version is one above the stored one's, or 1 where nothing is stored.
    Endpoint(Endpoint),
    RemoveEndpoint(EndpointId),
    /// Guarded like an endpoint. In the due index until it is delivered or given up.
    Event {
        event: OutboundEvent,
        due: Option<DueAt>,
    },
    /// Guarded like an order. In the due index until it has ended, then among those of its day.
    Message {
        message: Message,
        due: Option<DueAt>,
    },
    /// Guarded like an order.
    Suppression {
        address: EmailKey,
        suppression: Suppression,
    },
    /// Guarded like an order.
    MailStop(MailStop),
    /// Guarded like an order.
    Replan(Replan),
    /// Must not exist, or must have expired.
    Answer(SavedAnswer),
}
