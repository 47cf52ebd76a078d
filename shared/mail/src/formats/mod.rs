//! Numbers, money and dates as each language writes them, after Unicode's CLDR.

pub(crate) mod dates;
pub(crate) mod money;
pub mod numbers;
