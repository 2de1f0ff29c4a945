//! HTTP methods.
//!
//! The build script includes this file, so that rules are checked against the same list.

/// The methods of HTTP (RFC 9110 and RFC 5789). A `routes` grant may list each of them.
pub const ALL: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/// The methods that API Gateway can route: all but the last two.
pub const ROUTABLE: &[&str] = ALL.split_at(7).0;
