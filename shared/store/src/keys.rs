//! The keys of every row. Ids hold no `#`, so no key can be read as another.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rules::{
    case::CasePlace,
    deed::ClaimKey,
    ids::{
        ActivityId, CaseId, CouponCode, CustomerKey, EmailKey, EndpointId, EventId, HoldId, MemberId, MessageId,
        OrderKey, ProductId, RedemptionId, ReviewId, RewardId, Source,
    },
    referral::ReferralCode,
};

use crate::saved_answer::AnswerKey;

pub(crate) const PK: &str = "pk";
pub(crate) const SK: &str = "sk";
pub(crate) const DUE_INDEX: &str = "gsi1";
pub(crate) const DUE_PK: &str = "gsi1pk";
pub(crate) const DUE_SK: &str = "gsi1sk";
/// Epoch seconds after which DynamoDB may remove the row.
pub(crate) const EXPIRES_AT: &str = "expires_at";

pub(crate) const ORDER: &str = "ORDER";
pub(crate) const ACCOUNT: &str = "ACCOUNT";
pub(crate) const PROFILE: &str = "PROFILE";
pub(crate) const ENTRIES: &str = "LED#";
pub(crate) const DEEDS: &str = "ACT#";
pub(crate) const CLAIMS: &str = "CLAIM#";
pub(crate) const ORDER_POINTERS: &str = "ORD#";
pub(crate) const TIER_CHANGES: &str = "TIER#";
pub(crate) const CONSENTS: &str = "CON#";
pub(crate) const REDEMPTIONS: &str = "RED#";
pub(crate) const REVIEWS: &str = "REV#";
pub(crate) const CASES: &str = "CASE#";
pub(crate) const MESSAGES: &str = "MSG#";
pub(crate) const CODES: &str = "CODE#";
pub(crate) const INVITED: &str = "REFD#";
pub(crate) const PROGRAM: &str = "PROGRAM";
pub(crate) const ANSWER: &str = "IDEM";

/// The versions that sort as numbers do.
pub(crate) const MAX_PROGRAM_VERSION: u64 = 99_999;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    pub(crate) fn new(pk: String, sk: impl Into<String>) -> Key {
        Key { pk, sk: sk.into() }
    }

    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        [(PK, &self.pk), (SK, &self.sk)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value.clone()))).into()
    }

    /// The key of a row that was read.
    pub(crate) fn of(row: &HashMap<String, AttributeValue>) -> Option<Key> {
        let text = |name| row.get(name)?.as_s().ok().cloned();
        Some(Key { pk: text(PK)?, sk: text(SK)? })
    }
}

/// All that is kept of one member.
pub(crate) fn partition(member: &MemberId) -> String {
    format!("MEM#{member}")
}

/// The member whose partition that is.
pub(crate) fn member_of(partition: &str) -> Option<MemberId> {
    MemberId::parse(partition.strip_prefix("MEM#")?).ok()
}

pub(crate) fn profile(member: &MemberId) -> Key {
    Key::new(partition(member), PROFILE)
}

pub(crate) fn account(member: &MemberId) -> Key {
    Key::new(partition(member), ACCOUNT)
}

pub(crate) fn entry(member: &MemberId, sequence: u64) -> Key {
    Key::new(partition(member), format!("{ENTRIES}{sequence:012}"))
}

pub(crate) fn tier_change(member: &MemberId, sequence: u64) -> Key {
    Key::new(partition(member), format!("{TIER_CHANGES}{sequence:012}"))
}

/// How the sort keys of the proofs of an instant begin.
pub(crate) fn consents_at(at: Timestamp) -> String {
    format!("{CONSENTS}{}", at.strftime("%Y-%m-%dT%H:%M:%S%.9fZ"))
}

/// By its content, so that the same statement is one row however often it is told, and none replaces another.
pub(crate) fn consent_proof(member: &MemberId, at: Timestamp, content: &str) -> Key {
    Key::new(partition(member), format!("{}#{:016x}", consents_at(at), hash_of(content)))
}

pub(crate) fn order_pointer(member: &MemberId, order: &OrderKey) -> Key {
    Key::new(partition(member), format!("{ORDER_POINTERS}{}#{}", order.source, order.id))
}

pub(crate) fn deed(member: &MemberId, id: &ActivityId) -> Key {
    Key::new(partition(member), format!("{DEEDS}{id}"))
}

pub(crate) fn claim(member: &MemberId, claim: &ClaimKey) -> Key {
    Key::new(partition(member), format!("{CLAIMS}{}", claim.as_str()))
}

pub(crate) fn order(order: &OrderKey) -> Key {
    Key::new(format!("ORDER#{}#{}", order.source.numbering(), order.id), ORDER)
}

