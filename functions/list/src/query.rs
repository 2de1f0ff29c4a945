//! The list's query parameters.

use lambda_http::Request;
use shared::domain::name::TokenName;
use shared::domain::page::{Filter, PageRequest};
use shared::domain::record::Status;
use shared::http::{self, HttpError};

const DEFAULT_LIMIT: u8 = 50;
const MAX_LIMIT: u8 = 100;

/// Which page is asked for.
pub(super) fn read(event: &Request) -> Result<PageRequest, HttpError> {
    let query = http::query(event, &["limit", "cursor", "namePrefix", "status"])?;
    let limit = query.get("limit").map_or(Ok(DEFAULT_LIMIT), |text| limit(text))?;
    let status = query.get("status").map(|text| status(text)).transpose()?;
    let name_prefix = query.get("namePrefix").copied().unwrap_or_default();
    if !TokenName::can_start_with(name_prefix) {
        let rule = "must be the beginning of a name: at most 50 of a-z, 0-9, `-` and `_`, a letter or digit first";
        return Err(HttpError::query("namePrefix", rule));
    }
    let filter = Filter { name_prefix: name_prefix.to_owned(), status };
    let after = query.get("cursor").map(|cursor| filter.after(cursor)).transpose();
    let after = after.map_err(|error| HttpError::query("cursor", error.to_string()))?;
    Ok(PageRequest { limit, filter, after })
}

fn limit(text: &str) -> Result<u8, HttpError> {
    // `+5` and `05` would parse as well, and are as wrong as `five`.
    let canonical = |limit: &u8| (1..=MAX_LIMIT).contains(limit) && limit.to_string() == text;
    let limit = text.parse().ok().filter(canonical);
    limit.ok_or_else(|| {
        HttpError::query("limit", format!("must be a whole number from 1 to {MAX_LIMIT}"))
    })
}

fn status(text: &str) -> Result<Status, HttpError> {
    let all = [Status::Active, Status::Expired];
    let status = all.into_iter().find(|status| status.as_str() == text);
    status.ok_or_else(|| HttpError::query("status", "must be `active` or `expired`"))
}
