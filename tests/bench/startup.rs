//! What a start costs: each release bootstrap under the Runtime API, beside one that does nothing.
//!
//! `tests/bench/startup` builds the bootstraps and runs this on their folder.

use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tests::handlers::event_with_body;
use tests::lambda::Function;
use tests::table::TABLE;
use tests::world::{orders, plain_body};
use tests::{Call, World, tls};

/// How often each is started.
const STARTS: usize = 25;
/// How many requests follow the first.
const LATER: usize = 20;
/// `demo` is the one that does nothing, and what the others are compared with.
const FUNCTIONS: [&str; 8] = [
    "demo",
    "authorizer",
    "generate",
    "list",
    "update",
    "regenerate",
    "delete",
    "simulate",
];

/// One start and the requests after it.
struct Cost {
    ready: Duration,
    first: Duration,
    later: Duration,
    memory: u64,
    /// Client and connection in milliseconds, as the function's own log says.
    started: Option<(f64, f64)>,
}

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    let world = World::over_handlers().await;
    let (id, _) = world.plain("measured").await;
    let folder_of_certificate = TempDir::new().unwrap();
    let address = world.database.url().trim_start_matches("http://");
    let (tls, certificate) = tls::forward(address, folder_of_certificate.path()).await;
    let over_tls = [("SSL_CERT_FILE", certificate.to_str().unwrap())];

    println!("medians of {STARTS} starts; milliseconds, and the peak in KiB");
    println!(
        "function         bytes  first poll        client  connection  first request  later  peak"
    );
    let mut empty = None;
    for function in FUNCTIONS {
        let program = folder.join(function).join("bootstrap");
        let costs = measure(&world, function, &id, &program, world.database.url(), &[]).await;
        let ready = median(&costs, |cost| cost.ready.as_secs_f64() * 1e3);
        report(
            function,
            &program,
            &costs,
            ready / *empty.get_or_insert(ready),
        );
    }
    let program = folder.join("authorizer").join("bootstrap");
    let costs = measure(&world, "authorizer", &id, &program, &tls, &over_tls).await;
    let ready = median(&costs, |cost| cost.ready.as_secs_f64() * 1e3);
    report("… over TLS *", &program, &costs, ready / empty.unwrap());
    println!(
        "* with a certificate that is not Amazon's, so it connects twice and reads the system's roots"
    );
}

async fn measure(
    world: &World,
    function: &str,
    id: &str,
    program: &Path,
    url: &str,
    more: &[(&str, &str)],
) -> Vec<Cost> {
    let mut variables = vec![
        ("TABLE_NAME", TABLE),
        ("AWS_ENDPOINT_URL_DYNAMODB", url),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ];
    variables.extend(more);
    let mut costs = Vec::new();
    for start in 0..STARTS {
        let mut process = Function::start(program, &variables).await;
        let started = match function {
            "demo" => None,
            _ => {
                let line = process.next_log_line().await;
                let milliseconds = |name: &str| line[name].as_f64().unwrap();
                Some((
                    milliseconds("client_milliseconds"),
                    milliseconds("connection_milliseconds"),
                ))
            }
        };
        let mut took = Vec::new();
        for number in 0..=LATER {
            let name = format!("measured-{start}-{number}");
            let (answer, duration) = process.invoke(event(world, function, id, &name)).await;
            accept(function, &answer.unwrap());
            took.push(duration);
        }
        let first = took.remove(0);
        took.sort_unstable();
        costs.push(Cost {
            ready: process.ready_after,
            first,
            later: took[LATER / 2],
            memory: process.peak_memory(),
            started,
        });
    }
    costs
}

/// A request that the function carries out.
fn event(world: &World, function: &str, id: &str, name: &str) -> Value {
    let one = "/v1/tokens/{id}";
    let request = json!({ "method": "GET", "path": "/orders/7" });
    let (method, route, body) = match function {
        "generate" => ("POST", "/v1/tokens", plain_body(name)),
        "list" => ("GET", one, Value::Null),
        "update" => (
            "PATCH",
            one,
            json!({ "permissions": orders(), "description": name }),
        ),
        "regenerate" => ("POST", "/v1/tokens/{id}/regenerate", json!({})),
        "delete" => ("DELETE", one, Value::Null),
        "simulate" => ("POST", "/v1/tokens/{id}/simulate", request),
        _ => ("GET", "/whoami", Value::Null),
    };
    // What is not there is read, too, before it is not deleted.
    let id = if function == "delete" {
        "WRx3zfetJ65842PA"
    } else {
        id
    };
    let mut call = Call::new(method, route.replace("{id}", id));
    if !body.is_null() {
        call = call.json(&body);
    }
    let parameters = route.contains("{id}").then(|| ("id".to_owned(), json!(id)));
    let parameters = Map::from_iter(parameters);
    let key = format!("{method} {route}");
    if function == "authorizer" {
        let mut event = event_with_body(&call.bearer(&world.admin), &key, &parameters);
        event["type"] = json!("REQUEST");
        event["routeArn"] =
            json!("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/$default/GET/whoami");
        return event;
    }
    let mut event = event_with_body(&call, &key, &parameters);
    let context = json!({ "superAdmin": true, "tokenId": null, "tokenName": "bench" });
    event["requestContext"]["authorizer"] = json!({ "lambda": context });
    event
}

fn accept(function: &str, answer: &Value) {
    let accepted = match function {
        "authorizer" => answer["isAuthorized"] == true,
        "generate" => answer["statusCode"] == 201,
        "delete" => answer["statusCode"] == 404,
        _ => answer["statusCode"] == 200,
    };
    assert!(accepted, "{function}: {answer}");
}

fn median(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    let mut values: Vec<_> = costs.iter().map(of).collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

fn report(name: &str, program: &Path, costs: &[Cost], ratio: f64) {
    let bytes = std::fs::metadata(program).unwrap().len();
    let milliseconds =
        |of: fn(&Cost) -> Duration| median(costs, |cost| of(cost).as_secs_f64() * 1e3);
    let started = |of: fn((f64, f64)) -> f64| median(costs, |cost| cost.started.map_or(0.0, of));
    println!(
        "{name:<12} {bytes:>9}  {:>6.2} ({ratio:.2} ×)  {:>11.2}  {:>10.2}  {:>13.2}  {:>5.2}  {:>5.0}",
        milliseconds(|cost| cost.ready),
        started(|(client, _)| client),
        started(|(_, connection)| connection),
        milliseconds(|cost| cost.first),
        milliseconds(|cost| cost.later),
        median(costs, |cost| cost.memory as f64),
    );
}
