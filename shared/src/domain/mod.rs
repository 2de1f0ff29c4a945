//! Values and rules.
//!
//! Everything here is a value or a pure function of values: no clock, no randomness, no table, no HTTP. So each rule can
//! be tested with literals. This module uses no other module of this crate.

pub mod access;
pub mod base62;
pub mod cursor;
pub mod decision;
pub mod description;
pub mod event;
pub mod expiration;
#[cfg(test)]
pub(crate) mod fixture;
pub mod grant;
pub mod hex;
pub mod history;
pub mod id;
pub mod method;
pub mod name;
pub mod network;
pub mod owner;
pub mod page;
pub mod patch;
pub mod path;
pub mod permission;
pub mod precondition;
pub mod record;
pub mod route;
pub mod rule;
pub mod rules;
pub mod segment;
pub mod time;
pub mod token;
pub mod usage;
pub mod version;
pub mod violation;
