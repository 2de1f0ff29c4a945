//! `repeat WHAT TIMES`: does one part of the authorizer's work so many times. For `tests/decision/instructions`, which
//! counts what it costs. WHAT is `garbage`, `secret`, the number of grants of which none allows the request, or `read-` and
//! the number of grants that are read from the text in the table.

use serde_json::{Value, json};
use shared::domain::decision::{Decision, decide};
use shared::domain::grant::Permissions;
use shared::domain::id::TokenId;
use shared::domain::route::RouteRequest;
use shared::domain::rule::RULES_WITH_DEMO;
use shared::domain::token::{Secret, SecretHash, Token};
use std::error::Error;
use std::hint::black_box;

const PATH: &str = "/projects/pay/applications/shop/deployments/prod";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [what, times] = arguments.as_slice() else {
        return Err("usage: repeat WHAT TIMES".into());
    };
    let times = times.parse()?;
    match what.as_str() {
        "garbage" => refuse(times),
        "secret" => admit(times),
        grants => match grants.strip_prefix("read-") {
            Some(grants) => read(grants.parse()?, times),
            None => deny(grants.parse()?, times),
        },
    }
}

fn token() -> (TokenId, Secret) {
    let id = TokenId::from_entropy([7; 16]);
    (id, Secret::from_entropy([7; 32]))
}

/// Refuses a token of which one character is another.
fn refuse(times: usize) -> Result<(), Box<dyn Error>> {
    let (id, secret) = token();
    let text = Token::new(id, secret).reveal();
    // The last one of the checksum, so that all the rest is looked at.
    let (rest, last) = text.split_at(text.len() - 1);
    let text = format!("{rest}{}", if last == "0" { "1" } else { "0" });
    for _ in 0..times {
        if Token::parse(black_box(&text)).is_ok() {
            return Err("it was taken for a token".into());
        }
    }
    Ok(())
}

/// Parses a token, hashes its secret and compares the hash with the stored one.
fn admit(times: usize) -> Result<(), Box<dyn Error>> {
    let (id, secret) = token();
    let stored = SecretHash::new(id, &secret);
    let text = Token::new(id, secret).reveal();
    for _ in 0..times {
        if !black_box(&stored).verify(&Token::parse(black_box(&text))?) {
            return Err("it was not admitted".into());
        }
    }
    Ok(())
}

/// So many grants, each of the right kind and role for the request, so that it comes to its last list before it misses.
fn document(grants: usize) -> Value {
    let grant = json!({ "resource": "devtronApps", "project": "pay", "environments": ["prod"], "applications": ["cart"], "role": "trigger" });
    json!({ "type": "specific", "grants": vec![grant; grants] })
}

/// Reads permissions from the text that the table holds.
fn read(grants: usize, times: usize) -> Result<(), Box<dyn Error>> {
    let text = document(grants).to_string();
    for _ in 0..times {
        match Permissions::from_stored(black_box(&text)) {
            Some(permissions) => drop(black_box(permissions)),
            None => return Err("they were rejected".into()),
        }
    }
    Ok(())
}

/// Decides on a request that no grant allows.
fn deny(grants: usize, times: usize) -> Result<(), Box<dyn Error>> {
    let permissions = Permissions::from_stored(&document(grants).to_string());
    let permissions = permissions.ok_or("no permissions")?;
    let request = RouteRequest::parse("POST", PATH, RULES_WITH_DEMO).ok_or("no request")?;
    for _ in 0..times {
        match decide(black_box(&permissions), RULES_WITH_DEMO, black_box(&request)) {
            Decision::Allow(_) => return Err("it was allowed".into()),
            Decision::Deny(denial) => drop(black_box(denial)),
        }
    }
    Ok(())
}
