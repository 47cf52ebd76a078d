//! The lines of an order, whichever storefront lists them.

use std::collections::BTreeSet;

use rules::{facts::Line, ids::LineId, money::MAX_MINOR};

use crate::reading::{Field, Object};

/// The list's lines, if each of them can be read and no two have one id.
pub(crate) fn read(list: &Field, line: impl Fn(&Object) -> Option<Line>) -> Option<Vec<Line>> {
    let items = list.objects();
    let lines: Vec<Line> = items.iter().filter_map(line).collect();
    let ids: BTreeSet<&LineId> = lines.iter().map(|line| &line.id).collect();
    if ids.len() < lines.len() {
        return list.refuse("has two lines of one id");
    }
    (lines.len() == items.len()).then_some(lines)
}

/// What that many units cost; refused where no order may be worth so much.
pub(crate) fn worth(price_field: &Field, price: i64, quantity: u32) -> Option<i64> {
    let worth = price.saturating_mul(i64::from(quantity));
    if worth > MAX_MINOR {
        return price_field.refuse("makes the line worth more than any order may be");
    }
    Some(worth)
}
