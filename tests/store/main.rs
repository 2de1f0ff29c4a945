//! The store with the real SDK: costs, faults, paging and the connection.

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
