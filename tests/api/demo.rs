//! The demo's rules apply only where the demo is served, and the authorizer and simulate agree on that.

use local::database::Database;
use serde_json::{Map, Value, json};
use shared::domain::rule::{RULES, RULES_WITH_DEMO, Requirement, Requires, RouteRule};
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::{Policy, TokenService};
use shared::store::Table;
use std::sync::Arc;
use tests::Request;
use tests::app::{POLICY, token_body};
use tests::database;
use tests::handlers::{Handlers, authorizer_event, function_event};
use tests::table::TABLE;

/// The rules of a deployment with a route of its own where the demo has one.
static OWN_ORDERS: &[RouteRule] = &[RouteRule {
    method: "GET",
    path: "/orders/{id}",
    requires: Requires::Always(Requirement::SuperAdmin),
}];

struct Deployment {
    /// Dropping it would close the table.
    _database: Database,
    handlers: Handlers,
    id: String,
    token: String,
}

impl Deployment {
    /// A deployment with these rules, and a token that may `GET /orders/**`.
    async fn with(rules: &'static [RouteRule]) -> Self {
        let database = database::create().await;
        let table = Table::new(database.client(), TABLE);
        let policy = Policy { rules, ..POLICY };
        let service =
            TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), policy);
        let handlers = Handlers::new(service);
        let call = Request::new("POST", "/v1/tokens").json(&token_body("plain"));
        let event = as_super_admin(&call, "POST /v1/tokens", &Map::new());
        let record = handlers.invoke("GenerateFunction", &event).await.assert_status(201).json();
        let text = |member: &str| record[member].as_str().unwrap().to_owned();
        Self { id: text("id"), token: text("token"), handlers, _database: database }
    }

    /// Whether the authorizer allows `GET path` on a route.
    async fn authorizes(&self, route: &str, path: &str) -> bool {
        let call = Request::new("GET", path).bearer(&self.token);
        let values = route.contains("{id}").then(|| ("id".to_owned(), json!("7")));
        let event = authorizer_event(&call, &format!("GET {route}"), &Map::from_iter(values));
        self.handlers.authorize(event).await["isAuthorized"] == true
    }

    /// Whether simulate would allow `GET path`, and by which rule; the same for the token and for its permissions.
    async fn simulates(&self, path: &str) -> (bool, Value) {
        let of_token = json!({ "method": "GET", "path": path });
        let call = Request::new("POST", format!("/v1/tokens/{}/simulate", self.id)).json(&of_token);
        let id = Map::from_iter([("id".to_owned(), json!(self.id))]);
        let event = as_super_admin(&call, "POST /v1/tokens/{id}/simulate", &id);
        let answer =
            self.handlers.invoke("SimulateFunction", &event).await.assert_status(200).json();

        let draft =
            json!({ "method": "GET", "path": path, "permissions": token_body("")["permissions"] });
        let call = Request::new("POST", "/v1/simulate").json(&draft);
        let event = as_super_admin(&call, "POST /v1/simulate", &Map::new());
        let of_draft =
            self.handlers.invoke("SimulateFunction", &event).await.assert_status(200).json();
        assert_eq!(answer, of_draft);
        (answer["allowed"] == true, answer["rule"].clone())
    }
}

fn as_super_admin(call: &Request, route: &str, parameters: &Map<String, Value>) -> Value {
    let mut event = function_event(call, route, parameters);
    let caller = json!({ "superAdmin": true, "tokenId": null, "tokenName": "admin" });
    event["requestContext"]["authorizer"] = json!({ "lambda": caller });
    event
}

#[tokio::test]
async fn without_the_demo_its_routes_have_no_rule() {
    // With the demo, any valid token may call `/whoami`; without it, only a grant could allow it.
    let (with, without) = (Deployment::with(RULES_WITH_DEMO).await, Deployment::with(RULES).await);
    assert!(with.authorizes("/whoami", "/whoami").await);
    assert_eq!(with.simulates("/whoami").await, (true, json!("GET /whoami")));
    assert!(!without.authorizes("/whoami", "/whoami").await);
    assert_eq!(without.simulates("/whoami").await, (false, Value::Null));

    assert_eq!(with.simulates("/orders/7").await, (true, json!("ANY /orders/{proxy+}")));
    assert!(without.authorizes("/orders/{id}", "/orders/7").await);
    assert_eq!(without.simulates("/orders/7").await, (true, Value::Null));
}

#[tokio::test]
async fn without_the_demo_a_deployments_own_rule_decides() {
    let deployment = Deployment::with(OWN_ORDERS).await;
    assert!(!deployment.authorizes("/orders/{id}", "/orders/7").await);
    assert_eq!(deployment.simulates("/orders/7").await, (false, json!("GET /orders/{id}")));
}
