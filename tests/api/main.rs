//! Black-box: what each verb promises, over the handlers and over HTTP.

mod authorizer;
mod caller;
mod delete;
mod generate;
mod lifecycle;
mod list;
mod literal;
mod regenerate;
mod update;