pub(crate) fn customer(customer: &CustomerKey) -> Key {
    Key::new(format!("REF#customer#{}#{}", customer.source.numbering(), customer.customer_id), "REF")
}

pub(crate) fn email(email: &EmailKey) -> Key {
    Key::new(format!("REF#email#{email}"), "REF")
}

pub(crate) fn redemption(member: &MemberId, id: &RedemptionId) -> Key {
    Key::new(partition(member), format!("{REDEMPTIONS}{id}"))
}

pub(crate) fn message(member: &MemberId, id: &MessageId) -> Key {
    Key::new(partition(member), format!("{MESSAGES}{id}"))
}

/// What is known against an address.
pub(crate) fn suppression(address: &EmailKey) -> Key {
    Key::new(format!("REF#suppressed#{address}"), "REF")
}

pub(crate) fn hold(member: &MemberId, id: &HoldId) -> Key {
    Key::new(partition(member), format!("HOLD#{id}"))
}

pub(crate) fn case(member: &MemberId, id: &CaseId) -> Key {
    Key::new(partition(member), format!("{CASES}{id}"))
}

/// A case of a shop rather than of one member.
pub(crate) fn shop_case(source: &Source, id: &CaseId) -> Key {
    Key::new(format!("SHOP#{source}"), format!("{CASES}{id}"))
}

pub(crate) fn case_of(at: &CasePlace, id: &CaseId) -> Key {
    match at {
        CasePlace::Member(member) => case(member, id),
        CasePlace::Shop(source) => shop_case(source, id),
    }
}

/// The case whose key that is.
pub(crate) fn case_at(key: &Key) -> Option<(CasePlace, CaseId)> {
    let id = CaseId::parse(key.sk.strip_prefix(CASES)?).ok()?;
    let shop = || Source::parse(key.pk.strip_prefix("SHOP#")?).ok().map(CasePlace::Shop);
    Some((member_of(&key.pk).map(CasePlace::Member).or_else(shop)?, id))
}

/// Where the case of an id is.
pub(crate) fn case_place(id: &CaseId) -> Key {
    Key::new(format!("REF#case#{id}"), "REF")
}

/// What lists all cases.
pub(crate) fn all_cases() -> String {
    "CASES#all".to_owned()
}

pub(crate) fn review(member: &MemberId, id: &ReviewId) -> Key {
    Key::new(partition(member), format!("{REVIEWS}{id}"))
}

/// Where the review of an id is.
pub(crate) fn review_place(id: &ReviewId) -> Key {
    Key::new(format!("REF#review#{id}"), "REF")
}

/// What lists all reviews.
pub(crate) fn all_reviews() -> String {
    "REVIEWS#all".to_owned()
}

/// What lists the reviews of a product. The case of its id means nothing.
pub(crate) fn reviews_of_product(product: &ProductId) -> String {
    format!("REVIEWED#{}", product.as_str().to_ascii_lowercase())
}

/// The stars of a product.
pub(crate) fn rating(product: &ProductId) -> Key {
    Key::new(format!("PRODUCT#{}", product.as_str().to_ascii_lowercase()), "RATING")
}

/// What a code stands for.
pub(crate) fn code(code: &CouponCode) -> Key {
    Key::new(format!("REF#coupon#{code}"), "REF")
}

/// A code that is not issued yet.
pub(crate) fn pool_code(reward: &RewardId, code: &CouponCode) -> Key {
    Key::new(pool(reward), format!("{CODES}{code}"))
}

/// All codes of a reward that are not issued yet.
pub(crate) fn pool(reward: &RewardId) -> String {
    format!("POOL#{reward}")
}

pub(crate) fn referral_code(code: &ReferralCode) -> Key {
    Key::new(format!("REF#referral#{code}"), "REF")
}

/// The mailbox of a friend who has claimed a referral.
pub(crate) fn referred_mailbox(mailbox: &EmailKey) -> Key {
    Key::new(format!("REF#referred#{mailbox}"), "REF")
}

/// A friend whom the member invited, with them.
pub(crate) fn invited(member: &MemberId, friend: &MemberId) -> Key {
    Key::new(partition(member), format!("{INVITED}{friend}"))
}

pub(crate) fn answer(answer: &AnswerKey) -> Key {
    Key::new(format!("IDEM#{}#{}", answer.caller, answer.key), ANSWER)
}

pub(crate) fn program(version: u64) -> Key {
    Key::new(PROGRAM.to_owned(), format!("V#{version:05}"))
}

pub(crate) fn product(id: &ProductId) -> Key {
    Key::new(format!("PRODUCT#{id}"), "PRODUCT")
}

/// After the versions, so that the query which reads newer ones brings the endpoints along.
pub(crate) const ENDPOINTS: &str = "W#";

