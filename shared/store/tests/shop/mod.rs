//! An invented shop: its program, a member and their orders.
#![allow(dead_code, reason = "each file of tests needs another part")]

use jiff::Timestamp;
use rules::{
    account::{Account, Status},
    buyer::Buyer,
    deed::Told,
    facts::{Content, CustomerRef, Line, LineKind, OrderFacts},
    ids::{ActivityId, CustomerKey, EmailKey, LineId, MemberId, OrderId, OrderKey, ProductId, Source},
    ledger::Entry,
    order::Order,
    posting::{Posting, Settled},
    profile::Profile,
    program::{Program, ProgramVersion, Programs},
    register::Register,
};
use store::{Plan, Write};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn version(number: u64) -> ProgramVersion {
    ProgramVersion { version: number, effective_at: at("2026-01-01T00:00:00Z"), program: Program::starting().unwrap() }
}

pub(crate) fn programs() -> Programs {
    Programs::new(version(1), Vec::new())
}

pub(crate) fn mia() -> MemberId {
    MemberId::parse("mem_019ec2b2a53072c19a7d5f4f4f6e1a2b").unwrap()
}

pub(crate) fn source() -> Source {
    Source::parse("shopify:green-leaf-tea.myshopify.com").unwrap()
}

pub(crate) fn order_key(id: u64) -> OrderKey {
    OrderKey { source: source(), id: OrderId::parse(&id.to_string()).unwrap() }
}

pub(crate) fn customer_key(id: &str) -> CustomerKey {
    serde_json::from_value(serde_json::json!({"source": source(), "customer_id": id})).unwrap()
}

pub(crate) fn email_key() -> EmailKey {
    EmailKey::parse("Q2xlYXJseU5vdEFuQWRkcmVzc0J1dEFIYXNoT2ZPbmU").unwrap()
}

pub(crate) fn guest(joined_at: Timestamp) -> Account {
    Account::new(Status::Guest, joined_at, &programs())
}

/// The account after a person's decision to give or take points.
pub(crate) fn adjusted(account: Account, points: i64, now: Timestamp) -> (Account, Vec<Write>) {
    let programs = programs();
    let mut posting = Posting::begin(account, &programs, now).unwrap();
    posting.adjust(rules::points::Points::new(points), "a gift of the house").unwrap();
    let Settled { account, entries, .. } = posting.end().unwrap();
    let entries = entries.into_iter().map(|entry| Write::Entry { member: mia(), entry }).collect();
    (account, entries)
}

/// The account after the day's check-in, unless the month's points are reached.
pub(crate) fn checked_in(account: Account, now: Timestamp) -> Account {
    let programs = programs();
    let told = Told { activity: "check_in".to_owned(), subject: None, occurred_at: now };
    let mut posting = Posting::begin(account.clone(), &programs, now).unwrap();
    let activity = told.activity(&programs.at(now).program, now).unwrap();
    match posting.record_deed(ActivityId::from_uuid(0), told.clone(), activity) {
        Ok(_) => posting.end().unwrap().account,
        Err(_) => account,
    }
}

pub(crate) fn account_of_mia(account: Account) -> Write {
    Write::Account { member: mia(), account, due: None }
}

pub(crate) fn plan(writes: impl IntoIterator<Item = Write>) -> Plan {
    Plan { writes: writes.into_iter().collect() }
}

pub(crate) fn profile() -> Profile {
    serde_json::from_value(serde_json::json!({
        "id": mia(),
        "email": "mia.wong@example.com",
        "email_verified": true,
        "name": "Mia Wong-Łukasiewicz",
        "locale": "de-AT",
        "time_zone": "Europe/Vienna",
        "country": "AT",
        "birthday": "1990-02-28",
        "links": [{"source": source(), "customer_id": "6941234567890"}],
        "consent": {"marketing": "granted", "marketing_at": "2026-06-01T00:00:00.123456789Z"},
        "updated_at": "2026-06-02T00:00:00Z",
        "created_at": "2026-06-01T00:00:00Z"
    }))
    .unwrap()
}

/// Facts of a paid order of so many lines, with ids as long as Shopify's.
pub(crate) fn paid(lines: u64, cents: i64, paid_at: Timestamp) -> OrderFacts {
    let lines = (0..lines).map(|line| Line {
        id: LineId::parse(&(14_012_345_678_901 + line).to_string()).unwrap(),
        product_id: Some(ProductId::parse(&(8_012_345_678_901 + line).to_string()).unwrap()),
        kind: LineKind::Product,
        quantity: 2,
        current_quantity: Some(2),
        price: cents,
        discount: 350,
        tax_included: 640,
    });
    let content = Content {
        currency: rules::money::Currency::USD,
        lines: lines.collect(),
        customer: Some(CustomerRef {
            id: Some(customer_key("6941234567890").customer_id),
            email_key: Some(email_key()),
            email_verified: true,
            has_account: true,
        }),
        test: false,
        created_at: paid_at,
        refunds_counted: std::collections::BTreeSet::new(),
        codes: Vec::new(),
        number: None,
        hold: None,
    };
    OrderFacts {
        content: Some(Register::new(paid_at, content).unwrap()),
        paid_at: Some(paid_at),
        ..OrderFacts::default()
    }
}

/// The order and its member's account once it is posted.
pub(crate) fn settled(id: u64, facts: OrderFacts, account: Account, now: Timestamp) -> (Order, Settled) {
    let unknown = Order::unknown(order_key(id));
    let mut order = unknown.learn(facts);
    order.member = Some(mia());
    order.version += 1;
    let settled = order.settle(&unknown.facts, account, &Buyer::default(), &programs(), now).unwrap();
    (order, settled)
}

/// Everything that one event of an order writes for a known member.
pub(crate) fn order_plan(order: Order, settled: Settled) -> Plan {
    let pointer = Write::OrderPointer { member: mia(), order: order.key.clone() };
    let entries = settled.entries.into_iter().map(|entry| Write::Entry { member: mia(), entry });
    let change = settled.tier_change.map(|change| Write::TierChange { member: mia(), change });
    plan([Write::Order(order), account_of_mia(settled.account), pointer].into_iter().chain(entries).chain(change))
}

/// Points that were given, by the minute of their number.
pub(crate) fn gift(sequence: u64, reason: &str) -> Write {
    let now = at("2026-06-18T10:00:00Z");
    let (_, writes) = adjusted(guest(now), 10, now);
    let Some(Write::Entry { member, entry }) = writes.into_iter().next() else { panic!("a gift is an entry") };
    let at = now + jiff::SignedDuration::from_mins(i64::try_from(sequence).unwrap());
    Write::Entry { member, entry: Entry { sequence, at, reason: reason.to_owned(), ..entry } }
}
