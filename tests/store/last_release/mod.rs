//! How release 0.1.0 and this release read each other's items. They share a table while one replaces the other, and after a
//! rollback. The crate `last_release` is that release's source.

mod decisions;
mod reads_of_last_release;
mod reads_of_this_release;

use crate::support::token_service;
use ::last_release::domain as last_domain;
use ::last_release::service as last_service;
use ::last_release::store as last_store;
use aws_sdk_dynamodb::Client;
use last_domain::grant::Permissions as LastPermissions;
use last_domain::id::TokenId as LastTokenId;
use last_domain::record::{Actor as LastActor, Record as LastRecord};
use last_domain::route::RouteRequest as LastRouteRequest;
use last_domain::rule::RULES_WITH_DEMO as LAST_RULES;
use last_domain::time::Timestamp as LastTimestamp;
use last_service::TokenService as LastTokenService;
use local::database::Database;
use serde_json::{Value, json};
use shared::domain::route::RouteRequest;
use shared::domain::time::Timestamp;
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::{Client as RequestClient, Clock, Entropy, TokenService};
use std::sync::Arc;
use tests::fixture::RULES_WITH_DEMO;
use tests::handlers::Handlers;
use tests::table::{self, Item};
use tests::{Request, database};

/// Time and randomness, as the last release takes them.
struct System;

impl last_service::Clock for System {
    fn now(&self) -> LastTimestamp {
        LastTimestamp::from_seconds(SystemClock.now().seconds()).unwrap()
    }
}

impl last_service::Entropy for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        SystemEntropy.fill(bytes)
    }
}

/// Both releases, with one table.
struct Releases {
    this: TokenService,
    /// The functions of this release.
    handlers: Handlers,
    last: LastTokenService,
    dynamodb: Client,
    _database: Database,
}

impl Releases {
    async fn new() -> Self {
        let database = database::create().await;
        let dynamodb = database.client();
        let policy = last_service::Policy {
            max_lifetime_days: None,
            retention: last_domain::expiration::Retention(30),
            rules: LAST_RULES,
        };
        let table = last_store::Table::new(dynamodb.clone(), table::TABLE);
        let last = LastTokenService::new(table, Arc::new(System), Arc::new(System), policy);
        let this = token_service(&dynamodb);
        let handlers = Handlers::new(this.clone());
        Self { this, handlers, last, dynamodb, _database: database }
    }

    /// Sends a request to this release, and returns the body of its successful response.
    async fn send(&self, request: Request) -> Value {
        let response = self.handlers.send_as_super_admin(&request).await;
        assert!(response.status < 300, "{request:?}: {}", response.text);
        if response.text.is_empty() { Value::Null } else { response.json() }
    }

    /// Generates a token by this release. Returns its id and its text.
    async fn generate(&self, body: Value) -> (String, String) {
        let body = self.send(Request::generate(&body)).await;
        (string(&body["id"]), string(&body["token"]))
    }

    /// Generates a token that expires in thirty days by the last release. Returns its id and its text.
    async fn generate_by_last(&self, name: &str, permissions: &Value) -> (String, String) {
        let now = self.last.now();
        let new = last_service::generate::NewToken {
            name: last_domain::name::TokenName::parse(name).unwrap(),
            description: None,
            expires_at: Some(now.plus_days(30)),
            permissions: last_permissions(permissions),
        };
        let issued = self.last.generate(&last_caller(), new, now).await.unwrap();
        (issued.record.id.to_string(), issued.token.reveal())
    }

    /// Regenerates a token by the last release, and returns the new text.
    async fn regenerate_by_last(&self, id: &str) -> Result<String, last_service::Error> {
        let now = self.last.now();
        let (id, expires_at) = (LastTokenId::parse(id).unwrap(), Some(now.plus_days(7)));
        let any = last_domain::precondition::Precondition::Exists;
        let issued = self.last.regenerate(&last_caller(), id, expires_at, &any, now).await?;
        Ok(issued.token.reveal())
    }

    /// Updates a token by the last release.
    async fn update_by_last(
        &self,
        id: &str,
        description: &str,
        permissions: Option<&Value>,
    ) -> Result<LastRecord, last_service::Error> {
        let description = last_domain::description::Description::parse(description).unwrap();
        let patch = last_domain::patch::TokenPatch {
            description: last_domain::patch::Patch::Set(description),
            permissions: permissions.map(last_permissions),
        };
        let id = LastTokenId::parse(id).unwrap();
        let any = last_domain::precondition::Precondition::Exists;
        self.last.update(&last_caller(), id, patch, &any, self.last.now()).await
    }

    /// Deletes a token by the last release.
    async fn delete_by_last(&self, id: &str) -> Result<(), last_service::Error> {
        let id = LastTokenId::parse(id).unwrap();
        let any = last_domain::precondition::Precondition::Exists;
        self.last.delete(&last_caller(), id, &any, self.last.now()).await
    }

    /// Returns the record of a token as this release shows it.
    async fn record(&self, id: &str) -> Value {
        self.send(Request::get(id)).await
    }

