//! The store with the real SDK: costs, faults, paging and the connection.
//!
//! Tokio's time is paused, except in the tests of connections: see [`tests::clock::hold_time`].

mod budget;
mod connection;
mod damaged;
mod event_keys;
mod faults;
mod generations;
mod hedge;
mod last_release;
mod matrix;
mod paging;
mod retention;
mod support;
mod usage;
