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

use tests::mailing::{
    INVITATION, NOW, cases, consent, delivered, four_days_ago, invited, lifecycle, member, message, messages, order,
    orders, overlap, reviews, shop_with, tell, wait,
};
