//! The handlers, with a table that accepts every write and is always empty, to send them invented events.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use lambda_http::Request;
use local::functions::{FUNCTIONS, Functions};
use serde_json::Value;
use shared::runtime::{RULES_WITH_DEMO, SystemClock, SystemEntropy, VOCABULARY};
use shared::service::{Policy, TokenService};
use shared::store::Table;
use std::sync::{Arc, LazyLock};
use tokio::runtime::{Builder, Runtime};

/// The handlers' runtime. Its clock skips each wait, such as the minimum duration of an introspection.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
});
static SERVICE: LazyLock<TokenService> = LazyLock::new(service);
static HANDLERS: LazyLock<Functions> = LazyLock::new(|| Functions::new(&SERVICE, "authorization"));

/// A recorded event of a management function.
pub const REQUEST: &str = include_str!("../fixtures/events/request.json");

/// An HTTP client for the SDK that returns an empty response to every request.
#[derive(Debug)]
struct EmptyTable;

impl HttpConnector for EmptyTable {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let response = HttpResponse::new(200.try_into().unwrap(), SdkBody::from("{}"));
        HttpConnectorFuture::ready(Ok(response))
    }
}

fn service() -> TokenService {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(Credentials::new("fuzz", "fuzz", None, None, "fuzz"))
        .http_client(http_client_fn(|_, _| SharedHttpConnector::new(EmptyTable)))
        .build();
    let table = Table::new(Client::from_conf(config), "tokenward", &VOCABULARY);
    let policy = Policy::new(&VOCABULARY, RULES_WITH_DEMO);
    TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), policy)
}

/// Returns the authorizer's response to an event, or `None` if it fails the invocation.
pub fn authorize(event: Value) -> Option<Value> {
    RUNTIME.block_on(HANDLERS.authorize(event)).ok()
}

/// Sends an event to every function except the authorizer, and asserts that no response is a 5xx.
pub fn assert_no_function_fails(event: &str) {
    let event = serde_json::from_str(event).ok();
    let Some(Ok(request)) = event.map(shared::runtime::request) else {
        return;
    };
    RUNTIME.block_on(async {
        for (name, handle) in FUNCTIONS {
            let copy = Request::from_parts(request_parts(&request), request.body().clone());
            let response = handle(&HANDLERS, copy).await;
            assert!(response.status().as_u16() < 500, "{name}: {response:?}");
        }
    });
}

fn request_parts(request: &Request) -> lambda_http::http::request::Parts {
    let mut copy = Request::default();
    *copy.method_mut() = request.method().clone();
    *copy.headers_mut() = request.headers().clone();
    *copy.extensions_mut() = request.extensions().clone();
    copy.into_parts().0
}
