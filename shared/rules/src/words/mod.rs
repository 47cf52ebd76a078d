//! What everything else is said in: amounts, points, ids, addresses, zones.

pub mod country_zone;
pub mod decimal;
pub mod email;
pub mod ids;
pub mod money;
pub mod offset;
pub(crate) mod packed;
pub mod plain_text;
pub mod points;
pub mod web_address;
pub mod zone;
