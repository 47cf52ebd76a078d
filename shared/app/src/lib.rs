//! Use cases, one file each: load, let the rules decide, commit once.

mod answered;
mod capture_holds;
mod claim_address;
mod claim_coupons;
mod deadline;
mod decide;
mod done_twice;
mod due_queue;
mod due_work;
mod erase_words;
mod error;
mod import_balance;
mod import_consent;
mod import_member;
mod issue_coupon;
mod letterhead;
mod load_account;
mod load_for_mail;
mod new_id;
mod new_member;
mod open_case;
mod order_owner;
mod outbound_events;
mod pay_referral;
mod planned_mail;
mod post_order;
mod programs;
mod push_profile;
mod replan_mail;
mod send_message;
mod settled;
mod shown_order;
mod shown_products;
mod wake_account;
mod write_mail;

pub mod adjust_points;
pub mod answer_demand;
pub mod change_member;
pub mod choose_mail;
pub mod claim_referral;
pub mod deliver_events;
pub mod end_redemption;
pub mod endpoints;
pub mod enrol_member;
pub mod erase_member;
pub mod events;
pub mod explain_entry;
pub mod explain_order;
pub mod export_member;
pub mod find_by_tier;
pub mod find_member;
pub mod grant_token;
pub mod hold_points;
pub mod import;
pub mod judge_activity;
pub mod judge_review;
mod lift_suppression;
pub mod links;
pub mod list_rewards;
pub mod member;
pub mod member_of;
pub mod merge_members;
pub mod post_office;
pub mod preview_mail;
pub mod preview_program;
pub mod products;
pub mod program_history;
pub mod put_program;
pub mod quote_cart;
pub mod rate_product;
pub mod read_activities;
pub mod read_cases;
pub mod read_holds;
pub mod read_ledger;
pub mod read_lots;
pub mod read_messages;
pub mod read_myself;
pub mod read_redemptions;
pub mod read_referral;
pub mod read_reviews;
pub mod record_activities;
pub mod record_activity;
pub mod record_customer;
pub mod record_feedback;
pub mod record_order;
pub mod record_product;
pub mod record_review;
pub mod redeem_reward;
pub mod release_hold;
pub mod report_scenarios;
pub mod resolve_case;
pub mod review_tiers;
pub mod reviewable;
pub mod run_lifecycle;
pub mod run_mail;
pub mod shop_face;
pub mod state_consent;
pub mod upload_codes;
pub mod validate_coupon;

use rules::program::Program;
use store::Store;
use storefront::email_keys::EmailKeys;

use decide::Turns;
use links::Links;
use preview_program::PreviewLimits;

pub use answered::Request;
pub use deadline::Deadline;
pub use due_work::Tally;
pub use error::AppError;
pub use load_account::Audience;
pub use programs::ProgramCache;

/// What every use case works with.
#[derive(Clone, Debug)]
pub struct App {
    pub store: Store,
    pub email_keys: EmailKeys,
    pub preview_limits: PreviewLimits,
    pub links: Links,
    programs: ProgramCache,
    turns: Turns,
    /// Put in force by the first call of a new deployment.
    first_program: fn() -> Result<Program, serde_json::Error>,
}

impl App {
    pub fn new(store: Store, email_keys: EmailKeys, links: Links) -> App {
        App {
            store,
            email_keys,
            links,
            preview_limits: PreviewLimits::default(),
            programs: ProgramCache::default(),
            turns: Turns::default(),
            first_program: Program::starting,
        }
    }

    /// The same for deployments that begin with another program than the one that we ship.
    #[must_use]
    pub fn beginning_with(self, first_program: fn() -> Result<Program, serde_json::Error>) -> App {
        App { first_program, ..self }
    }
}
