//! Random authorizer events: none may panic, and none may be allowed without a matching valid token.

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Map, Value, json};
use shared::runtime::AuthorizerError;
use tests::TestApp;
use tests::deployment::variable;

const FIXTURES: [&str; 3] = [
    include_str!("../fixtures/events/authorizer-2.0.json"),
    include_str!("../fixtures/events/authorizer-1.0-http.json"),
    include_str!("../fixtures/events/authorizer-rest-request.json"),
];

/// Strings that the events contain, or that are special in paths, headers and patterns.
const FRAGMENTS: [&str; 34] = [
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
    "рay", // the first letter is Cyrillic
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

struct Rng(TestRng);

impl Rng {
    fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound
    }

    fn fragment(&mut self) -> &'static str {
        FRAGMENTS[self.below(FRAGMENTS.len())]
    }

    fn string(&mut self) -> String {
        (0..self.below(4)).map(|_| self.fragment()).collect()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.0.next_u32()),
            3..=5 => json!(self.string()),
            6 => (0..self.below(3)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let members = 0..self.below(3);
                members
                    .map(|_| (self.string(), self.value(depth - 1)))
                    .collect::<Map<_, _>>()
                    .into()
            }
        }
    }

    /// Changes a document in one random place.
    fn mutate(&mut self, value: &mut Value) {
        match value {
            Value::Object(members) if !members.is_empty() && self.below(8) > 0 => {
                let index = self.below(members.len());
                let name = members.keys().nth(index).unwrap().clone();
                match self.below(8) {
                    0 => drop(members.remove(&name)),
                    1 => drop(members.insert(self.string(), self.value(2))),
                    2 => {
                        let copy = members[&name].clone();
                        members.insert(name.to_uppercase(), copy);
                    }
                    _ => self.mutate(members.get_mut(&name).unwrap()),
                }
            }
            Value::Array(elements) if !elements.is_empty() => {
                let index = self.below(elements.len());
                self.mutate(&mut elements[index]);
            }
            other => *other = self.value(2),
        }
    }
}

/// Returns a number from the environment, which `tests/api/run` sets.
fn setting(name: &str) -> Option<u64> {
    variable(name)?.parse().ok()
}

/// Returns whether the event contains this token where an authorizer may look for the credential.
fn may_present(event: &Value, token: &str) -> bool {
    let contains = |value: &Value| value.as_str().is_some_and(|text| text.contains(token));
    let mut headers = event["headers"].as_object().into_iter().flatten();
    contains(&event["authorizationToken"])
        || headers
            .any(|(name, value)| name.eq_ignore_ascii_case("authorization") && contains(value))
}

/// Returns whether the event could be read as a request that the ordinary token permits: `GET /orders/…` or
/// `GET /whoami`.
fn may_be_permitted(event: &Value) -> bool {
    let text = event.to_string();
    text.contains("GET") && (text.contains("/orders/") || text.contains("/whoami"))
}

#[tokio::test]
async fn mutated_events_are_allowed_only_with_a_matching_valid_token() {
    let events = setting("EVENTS").unwrap_or(20_000);
    let seed = setting("SEED").unwrap_or(20_261_123);
    println!("{events} events, seed {seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let mut rng = Rng(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let app = TestApp::in_process().await;
    let (_, ordinary) = app.create_token("ordinary").await;
    let (_, expired) = app.create_expired_token("expired").await;
    let mut malformed = ordinary.clone();
    malformed.replace_range(30..31, if &ordinary[30..31] == "a" { "b" } else { "a" });
    let credentials = [
        format!("Bearer {}", app.admin),
        format!("Bearer {ordinary}"),
        format!("Bearer {expired}"),
        format!("Bearer {malformed}"),
        ordinary.clone(),
        format!("Bearer {ordinary},{ordinary}"),
    ];
    let (mut allowed, mut denied) = (0, 0);
    for _ in 0..events {
        let mut event: Value = serde_json::from_str(FIXTURES[rng.below(FIXTURES.len())]).unwrap();
        let credential = json!(credentials[rng.below(credentials.len())]);
        if event.get("multiValueHeaders").is_some() {
            event["multiValueHeaders"] = json!({ "authorization": [credential] });
        }
        event["headers"]["authorization"] = credential;
        if let Some(headers) = event["headers"].as_object_mut() {
            headers.remove("Authorization");
        }
        for _ in 0..rng.below(4) {
            rng.mutate(&mut event);
        }
        let Ok(response) = app.handlers().unwrap().try_authorize(event.clone()).await else {
            denied += 1;
            continue;
        };
        let statement = &response["policyDocument"]["Statement"][0];
        if response["isAuthorized"] != true && statement["Effect"] != "Allow" {
            denied += 1;
            continue;
        }
        allowed += 1;
        let by_admin = may_present(&event, &app.admin);
        let by_ordinary = may_present(&event, &ordinary) && may_be_permitted(&event);
        assert!(by_admin || by_ordinary, "{event} was allowed, seed {seed}");
        if statement["Effect"] == "Allow" {
            assert_eq!(statement["Resource"], event["methodArn"]);
            let method_and_path =
                event["methodArn"].as_str().unwrap().splitn(3, '/').nth(2).unwrap();
            assert!(
                !method_and_path.contains(['*', '?', '$']),
                "{event} got a pattern, seed {seed}"
            );
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
async fn random_json_fails_without_a_decision() {
    let mut rng = Rng(TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let app = TestApp::in_process().await;
    for _ in 0..20_000 {
        let error = app.handlers().unwrap().try_authorize(rng.value(4)).await.unwrap_err();
        assert_eq!(error, AuthorizerError::NoDecision);
    }
}
