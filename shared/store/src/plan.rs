//! A plan: what one decision writes, each row with the condition that guards it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
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
    message::{self, Message},
    order::Order,
    outbound_event::{KEPT, OutboundEvent},
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
use serde::Serialize;

use crate::{
    cases::{self, CaseRow},
    deeds::Claim,
    due::DueAt,
    error::Cause,
    keys::{self, EXPIRES_AT, Key, PK},
    lookups::Lookup,
    messages::fate_attributes,
    redemptions::CodeRow,
    review_index,
    reviews::ReviewPlace,
    row::{self, Item, RowError},
    saved_answer::SavedAnswer,
};

/// The attribute of a lookup that says whom it leads to.
const MEMBER: &str = "member";

/// A transaction takes 100; the rest is left for what others add to a plan.
pub const MAX_WRITES: usize = 90;

/// What is written together or not at all.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub writes: Vec<Write>,
}

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

/// What must be so, or nothing of the plan is written.
#[derive(Clone, Copy)]
enum Guard<'a> {
    None,
    IsNew,
    LeadsToNobody,
    LeadsTo(&'a MemberId),
    Follows { version: u64 },
    IsNewOrExpired { now: i64 },
}

impl Plan {
    pub(crate) fn actions(&self, table: &str) -> Result<Vec<TransactWriteItem>, Cause> {
        let mut actions = Vec::with_capacity(self.writes.len());
        for write in &self.writes {
            actions.push(self.action(write, table)?);
            actions.extend(place(write, table).transpose()?);
        }
        Ok(actions)
    }

