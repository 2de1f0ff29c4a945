//! The demo's rules apply only where the demo is served, and the authorizer and simulate agree on that. Its response is sorted.

use local::database::Database;
use serde_json::{Map, Value, json};
use shared::domain::rule::{Requirement, Requires, RouteRule};
use shared::domain::rules::Rules;
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::{Policy, TokenService};
use shared::store::Table;
use std::sync::Arc;
use tests::app::{POLICY, order_permissions, token_body};
use tests::fixture::{RULES, RULES_WITH_DEMO};
use tests::handlers::{Handlers, authorizer_event};
use tests::table::TABLE;
use tests::{Request, TestApp, database};

/// The rules of a deployment whose own route has a path that the demo also serves.
static OWN_ORDERS: Rules<'static> = Rules {
    default: &Requirement::RoutesGrant,
    routes: &[RouteRule {
        method: "GET",
        path: "/orders/{id}",
        requires: Requires::Always(Requirement::SuperAdmin),
    }],
};

/// A deployment with rules of its own, and a token that is permitted to GET `/orders/**`.
struct Deployment {
    handlers: Handlers,
    id: String,
    token: String,
    _database: Database,
}

impl Deployment {
    async fn with_rules(rules: Rules<'static>) -> Self {
        let database = database::create().await;
        let table = Table::new(database.client(), TABLE, POLICY.vocabulary);
        let policy = Policy { rules, ..POLICY };
        let service =
            TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), policy);
        let handlers = Handlers::new(service);
        let generate = Request::generate(&token_body("ordinary"));
        let record = handlers.send_as_super_admin(&generate).await.assert_status(201).json();
        let string = |member: &str| record[member].as_str().unwrap().to_owned();
        Self { id: string("id"), token: string("token"), handlers, _database: database }
    }

    /// Returns whether the authorizer allows `GET path` on a route. The template need not have the route.
    async fn authorizes(&self, route: &str, path: &str) -> bool {
        let request = Request::new("GET", path).bearer(&self.token);
        let parameters = route.contains("{id}").then(|| ("id".to_owned(), json!("7")));
        let parameters = Map::from_iter(parameters);
        let event = authorizer_event(&request, &format!("GET {route}"), &parameters);
        self.handlers.authorize(event).await["isAuthorized"] == true
    }

    /// Simulates `GET path` and returns whether it is allowed and the rule that applies.
    async fn simulates(&self, path: &str) -> (bool, Value) {
        let send = async |request: Request| {
            self.handlers.send_as_super_admin(&request).await.assert_status(200).json()
        };
        let of_token = send(Request::simulate(&self.id, "GET", path)).await;
        let permissions = order_permissions();
        let of_permissions = send(Request::simulate_permissions(&permissions, "GET", path)).await;
        assert_eq!(of_token, of_permissions);
        (of_token["allowed"] == true, of_token["rule"].clone())
    }
}

#[tokio::test]
async fn without_the_demo_its_routes_have_no_rule() {
    let with_demo = Deployment::with_rules(RULES_WITH_DEMO).await;
    let without_demo = Deployment::with_rules(RULES).await;
    // With the demo, any valid token may call `/whoami`. Without it, a `routes` grant is required.
    assert!(with_demo.authorizes("/whoami", "/whoami").await);
    assert_eq!(with_demo.simulates("/whoami").await, (true, json!("GET /whoami")));
    assert!(!without_demo.authorizes("/whoami", "/whoami").await);
    assert_eq!(without_demo.simulates("/whoami").await, (false, Value::Null));

    assert_eq!(with_demo.simulates("/orders/7").await, (true, json!("ANY /orders/{proxy+}")));
    assert!(without_demo.authorizes("/orders/{id}", "/orders/7").await);
    assert_eq!(without_demo.simulates("/orders/7").await, (true, Value::Null));
}

#[tokio::test]
async fn without_the_demo_the_deployments_own_rule_applies() {
    let deployment = Deployment::with_rules(OWN_ORDERS).await;
    assert!(!deployment.authorizes("/orders/{id}", "/orders/7").await);
    assert_eq!(deployment.simulates("/orders/7").await, (false, json!("GET /orders/{id}")));
}

#[tokio::test]
async fn the_demo_sorts_the_members_of_the_context() {
    let app = TestApp::in_process().await;
    // Unsorted members could be in this order by chance, but not ten times.
    for _ in 0..10 {
        let response = app.send(Request::new("GET", "/whoami").bearer(&app.admin)).await;
        let text = response.assert_status(200).text;
        let names = ["superAdmin", "tokenId", "tokenName"];
        let names = names.map(|name| text.find(&format!("\"{name}\":")).unwrap());
        assert!(names.is_sorted(), "{text}");
    }
}
