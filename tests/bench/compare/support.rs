//! The system that is measured: the handlers on the thread that measures, and the embedded database on threads that only it
//! uses, as if it were in another process.

use aws_sdk_dynamodb::Client;
use local::database::{Database, Port, Storage};
use local::template::Template;
use serde_json::{Map, Value, json};
use shared::domain::time::Timestamp;
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::{Clock, Policy, TokenService};
use shared::store::Table;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tests::Request;
use tests::app::{POLICY, specific};
use tests::database::client_through;
use tests::handlers::{self, Handlers};
use tests::openapi::Operation;
use tests::table::TABLE;

/// The database, and a client for the thread that measures.
pub struct Store {
    /// The port for other processes.
    pub port: Port,
    /// A client like that of the functions.
    pub client: Client,
}

impl Store {
    /// Opens a database in memory with the template's table. It stays open until the process exits.
    pub async fn open() -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let database = Database::open(&Storage::Memory).await.unwrap();
                let port = database.serve(0).await.unwrap();
                sender.send((client_through(&database.client(), &port), port)).unwrap();
                std::future::pending::<()>().await;
            });
        });
        let (client, port) = receiver.recv().unwrap();
        let definition = Template::built_in().unwrap().table;
        Database::from_client(client.clone()).create_table(TABLE, &definition).await.unwrap();
        Self { port, client }
    }

    /// Returns the environment of a process that uses the table.
    pub fn variables(&self) -> [(&str, &str); 6] {
        [
            ("TABLE_NAME", TABLE),
            ("AWS_ENDPOINT_URL_DYNAMODB", &self.port.url),
            ("AWS_REGION", "us-east-1"),
            // boto3 reads only this one.
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", &self.port.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ]
    }
}

/// Returns the processor time of all threads of a process, from the kernel's `schedstat`.
pub fn processor_time(process: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let nanoseconds = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// Returns the service over the table.
pub fn service(client: &Client) -> TokenService {
    let table = Table::new(client.clone(), TABLE, POLICY.vocabulary);
    TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), POLICY)
}

/// Returns the handlers over the table.
pub fn handlers(client: &Client) -> Handlers {
    Handlers::new(service(client))
}

/// Returns handlers whose authorizer writes the last use at every request: the interval between such writes is one second, and
/// their clock advances by a second at each reading.
pub fn handlers_with_use_due(client: &Client) -> Handlers {
    let table = Table::new(client.clone(), TABLE, POLICY.vocabulary);
    let policy = Policy { usage_interval: 1, ..POLICY };
    let clock = Arc::new(Advancing(AtomicI64::new(SystemClock.now().seconds())));
    Handlers::new(TokenService::new(table, clock, Arc::new(SystemEntropy), policy))
}

/// A clock that advances by a second at each reading.
struct Advancing(AtomicI64);

impl Clock for Advancing {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.fetch_add(1, Ordering::Relaxed)).unwrap()
    }
}

/// Returns permissions with this number of grants, the last of which covers `/orders/7`.
pub fn permissions(grants: usize) -> Value {
    let grant = |path: String| json!({ "resource": "routes", "methods": ["GET"], "paths": [path] });
    let others = (1..grants).map(|number| grant(format!("/elsewhere-{number:03}/**")));
    let grants: Vec<_> = others.chain([grant("/orders/**".to_owned())]).collect();
    specific(json!(grants))
}

/// Generates a token and returns its id and the token.
pub async fn generate(handlers: &Handlers, name: &str, grants: usize) -> (String, String) {
    let body = json!({ "name": name, "permissions": permissions(grants) });
    let response = handlers.send_as_super_admin(&Request::generate(&body)).await;
    let record = response.assert_status(201).json();
    let string = |member: &str| record[member].as_str().unwrap().to_owned();
    (string("id"), string("token"))
}

/// Returns the id of each operation in the OpenAPI document, with a request that succeeds for a super admin.
pub fn operations(handlers: &Handlers, id: &str) -> Vec<(&'static str, Request)> {
    let documented = Operation::all();
    let name = |request: &Request| {
        let route = handlers.route_key(request).unwrap();
        documented.iter().find(|one| one.route_key() == route).unwrap().id()
    };
    Request::management(id).into_iter().map(|request| (name(&request), request)).collect()
}

/// Returns the authorizer's event, as text, for `GET /orders/7` with this token.
pub fn authorizer_event(token: &str) -> String {
    let request = Request::new("GET", "/orders/7").bearer(token);
    let parameters = Map::from_iter([("proxy".to_owned(), json!("7"))]);
    handlers::authorizer_event(&request, "ANY /orders/{proxy+}", &parameters).to_string()
}

/// Authorizes a request. Includes parsing the event and writing the response as JSON text, which Lambda does too. Returns
/// whether the request was allowed, and the response.
pub async fn try_authorize(handlers: &Handlers, event: &str) -> (bool, String) {
    let event = serde_json::from_str(event).unwrap();
    let response = handlers.authorize(event).await;
    (response["isAuthorized"] == true, response.to_string())
}

/// Authorizes a request and asserts the decision.
pub async fn authorize(handlers: &Handlers, event: &str, expected: bool) {
    let (allowed, response) = try_authorize(handlers, event).await;
    assert_eq!(allowed, expected, "{response}");
}

/// Returns the token with one character of its secret changed, so that its checksum is wrong.
pub fn with_wrong_checksum(token: &str) -> String {
    let mut bytes = token.as_bytes().to_vec();
    bytes[40] = if bytes[40] == b'a' { b'b' } else { b'a' };
    String::from_utf8(bytes).unwrap()
}
