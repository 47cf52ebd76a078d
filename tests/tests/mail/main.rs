//! Mail from the fact that plans it to its end, counted where SES takes it: never twice, never after a no,
//! and none lost without a word.
#![cfg(test)]

mod delivering;
mod faults;
mod notices;
mod quota;
mod reading;
mod replanned;
mod withdrawal;

use serde_json::Value;
use tests::{
    Shop,
    mailing::{
        INVITATION, NOW, cases, consent, delivered, four_days_ago, invited, lifecycle, member, message, messages,
        order, orders, overlap, reviews, shop_with, tell, wait,
    },
};

/// The shop after a change of its program.
async fn changed(shop: &Shop, change: impl FnOnce(&mut Value)) {
    let in_force = shop.get("/v1/program").await;
    let etag = in_force.header("etag").unwrap().to_owned();
    let mut program = in_force.is(200);
    change(&mut program);
    shop.put_program(&program, Some(&etag)).await.is(200);
}
