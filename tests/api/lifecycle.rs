//! Tokens across several operations.

use serde_json::json;
use tests::TestApp;
use tests::app::{join, order_permissions, route_permissions, token_body};

tests::api_tests!(
    a_token_works_from_generate_to_delete,
    concurrent_generates_of_the_same_name_succeed_exactly_once,
);

async fn a_token_works_from_generate_to_delete(app: &TestApp) {
    let (id, first) = app.create_token("long-lived").await;
    assert_eq!(app.use_token(&first).await, 200);

    let other_order = json!({ "permissions": route_permissions("GET", "/orders/8") });
    app.patch(&id, other_order).await.assert_status(200);
    assert_eq!(app.use_token(&first).await, 403);
    let all_orders = json!({ "permissions": order_permissions() });
    app.patch(&id, all_orders).await.assert_status(200);
    assert_eq!(app.use_token(&first).await, 200);

    let record = app.regenerate(&id).await.assert_status(200).json();
    let second = record["token"].as_str().unwrap();
    assert_eq!((app.use_token(&first).await, app.use_token(second).await), (403, 200));
    assert_eq!(record["version"], 4);

    app.delete(&id).await.assert_status(204);
    assert_eq!((app.use_token(&first).await, app.use_token(second).await), (403, 403));
    app.get(&id).await.assert_problem(404, "token-not-found");
}

async fn concurrent_generates_of_the_same_name_succeed_exactly_once(app: &TestApp) {
    let responses =
        join((0..50).map(|_| app.generate(token_body("contended")).until_uncontended())).await;
    let (succeeded, rejected): (Vec<_>, Vec<_>) =
        responses.into_iter().partition(|response| response.status == 201);
    assert_eq!(succeeded.len(), 1);
    for response in rejected {
        response.assert_problem(409, "name-taken");
    }
    let snapshot = app.snapshot().await;
    let of_the_name = snapshot.values().filter(|item| {
        let is_the_name = |attribute: &str| {
            let value = item.get(attribute).and_then(|value| value.as_s().ok());
            value.is_some_and(|value| value == "contended")
        };
        is_the_name("name") || is_the_name("sk")
    });
    assert_eq!(of_the_name.count(), 2, "one token and one name");
    assert_eq!(app.use_token(succeeded[0].json()["token"].as_str().unwrap()).await, 200);
}
