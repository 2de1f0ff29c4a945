//! The query parameters of the list.

use lambda_http::Request;
use shared::domain::name::TokenName;
use shared::domain::page::{Filter, PageRequest};
use shared::domain::record::Status;
use shared::http::{self, HttpError};

const DEFAULT_LIMIT: u8 = 50;
const MAX_LIMIT: u8 = 100;

/// Parses the query parameters of a request.
pub(super) fn parse(event: &Request) -> Result<PageRequest, HttpError> {
    let query = http::query(event, &["limit", "cursor", "namePrefix", "status"])?;
    let limit = query.get("limit").map_or(Ok(DEFAULT_LIMIT), |text| limit(text))?;
    let status = query.get("status").map(|text| status(text)).transpose()?;
    let name_prefix = name_prefix(query.get("namePrefix").copied().unwrap_or_default())?;
    let filter = Filter { name_prefix, status };
    let after = query.get("cursor").map(|cursor| filter.after(cursor)).transpose();
    let after = after.map_err(|error| HttpError::query("cursor", error.to_string()))?;
    Ok(PageRequest { limit, filter, after })
}

fn limit(text: &str) -> Result<u8, HttpError> {
    // `parse` accepts `+5` and `05` too, which the API does not.
    let is_valid = |limit: &u8| (1..=MAX_LIMIT).contains(limit) && limit.to_string() == text;
    text.parse().ok().filter(is_valid).ok_or_else(|| {
        HttpError::query("limit", format!("must be a whole number from 1 to {MAX_LIMIT}"))
    })
}

fn status(text: &str) -> Result<Status, HttpError> {
    let mut all = [Status::Active, Status::Expired].into_iter();
    all.find(|status| status.as_str() == text)
        .ok_or_else(|| HttpError::query("status", "must be `active` or `expired`"))
}

fn name_prefix(text: &str) -> Result<String, HttpError> {
    if TokenName::can_start_with(text) {
        return Ok(text.to_owned());
    }
    let detail = "must be the start of a name: at most 50 of `a-z`, `0-9`, `-` and `_`, starting with a letter or digit";
    Err(HttpError::query("namePrefix", detail))
}
