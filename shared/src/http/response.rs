//! Answers: a token looks the same in each of them.

use crate::domain::grant::Permissions;
use crate::domain::page::{Entry, Filter, Page};
use crate::domain::precondition::{Version, entity_tag};
use crate::domain::record::{Actor, Record};
use crate::domain::time::Timestamp;
use crate::service::Simulation;
use crate::service::generate::Issued;
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use serde::Serialize;

/// No answer may be kept by anything on its way: some hold a token, all hold who may do what.
pub(super) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordView<'a> {
    id: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    status: &'static str,
    expires_at: Option<String>,
    permissions: &'a Permissions,
    version: Version,
    created_at: String,
    created_by: ActorView<'a>,
    updated_at: String,
    updated_by: ActorView<'a>,
    regenerated_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

#[derive(Serialize)]
struct ActorView<'a> {
    id: Option<&'a str>,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum EntryView<'a> {
    Record(Box<RecordView<'a>>),
    Unreadable { id: Option<&'a str>, name: &'a str, unreadable: bool },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageView<'a> {
    tokens: Vec<EntryView<'a>>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SimulationView<'a> {
    allowed: bool,
    rule: Option<&'a str>,
    granted_by: Option<usize>,
    missing: &'a [String],
    reason: &'a str,
}

impl<'a> RecordView<'a> {
    fn of(record: &'a Record, now: Timestamp) -> Self {
        Self {
            id: record.id.as_str(),
            name: record.name.as_str(),
            description: record.description.as_ref().map(|description| description.as_str()),
            status: record.status(now).as_str(),
            expires_at: record.expires_at.map(|moment| moment.to_string()),
            permissions: &record.permissions,
            version: record.version,
            created_at: record.created_at.to_string(),
            created_by: ActorView::of(&record.created_by),
            updated_at: record.updated_at.to_string(),
            updated_by: ActorView::of(&record.updated_by),
            regenerated_at: record.regenerated_at.map(|moment| moment.to_string()),
            token: None,
        }
    }
}

impl<'a> ActorView<'a> {
    fn of(actor: &'a Actor) -> Self {
        Self { id: actor.id.as_ref().map(|id| id.as_str()), name: &actor.name }
    }
}

/// 201, with the record, the token, and where the record is from now on.
pub fn created(issued: Issued, now: Timestamp) -> Response<Body> {
    let location = HeaderValue::try_from(format!("/v1/tokens/{}", issued.record.id));
    let mut response = self::issued(issued, now);
    *response.status_mut() = StatusCode::CREATED;
    location.map(|location| response.headers_mut().insert(LOCATION, location)).ok();
    response
}

/// 200, with the record and the token.
pub fn issued(issued: Issued, now: Timestamp) -> Response<Body> {
    let view =
        RecordView { token: Some(issued.token.reveal()), ..RecordView::of(&issued.record, now) };
    tagged(&view, issued.record.version)
}

/// 200, with the record.
pub fn record(record: &Record, now: Timestamp) -> Response<Body> {
    tagged(&RecordView::of(record, now), record.version)
}

/// 200, with a page, and the cursor to the next one.
pub fn page(page: &Page, filter: &Filter, now: Timestamp) -> Response<Body> {
    let tokens = page.entries.iter().map(|entry| match entry {
        Entry::Record(record) => EntryView::Record(Box::new(RecordView::of(record, now))),
        Entry::Unreadable { id, name } => {
            EntryView::Unreadable { id: id.as_ref().map(|id| id.as_str()), name, unreadable: true }
        }
    });
    let next_cursor = page.last.as_deref().map(|last| filter.cursor(last));
    ok(&PageView { tokens: tokens.collect(), next_cursor })
}

/// 200, with what the authorizer would decide.
pub fn simulation(simulation: &Simulation) -> Response<Body> {
    let Simulation { allowed, rule, granted_by, missing, reason } = simulation;
    ok(&SimulationView {
        allowed: *allowed,
        rule: rule.as_deref(),
        granted_by: *granted_by,
        missing,
        reason,
    })
}

/// 204.
pub fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    response
}

fn tagged(view: &impl Serialize, version: Version) -> Response<Body> {
    let mut response = ok(view);
    let tag = HeaderValue::try_from(entity_tag(version));
    tag.map(|tag| response.headers_mut().insert(ETAG, tag)).ok();
    response
}

fn ok(view: &impl Serialize) -> Response<Body> {
    let mut response = Response::new(json(view));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, NO_STORE);
    response
}

pub(super) fn json(view: &impl Serialize) -> Body {
    // These views have text keys and finite numbers only, so writing them to a string cannot fail.
    Body::Text(serde_json::to_string(view).unwrap_or_default())
}
