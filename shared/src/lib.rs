//! The code that the Lambda functions of tokenward share.

pub mod domain;
pub mod http;
pub mod runtime;
pub mod service;
pub mod store;
