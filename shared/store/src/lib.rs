//! The table in DynamoDB: keys, rows, one commit per decision, and the due index.

mod amazon_roots;
mod batch;
mod client;
mod commit;
mod consents;
mod create_table;
mod cursor;
mod deeds;
mod due;
mod error;
mod events;
mod holds;
mod keys;
mod ledger;
mod lookups;
mod members;
mod orders;
mod plan;
mod products;
mod programs;
mod redemptions;
mod referrals;
mod row;
mod saved_answer;
mod table;

pub use client::{ClientSettings, dynamodb, http_client};
pub use due::{Due, DueAt, DueHour, DuePage, DueRow, SHARDS};
pub use error::{CommitError, StoreError};
pub use lookups::Lookups;
pub use orders::OrderContext;
pub use plan::{MAX_WRITES, Plan, Write};
pub use programs::ProgramNews;
pub use referrals::ReferralContext;
pub use saved_answer::{AnswerKey, SavedAnswer};
pub use table::Store;
