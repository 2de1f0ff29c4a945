//! One case: a table with one token, and the handlers over a wire to it.

use super::*;
use serde_json::{Map, Value};
use shared::runtime::SystemClock;
use shared::service::Clock;
use std::collections::BTreeMap;
use tests::Response;
use tests::app::token_body;
use tests::database::patient;
use tests::faults::Wire;
use tests::handlers::{Handlers, authorizer_event};
use tests::table::{Item, text};

pub struct Case {
    pub wire: Wire,
    pub operation: Operation,
    pub id: String,
    pub token: String,
    client: aws_sdk_dynamodb::Client,
    handlers: Handlers,
}

/// The name of a case's token.
pub const NAME: &str = "matrix";

impl Case {
    /// The database is this case's until the next is made in it.
    pub async fn new(database: &Database, operation: Operation) -> Self {
        let (faulty, wire) = Wire::under(&database.client());
        let client = patient(&database.client());
        table::clear(&client).await;
        let mut case = Self {
            wire,
            operation,
            id: String::new(),
            token: String::new(),
            handlers: Handlers::new(crate::support::service(&faulty)),
            client,
        };
        if !matches!(operation, Operation::Generate) {
            let call = Request::new("POST", "/v1/tokens").json(&token_body(NAME));
            let answer = case.clean("GenerateFunction", "POST /v1/tokens", &call, None);
            let record = answer.await.assert_status(201).json();
            case.id = text_of(&record, "id");
            case.token = text_of(&record, "token");
        }
        if matches!(operation, Operation::DeleteUnreadable) {
            let key = format!("TOKEN#{}", case.id);
            table::set(&case.client, &key, "TOKEN", "createdAt", None).await;
        }
        case
    }

    /// How many calls the operation makes to a table without faults.
    pub async fn calls(&self) -> usize {
        self.wire.plan([]);
        self.act().await.assert_status(self.operation.success());
        self.wire.sent().len()
    }

    /// Does the operation, over the wire as it is.
    pub async fn act(&self) -> Response {
        let (function, route, call) = self.operation.request(&self.id);
        let event = self.event(route, &call, Some(&self.id));
        self.handlers.invoke(function, &event).await
    }

    /// Does it, or anything else, over a wire that is sound from now on.
    pub async fn clean(
        &self,
        function: &str,
        route: &str,
        call: &Request,
        id: Option<&str>,
    ) -> Response {
        self.wire.plan([]);
        let event = self.event(route, call, id);
        self.handlers.invoke(function, &event).await
    }

    fn event(&self, route: &str, call: &Request, id: Option<&str>) -> Value {
        let id = id.filter(|_| route.contains("{id}"));
        let parameters: Map<_, _> = id.map(|id| ("id".to_owned(), json!(id))).into_iter().collect();
        let mut event = event_with_body(call, route, &parameters);
        let caller =
            json!({ "superAdmin": true, "tokenId": "XeOwbyOPixdeu034", "tokenName": "admin" });
        event["requestContext"]["authorizer"] = json!({ "lambda": caller });
        event
    }

    /// What the authorizer answers to `GET /orders/7`.
    pub async fn authorize(&self, token: &str) -> Value {
        let call = Request::new("GET", "/orders/7").bearer(token);
        let proxy = Map::from_iter([("proxy".to_owned(), json!("7"))]);
        let event = authorizer_event(&call, "ANY /orders/{proxy+}", &proxy);
        self.handlers.authorize(event).await
    }

    /// Tokens that were valid once: deleted, regenerated, expired and cut.
    pub async fn revoked(&self) -> Vec<String> {
        let mut tokens = Vec::new();
        for name in ["deleted", "regenerated", "expired", "narrowed"] {
            let call = Request::new("POST", "/v1/tokens").json(&token_body(name));
            let answer = self.clean("GenerateFunction", "POST /v1/tokens", &call, None).await;
            let record = answer.assert_status(201).json();
            let id = text_of(&record, "id");
            tokens.push(text_of(&record, "token"));
            let path = format!("/v1/tokens/{id}");
            let elsewhere = json!({ "permissions": { "type": "specific",
                "grants": [{ "resource": "routes", "methods": ["GET"], "paths": ["/invoices/**"] }] } });
            let (function, route, call) = match name {
                "deleted" => {
                    ("DeleteFunction", "DELETE /v1/tokens/{id}", Request::new("DELETE", path))
                }
                "regenerated" => (
                    "RegenerateFunction",
                    "POST /v1/tokens/{id}/regenerate",
                    Request::new("POST", format!("{path}/regenerate")),
                ),
                "narrowed" => (
                    "UpdateFunction",
                    "PATCH /v1/tokens/{id}",
                    Request::new("PATCH", path).json(&elsewhere),
                ),
                _ => {
                    let now = SystemClock.now().seconds();
                    table::set_timestamp(&self.client, &id, "expiresAt", now).await;
                    continue;
                }
            };
            assert!(self.clean(function, route, &call, Some(&id)).await.status < 300);
        }
        tokens
    }

    /// What a caller does who never saw the answer: list the name, regenerate, use.
    pub async fn found_and_regenerated(&self, name: &str) -> String {
        let call = Request::new("GET", format!("/v1/tokens?namePrefix={name}"));
        let list = self.clean("ListFunction", "GET /v1/tokens", &call, None).await;
        let id = text_of(&list.assert_status(200).json()["tokens"][0], "id");
        let call = Request::new("POST", format!("/v1/tokens/{id}/regenerate"));
        let route = "POST /v1/tokens/{id}/regenerate";
        let answer = self.clean("RegenerateFunction", route, &call, Some(&id));
        text_of(&answer.await.assert_status(200).json(), "token")
    }

    pub async fn snapshot(&self) -> BTreeMap<String, Item> {
        table::snapshot(&self.client).await
    }
}

pub fn text_of(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap().to_owned()
}

/// Every token has its name and every name its token.
pub fn settled(items: &BTreeMap<String, Item>) {
    for (key, item) in items {
        let partner = match key.strip_prefix("NAMES ") {
            Some(_) => format!("TOKEN#{} TOKEN", text(item, "id")),
            None => format!("NAMES {}", text(item, "name")),
        };
        assert!(items.contains_key(&partner), "{key} is alone: {items:?}");
    }
}
