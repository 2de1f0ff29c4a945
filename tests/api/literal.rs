//! Whole responses as literal values, with a clock and randomness that the test controls.

use serde_json::{Value, json};
use shared::service::{Clock, Entropy, TokenService};
use shared::store::Table;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tests::app::{POLICY, order_permissions, timestamp};
use tests::clock::{FixedClock, TickingClock};
use tests::database;
use tests::handlers::Handlers;
use tests::{Request, Response};

/// Entropy that counts: 0, 1, 2, …
struct CountingEntropy(AtomicU8);

impl Entropy for CountingEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        bytes.iter_mut().for_each(|byte| *byte = self.0.fetch_add(1, Ordering::SeqCst));
        Ok(())
    }
}

/// 2026-11-23T09:00:00Z.
const NOW: i64 = 1_795_424_400;
const DAY: i64 = 86_400;
/// The id that the first token gets from the entropy.
const ID: &str = "BGO3cQWJhXqJNbv5";

/// The handlers over an empty table, with this clock.
struct Fixture {
    handlers: Handlers,
    _database: local::database::Database,
}

impl Fixture {
    async fn with_clock(clock: Arc<dyn Clock>) -> Self {
        let database = database::create().await;
        let table = Table::new(database.client(), tests::table::TABLE, POLICY.vocabulary);
        let entropy = Arc::new(CountingEntropy(AtomicU8::new(0)));
        let handlers = Handlers::new(TokenService::new(table, clock, entropy, POLICY));
        Self { handlers, _database: database }
    }

    /// Sends a request as a super admin.
    async fn send(&self, request: Request) -> Response {
        self.handlers.send_as_super_admin(&request).await
    }
}

#[tokio::test]
async fn responses_are_exactly_as_documented() {
    let clock = FixedClock::at(NOW);
    let fixture = Fixture::with_clock(clock.clone()).await;
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
        "id": ID,
        "name": "ci-deployer",
        "description": "GitHub Actions, payments",
        "owner": "payments-team",
        "status": "active",
        "expiresAt": "2026-12-23T09:00:00Z",
        "permissions": permissions,
        "allowedIps": ["203.0.113.0/24", "2001:db8::1"],
        "selfRegenerate": true,
        "previousSecret": null,
        "lastUsed": null,
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

    let body = json!({ "name": "ci-deployer", "description": "GitHub Actions, payments", "owner": "payments-team", "expiresInDays": 30, "permissions": permissions, "allowedIps": ["203.0.113.0/24", "2001:DB8::1/128"], "selfRegenerate": true });
    let generated = fixture.send(Request::generate(&body)).await.assert_status(201);
    assert_eq!(generated.header("location"), Some("/v1/tokens/BGO3cQWJhXqJNbv5"));
    let token = "twd_BGO3cQWJhXqJNbv5_7cMxemzhJjkW31yzTx5H07wJF2A2uBEOEec26ubYMsJ3cpYtx";
    assert_eq!(generated.json(), with_token(&record, token));

    clock.set(NOW + 60);
    let updated =
        fixture.send(Request::patch(ID, &json!({ "description": null }))).await.assert_status(200);
    record["description"] = Value::Null;
    record["version"] = json!(2);
    record["updatedAt"] = json!("2026-11-23T09:01:00Z");
    assert_eq!(updated.json(), record);

    // One second before the expiration, and at the expiration.
    for (seconds, status) in [(-1, "active"), (0, "expired")] {
        clock.set(NOW + 30 * DAY + seconds);
        record["status"] = json!(status);
        assert_eq!(fixture.send(Request::get(ID)).await.assert_status(200).json(), record);
    }

    // One second before its purge time, an expired token can still be regenerated.
    clock.set(NOW + 60 * DAY - 1);
    let regenerated = fixture
        .send(Request::regenerate(ID).json(&json!({ "expiresAt": null })))
        .await
        .assert_status(200);
    record["status"] = json!("active");
    record["expiresAt"] = Value::Null;
    record["version"] = json!(3);
    record["updatedAt"] = json!("2027-01-22T08:59:59Z");
    record["regeneratedAt"] = json!("2027-01-22T08:59:59Z");
    let token = "twd_BGO3cQWJhXqJNbv5_Mqzhyq2TYxS4ch06zlR42H6QXk54CF0I34aDnFS4f5b0VUVQw";
    assert_eq!(regenerated.json(), with_token(&record, token));

    let page = fixture.send(Request::list("")).await.assert_status(200);
    assert_eq!(page.json(), json!({ "tokens": [record], "nextCursor": null }));
}

#[tokio::test]
async fn a_token_does_not_exist_from_the_second_of_its_purge_time() {
    let clock = FixedClock::at(NOW);
    let fixture = Fixture::with_clock(clock.clone()).await;
    let body =
        json!({ "name": "purged", "expiresInDays": 1, "permissions": { "type": "superAdmin" } });
    fixture.send(Request::generate(&body)).await.assert_status(201);
    for (seconds, status, is_name_taken) in [(-1, 200, true), (0, 404, false)] {
        clock.set(NOW + 31 * DAY + seconds);
        assert_eq!(fixture.send(Request::get(ID)).await.status, status);
        assert_eq!(fixture.send(Request::generate(&body)).await.status == 409, is_name_taken);
    }
}

#[tokio::test]
async fn no_request_reads_the_clock_twice() {
    let clock = TickingClock::from(NOW);
    let fixture = Fixture::with_clock(clock.clone()).await;
    let body =
        json!({ "name": "ticking", "expiresInDays": 30, "permissions": order_permissions() });
    let start = clock.next();
    let generated = fixture.send(Request::generate(&body)).await.assert_status(201).json();
    assert_eq!(clock.next(), start + 1);
    assert_eq!(timestamp(&generated, "createdAt"), start);
    assert_eq!(timestamp(&generated, "expiresAt"), start + 30 * DAY);

    let token = generated["token"].as_str().unwrap();
    let order = Request::new("GET", "/orders/7").bearer(token);
    assert!(fixture.handlers.allows(&order).await);
    assert_eq!(clock.next(), start + 2);

    let body = json!({ "expiresInDays": 7 });
    let regenerate = Request::regenerate(ID).json(&body);
    let regenerated = fixture.send(regenerate).await.assert_status(200).json();
    assert_eq!(clock.next(), start + 3);
    assert_eq!(timestamp(&regenerated, "regeneratedAt"), start + 2);
    assert_eq!(timestamp(&regenerated, "expiresAt"), start + 2 + 7 * DAY);

    // The last management request deletes the token, so it is sent after those that use the token.
    let mut requests = Request::management(ID);
    let delete = requests.pop();
    requests.push(Request::patch(ID, &json!({ "selfRegenerate": true })));
    requests.push(Request::regenerate(ID));
    requests.extend(Request::self_service());
    requests.extend([Request::revoke(token)].into_iter().chain(delete));
    let mut token = token.to_owned();
    for request in requests {
        let before = clock.next();
        let is_self_service = request.target.contains("/self");
        let response = match is_self_service {
            true => fixture.handlers.send(&request.clone().bearer(&token)).await,
            false => fixture.send(request.clone()).await,
        };
        assert!(response.status < 300, "{request:?}: {}", response.text);
        // The function and the authorizer read the clock once each. Here, only self-service requests pass the authorizer.
        let readings = clock.next() - before;
        assert!(readings <= 1 + i64::from(is_self_service), "{readings} readings: {request:?}");
        if request.target.ends_with("/regenerate") {
            token = response.new_token().unwrap();
        }
    }
}
