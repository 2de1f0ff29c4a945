//! The life of a token, end to end.

use serde_json::json;
use tests::app::{orders, token_body};
use tests::{Request, TestApp};

tests::api_tests!(
    a_token_lives_from_generate_to_delete,
    fifty_generates_of_one_name_make_one_token
);

async fn a_token_lives_from_generate_to_delete(app: &TestApp) {
    let (record, first) = app.generate(token_body("traveller")).await;
    let id = record["id"].as_str().unwrap().to_owned();
    let one = format!("/v1/tokens/{id}");
    assert_eq!(app.use_token(&first).await, 200);

    let narrowed = json!({ "type": "specific", "grants": [{ "resource": "routes", "methods": ["GET"], "paths": ["/orders/8"] }] });
    app.call(Request::new("PATCH", &one).json(&json!({ "permissions": narrowed })))
        .await
        .assert_status(200);
    assert_eq!(app.use_token(&first).await, 403);
    app.call(Request::new("PATCH", &one).json(&json!({ "permissions": orders() })))
        .await
        .assert_status(200);
    assert_eq!(app.use_token(&first).await, 200);

    let regenerated =
        app.call(Request::new("POST", format!("{one}/regenerate"))).await.assert_status(200).json();
    let second = regenerated["token"].as_str().unwrap();
    assert_eq!((app.use_token(&first).await, app.use_token(second).await), (403, 200));
    assert_eq!(regenerated["version"], 4);

    app.call(Request::new("DELETE", &one)).await.assert_status(204);
    assert_eq!((app.use_token(&first).await, app.use_token(second).await), (403, 403));
    app.call(Request::new("GET", &one)).await.assert_problem(404, "token-not-found");
}

async fn fifty_generates_of_one_name_make_one_token(app: &TestApp) {
    let calls = (0..50)
        .map(|_| app.call(Request::new("POST", "/v1/tokens").json(&token_body("contended"))));
    let answers = tests::app::join(calls.collect()).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(won.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.clone().assert_problem(409, "name-taken");
    }
    let table = app.snapshot().await;
    let of_the_name = table.values().filter(|item| {
        let is = |attribute: &str| {
            item.get(attribute)
                .and_then(|value| value.as_s().ok())
                .is_some_and(|text| text == "contended")
        };
        is("name") || is("sk")
    });
    assert_eq!(of_the_name.count(), 2, "one token and one name");
    assert_eq!(app.use_token(won[0].json()["token"].as_str().unwrap()).await, 200);
}
