//! HTTP: routing, authentication, problem details. Every function and the local gateway serve these routers.

mod body;
mod browsers;
mod caller;
mod cursor;
mod hs256;
mod member_token;
mod origins;
mod problem;
mod query;
mod refusals;

pub mod activities;
pub mod adjustments;
pub mod app_proxy;
pub mod clock;
pub mod config;
pub mod coupons;
pub mod imports;
pub mod ledger;
pub mod logs;
pub mod me;
pub mod members;
pub mod openapi;
pub mod orders;
pub mod products;
pub mod program;
pub mod quotes;
pub mod redemptions;
pub mod rewards;
pub mod routes;
pub mod schedules;
pub mod secrets;
pub mod shapes;
pub mod state;
pub mod tokens;
pub mod webhooks;
