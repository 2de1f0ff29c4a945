//! The life of a token, end to end.

use serde_json::json;
use tests::world::{orders, plain_body};
use tests::{Call, World};

tests::everywhere!(
    a_token_lives_from_generate_to_delete,
    fifty_generates_of_one_name_make_one_token
);

async fn a_token_lives_from_generate_to_delete(world: &World) {
    let (record, first) = world.generate(plain_body("traveller")).await;
    let id = record["id"].as_str().unwrap().to_owned();
    let one = format!("/v1/tokens/{id}");
    assert_eq!(world.use_token(&first).await, 200);

    let narrowed = json!({ "type": "specific", "grants": [{ "resource": "routes", "methods": ["GET"], "paths": ["/orders/8"] }] });
    world.call(Call::new("PATCH", &one).json(&json!({ "permissions": narrowed }))).await.is(200);
    assert_eq!(world.use_token(&first).await, 403);
    world.call(Call::new("PATCH", &one).json(&json!({ "permissions": orders() }))).await.is(200);
    assert_eq!(world.use_token(&first).await, 200);

    let regenerated =
        world.call(Call::new("POST", format!("{one}/regenerate"))).await.is(200).json();
    let second = regenerated["token"].as_str().unwrap();
    assert_eq!((world.use_token(&first).await, world.use_token(second).await), (403, 200));
    assert_eq!(regenerated["version"], 4);

    world.call(Call::new("DELETE", &one)).await.is(204);
    assert_eq!((world.use_token(&first).await, world.use_token(second).await), (403, 403));
    world.call(Call::new("GET", &one)).await.problem(404, "token-not-found");
}

async fn fifty_generates_of_one_name_make_one_token(world: &World) {
    let calls =
        (0..50).map(|_| world.call(Call::new("POST", "/v1/tokens").json(&plain_body("contended"))));
    let answers = tests::world::join(calls.collect()).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(won.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.clone().problem(409, "name-taken");
    }
    let table = world.snapshot().await;
    let of_the_name = table.values().filter(|item| {
        let is = |attribute: &str| {
            item.get(attribute)
                .and_then(|value| value.as_s().ok())
                .is_some_and(|text| text == "contended")
        };
        is("name") || is("sk")
    });
    assert_eq!(of_the_name.count(), 2, "one token and one name");
    assert_eq!(world.use_token(won[0].json()["token"].as_str().unwrap()).await, 200);
}
