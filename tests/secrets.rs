//! Secrets stay where they belong: out of panics, debug output, errors, the log and the table.

use shared::domain::id::TokenId;
use shared::domain::record::StoredToken;
use shared::domain::token::{Secret, SecretHash, Token};
use shared::runtime::{SystemClock, telemetry};
use shared::service::Clock;
use shared::service::generate::Issued;
use shared::store::{Regeneration, WriteOutcome};
use std::collections::{BTreeMap, BTreeSet};
use std::panic;
use std::path::Path;
use tests::app::token_body;
use tests::{Request, TestApp};

/// The secret within a token's text.
fn secret(token: &str) -> &str {
    &token[21..64]
}

/// The sources of the shared crate, joined.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap();
    let texts = entries.map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { sources(&path) } else { std::fs::read_to_string(path).unwrap() }
    });
    texts.collect()
}

/// The public types and what each of them is made of.
fn public_types(source: &str) -> BTreeMap<&str, &str> {
    let definitions = ["\npub struct ", "\npub enum "].map(|start| source.split(start).skip(1));
    let definitions = definitions.into_iter().flatten();
    let parts = definitions.map(|definition| {
        let end = definition.find(['{', '(', ';', '<', ' ']).unwrap();
        let last = definition.find("\n}").unwrap_or(definition.len());
        let last = definition.find(";\n").unwrap_or(last).min(last);
        (&definition[..end], &definition[end..last])
    });
    parts.collect()
}

/// Those that a secret or its hash is in, or in a part of which it is.
fn with_a_secret<'a>(types: &BTreeMap<&'a str, &'a str>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::from(["Secret", "SecretHash"]);
    loop {
        let more = types.iter().filter(|(_, parts)| {
            let mut words = parts.split(|c: char| !c.is_alphanumeric());
            words.any(|word| found.contains(word))
        });
        let all = more.map(|(name, _)| *name).chain(found.iter().copied());
        let all: BTreeSet<_> = all.collect();
        if all == found {
            return found;
        }
        found = all;
    }
}

#[tokio::test]
async fn no_public_type_prints_the_secret_or_the_hash_that_it_holds() {
    let source = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/src"));
    let app = TestApp::in_process().await;
    let (id, text) = app.create_token("printed").await;
    let token = || Token::parse(&text).unwrap();
    let table = shared::store::Table::new(app.dynamodb.clone(), tests::table::TABLE);
    let stored = table.get(TokenId::parse(&id).unwrap(), SystemClock.now()).await;
    let stored: StoredToken = stored.unwrap().unwrap();
    let issued = Issued { record: stored.record.clone(), token: token() };
    let regeneration = Regeneration { token: stored.clone(), expected_version: 1 };
    let printed = BTreeMap::from([
        ("Secret", format!("{:?}", Secret::from_entropy([7; 32]))),
        ("SecretHash", format!("{:?}", token().hash())),
        ("Token", format!("{:?}", token())),
        ("StoredToken", format!("{stored:#?}")),
        ("Issued", format!("{issued:#?}")),
        ("Regeneration", format!("{regeneration:#?}")),
    ]);
    let known: BTreeSet<_> = printed.keys().copied().collect();
    assert_eq!(with_a_secret(&public_types(&source)), known);

    let hash: &SecretHash = &stored.secret_hash;
    let bytes = format!("{:?}", hash.as_bytes());
    let hexadecimal: String = hash.as_bytes().iter().map(|b| format!("{b:02x}")).collect();
    let written = format!("{:?}", WriteOutcome::Applied(issued));
    for (name, text_of_it) in printed.iter().chain([(&"WriteOutcome", &written)]) {
        for needle in [text.as_str(), secret(&text), &bytes, &hexadecimal] {
            assert!(!text_of_it.contains(needle), "{name}: {text_of_it}");
        }
        assert!(text_of_it.contains("Secret"), "{name}: {text_of_it}");
    }
}

#[tokio::test]
async fn a_panic_that_quotes_a_token_is_logged_without_it() {
    let app = TestApp::in_process().await;
    let (_, token) = app.create_token("quoted").await;
    let before = panic::take_hook();
    telemetry::hide_panics();
    let wide = format!("{token}é");
    let failed = panic::catch_unwind(|| wide[..token.len() + 1].len());
    panic::set_hook(before);
    let message = failed.unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.contains(&token), "it quotes no token: {message}");
    let log = app.log();
    let mut lines = log.lines();
    assert!(lines.any(|line| line.contains(r#""message":"panic""#) && line.contains(file!())));
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_error_repeats_a_token_that_was_put_in_the_wrong_place() {
    for app in [TestApp::in_process().await, TestApp::over_http().await] {
        let (id, token) = app.create_token("misplaced").await;
        let before = app.snapshot().await;
        for call in misplaced(&id, &token) {
            let shown = format!("{call:?}");
            let answer = app.build(call).await;
            assert!((400..500).contains(&answer.status), "{shown}");
            assert!(!answer.text.contains(secret(&token)), "{shown}\n{}", answer.text);
        }
        assert!(app.snapshot().await == before, "a refusal wrote something");
        app.assert_no_secret_leaked().await;
    }
}

/// Calls with a token where none belongs. Two places are left out: a description may hold any text, and a member that
/// is unknown is pointed at by its name.
fn misplaced(id: &str, token: &str) -> Vec<Request> {
    let one = format!("/v1/tokens/{id}");
    let mut calls = vec![
        Request::new("GET", format!("/v1/tokens/{token}")),
        Request::new("GET", format!("/v1/{token}")),
        Request::new("DELETE", &one).header("if-match", &format!("\"{token}\"")),
        Request::new("POST", "/v1/tokens").body(token, "{}"),
        Request::new("POST", "/v1/tokens").body("application/json", token),
        Request::new("POST", "/v1/tokens").body("application/json", format!("\"{token}\"")),
        Request::new("PATCH", &one)
            .body("application/json", format!("{{\"description\": {token}}}")),
    ];
    for parameter in ["cursor", "limit", "namePrefix", "status"] {
        let target = format!("/v1/tokens?{parameter}={token}.");
        calls.push(Request::new("GET", target));
    }
    for pointer in [
        "/name",
        "/expiresAt",
        "/expiresInDays",
        "/permissions",
        "/permissions/type",
        "/permissions/grants",
        "/permissions/grants/0",
        "/permissions/grants/0/resource",
        "/permissions/grants/0/methods",
        "/permissions/grants/0/methods/0",
        "/permissions/grants/0/paths",
        "/permissions/grants/0/paths/0",
    ] {
        let mut body = token_body("refused");
        match body.pointer_mut(pointer) {
            Some(value) => *value = token.into(),
            None => body[&pointer[1..]] = token.into(),
        }
        calls.push(Request::new("POST", "/v1/tokens").json(&body));
    }
    for (member, other, fine) in [("method", "path", "/orders/7"), ("path", "method", "GET")] {
        let mut body = serde_json::json!({ "permissions": { "type": "superAdmin" } });
        body[member] = token.into();
        body[other] = fine.into();
        calls.push(Request::new("POST", "/v1/simulate").json(&body));
    }
    calls
}
