//! A plan: what one decision writes, each row with the condition that guards it.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use rules::{
    ids::{CouponCode, MemberId},
    message, outbound_event,
};

use crate::{
    cases::{self, CaseRow},
    deeds::Claim,
    due::DueAt,
    error::Cause,
    guard::{Guard, claim, delete, follows, lead, put, put_item},
    keys::{self, EXPIRES_AT},
    lookups::Lookup,
    messages::fate_attributes,
    redemptions::CodeRow,
    review_index,
    reviews::ReviewPlace,
    row::{self, RowError},
    write::Write,
};

/// A transaction takes 100; the rest is left for what others add to a plan.
pub const MAX_WRITES: usize = 90;

/// What is written together or not at all.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub writes: Vec<Write>,
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
            Write::RemoveProfile(member) => delete(table, &keys::profile(member), Guard::None),
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
            Write::RemoveOrderPointer { member, order } => {
                delete(table, &keys::order_pointer(member, order), Guard::None)
            }
            Write::Customer { customer, member } => claim(table, &keys::customer(customer), member),
            Write::MoveCustomer { customer, from, into } => lead(table, &keys::customer(customer), from, Some(into)),
            Write::EraseCustomer { customer, member, has_joined } => {
                let left = Lookup { member: None, never_joined: !has_joined };
                put(table, &keys::customer(customer), &left, Guard::LeadsTo(member))
            }
            Write::Email { key, member } => claim(table, &keys::email(key), member),
            Write::MoveEmail { key, from, into } => lead(table, &keys::email(key), from, Some(into)),
            Write::RemoveEmail { key, member, remember: true } => lead(table, &keys::email(key), member, None),
            Write::RemoveEmail { key, member, remember: false } => {
                delete(table, &keys::email(key), Guard::LeadsTo(member))
            }
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
            Write::TakePoolCode { reward, code } => delete(table, &keys::pool_code(reward, code), Guard::IsThere),
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
            Write::RemoveEndpoint(endpoint) => delete(table, &keys::endpoint(endpoint), Guard::None),
            Write::Event { event, due } => {
                let mut item = row::write(&keys::event(&event.id), event)?;
                item.extend(due.iter().flat_map(|due| due.attributes(event.id.as_str())));
                let expires_at = (event.at + outbound_event::KEPT).as_second();
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