    fn action(&self, write: &Write, table: &str) -> Result<TransactWriteItem, Cause> {
        match write {
            Write::Order(order) => put(table, &keys::order(&order.key), order, follows("order", order.version)?),
            Write::Account { member, account, due } => {
                let mut item = row::write(&keys::account(member), account)?;
                item.extend(due.iter().flat_map(|due| due.attributes(member.as_str())));
                put_item(table, item, follows("account", account.version)?)
            }
            Write::Profile(profile) if !self.has_account(&profile.id) => Err(Cause::Unguarded("profile")),
            Write::Profile(profile) => put(table, &keys::profile(&profile.id), profile, Guard::None),
            Write::RemoveProfile(member) if !self.has_account(member) => Err(Cause::Unguarded("profile")),
            Write::RemoveProfile(member) => delete(table, &keys::profile(member)),
            Write::Entry { member, entry } => put(table, &keys::entry(member, entry.sequence), entry, Guard::IsNew),
            Write::SilentEntry { member, entry } => {
                put(table, &keys::entry(member, entry.sequence), entry, Guard::None)
            }
            Write::TierChange { member, change } => {
                put(table, &keys::tier_change(member, change.sequence), change, Guard::IsNew)
            }
            Write::ConsentProof { member, proof } => {
                let content =
                    serde_json::to_string(proof).map_err(|_| RowError::Unwritable { kind: "ConsentProof" })?;
                put(table, &keys::consent_proof(member, proof.at, &content), proof, Guard::None)
            }
            Write::Deed { member, deed } => {
                put(table, &keys::deed(member, &deed.id), deed, follows("deed", deed.version)?)
            }
            Write::Claim { member, claim, deed } => {
                put(table, &keys::claim(member, claim), &Claim { deed: deed.clone() }, Guard::IsNew)
            }
            Write::OrderPointer { member, order } => {
                put(table, &keys::order_pointer(member, order), order, Guard::None)
            }
            Write::RemoveOrderPointer { member, order } => delete(table, &keys::order_pointer(member, order)),
            Write::Customer { customer, member } => claim(table, &keys::customer(customer), member),
            Write::MoveCustomer { customer, from, into } => lead(table, &keys::customer(customer), from, Some(into)),
            Write::EraseCustomer { customer, member, has_joined } => {
                let left = Lookup { member: None, never_joined: !has_joined };
                put(table, &keys::customer(customer), &left, Guard::LeadsTo(member))
            }
            Write::Email { key, member } => claim(table, &keys::email(key), member),
            Write::MoveEmail { key, from, into } => lead(table, &keys::email(key), from, Some(into)),
            Write::RemoveEmail { key, member, remember } => give_up(table, &keys::email(key), member, *remember),
            Write::Product(product) => {
                put(table, &keys::product(&product.id), product, follows("product", product.version)?)
            }
            Write::Redemption { member, redemption } => {
                let key = keys::redemption(member, &redemption.id);
                put(table, &key, redemption, follows("redemption", redemption.version)?)
            }
            Write::Code { code, at } => {
                put(table, &keys::code(code), &CodeRow { issued: Some(at.clone()), ..CodeRow::default() }, Guard::IsNew)
            }
            Write::Hold { member, hold } => {
                put(table, &keys::hold(member, &hold.id), hold, follows("hold", hold.version)?)
            }
            Write::HoldCode { code, holder } => {
                let row = CodeRow { holder: Some(holder.clone()), ..CodeRow::default() };
                put(table, &keys::code(code), &row, Guard::IsNew)
            }
            Write::Case { at, case } => {
                let mut item = row::write(&keys::case_of(at, &case.id), case)?;
                item.extend(cases::attributes(case));
                put_item(table, item, follows("case", case.version)?)
            }
            Write::Review { review, .. } => {
                let mut item = row::write(&keys::review(&review.member, &review.id), review)?;
                item.extend(review_index::attributes(review, keys::reviews_of_product(&review.product)));
                put_item(table, item, follows("review", review.version)?)
            }
            Write::Rating { product, rating } => put(table, &keys::rating(product), rating, Guard::None),
            Write::ReservedCode(code) => put(table, &keys::code(code), &CodeRow::default(), Guard::IsNew),
            Write::PoolCode { reward, code } => {
                put(table, &keys::pool_code(reward, code), &CodeRow::default(), Guard::None)
            }
            Write::TakePoolCode { reward, code } => delete_existing(table, &keys::pool_code(reward, code)),
            Write::TakenCode { code, .. } if !self.takes(code) => Err(Cause::Unguarded("code")),
            Write::TakenCode { code, at } => {
                put(table, &keys::code(code), &CodeRow { issued: Some(at.clone()), ..CodeRow::default() }, Guard::None)
            }

            Write::ReferralCode { code, member } => claim(table, &keys::referral_code(code), member),
            Write::ReferredMailbox { key, member } => claim(table, &keys::referred_mailbox(key), member),
            Write::Invited { member, friend } => {
                put(table, &keys::invited(member, friend), &Lookup::to(Some(friend)), Guard::None)
            }
            Write::Program(version) => put(table, &keys::program(version.version), version, Guard::IsNew),
            Write::Endpoint(endpoint) => {
                put(table, &keys::endpoint(&endpoint.id), endpoint, follows("endpoint", endpoint.version)?)
            }
            Write::RemoveEndpoint(endpoint) => delete(table, &keys::endpoint(endpoint)),
            Write::Event { event, due } => {
                let mut item = row::write(&keys::event(&event.id), event)?;
                item.extend(due.iter().flat_map(|due| due.attributes(event.id.as_str())));
                let expires_at = (event.at + KEPT).as_second();
                item.insert(EXPIRES_AT.to_owned(), AttributeValue::N(expires_at.to_string()));
                put_item(table, item, follows("event", event.version)?)
            }
            Write::Message { message, due } => {
                let mut item = row::write(&keys::message(&message.member, &message.id), message)?;
                let place = |due: &DueAt| due.attributes_of(message.member.as_str(), message.id.as_str());
                item.extend(due.iter().flat_map(place).chain(fate_attributes(message).into_iter().flatten()));
                let expires_at = (message.due_at + message::KEPT).as_second();
                item.insert(EXPIRES_AT.to_owned(), AttributeValue::N(expires_at.to_string()));
                put_item(table, item, follows("message", message.version)?)
            }
            Write::Suppression { address, suppression } => {
                put(table, &keys::suppression(address), suppression, follows("suppression", suppression.version)?)
            }
            Write::MailStop(stop) => put(table, &keys::mail_stop(), stop, follows("stop of mail", stop.version)?),
            Write::Replan(replan) => put(table, &keys::replan(), replan, follows("replan", replan.version)?),
            Write::Answer(answer) => {
                let guard = Guard::IsNewOrExpired { now: answer.now.as_second() };
                put(table, &keys::answer(&answer.key), &answer.row(), guard)
            }
        }
    }

    fn takes(&self, wanted: &CouponCode) -> bool {
        self.writes.iter().any(|write| matches!(write, Write::TakePoolCode { code, .. } if code == wanted))
    }

    fn has_account(&self, wanted: &MemberId) -> bool {
        self.writes.iter().any(|write| matches!(write, Write::Account { member, .. } if member == wanted))
    }
}

