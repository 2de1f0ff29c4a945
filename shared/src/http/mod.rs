//! Converts requests to values of the domain, and results to responses.
//!
//! Every handler has the same four steps: check the caller, parse the request, call the service, respond.

mod caller;
mod error;
mod expiration;
mod fields;
mod form;
mod introspection;
mod json;
mod limits;
mod permissions;
mod problem;
mod request;
mod response;
mod route;

pub(crate) use caller::token_id as caller_id;
pub use caller::{Client, any_caller, client, granted_caller, super_admin};
pub use error::{HttpError, UnsupportedMediaType};
pub use fields::{Fields, Rejected};
pub use form::{Form, form};
pub use introspection::introspection;
pub use problem::Problem;
pub use request::{
    ContentType, body, has_id, id, last_segment, limit, no_query, optional_body, precondition,
    query, time,
};
pub use response::{
    created, day_events, empty, issued, no_content, page, record, simulation, token_events,
};
pub use route::{parse_method, parse_path};

use lambda_http::{Body, Response};

/// The result of a handler.
pub type HttpResult = Result<Response<Body>, HttpError>;