pub(crate) fn endpoint(endpoint: &EndpointId) -> Key {
    Key::new(PROGRAM.to_owned(), format!("{ENDPOINTS}{endpoint}"))
}

/// After the endpoints, for the same reason.
pub(crate) const MAIL_STOP: &str = "X#MAIL_STOP";

/// The same.
pub(crate) const REPLAN: &str = "X#REPLAN";

pub(crate) fn replan() -> Key {
    Key::new(PROGRAM.to_owned(), REPLAN)
}

pub(crate) fn mail_stop() -> Key {
    Key::new(PROGRAM.to_owned(), MAIL_STOP)
}

/// The shards of each day's events, from 0.
pub(crate) const EVENT_SHARDS: u8 = 4;

/// All events of one day and shard, in the order of their ids and so of their times.
pub(crate) fn events(day: Date, shard: u8) -> String {
    format!("EVENT#{day}#{shard}")
}

pub(crate) fn event(event: &EventId) -> Key {
    let shard = u8::try_from(hash_of(event.as_str()) % u64::from(EVENT_SHARDS)).unwrap_or(0);
    Key::new(events(day_of(event), shard), event.as_str())
}

/// The UTC day on which it happened.
pub(crate) fn day_of(event: &EventId) -> Date {
    let millisecond = i64::try_from(event.millisecond()).unwrap_or(0);
    let at = Timestamp::from_millisecond(millisecond).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::UTC.to_datetime(at).date()
}

/// FNV-1a, both halves of it, which stays what it is in every version of Rust.
pub(crate) fn hash_of(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash ^ (hash >> 32)
}

pub(crate) fn cursor(scenario: &str) -> Key {
    Key::new(format!("CURSOR#{scenario}"), "CURSOR")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member() -> MemberId {
        MemberId::parse("mem_1").unwrap()
    }

    fn shopify_order() -> OrderKey {
        serde_json::from_str(r#"{"source":"shopify:a.myshopify.com","id":"450789469"}"#).unwrap()
    }

    fn shown(key: &Key) -> String {
        format!("{} / {}", key.pk, key.sk)
    }

    #[test]
    fn all_of_a_member_is_in_one_partition() {
        assert_eq!(shown(&profile(&member())), "MEM#mem_1 / PROFILE");
        assert_eq!(shown(&account(&member())), "MEM#mem_1 / ACCOUNT");
        assert_eq!(shown(&entry(&member(), 7)), "MEM#mem_1 / LED#000000000007");
        assert_eq!(shown(&tier_change(&member(), 1)), "MEM#mem_1 / TIER#000000000001");
        let stated_at = Timestamp::constant(1_780_000_000, 0);
        let proof = shown(&consent_proof(&member(), stated_at, "{}"));
        assert!(proof.starts_with("MEM#mem_1 / CON#2026-05-28T20:26:40.000000000Z#"), "{proof}");
        let pointer = order_pointer(&member(), &shopify_order());
        assert_eq!(shown(&pointer), "MEM#mem_1 / ORD#shopify:a.myshopify.com#450789469");
    }

    #[test]
    fn shops_of_shopify_share_their_numbers() {
        assert_eq!(shown(&order(&shopify_order())), "ORDER#shopify#450789469 / ORDER");
        let buyer = serde_json::from_str(r#"{"source":"woo:shop","customer_id":"26"}"#).unwrap();
        assert_eq!(shown(&customer(&buyer)), "REF#customer#woo:shop#26 / REF");
    }

    #[test]
    fn a_coupon_is_found_by_its_code_in_its_member_s_partition() {
        let (reward, named) = (RewardId::parse("coupon_5").unwrap(), CouponCode::parse("summer-7").unwrap());
        let redemption_id = RedemptionId::parse("red_1").unwrap();
        assert_eq!(shown(&redemption(&member(), &redemption_id)), "MEM#mem_1 / RED#red_1");
        assert_eq!(shown(&code(&named)), "REF#coupon#SUMMER-7 / REF");
        assert_eq!(shown(&pool_code(&reward, &named)), "POOL#coupon_5 / CODE#SUMMER-7");
    }

    #[test]
    fn rows_that_are_nobody_s_have_their_own_partitions() {
        assert_eq!(shown(&email(&EmailKey::parse("a1b2").unwrap())), "REF#email#a1b2 / REF");
        let asked = AnswerKey { caller: "admin".to_owned(), key: "k-1".to_owned() };
        assert_eq!(shown(&answer(&asked)), "IDEM#admin#k-1 / IDEM");
        assert_eq!(shown(&program(12)), "PROGRAM / V#00012");
        assert_eq!(shown(&product(&ProductId::parse("BODY-OIL").unwrap())), "PRODUCT#BODY-OIL / PRODUCT");
        assert_eq!(shown(&cursor("tiers")), "CURSOR#tiers / CURSOR");
    }
}