/// The row that says where another is, if one goes with the write.
fn place(write: &Write, table: &str) -> Option<Result<TransactWriteItem, Cause>> {
    match write {
        Write::Case { at, case } if case.version == 1 => {
            Some(put(table, &keys::case_place(&case.id), &CaseRow { at: at.clone() }, Guard::None))
        }
        Write::Review { review, moves: true } => {
            let place = ReviewPlace { member: review.member.clone() };
            let item = row::write(&keys::review_place(&review.id), &place).map_err(Cause::from);
            Some(item.and_then(|mut item| {
                item.extend(review_index::attributes(review, keys::all_reviews()));
                put_item(table, item, Guard::None)
            }))
        }
        _ => None,
    }
}

fn follows(row: &'static str, version: u64) -> Result<Guard<'static>, Cause> {
    match version {
        0 => Err(Cause::Unguarded(row)),
        1 => Ok(Guard::IsNew),
        version => Ok(Guard::Follows { version: version - 1 }),
    }
}

/// Makes a lookup lead to a member where it leads to nobody.
fn claim(table: &str, key: &Key, member: &MemberId) -> Result<TransactWriteItem, Cause> {
    put(table, key, &Lookup::to(Some(member)), Guard::LeadsToNobody)
}

/// Makes a lookup of one member lead to another, or to nobody.
fn lead(table: &str, key: &Key, from: &MemberId, to: Option<&MemberId>) -> Result<TransactWriteItem, Cause> {
    put(table, key, &Lookup::to(to), Guard::LeadsTo(from))
}

fn give_up(table: &str, key: &Key, member: &MemberId, remember: bool) -> Result<TransactWriteItem, Cause> {
    if remember { lead(table, key, member, None) } else { delete_lookup(table, key, member) }
}

fn put<T: Serialize>(table: &str, key: &Key, value: &T, guard: Guard<'_>) -> Result<TransactWriteItem, Cause> {
    put_item(table, row::write(key, value)?, guard)
}

fn put_item(table: &str, item: Item, guard: Guard<'_>) -> Result<TransactWriteItem, Cause> {
    let names = |all: &[(&str, &str)]| -> HashMap<String, String> {
        all.iter().map(|(name, of)| ((*name).to_owned(), (*of).to_owned())).collect()
    };
    let put = Put::builder().table_name(table).set_item(Some(item));
    let put = match guard {
        Guard::None => put,
        Guard::IsNew => put
            .condition_expression("attribute_not_exists(#pk)")
            .set_expression_attribute_names(Some(names(&[("#pk", PK)]))),
        Guard::LeadsToNobody => put
            .condition_expression("attribute_not_exists(#member)")
            .set_expression_attribute_names(Some(names(&[("#member", MEMBER)]))),
        Guard::LeadsTo(member) => put
            .condition_expression("#member = :member")
            .set_expression_attribute_names(Some(names(&[("#member", MEMBER)])))
            .expression_attribute_values(":member", AttributeValue::S(member.to_string())),
        Guard::Follows { version } => put
            .condition_expression("#version = :version")
            .set_expression_attribute_names(Some(names(&[("#version", "version")])))
            .expression_attribute_values(":version", AttributeValue::N(version.to_string())),
        Guard::IsNewOrExpired { now } => put
            .condition_expression("attribute_not_exists(#pk) OR #expires_at <= :now")
            .set_expression_attribute_names(Some(names(&[("#pk", PK), ("#expires_at", EXPIRES_AT)])))
            .expression_attribute_values(":now", AttributeValue::N(now.to_string())),
    };
    let put = put.build().map_err(|error| Cause::Refused(Box::new(error)))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn delete_lookup(table: &str, key: &Key, member: &MemberId) -> Result<TransactWriteItem, Cause> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key.attributes()))
        .condition_expression("#member = :member")
        .expression_attribute_names("#member", MEMBER)
        .expression_attribute_values(":member", AttributeValue::S(member.to_string()))
        .build();
    let delete = delete.map_err(|error| Cause::Refused(Box::new(error)))?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

fn delete_existing(table: &str, key: &Key) -> Result<TransactWriteItem, Cause> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key.attributes()))
        .condition_expression("attribute_exists(#pk)")
        .expression_attribute_names("#pk", PK)
        .build();
    let delete = delete.map_err(|error| Cause::Refused(Box::new(error)))?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

fn delete(table: &str, key: &Key) -> Result<TransactWriteItem, Cause> {
    let delete = Delete::builder().table_name(table).set_key(Some(key.attributes())).build();
    let delete = delete.map_err(|error| Cause::Refused(Box::new(error)))?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}
