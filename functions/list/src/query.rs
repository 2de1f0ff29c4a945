//! The query parameters of the list.

use lambda_http::Request;
use shared::domain::id::TokenId;
use shared::domain::name::TokenName;
use shared::domain::page::{Filter, PageRequest};
use shared::domain::record::Status;
use shared::http::{self, HttpError};

const PARAMETERS: [&str; 8] = [
    "limit",
    "cursor",
    "namePrefix",
    "status",
    "owner",
    "createdBy",
    "expiresBefore",
    "unusedSince",
];

/// Parses the query parameters of a request.
pub(super) fn parse(event: &Request) -> Result<PageRequest, HttpError> {
    let query = http::query(event, &PARAMETERS)?;
    let limit = http::limit(&query)?;
    let status = query.get("status").map(|text| status(text)).transpose()?;
    let name_prefix = name_prefix(query.get("namePrefix").copied().unwrap_or_default())?;
    let owner = query.get("owner").map(|text| (*text).to_owned());
    let created_by = query.get("createdBy").map(|text| token_id(text)).transpose()?;
    let expires_before = http::time(&query, "expiresBefore")?;
    let unused_since = http::time(&query, "unusedSince")?;
    let filter = Filter { name_prefix, status, owner, created_by, expires_before, unused_since };
    let after = query.get("cursor").map(|cursor| filter.parse_cursor(cursor)).transpose();
    let after = after.map_err(|error| HttpError::query("cursor", error.to_string()))?;
    Ok(PageRequest { limit, filter, after })
}

fn token_id(text: &str) -> Result<TokenId, HttpError> {
    TokenId::parse(text).ok_or_else(|| HttpError::query("createdBy", "must be a token id"))
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
