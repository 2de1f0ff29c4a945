//! Secrets do not appear in panics, debug output, errors, the log or the table.

use serde_json::json;
use shared::domain::event::EventAction;
use shared::domain::id::TokenId;
use shared::domain::record::{PreviousSecret, StoredToken};
use shared::domain::token::{Secret, SecretHash, Token};
use shared::runtime::{SystemClock, telemetry};
use shared::service::Clock;
use shared::service::generate::Issued;
use shared::store::{Expected, TokenChange};
use std::collections::{BTreeMap, BTreeSet};
use std::panic;
use std::path::Path;
use tests::app::token_body;
use tests::fixture::VOCABULARY;
use tests::{Request, TestApp};

/// Returns the secret of a token.
fn secret_of(token: &str) -> &str {
    &token[21..64]
}

/// Returns the source files of a folder, joined.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap();
    let texts = entries.map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { sources(&path) } else { std::fs::read_to_string(path).unwrap() }
    });
    texts.collect()
}

/// Returns the public types and the source of their fields.
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

/// Returns the types that contain a secret or a hash, directly or in a field.
fn types_with_secrets<'a>(types: &BTreeMap<&'a str, &'a str>) -> BTreeSet<&'a str> {
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
async fn no_public_type_prints_its_secret_or_hash() {
    let source = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/src"));
    let app = TestApp::in_process().await;
    let (id, text) = app.create_token("printed").await;
    let token = || Token::parse(&text).unwrap();
    let table = shared::store::Table::new(app.dynamodb.clone(), tests::table::TABLE, &VOCABULARY);
    let stored = table.get(TokenId::parse(&id).unwrap(), SystemClock.now()).await;
    let stored: StoredToken = stored.unwrap().unwrap();
    let issued = Issued { record: stored.record.clone(), token: token() };
    let previous = PreviousSecret {
        secret: stored.secret.clone(),
        valid_until: SystemClock.now(),
        expires_at: None,
        regenerated_at: None,
    };
    let change = TokenChange {
        before: StoredToken { previous: Some(previous.clone()), ..stored.clone() },
        after: stored.clone(),
        expected: Expected::SameSecret,
        action: EventAction::RolledBack,
    };
    let printed = BTreeMap::from([
        ("Secret", format!("{:?}", Secret::from_entropy([7; 32]))),
        ("SecretHash", format!("{:?}", token().hash())),
        ("Token", format!("{:?}", token())),
        ("StoredToken", format!("{stored:#?}")),
        ("Issued", format!("{issued:#?}")),
        ("TokenChange", format!("{change:#?}")),
        ("PreviousSecret", format!("{previous:#?}")),
        ("StoredSecret", format!("{:#?}", stored.secret)),
    ]);
    let known: BTreeSet<_> = printed.keys().copied().collect();
    assert_eq!(types_with_secrets(&public_types(&source)), known);

    let hash: &SecretHash = &stored.secret.hash;
    let bytes = format!("{:?}", hash.as_bytes());
    let hexadecimal: String = hash.as_bytes().iter().map(|b| format!("{b:02x}")).collect();
    for (name, output) in &printed {
        for secret in [text.as_str(), secret_of(&text), &bytes, &hexadecimal] {
            assert!(!output.contains(secret), "{name}: {output}");
        }
        assert!(output.contains("Secret"), "{name}: {output}");
    }
}

#[tokio::test]
async fn a_panic_that_quotes_a_token_is_logged_without_it() {
    let app = TestApp::in_process().await;
    let (_, token) = app.create_token("quoted").await;
    let before = panic::take_hook();
    telemetry::log_panics_without_message();
    // The end of the slice is inside `é`, so the slice panics, and the message quotes the whole text.
    let wide = format!("{token}é");
    let failed = panic::catch_unwind(|| wide[..token.len() + 1].len());
    panic::set_hook(before);
    let message = failed.unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.contains(&token), "the panic does not quote the token: {message}");
    let log = app.log();
    let mut lines = log.lines();
    assert!(lines.any(|line| line.contains(r#""message":"panic""#) && line.contains(file!())));
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_error_repeats_a_misplaced_token() {
    for app in [TestApp::in_process().await, TestApp::over_http().await] {
        let (id, token) = app.create_token("misplaced").await;
        let before = app.snapshot().await;
        for request in requests_with_misplaced_token(&id, &token) {
            let response = app.build(request.clone()).await;
            assert!((400..500).contains(&response.status), "{request:?}");
            let repeats = response.text.contains(secret_of(&token));
            assert!(!repeats, "{request:?}\n{}", response.text);
        }
        assert!(app.snapshot().await == before, "a request was rejected but wrote something");
        app.assert_no_secret_leaked().await;
    }
}

/// The members of a body that must not contain a token, as pointers.
const MEMBERS: [&str; 12] = [
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
];

/// Returns requests with a token in each place where it does not belong. Descriptions and owners are left out, because
/// they may contain any text.
fn requests_with_misplaced_token(id: &str, token: &str) -> Vec<Request> {
    let generate = Request::new("POST", "/v1/tokens");
    let mut requests = vec![
        Request::get(token),
        Request::new("GET", format!("/v1/{token}")),
        Request::delete(id).if_match(&format!("\"{token}\"")),
        generate.clone().body(token, "{}"),
        generate.clone().body("application/json", token),
        generate.clone().body("application/json", format!("\"{token}\"")),
        Request::new("PATCH", format!("/v1/tokens/{id}"))
            .body("application/json", format!("{{\"description\": {token}}}")),
        // As the name of a member that is unknown, or repeated, and of a query parameter.
        generate.clone().body("application/json", format!("{{\"{token}\": 1}}")),
        generate.clone().body("application/json", format!("{{\"{token}\": 1, \"{token}\": 1}}")),
        Request::list(&format!("{token}=1")),
    ];
    for parameter in ["cursor", "limit", "namePrefix", "status"] {
        requests.push(Request::list(&format!("{parameter}={token}.")));
    }
    for pointer in MEMBERS {
        let mut body = token_body("rejected");
        match body.pointer_mut(pointer) {
            Some(value) => *value = token.into(),
            None => body[&pointer[1..]] = token.into(),
        }
        requests.push(Request::generate(&body));
    }
    let super_admin = json!({ "type": "superAdmin" });
    requests.push(Request::simulate_permissions(&super_admin, token, "/orders/7"));
    requests.push(Request::simulate_permissions(&super_admin, "GET", token));
    requests
}
