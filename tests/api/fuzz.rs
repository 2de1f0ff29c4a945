//! The authorizer's whole input, made up: no panic, and no allow without a matching valid token.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use tests::TestApp;

const FIXTURES: [&str; 4] = [
    include_str!("../fixtures/events/authorizer-2.0.json"),
    include_str!("../fixtures/events/authorizer-1.0-http.json"),
    include_str!("../fixtures/events/authorizer-rest-request.json"),
    include_str!("../fixtures/events/authorizer-rest-token.json"),
];

/// Texts that ends and boundaries are made of.
const SCRAPS: [&str; 34] = [
    "",
    "/",
    "//",
    ".",
    "..",
    "%2e%2e",
    "%2F",
    "%252F",
    "%",
    "%zz",
    "\\",
    "?",
    "#",
    "*",
    "**",
    "$",
    "${x}",
    "\u{0}",
    "\n",
    "é",
    "рay",
    ",",
    " ",
    "Bearer",
    "Basic x",
    "/orders/7",
    "/whoami",
    "/v1/tokens",
    "GET",
    "ANY",
    "$default",
    "{proxy+}",
    "arn:aws:execute-api:r:a:api/stage/GET/orders/7",
    "TOKEN",
];

struct Dice(TestRng);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound
    }

    fn scrap(&mut self) -> &'static str {
        SCRAPS[self.below(SCRAPS.len())]
    }

    fn text(&mut self) -> String {
        (0..self.below(4)).map(|_| self.scrap()).collect()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.0.next_u32()),
            3..=5 => json!(self.text()),
            6 => (0..self.below(3)).map(|_| self.value(depth - 1)).collect(),
            _ => (0..self.below(3))
                .map(|_| (self.text(), self.value(depth - 1)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    /// Changes something somewhere in a document.
    fn damage(&mut self, value: &mut Value) {
        match value {
            Value::Object(members) if !members.is_empty() && self.below(8) > 0 => {
                let place = self.below(members.len());
                let name = members.keys().nth(place).unwrap().clone();
                match self.below(8) {
                    0 => drop(members.remove(&name)),
                    1 => drop(members.insert(self.text(), self.value(2))),
                    2 => {
                        let moved = members[&name].clone();
                        members.insert(name.to_uppercase(), moved);
                    }
                    _ => self.damage(members.get_mut(&name).unwrap()),
                }
            }
            Value::Array(elements) if !elements.is_empty() => {
                let place = self.below(elements.len());
                self.damage(&mut elements[place]);
            }
            other => *other = self.value(2),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a longer run is asked for by the environment: see tests/api/run"
)]
fn asked(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Whether the event presents this token as a credential, read as loosely as can be.
fn presents(event: &Value, token: &str) -> bool {
    let holds = |value: &Value| value.as_str().is_some_and(|text| text.contains(token));
    let mut headers = event["headers"].as_object().into_iter().flatten();
    holds(&event["authorizationToken"])
        || headers.any(|(name, value)| name.eq_ignore_ascii_case("authorization") && holds(value))
}

/// Whether the event is a GET under `/orders/` or of `/whoami`, read as loosely as can be: all that the plain token may.
fn asks_for_orders(event: &Value) -> bool {
    let text = event.to_string();
    text.contains("GET") && (text.contains("/orders/") || text.contains("/whoami"))
}

#[tokio::test]
async fn nothing_made_up_lets_anybody_in() {
    let events = asked("EVENTS").unwrap_or(20_000);
    let seed = asked("SEED").unwrap_or(20_261_123);
    println!("{events} events, seed {seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let app = TestApp::in_process().await;
    let (_, plain) = app.create_token("plain").await;
    let (_, expired) = app.create_expired_token("expired").await;
    let mut stale = plain.clone();
    stale.replace_range(30..31, if &plain[30..31] == "a" { "b" } else { "a" });
    let credentials = [
        format!("Bearer {}", app.admin),
        format!("Bearer {plain}"),
        format!("Bearer {expired}"),
        format!("Bearer {stale}"),
        plain.clone(),
        format!("Bearer {plain},{plain}"),
    ];
    let (mut allowed, mut denied) = (0, 0);
    for _ in 0..events {
        let mut event: Value = serde_json::from_str(FIXTURES[dice.below(4)]).unwrap();
        let credential = json!(credentials[dice.below(credentials.len())]);
        match event["type"] == "TOKEN" {
            true => event["authorizationToken"] = credential,
            false => event["headers"]["authorization"] = credential,
        }
        if let Some(headers) = event["headers"].as_object_mut() {
            headers.remove("Authorization");
        }
        for _ in 0..dice.below(4) {
            dice.damage(&mut event);
        }
        let Some(answer) = app.handlers().unwrap().try_authorize(event.clone()).await.ok() else {
            denied += 1;
            continue;
        };
        let effect = &answer["policyDocument"]["Statement"][0];
        if answer["isAuthorized"] == true || effect["Effect"] == "Allow" {
            allowed += 1;
            let by_admin = presents(&event, &app.admin);
            let by_plain = presents(&event, &plain) && asks_for_orders(&event);
            assert!(by_admin || by_plain, "{event} was allowed, seed {seed}");
            if effect["Effect"] == "Allow" {
                assert_eq!(effect["Resource"], event["methodArn"]);
                let path = event["methodArn"].as_str().unwrap().splitn(3, '/').nth(2).unwrap();
                assert!(!path.contains(['*', '?', '$']), "{event} got a pattern, seed {seed}");
            }
        } else {
            denied += 1;
        }
    }
    println!("{allowed} allowed, {denied} denied");
    assert!(
        allowed > events / 50 && denied > events / 5,
        "{allowed} allowed, {denied} denied: too one-sided"
    );
    app.assert_no_secret_leaked().await;
}

#[tokio::test]
async fn nothing_at_all_lets_anybody_in() {
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let app = TestApp::in_process().await;
    for _ in 0..20_000 {
        let event = dice.value(4);
        assert_eq!(
            app.handlers().unwrap().authorize(event).await,
            json!({ "isAuthorized": false })
        );
    }
}
