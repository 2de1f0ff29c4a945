//! What exists and what may happen to it.
//!
//! Pure: no clock, no randomness, no table, no HTTP. Everything here is a value or a function of values, so every
//! rule can be tested with literals. Nothing in this module knows another module of ours.

pub mod base62;
pub mod decision;
pub mod description;
pub mod document;
pub mod expiration;
pub mod grant;
pub mod id;
pub mod name;
pub mod page;
pub mod patch;
pub mod path;
pub mod permission;
pub mod precondition;
pub mod record;
pub mod route;
pub mod rule;
pub mod time;
pub mod token;
pub mod violation;
