//! From an event to the domain's types, and from its answers to a response.
//!
//! Every handler has the same four lines: caller, parse, act, answer.

mod caller;
mod error;
mod json;
mod request;
mod response;

pub use caller::super_admin;
pub(crate) use caller::token_id as caller_id;
pub use error::{HttpError, Problem};
pub use request::{ContentType, body, body_or_empty, id, precondition, query};
pub use response::{created, issued, no_content, page, record, simulation};

use lambda_http::{Body, Response};

/// What a handler gives back.
pub type HttpResult = Result<Response<Body>, HttpError>;
