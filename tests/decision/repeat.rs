//! `repeat WHAT TIMES`: repeats one part of the authorizer's work. `tests/decision/instructions` counts the instructions of
//! this program.
//!
//! | WHAT | the work |
//! |---|---|
//! | `garbage` | reject a malformed token |
//! | `secret` | parse a token and compare its hash |
//! | a number, such as `10` | decide with this many grants, none of which allows the request |
//! | `read-` and a number | read permissions with this many grants from the text in the table |

use serde_json::{Value, json};
use shared::domain::decision::{Decision, decide};
use shared::domain::grant::Permissions;
use shared::domain::id::TokenId;
use shared::domain::route::RouteRequest;
use shared::domain::token::{Secret, SecretHash, Token};
use std::error::Error;
use std::hint::black_box;
use tests::fixture::{RULES_WITH_DEMO, VOCABULARY};

const PATH: &str = "/projects/pay/applications/shop/deployments/prod";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [what, times] = arguments.as_slice() else {
        return Err("usage: repeat WHAT TIMES".into());
    };
    let times = times.parse()?;
    match what.as_str() {
        "garbage" => reject_malformed(times),
        "secret" => verify_secret(times),
        grants => match grants.strip_prefix("read-") {
            Some(grants) => read_permissions(grants.parse()?, times),
            None => deny_request(grants.parse()?, times),
        },
    }
}

fn token() -> (TokenId, Secret) {
    let id = TokenId::from_entropy([7; 16]);
    (id, Secret::from_entropy([7; 32]))
}

/// Rejects a token with one changed character.
fn reject_malformed(times: usize) -> Result<(), Box<dyn Error>> {
    let (id, secret) = token();
    let text = Token::new(id, secret).reveal();
    // The last character of the checksum is changed, so that the whole token is checked before it is rejected.
    let (rest, last) = text.split_at(text.len() - 1);
    let text = format!("{rest}{}", if last == "0" { "1" } else { "0" });
    for _ in 0..times {
        if Token::parse(black_box(&text)).is_ok() {
            return Err("the malformed token was accepted".into());
        }
    }
    Ok(())
}

/// Parses a token, hashes its secret and compares the hash with the stored one.
fn verify_secret(times: usize) -> Result<(), Box<dyn Error>> {
    let (id, secret) = token();
    let stored = SecretHash::new(id, &secret);
    let text = Token::new(id, secret).reveal();
    for _ in 0..times {
        if !black_box(&stored).verify(&Token::parse(black_box(&text))?) {
            return Err("the secret did not match".into());
        }
    }
    Ok(())
}

/// Returns permissions with this many grants. Each has the kind, role, project and environment of the request, so that only
/// the last comparison fails.
fn document(grants: usize) -> Value {
    let grant = json!({ "resource": "devtronApps", "project": "pay", "environments": ["prod"], "applications": ["cart"], "role": "trigger" });
    json!({ "type": "specific", "grants": vec![grant; grants] })
}

/// Reads permissions from the text in the table.
fn read_permissions(grants: usize, times: usize) -> Result<(), Box<dyn Error>> {
    let text = document(grants).to_string();
    for _ in 0..times {
        match Permissions::from_stored(&VOCABULARY, black_box(&text)) {
            Some(permissions) => drop(black_box(permissions)),
            None => return Err("the permissions were rejected".into()),
        }
    }
    Ok(())
}

/// Decides on a request that no grant allows.
fn deny_request(grants: usize, times: usize) -> Result<(), Box<dyn Error>> {
    let permissions = Permissions::from_stored(&VOCABULARY, &document(grants).to_string());
    let permissions = permissions.ok_or("no permissions")?;
    let request = RouteRequest::parse("POST", PATH, RULES_WITH_DEMO).ok_or("no request")?;
    for _ in 0..times {
        match decide(black_box(&permissions), RULES_WITH_DEMO, black_box(&request)) {
            Decision::Allow(_) => return Err("the request was allowed".into()),
            Decision::Deny(denial) => drop(black_box(denial)),
        }
    }
    Ok(())
}
