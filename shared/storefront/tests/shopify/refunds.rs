use rules::{
    facts::Refund,
    ids::{LineId, RefundId},
    register::Register,
};
use serde_json::{Value, json};
use storefront::event::{Event, OrderEvent};

use crate::captured::{at, captured, changed, content, facts, order, order_changed, parse, read_changed};

const OF_A_LINE: &str = "930111222333";
const OF_AN_AMOUNT: &str = "930111222444";

fn refund(order: &OrderEvent) -> Register<Refund> {
    assert_eq!(order.facts.refunds.len(), 1);
    order.facts.refunds.values().next().unwrap().clone()
}

fn amount(changes: &[(&str, Option<Value>)]) -> i64 {
    refund(&order_changed("refunds-create-amount", changes)).value.amount
}

#[test]
fn a_refund_of_a_line_brings_back_its_units_and_no_amount() {
    let order = order("refunds-create-line");
    assert_eq!(order.id.as_str(), "6120345678901");
    assert_eq!(order.buyer, None);
    let refund = refund(&order);
    assert_eq!(refund.updated_at, at("2026-06-25T15:20:00Z"));
    assert_eq!(refund.value.refunded_at, refund.updated_at);
    assert_eq!(refund.value.units, [(LineId::parse("15320456789012").unwrap(), 1)].into());
    assert_eq!(refund.value.amount, 0);
}

#[test]
fn a_refund_of_an_amount_alone_is_its_discrepancy_read_from_a_number() {
    assert!(captured("refunds-create-amount").body.contains(r#""amount":-10.00"#));
    let refund = refund(&order("refunds-create-amount"));
    assert!(refund.value.units.is_empty());
    assert_eq!(refund.value.amount, 1_000);
}

#[test]
fn the_same_refund_has_the_same_hash_inside_an_order() {
    let nested = facts("orders-updated").refunds;
    for (case, id) in [("refunds-create-line", OF_A_LINE), ("refunds-create-amount", OF_AN_AMOUNT)] {
        assert_eq!(nested.get(&RefundId::parse(id).unwrap()), Some(&refund(&order(case))), "{case}");
    }
}

#[test]
fn an_order_says_which_refunds_its_quantities_count() {
    let counted: Vec<_> = content("orders-updated").refunds_counted.into_iter().map(String::from).collect();
    assert_eq!(counted, [OF_A_LINE, OF_AN_AMOUNT]);
    let facts = facts("orders-updated");
    let soap = &facts.content().unwrap().lines[1];
    assert_eq!((soap.current_quantity, facts.units_kept(soap)), (Some(0), 0));
}

#[test]
fn a_discrepancy_in_the_shops_favour_is_no_refund() {
    let kept_back = Some(json!({"shop_money": {"amount": "2.37", "currency_code": "USD"}}));
    assert_eq!(amount(&[("/order_adjustments/0/amount_set", kept_back)]), 0);
}

#[test]
fn shipping_that_was_refunded_takes_no_points() {
    assert_eq!(amount(&[("/order_adjustments/0/kind", Some(json!("shipping_refund")))]), 0);
    let shipping = Some(json!([{"id": 1, "shipping_line_id": 2}]));
    assert_eq!(amount(&[("/order_adjustments", Some(json!([]))), ("/refund_shipping_lines", shipping)]), 0);
}

#[test]
fn a_refund_that_lists_nothing_is_what_its_transactions_paid_back() {
    let bare = ("/order_adjustments", Some(json!([])));
    assert_eq!(amount(std::slice::from_ref(&bare)), 1_000);
    assert_eq!(amount(&[bare.clone(), ("/transactions/0/status", Some(json!("failure")))]), 0);
    assert_eq!(amount(&[bare, ("/transactions/0/kind", Some(json!("void")))]), 0);
}

#[test]
fn the_shops_money_counts_where_the_buyer_saw_another() {
    let both = json!({
        "shop_money": {"amount": "-10.00", "currency_code": "USD"},
        "presentment_money": {"amount": "-1550", "currency_code": "JPY"},
    });
    let changes =
        [("/order_adjustments/0/amount", Some(json!(-1550))), ("/order_adjustments/0/amount_set", Some(both))];
    assert_eq!(amount(&changes), 1_000);
}

#[test]
fn an_amount_in_no_currency_is_refused_but_units_are_not() {
    let no_sets = [
        ("/order_adjustments/0/amount_set", None),
        ("/order_adjustments/0/tax_amount_set", None),
        ("/transactions/0/total_unsettled_set", None),
    ];
    let bad = read_changed("refunds-create-amount", &no_sets).unwrap_err();
    assert_eq!(bad.problems[0].pointer, "/order_adjustments/0/amount");
    assert_eq!(bad.problems[0].reason, "`-10.0` is an amount in no currency");
    let no_sets = [
        ("/refund_line_items/0/subtotal_set", None),
        ("/refund_line_items/0/total_tax_set", None),
        ("/transactions/0/total_unsettled_set", None),
    ];
    assert_eq!(order_changed("refunds-create-line", &no_sets).facts, facts("refunds-create-line"));
}

#[test]
fn inside_an_order_its_currency_stands_in() {
    let no_sets = [
        ("/refunds/1/order_adjustments/0/amount_set", None),
        ("/refunds/1/order_adjustments/0/tax_amount_set", None),
        ("/refunds/1/transactions/0/total_unsettled_set", None),
    ];
    assert_eq!(order_changed("orders-updated", &no_sets).facts, facts("orders-updated"));
}

#[test]
fn a_refund_not_yet_processed_is_dated_by_its_making() {
    let order = order_changed("refunds-create-line", &[("/processed_at", Some(Value::Null))]);
    assert_eq!(refund(&order).updated_at, at("2026-06-25T15:20:00Z"));
}

#[test]
fn units_of_one_line_in_two_entries_add_up_and_none_is_no_entry() {
    let entry = |line: u64, quantity: u32| json!({"line_item_id": line, "quantity": quantity});
    let items = json!([entry(15320456789011, 1), entry(15320456789012, 0), entry(15320456789011, 1)]);
    let body = changed("refunds-create-line", &[("/refund_line_items", Some(items))]);
    let Ok(Event::Order(order)) = parse("refunds/create", &body) else { panic!("refused") };
    assert_eq!(refund(&order).value.units, [(LineId::parse("15320456789011").unwrap(), 2)].into());
}
