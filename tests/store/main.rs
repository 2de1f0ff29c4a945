//! The store's contract, on the real SDK.

mod budget;
mod connection;
mod faults;
mod matrix;
mod paging;
mod support;
