//! Responses. A record looks the same in each of them.

use crate::domain::event::{Changes, Event};
use crate::domain::grant::Permissions;
use crate::domain::history::{DayPosition, DayRange, TokenEventsRequest};
use crate::domain::page::{Entry, Filter, Page};
use crate::domain::record::{Actor, Record};
use crate::domain::time::Timestamp;
use crate::domain::version::{Version, entity_tag};
use crate::service::generate::Issued;
use crate::service::{EventPage, Simulation};
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordView<'a> {
    id: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    owner: Option<&'a str>,
    status: &'static str,
    expires_at: Option<String>,
    permissions: &'a Permissions,
    allowed_ips: Option<Vec<String>>,
    self_regenerate: bool,
    previous_secret: Option<PreviousSecretView>,
    last_used: Option<UsageView<'a>>,
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
#[serde(rename_all = "camelCase")]
struct PreviousSecretView {
    valid_until: String,
    last_used_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UsageView<'a> {
    at: String,
    source_ip: Option<&'a str>,
    route: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventView<'a> {
    at: String,
    action: &'a str,
    token: EventTokenView<'a>,
    actor: ActorView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a Changes>,
    source_ip: Option<&'a str>,
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
struct EventTokenView<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventsView<'a> {
    events: Vec<EventView<'a>>,
    next_cursor: Option<String>,
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
    fn new(record: &'a Record, now: Timestamp) -> Self {
        Self {
            id: record.id.as_str(),
            name: record.name.as_str(),
            description: record.description.as_ref().map(|description| description.as_str()),
            owner: record.owner.as_ref().map(|owner| owner.as_str()),
            status: record.status(now).as_str(),
            expires_at: record.expires_at.map(|time| time.to_string()),
            permissions: &record.permissions,
            allowed_ips: record
                .allowed_ips
                .as_ref()
                .map(|allowed| allowed.networks().iter().map(ToString::to_string).collect()),
            self_regenerate: record.self_regenerate,
            previous_secret: record.previous_secret.map(|previous| PreviousSecretView {
                valid_until: previous.valid_until.to_string(),
                last_used_at: previous.last_used_at.map(|time| time.to_string()),
            }),
            last_used: record.last_used.as_ref().map(|usage| UsageView {
                at: usage.at.to_string(),
                source_ip: usage.source_ip.as_deref(),
                route: usage.route.as_deref(),
            }),
            version: record.version,
            created_at: record.created_at.to_string(),
            created_by: ActorView::new(&record.created_by),
            updated_at: record.updated_at.to_string(),
            updated_by: ActorView::new(&record.updated_by),
            regenerated_at: record.regenerated_at.map(|time| time.to_string()),
            token: None,
        }
    }
}

impl<'a> ActorView<'a> {
    fn new(actor: &'a Actor) -> Self {
        Self { id: actor.id.as_ref().map(|id| id.as_str()), name: &actor.name }
    }
}

impl<'a> EventView<'a> {
    fn new(event: &'a Event) -> Self {
        let Event { at, action, token_id, token_name, caller, changes } = event;
        Self {
            at: at.to_string(),
            action,
            token: EventTokenView { id: token_id.as_str(), name: token_name.as_deref() },
            actor: ActorView::new(&caller.actor),
            changes: changes.as_ref(),
            source_ip: caller.source_ip.as_deref(),
            request_id: caller.request_id.as_deref(),
        }
    }
}

/// Returns 200 with a page of a token's events.
pub fn token_events(page: &EventPage, request: &TokenEventsRequest) -> Response<Body> {
    events(&page.events, page.last.as_deref().map(|last| request.cursor(last)))
}

/// Returns 200 with a page of the events of a range of days, which continues at `next`.
pub fn day_events(page: &[Event], next: Option<&DayPosition>, range: &DayRange) -> Response<Body> {
    events(page, next.map(|next| range.cursor(next)))
}

fn events(events: &[Event], next_cursor: Option<String>) -> Response<Body> {
    let view = EventsView { events: events.iter().map(EventView::new).collect(), next_cursor };
    json(StatusCode::OK, "application/json", &view)
}

/// Returns 201 with the record, its token, and its location.
pub fn created(issued: Issued, now: Timestamp) -> Response<Body> {
    let location = HeaderValue::try_from(format!("/v1/tokens/{}", issued.record.id));
    let mut response = self::issued(issued, now);
    *response.status_mut() = StatusCode::CREATED;
    // An id is base62, which is always a valid header value.
    if let Ok(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Returns 200 with the record and its token.
pub fn issued(issued: Issued, now: Timestamp) -> Response<Body> {
    let view =
        RecordView { token: Some(issued.token.reveal()), ..RecordView::new(&issued.record, now) };
    ok_with_tag(&view, issued.record.version)
}

/// Returns 200 with the record.
pub fn record(record: &Record, now: Timestamp) -> Response<Body> {
    ok_with_tag(&RecordView::new(record, now), record.version)
}

/// Returns 200 with a page of tokens and the cursor of the next page.
pub fn page(page: &Page, filter: &Filter, now: Timestamp) -> Response<Body> {
    let tokens = page.entries.iter().map(|entry| match entry {
        Entry::Record(record) => EntryView::Record(Box::new(RecordView::new(record, now))),
        Entry::Unreadable { id, name } => {
            EntryView::Unreadable { id: id.as_ref().map(|id| id.as_str()), name, unreadable: true }
        }
    });
    let next_cursor = page.last.as_deref().map(|last| filter.cursor(last));
    ok(&PageView { tokens: tokens.collect(), next_cursor })
}

/// Returns 200 with what the authorizer would decide.
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

/// Returns 200 without a body.
pub fn empty() -> Response<Body> {
    respond(StatusCode::OK, Body::Empty)
}

/// Returns 204.
pub fn no_content() -> Response<Body> {
    respond(StatusCode::NO_CONTENT, Body::Empty)
}

fn ok_with_tag(view: &impl Serialize, version: Version) -> Response<Body> {
    let mut response = ok(view);
    // An entity tag is digits in quotes, which is always a valid header value.
    if let Ok(tag) = HeaderValue::try_from(entity_tag(version)) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Returns 200 with a JSON body.
pub(super) fn ok(view: &impl Serialize) -> Response<Body> {
    json(StatusCode::OK, "application/json", view)
}

/// Returns a response with a JSON body of this content type.
pub(super) fn json(
    status: StatusCode,
    content_type: &'static str,
    view: &impl Serialize,
) -> Response<Body> {
    // These views have string keys and finite numbers only, so serializing them cannot fail.
    let text = serde_json::to_string(view).unwrap_or_default();
    let mut response = respond(status, Body::Text(text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Returns a response with the headers that every response has.
fn respond(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in [
        // Responses may contain tokens, names and permissions, so they must not be cached.
        (CACHE_CONTROL, "no-store"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
