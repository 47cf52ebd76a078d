//! The codes that a checkout took: each with what it took off, in the shop's currency; where the list
//! is missing, by the applications that discounts are allocated to.

use rules::{facts::AppliedCode, money::Currency};

use crate::{discounts, reading::Object};

pub(super) fn read(order: &Object, currency: Option<Currency>) -> Vec<AppliedCode> {
    let listed = order.objects("discount_codes");
    if listed.is_empty() {
        return by_applications(order, currency);
    }
    discounts::codes(&listed, |entry| entry.get("amount").nearest_money(currency))
}

fn by_applications(order: &Object, currency: Option<Currency>) -> Vec<AppliedCode> {
    let mut codes = Vec::new();
    for (index, application) in (0..).zip(order.objects("discount_applications")) {
        if application.get("type").text().as_deref() == Some("discount_code") {
            codes = discounts::and(codes, &application, allocated(order, index, currency));
        }
    }
    codes
}

/// Cannot overflow: a list is no longer than `MAX_PARTS`, an amount no larger than `MAX_MINOR`.
fn allocated(order: &Object, index: u32, currency: Option<Currency>) -> Option<i64> {
    let mut sum = None;
    for item in order.objects("line_items").iter().chain(&order.objects("shipping_lines")) {
        for allocation in item.objects("discount_allocations") {
            if allocation.get("discount_application_index").quantity() == Some(index) {
                sum = Some(sum.unwrap_or(0) + allocation.need("amount").nearest_money(currency)?);
            }
        }
    }
    sum
}