    /// Returns the record of a token as the last release reads it, or its error.
    async fn last_record(&self, id: &str) -> Result<Value, last_service::Error> {
        let id = LastTokenId::parse(id).unwrap();
        self.last.get(id, self.last.now()).await.map(|record| show(&record))
    }

    /// Returns whether this release allows `method` on `path` at this time, in seconds since 1970.
    async fn allows(&self, token: &str, method: &str, path: &str, seconds: i64) -> bool {
        let request = RouteRequest::parse(method, path, RULES_WITH_DEMO).unwrap();
        let now = Timestamp::from_seconds(seconds).unwrap();
        self.this.authorize(token, &request, RequestClient::default(), now).await.is_ok()
    }

    /// Returns whether the last release allows it.
    async fn last_allows(&self, token: &str, method: &str, path: &str, seconds: i64) -> bool {
        let request = LastRouteRequest::to(method, path, LAST_RULES).unwrap();
        let now = LastTimestamp::from_seconds(seconds).unwrap();
        self.last.authorize(token, &request, now).await.is_ok()
    }

    /// Returns whether this release and the last one accept a secret now, on a route for every token.
    async fn accept(&self, token: &str) -> (bool, bool) {
        let now = SystemClock.now().seconds();
        let this = self.allows(token, "GET", "/whoami", now).await;
        (this, self.last_allows(token, "GET", "/whoami", now).await)
    }

    /// Returns the item of a token.
    async fn item(&self, id: &str) -> Item {
        table::token(&self.dynamodb, id).await.unwrap()
    }
}

/// Returns a caller of the last release, who is the bootstrap.
fn last_caller() -> LastActor {
    LastActor { id: None, name: "bootstrap".to_owned() }
}

/// Parses permissions as the last release does.
fn last_permissions(permissions: &Value) -> LastPermissions {
    let mut violations = last_domain::violation::Violations::default();
    let root = last_domain::violation::Pointer::root();
    LastPermissions::read(permissions, &root, &mut violations).unwrap()
}

/// Shows a record of the last release as its API did.
fn show(record: &LastRecord) -> Value {
    let actor =
        |actor: &LastActor| json!({ "id": actor.id.map(|id| id.to_string()), "name": actor.name });
    let time = |time: Option<LastTimestamp>| time.map(|time| time.to_string());
    json!({
        "id": record.id.to_string(),
        "name": record.name.as_str(),
        "description": record.description.as_ref().map(|description| description.as_str()),
        "expiresAt": time(record.expires_at),
        "permissions": record.permissions,
        "version": record.version,
        "createdAt": time(Some(record.created_at)),
        "createdBy": actor(&record.created_by),
        "updatedAt": time(Some(record.updated_at)),
        "updatedBy": actor(&record.updated_by),
        "regeneratedAt": time(record.regenerated_at),
    })
}

/// Asserts that a record of this release has every member of one of the last release, with the same value.
fn assert_same_record(this: &Value, last: &Value) {
    for (member, value) in last.as_object().unwrap() {
        assert_eq!(&this[member], value, "{member} of {this}");
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Returns one set of permissions for each kind and role of the vocabulary that both releases have, and for routes.
fn permissions_of_both_releases() -> Vec<Value> {
    let grants = [
        json!({ "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] }),
        json!({ "resource": "routes", "methods": ["GET", "POST"], "paths": ["/orders/*", "/elsewhere"] }),
        json!({ "resource": "routes", "methods": ["*"], "paths": ["/**"] }),
    ];
    let kinds = [
        (
            json!({ "resource": "devtronApps", "project": "payments", "environments": ["prod"], "applications": ["checkout"] }),
            &["view", "trigger", "admin", "manager"][..],
        ),
        (
            json!({ "resource": "helmApps", "project": "*", "environments": ["production/web", "test/*"], "applications": ["*"] }),
            &["view", "edit", "admin"],
        ),
        (
            json!({ "resource": "jobs", "project": "data", "environments": ["*"], "jobs": ["nightly"], "workflows": ["*"] }),
            &["view", "trigger", "admin"],
        ),
        (
            json!({ "resource": "kubernetes", "cluster": "production", "namespaces": ["web"], "apiGroups": ["*"], "kinds": ["Pod"], "names": ["*"] }),
            &["view", "edit", "admin"],
        ),
        (json!({ "resource": "chartGroups", "names": ["*"] }), &["view", "edit", "admin"]),
    ];
    let of_kinds = kinds.into_iter().flat_map(|(grant, roles)| {
        let with_role = move |role: &&str| {
            let mut grant = grant.clone();
            grant["role"] = json!(role);
            grant
        };
        roles.iter().map(with_role).collect::<Vec<_>>()
    });
    let one_each = grants.into_iter().chain(of_kinds).collect::<Vec<_>>();
    let all = json!({ "type": "specific", "grants": one_each });
    let each = one_each.into_iter().map(|grant| json!({ "type": "specific", "grants": [grant] }));
    each.chain([all, json!({ "type": "superAdmin" })]).collect()
}
