//! With time and randomness handed in, whole answers are literal values.

use serde_json::{Map, Value, json};
use shared::domain::time::Timestamp;
use shared::service::{Clock, Entropy, TokenService};
use shared::store::Table;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use tests::app::POLICY;
use tests::database;
use tests::handlers::{Handlers, event_with_body};
use tests::{Request, Response};

/// A clock that stands where it is put.
struct FixedClock(AtomicI64);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Randomness that counts: 0, 1, 2, …
struct CountingEntropy(AtomicU8);

impl Entropy for CountingEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        bytes.iter_mut().for_each(|byte| *byte = self.0.fetch_add(1, Ordering::SeqCst));
        Ok(())
    }
}

/// 2026-11-23T09:00:00Z.
const NINE: i64 = 1_795_424_400;

async fn call(handlers: &Handlers, function: &str, route: &str, call: Request) -> Response {
    let mut parameters = Map::new();
    if route.contains("{id}") {
        parameters.insert("id".to_owned(), json!("BGO3cQWJhXqJNbv5"));
    }
    let mut event = event_with_body(&call, route, &parameters);
    event["requestContext"]["authorizer"] = json!({ "lambda": { "superAdmin": true, "tokenId": "0aZ0aZ0aZ0aZ0aZ0", "tokenName": "admin" } });
    handlers.invoke(function, &event).await
}

#[tokio::test]
async fn every_answer_in_the_life_of_a_token_is_as_documented() {
    let database = database::empty().await;
    let clock = Arc::new(FixedClock(AtomicI64::new(NINE)));
    let entropy = Arc::new(CountingEntropy(AtomicU8::new(0)));
    let table = Table::new(database.client(), tests::table::TABLE);
    let handlers = Handlers::new(TokenService::new(table, clock.clone(), entropy, POLICY));
    let permissions = json!({ "type": "specific", "grants": [
        { "resource": "devtronApps", "project": "payments", "environments": ["prod", "staging"], "applications": ["*"], "role": "trigger" },
        { "resource": "helmApps", "project": "payments", "environments": ["default_cluster/web"], "applications": ["redis"], "role": "edit" },
        { "resource": "jobs", "project": "data", "environments": ["*"], "jobs": ["nightly"], "workflows": ["*"], "role": "trigger" },
        { "resource": "kubernetes", "cluster": "default_cluster", "namespaces": ["web"], "apiGroups": ["apps"], "kinds": ["Deployment"], "names": ["*"], "role": "view" },
        { "resource": "chartGroups", "names": ["team-charts"], "role": "edit" },
        { "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] },
    ]});
    let actor = json!({ "id": "0aZ0aZ0aZ0aZ0aZ0", "name": "admin" });
    let mut record = json!({
        "id": "BGO3cQWJhXqJNbv5",
        "name": "ci-deployer",
        "description": "GitHub Actions, payments",
        "status": "active",
        "expiresAt": "2026-12-23T09:00:00Z",
        "permissions": permissions,
        "version": 1,
        "createdAt": "2026-11-23T09:00:00Z", "createdBy": actor,
        "updatedAt": "2026-11-23T09:00:00Z", "updatedBy": actor,
        "regeneratedAt": null,
    });
    let with_token = |record: &Value, token: &str| {
        let mut issued = record.clone();
        issued["token"] = json!(token);
        issued
    };

    let body = json!({ "name": "ci-deployer", "description": "GitHub Actions, payments", "expiresInDays": 30, "permissions": permissions });
    let post = Request::new("POST", "/v1/tokens").json(&body);
    let generated =
        call(&handlers, "GenerateFunction", "POST /v1/tokens", post).await.assert_status(201);
    assert_eq!(generated.header("location"), Some("/v1/tokens/BGO3cQWJhXqJNbv5"));
    let first = "twd_BGO3cQWJhXqJNbv5_7cMxemzhJjkW31yzTx5H07wJF2A2uBEOEec26ubYMsJ3cpYtx";
    assert_eq!(generated.json(), with_token(&record, first));

    clock.0.store(NINE + 60, Ordering::SeqCst);
    let patch =
        Request::new("PATCH", "/v1/tokens/BGO3cQWJhXqJNbv5").json(&json!({ "description": null }));
    let updated =
        call(&handlers, "UpdateFunction", "PATCH /v1/tokens/{id}", patch).await.assert_status(200);
    record["description"] = Value::Null;
    record["version"] = json!(2);
    record["updatedAt"] = json!("2026-11-23T09:01:00Z");
    assert_eq!(updated.json(), record);

    // The very second of its expiration, and the second before.
    let get = || Request::new("GET", "/v1/tokens/BGO3cQWJhXqJNbv5");
    for (seconds, status) in [(-1, "active"), (0, "expired")] {
        clock.0.store(NINE + 30 * 86_400 + seconds, Ordering::SeqCst);
        record["status"] = json!(status);
        let shown =
            call(&handlers, "ListFunction", "GET /v1/tokens/{id}", get()).await.assert_status(200);
        assert_eq!(shown.json(), record);
    }

    // The last second before its purge: it can still be regenerated.
    clock.0.store(NINE + 60 * 86_400 - 1, Ordering::SeqCst);
    let post = Request::new("POST", "/v1/tokens/BGO3cQWJhXqJNbv5/regenerate")
        .json(&json!({ "expiresAt": null }));
    let regenerated =
        call(&handlers, "RegenerateFunction", "POST /v1/tokens/{id}/regenerate", post)
            .await
            .assert_status(200);
    record["status"] = json!("active");
    record["expiresAt"] = Value::Null;
    record["version"] = json!(3);
    record["updatedAt"] = json!("2027-01-22T08:59:59Z");
    record["regeneratedAt"] = json!("2027-01-22T08:59:59Z");
    assert_eq!(
        regenerated.json(),
        with_token(
            &record,
            "twd_BGO3cQWJhXqJNbv5_Mqzhyq2TYxS4ch06zlR42H6QXk54CF0I34aDnFS4f5b0VUVQw"
        )
    );

    let page = call(&handlers, "ListFunction", "GET /v1/tokens", Request::new("GET", "/v1/tokens"))
        .await
        .assert_status(200);
    assert_eq!(page.json(), json!({ "tokens": [record], "nextCursor": null }));
}

#[tokio::test]
async fn at_the_very_second_of_its_purge_a_token_is_gone() {
    let database = database::empty().await;
    let clock = Arc::new(FixedClock(AtomicI64::new(NINE)));
    let table = Table::new(database.client(), tests::table::TABLE);
    let entropy = Arc::new(CountingEntropy(AtomicU8::new(0)));
    let handlers = Handlers::new(TokenService::new(table, clock.clone(), entropy, POLICY));
    let body =
        json!({ "name": "mortal", "expiresInDays": 1, "permissions": { "type": "superAdmin" } });
    let post = Request::new("POST", "/v1/tokens").json(&body);
    call(&handlers, "GenerateFunction", "POST /v1/tokens", post.clone()).await.assert_status(201);
    let one = || Request::new("GET", "/v1/tokens/BGO3cQWJhXqJNbv5");
    for (seconds, status, name_taken) in [(-1, 200, true), (0, 404, false)] {
        clock.0.store(NINE + 31 * 86_400 + seconds, Ordering::SeqCst);
        let shown = call(&handlers, "ListFunction", "GET /v1/tokens/{id}", one()).await;
        assert_eq!(shown.status, status);
        let again = call(&handlers, "GenerateFunction", "POST /v1/tokens", post.clone()).await;
        assert_eq!(again.status == 409, name_taken);
    }
}
