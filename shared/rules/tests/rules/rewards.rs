//! What rewards cost and give, and what no program may say of them.

use rules::{
    coupon::Value as CouponValue,
    deal::{Ask, Deal, NoDeal},
    ids::CouponCode,
    money::Money,
    program::Program,
    reward::Reward,
};
use serde_json::{Value, json};

fn usd(minor: i64) -> Money {
    Money { minor, currency: "USD".parse().unwrap() }
}

fn ask(reward: &str, points: Option<i64>, order_total: Option<Money>) -> Ask {
    Ask { reward_id: reward.to_owned().try_into().unwrap(), points, order_total }
}

fn starting() -> Program {
    Program::starting().unwrap()
}

/// The default program with another rate for points as cash: so many points for that amount.
fn at_rate(points: i64, amount: &str) -> Program {
    changed(|program| {
        program["rewards"][5]["points"] = json!(points);
        program["rewards"][5]["amount"] = json!(amount);
        program["rewards"][5]["min_points"] = json!(1);
    })
}

fn changed(change: impl FnOnce(&mut Value)) -> Program {
    let mut program = serde_json::to_value(starting()).unwrap();
    change(&mut program);
    serde_json::from_value(program).unwrap()
}

fn refused(program: &Program, ask: &Ask) -> String {
    match program.deal(ask).unwrap_err() {
        NoDeal::BadAsk(problem) => format!("{} {}", problem.pointer, problem.reason),
        NoDeal::Overflow(_) => panic!("an overflow"),
    }
}

