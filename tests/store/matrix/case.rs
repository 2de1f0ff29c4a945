//! One case: a table with one token, the handlers, and faults between them.

use super::ending::Ending;
use super::operation::introspect;
use super::*;
use crate::support::{TestService, token_service};
use serde_json::Value;
use shared::domain::id::TokenId;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::Response;
use tests::app::self_regenerating_body;
use tests::database::without_timeouts;
use tests::faults::{FaultInjector, Hook};
use tests::handlers::Handlers;
use tests::table::{Item, string};

pub struct Case {
    pub faults: FaultInjector,
    pub operation: Operation,
    pub id: String,
    pub token: String,
    /// The secret in its grace period, if the operation needs one.
    pub previous: Option<String>,
    /// Direct access to the table, without faults.
    pub dynamodb: aws_sdk_dynamodb::Client,
    pub handlers: Handlers,
}

/// The name of the token.
pub const NAME: &str = "matrix";

impl Case {
    /// Prepares a case. It deletes everything in the database, which no other case may use at the same time.
    pub async fn new(database: &Database, operation: Operation) -> Self {
        let (client, faults) = FaultInjector::attach(&database.client());
        let dynamodb = without_timeouts(&database.client());
        table::clear(&dynamodb).await;
        let mut case = Self {
            faults,
            operation,
            id: String::new(),
            token: String::new(),
            previous: None,
            handlers: Handlers::new(token_service(&client)),
            dynamodb,
        };
        if !matches!(operation, Operation::Generate) {
            let record = case.generate(NAME).await.assert_status(201).json();
            case.id = member(&record, "id");
            case.token = member(&record, "token");
        }
        if operation.needs_previous() {
            let regenerate = Operation::RegenerateWithGrace.request(&case.id, &case.token);
            let record = case.send(regenerate).await.assert_status(200).json();
            case.previous = Some(std::mem::replace(&mut case.token, member(&record, "token")));
        }
        if matches!(operation, Operation::DeleteUnreadable) {
            table::set_token(&case.dynamodb, &case.id, "createdAt", None).await;
        }
        case
    }

    /// Returns how many requests the operation sends to a table without faults.
    pub async fn count_requests(&self) -> usize {
        self.faults.inject([]);
        self.run().await.assert_status(self.operation.success_status());
        self.faults.requests().len()
    }

    /// Runs the operation, with the faults that were injected.
    pub async fn run(&self) -> Response {
        let request = self.operation.request(&self.id, &self.token);
        if self.operation.is_by_holder() {
            return self.handlers.send_as_holder(&request, &self.id, 1).await;
        }
        self.handlers.send_as_super_admin(&request).await
    }

    /// Runs the operation again, without faults.
    pub async fn run_again(&self) -> Response {
        self.faults.inject([]);
        self.run().await
    }

    /// Generates a token, without faults.
    pub async fn generate(&self, name: &str) -> Response {
        self.send(Request::generate(&self_regenerating_body(name))).await
    }

    /// Returns a hook that writes as another caller: each call changes the description of the token. If the operation generates a
    /// token, the hook generates one with the same name instead.
    pub fn other_caller(&self) -> Hook {
        let other = TestService::new(&self.dynamodb);
        let (id, calls) = (TokenId::parse(&self.id), Arc::<AtomicUsize>::default());
        Hook(Arc::new(move || {
            let (other, call) = (other.clone(), calls.fetch_add(1, Ordering::SeqCst));
            Box::pin(async move {
                match id {
                    Some(id) => drop(other.set_description(id, &call.to_string()).await.unwrap()),
                    None => drop(other.create(NAME).await),
                }
            })
        }))
    }

    /// Sends a request, without faults.
    pub async fn send(&self, request: Request) -> Response {
        self.faults.inject([]);
        self.handlers.send_as_super_admin(&request).await
    }

    /// Returns whether the authorizer allows `GET /orders/7`.
    pub async fn authorize(&self, token: &str) -> bool {
        self.handlers.allows(&Request::new("GET", "/orders/7").bearer(token)).await
    }

    /// Asserts that the authorizer denies the secret that the operation ends, if it ends one.
    pub async fn assert_ended_secret_denied(&self, description: &str) {
        self.faults.inject([]);
        if let Some(secret) = self.operation.ended_secret(self) {
            assert!(!self.authorize(secret).await, "{description}: an ended secret works");
        }
    }

    /// Asserts that neither the authorizer nor introspection allows a secret that has ended, during and after these faults.
    pub async fn assert_denied_under(
        &self,
        secret: &str,
        ending: Ending,
        sequences: &[Vec<Fault>],
    ) {
        for faults in sequences {
            self.faults.inject(faults.clone());
            assert!(!self.authorize(secret).await, "{ending:?} under {faults:?}");
            self.faults.inject(faults.clone());
            let introspected = self.introspect(secret).await;
            assert_ne!(introspected, Some(true), "{ending:?} under {faults:?}");
            self.faults.inject([]);
            assert!(!self.authorize(secret).await, "{ending:?} after {faults:?}");
        }
    }

    /// Introspects a token about `GET /orders/7`. Returns whether it is allowed, or `None` if the introspection fails.
    pub async fn introspect(&self, token: &str) -> Option<bool> {
        let response = self.handlers.send_as_super_admin(&introspect(token)).await;
        (response.status == 200).then(|| response.json()["allowed"] == true)
    }

    /// Finds a token by its name and regenerates it, as a caller would who got no response to a generate. Returns the new
    /// token.
    pub async fn find_and_regenerate(&self, name: &str) -> String {
        let page = self.send(Request::list(&format!("namePrefix={name}"))).await;
        let id = member(&page.assert_status(200).json()["tokens"][0], "id");
        let record = self.send(Request::regenerate(&id)).await.assert_status(200).json();
        member(&record, "token")
    }

    /// Returns the items, without the name that a delete leaves if it could not read the token.
    pub async fn snapshot(&self) -> BTreeMap<String, Item> {
        let mut items = table::snapshot(&self.dynamodb).await;
        if self.operation.is_delete() && !items.contains_key(&format!("TOKEN#{} TOKEN", self.id)) {
            items.retain(|key, item| !key.starts_with("NAMES ") || string(item, "id") != self.id);
        }
        items
    }
}

/// Returns a member that is a string.
pub fn member(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

/// Asserts that each token has a name item, and that each name item belongs to a token.
pub fn assert_consistent(items: &BTreeMap<String, Item>) {
    for (key, item) in &table::without_events(items.clone()) {
        let counterpart = match key.strip_prefix("NAMES ") {
            Some(_) => format!("TOKEN#{} TOKEN", string(item, "id")),
            None => format!("NAMES {}", string(item, "name")),
        };
        assert!(items.contains_key(&counterpart), "{key} has no counterpart: {items:?}");
    }
}
