//! Release 0.1.0, as commit 98e044c has it: how it reads and writes items, and decides about requests. The tests in
//! `tests/store/last_release/` use it to prove that this release and that one can share a table.
//!
//! The folders beside this file, `build/` and the rules in `../infra/` are that release's, byte for byte. For each of them,
//! `git rev-parse 98e044c:shared/src/store HEAD:tests/last_release/shared/src/store` prints the same hash twice.

pub mod domain;
pub mod service;
pub mod store;