fn amount(deal: &Deal) -> i64 {
    match deal.coupon.as_ref().unwrap().value {
        CouponValue::AmountOff { amount } => amount.minor,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn the_default_rewards_cost_and_give_what_the_table_says() {
    let program = starting();
    let deal = |id| program.deal(&ask(id, None, None)).unwrap();
    let price = |id| deal(id).points.get();
    assert_eq!(["coupon_5", "coupon_10", "percent_10"].map(price), [500, 900, 700]);
    assert_eq!(["free_shipping", "gift_sample", "consultation"].map(price), [300, 1000, 2000]);
    let terms = deal("coupon_5").coupon.unwrap();
    assert_eq!((terms.value, terms.min_order), (CouponValue::AmountOff { amount: usd(500) }, Some(usd(1_000))));
    assert_eq!((terms.valid_days, terms.from_pool), (90, false));
    assert_eq!(deal("free_shipping").coupon.unwrap().value, CouponValue::FreeShipping { up_to: Some(usd(800)) });
    assert_eq!(deal("consultation").coupon, None);
}

#[test]
fn points_become_money_down_to_the_minor_unit_and_cost_no_more_than_it() {
    for (points, amount_text, asked, minor, taken) in
        [(100, "1.00", 250, 250, 250), (150, "1.00", 100, 66, 99), (3, "0.01", 10, 3, 9), (1, "0.05", 7, 35, 7)]
    {
        let deal = at_rate(points, amount_text).deal(&ask("points_as_cash", Some(asked), None)).unwrap();
        assert_eq!((amount(&deal), deal.points.get()), (minor, taken), "{asked} at {points} for {amount_text}");
    }
}

#[test]
fn points_as_cash_keep_to_half_the_order_also_when_its_total_is_not_told() {
    let program = starting();
    let deal = program.deal(&ask("points_as_cash", Some(1_000), None)).unwrap();
    assert_eq!(deal.coupon.unwrap().min_order, Some(usd(2_000)));
    program.deal(&ask("points_as_cash", Some(1_000), Some(usd(2_000)))).unwrap();
    let told = refused(&program, &ask("points_as_cash", Some(1_000), Some(usd(1_999))));
    assert_eq!(told, "/points at most 50 % of the order, 9.99 USD: 999 points");
}

#[test]
fn what_cannot_be_asked_for_is_named() {
    let program = changed(|program| program["rewards"][1]["on"] = json!(false));
    let euros = Money { minor: 10_000, currency: "EUR".parse().unwrap() };
    for (ask, told) in [
        (ask("coupon_7", None, None), "/reward_id `coupon_7` is not a reward that can be redeemed"),
        (ask("coupon_10", None, None), "/reward_id `coupon_10` is not a reward that can be redeemed"),
        (ask("coupon_5", Some(500), None), "/points is for points as cash alone: other rewards have their price"),
        (ask("points_as_cash", None, None), "/points is needed: how many are to become money"),
        (ask("points_as_cash", Some(-100), None), "/points must be at least 100"),
        (ask("points_as_cash", Some(99), None), "/points must be at least 100"),
        (ask("points_as_cash", Some(i64::MAX), None), "/points are worth more than any order may be"),
        (
            ask("points_as_cash", Some(100), Some(euros)),
            "/order_total/currency EUR has no exchange rate in the program",
        ),
        (ask("coupon_5", None, Some(usd(999))), "/order_total the reward is for orders of at least 10.00 USD"),
    ] {
        assert_eq!(refused(&program, &ask), told);
    }
}

#[test]
fn an_order_in_another_currency_counts_at_its_rate() {
    let program = changed(|program| program["earning"]["exchange_rates"] = json!({"JPY": "0.007"}));
    let yen = |minor| Some(Money { minor, currency: "JPY".parse().unwrap() });
    // 2857 yen are 19.999 dollars, half of which are 9.99
    assert!(program.deal(&ask("points_as_cash", Some(999), yen(2_857))).is_ok());
    let told = refused(&program, &ask("points_as_cash", Some(1_000), yen(2_857)));
    assert_eq!(told, "/points at most 50 % of the order, 9.99 USD: 999 points");
}

#[test]
fn a_program_from_before_there_were_rewards_has_none() {
    let mut text = serde_json::to_value(starting()).unwrap();
    text.as_object_mut().unwrap().remove("rewards");
    let program: Program = serde_json::from_value(text).unwrap();
    assert_eq!((program.rewards.len(), program.problems()), (0, vec![]));
}

#[test]
fn a_reward_is_written_as_it_was_read() {
    let program = serde_json::to_value(starting()).unwrap();
    for reward in program["rewards"].as_array().unwrap() {
        let read: Reward = serde_json::from_value(reward.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), *reward);
    }
}

#[test]
fn a_reward_has_the_fields_of_its_kind_and_no_others() {
    let reward = |index: usize, change: &dyn Fn(&mut Value)| {
        let mut reward = serde_json::to_value(&starting().rewards[index]).unwrap();
        change(&mut reward);
        serde_json::from_value::<Reward>(reward).unwrap_err().to_string()
    };
    let without = |field: &'static str| move |reward: &mut Value| drop(reward.as_object_mut().unwrap().remove(field));
    let with = |field: &'static str, value: Value| move |reward: &mut Value| reward[field] = value.clone();
    for (told, expected) in [
        (reward(0, &without("amount")), "`amount` is missing for the kind `amount_off`"),
        (reward(0, &without("valid_days")), "`valid_days` is missing for the kind `amount_off`"),
        (reward(0, &with("percent", json!("5"))), "`percent` is not a field of the kind `amount_off`"),
        (reward(2, &without("percent")), "`percent` is missing for the kind `percent_off`"),
        (reward(5, &without("min_points")), "`min_points` is missing for the kind `points_as_cash`"),
        (reward(5, &with("codes", json!("pool"))), "`codes` is not a field of the kind `points_as_cash`"),
        (reward(6, &with("codes", json!("generated"))), "`codes` is not a field of the kind `manual`"),
    ] {
        assert_eq!(told, expected);
    }
    assert!(reward(0, &with("amont", json!("5"))).starts_with("unknown field `amont`"));
    assert!(reward(0, &with("kind", json!("cashback"))).starts_with("unknown variant `cashback`"));
}

#[test]
fn every_fault_of_a_reward_has_its_pointer() {
    let program = changed(|program| {
        let rewards = program["rewards"].as_array_mut().unwrap();
        rewards[1]["id"] = json!("coupon_5");
        rewards[1]["amount"] = json!("10.001");
        rewards[1]["min_order"] = json!("0");
        rewards[2]["percent"] = json!("100.01");
        rewards[2]["title"] = json!(" ");
        rewards[3]["up_to"] = json!("0.00");
        rewards[3]["points"] = json!(0);
        rewards[4]["points"] = json!(-5);
        rewards[4]["valid_days"] = json!(0);
        rewards[5]["min_points"] = json!(0);
        rewards[5]["max_percent_of_order"] = json!("0");
        rewards[6]["points"] = json!(i64::MAX);
    });
    let pointers: Vec<String> = program.problems().into_iter().map(|problem| problem.pointer).collect();
    let expected = [
        "1/id",
        "1/min_order",
        "1/amount",
        "2/title",
        "2/percent",
        "3/points",
        "3/up_to",
        "4/points",
        "4/valid_days",
        "5/min_points",
        "5/max_percent_of_order",
        "6/points",
    ];
    assert_eq!(pointers, expected.map(|field| format!("/rewards/{field}")));
}

#[test]
fn a_code_has_all_its_bits_and_no_letter_that_looks_like_a_digit() {
    let code = CouponCode::from_random([0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF]);
    assert_eq!(code.as_str(), "0123456789ABCDEF");
    assert_eq!(CouponCode::from_random([0xFF; 10]).as_str(), "ZZZZZZZZZZZZZZZZ");
    assert_eq!(CouponCode::parse(&code.as_str().to_lowercase()).unwrap(), code);
}
