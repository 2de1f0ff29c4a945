//! The response to an introspection.

use super::response::ok;
use crate::domain::decision::Decision;
use crate::domain::grant::Permissions;
use crate::domain::time::Timestamp;
use crate::service::Introspection;
use lambda_http::{Body, Response};
use serde::Serialize;

/// The members that RFC 7662 section 2.2 defines, and those of tokenward: `super_admin`, `owner`, `allowed` and `grant`.
#[derive(Serialize)]
struct IntrospectionView<'a> {
    active: bool,
    sub: &'a str,
    username: &'a str,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    super_admin: bool,
    owner: Option<&'a str>,
    #[serde(flatten)]
    decision: Option<DecisionView>,
}

#[derive(Serialize)]
struct DecisionView {
    allowed: bool,
    grant: Option<usize>,
}

#[derive(Serialize)]
struct InactiveView {
    active: bool,
}

/// Returns 200 with the result of an introspection. `None` means that the token is not active; then the response contains only
/// `active`.
pub fn introspection(introspection: Option<&Introspection>) -> Response<Body> {
    let Some(Introspection { record, issued_at, expires_at, decision }) = introspection else {
        return ok(&InactiveView { active: false });
    };
    ok(&IntrospectionView {
        active: true,
        sub: record.id.as_str(),
        username: record.name.as_str(),
        iat: issued_at.seconds(),
        exp: expires_at.map(Timestamp::seconds),
        super_admin: record.permissions == Permissions::SuperAdmin,
        owner: record.owner.as_ref().map(|owner| owner.as_str()),
        decision: decision.as_ref().map(|decision| DecisionView {
            allowed: matches!(decision, Decision::Allow(_)),
            grant: decision.grant(),
        }),
    })
}
