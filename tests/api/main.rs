//! Black-box tests of each operation, against the handlers and over HTTP.

mod allowed_ips;
mod authorizer;
mod bodies;
mod caller;
mod console;
mod credentials;
mod delete;
mod demo;
mod fuzz;
mod generate;
mod grace;
mod headers;
mod history;
mod introspect;
mod lifecycle;
mod list;
mod literal;
mod policies;
mod privilege;
mod regenerate;
mod revoke;
mod self_service;
mod simulate;
mod update;
mod usage;
