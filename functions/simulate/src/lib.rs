//! `POST /v1/tokens/{id}/simulate`: would this request be allowed with this token, and why? `POST /v1/simulate`: with
//! these permissions, of a token that may not exist yet?

use lambda_http::{Request, RequestExt};
use serde_json::Value;
use shared::domain::document::{Member, Object};
use shared::domain::grant::Permissions;
use shared::domain::route::RouteRequest;
use shared::domain::rule::RouteRule;
use shared::domain::time::Timestamp;
use shared::domain::violation::{Invalid, Pointer, Violations};
use shared::http::{self, ContentType, HttpResult};
use shared::service::{Simulation, TokenService};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const MAX_PATH: usize = 2048;

/// Answers 200 with what the authorizer would decide.
///
/// # Errors
/// `token-not-found`, the problems of a body, and those of every caller and table.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    http::super_admin(&event)?;
    let rules = service.rules();
    let simulation = if names_a_token(&event) {
        let id = http::id(&event)?;
        let request = read(&http::body(&event, ContentType::Json)?, |body, violations| {
            request(body, rules, violations)
        })?;
        service.simulate(id, &request, now).await?
    } else {
        let (permissions, request) =
            read(&http::body(&event, ContentType::Json)?, |body, violations| {
                draft(body, rules, violations)
            })?;
        Simulation::of(&permissions, rules, &request)
    };
    Ok(http::simulation(&simulation))
}

fn names_a_token(event: &Request) -> bool {
    event.path_parameters_ref().is_some_and(|parameters| parameters.first("id").is_some())
}

fn read<T>(
    body: &Value,
    members: impl FnOnce(&mut Object<'_>, &mut Violations) -> Option<T>,
) -> Result<T, Violations> {
    let mut violations = Violations::default();
    let value = Object::begin(body, &Pointer::root(), &mut violations).and_then(|mut body| {
        let value = members(&mut body, &mut violations);
        body.finish(&mut violations);
        value
    });
    violations.none_or(value)
}

fn draft(
    body: &mut Object<'_>,
    rules: &[RouteRule],
    violations: &mut Violations,
) -> Option<(Permissions, RouteRequest)> {
    let permissions = body
        .required("permissions", violations)
        .and_then(|member| Permissions::read(member.value?, &member.pointer, violations));
    let request = request(body, rules, violations);
    Some((permissions?, request?))
}

fn request(
    body: &mut Object<'_>,
    rules: &[RouteRule],
    violations: &mut Violations,
) -> Option<RouteRequest> {
    let method = body.required("method", violations).and_then(|member| method(&member, violations));
    let path = body.required("path", violations)?;
    let text = path.text(violations)?;
    let invalid = if !text.starts_with('/') || text.len() > MAX_PATH {
        format!("must begin with `/` and have at most {MAX_PATH} bytes")
    } else if text.contains(['?', '#']) || text.chars().any(char::is_control) {
        "must be a path alone, without query, fragment or control characters".to_owned()
    } else {
        match RouteRequest::to(method.unwrap_or_default(), text, rules) {
            Some(request) => return method.map(|_| request),
            None => "must be UTF-8 once its percent-encoding is decoded".to_owned(),
        }
    };
    violations.add(&path.pointer, Invalid::new("path", invalid));
    None
}

fn method<'a>(member: &Member<'a>, violations: &mut Violations) -> Option<&'a str> {
    let text = member.text(violations)?;
    if METHODS.contains(&text) {
        return Some(text);
    }
    let rule = format!("must be one of `{}`", METHODS.join("`, `"));
    violations.add(&member.pointer, Invalid::new("method", rule));
    None
}
