//! The embedded database on a thread of its own, as any DynamoDB is elsewhere, and the handlers over it on this one.

use aws_sdk_dynamodb::Client;
use local::TEMPLATE;
use local::database::{Database, Port, Storage};
use local::template::Template;
use serde_json::{Map, Value, json};
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::TokenService;
use shared::store::Table;
use std::sync::Arc;
use tests::Request;
use tests::app::POLICY;
use tests::database::through;
use tests::handlers::{Handlers, authorizer_event};
use tests::openapi::Operation;
use tests::table::TABLE;

/// The database, and a client of it in this thread.
pub struct Store {
    /// The way to it for other processes.
    pub port: Port,
    /// The SDK's client, as the functions make it.
    pub client: Client,
}

impl Store {
    /// Opens one in memory with the template's table; it lives as long as the process.
    pub async fn open() -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let database = Database::open(&Storage::Memory).await.unwrap();
                let port = database.serve(0).await.unwrap();
                tell.send((through(&database.client(), &port), port)).unwrap();
                std::future::pending::<()>().await;
            });
        });
        let (client, port) = told.recv().unwrap();
        let definition = Template::parse(TEMPLATE).unwrap().table;
        Database::of(client.clone()).create_table(TABLE, &definition).await.unwrap();
        Self { port, client }
    }
}

/// The service over the table.
pub fn service(client: &Client) -> TokenService {
    let table = Table::new(client.clone(), TABLE);
    TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), POLICY)
}

/// The handlers over the table.
pub fn handlers(client: &Client) -> Handlers {
    Handlers::new(service(client))
}

/// Permissions of so many grants, of which the last one covers `/orders/7`.
pub fn permissions(grants: usize) -> Value {
    let grant = |path: String| json!({ "resource": "routes", "methods": ["GET"], "paths": [path] });
    let others = (1..grants).map(|number| grant(format!("/elsewhere-{number:03}/**")));
    let grants: Vec<_> = others.chain([grant("/orders/**".to_owned())]).collect();
    json!({ "type": "specific", "grants": grants })
}

/// Generates a token: its id and itself.
pub async fn generate(handlers: &Handlers, name: &str, grants: usize) -> (String, String) {
    let body = json!({ "name": name, "permissions": permissions(grants) });
    let response = handlers.send_as_super_admin(&Request::generate(&body)).await;
    let record = response.assert_status(201).json();
    let text = |member: &str| record[member].as_str().unwrap().to_owned();
    (text("id"), text("token"))
}

/// Returns one request for each operation, which succeeds for a super admin, by the operation's id in the OpenAPI document.
pub fn operations(handlers: &Handlers, id: &str) -> Vec<(&'static str, Request)> {
    let documented = Operation::all();
    let name = |request: &Request| {
        let route = handlers.route_key(request).unwrap();
        documented.iter().find(|one| one.route_key() == route).unwrap().id()
    };
    Request::management(id).into_iter().map(|request| (name(&request), request)).collect()
}

/// What API Gateway asks the authorizer when `GET /orders/7` presents a credential, as text.
pub fn question(credential: &str) -> String {
    let call = Request::new("GET", "/orders/7").bearer(credential);
    let parameters = Map::from_iter([("proxy".to_owned(), json!("7"))]);
    authorizer_event(&call, "ANY /orders/{proxy+}", &parameters).to_string()
}

/// From the text of the event to the text of the answer, as in Lambda; and whether it is a yes.
pub async fn answer(handlers: &Handlers, question: &str) -> (bool, String) {
    let event = serde_json::from_str(question).unwrap();
    let answer = handlers.authorize(event).await;
    (answer["isAuthorized"] == true, answer.to_string())
}

/// An answer that is known.
pub async fn authorize(handlers: &Handlers, question: &str, expected: bool) {
    let (allowed, text) = answer(handlers, question).await;
    assert_eq!(allowed, expected, "{text}");
}

/// The token with one character of its secret changed: the checksum tells.
pub fn garbage(token: &str) -> String {
    let mut bytes = token.as_bytes().to_vec();
    bytes[40] = if bytes[40] == b'a' { b'b' } else { b'a' };
    String::from_utf8(bytes).unwrap()
}
