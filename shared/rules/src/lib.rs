//! What is right. Pure: no async, no AWS, no clock, no environment, no floats.

pub mod decimal;
pub mod email;
pub mod facts;
pub mod ids;
pub mod money;
pub mod points;
pub mod profile;
pub mod register;
