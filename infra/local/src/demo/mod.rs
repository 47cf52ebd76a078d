//! A year of an invented shop.
