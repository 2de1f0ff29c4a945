//! A gateway that is killed while it serves requests.

use crate::DataDirectory;
use local::database::{Database, Storage};
use serde_json::json;
use std::pin::Pin;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::app::{join, order_permissions, token_body};
use tests::gateway::Gateway;
use tests::{Request, Response, table};

/// A token as a client knows it from responses.
#[derive(Debug)]
struct KnownToken {
    /// The id. `None` if there was no response to the generate.
    id: Option<String>,
    /// The token that was shown last, and the version in the last response. `None` before the first response, and after a
    /// delete.
    state: Option<(String, u64)>,
    /// Whether the last request got no response.
    is_pending: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_loses_no_acknowledged_write_and_leaves_no_partial_one() {
    let folder = DataDirectory::new();
    let mut gateway = folder.start(&[]);
    let admin = folder.admin_token();
    let responses = AtomicUsize::new(0);
    let clients = (0..8).map(|client| run_client(&gateway, &admin, client, &responses));
    let process = gateway.id().to_string();
    let kill = async {
        while responses.load(Ordering::SeqCst) < 250 {
            tokio::task::yield_now().await;
        }
        assert!(Command::new("kill").args(["-KILL", &process]).status().unwrap().success());
        Vec::new()
    };
    let mut futures: Vec<Pin<Box<dyn Future<Output = Vec<KnownToken>>>>> = vec![Box::pin(kill)];
    futures.extend(clients.map(|client| Box::pin(client) as _));
    let tokens: Vec<_> = join(futures).await.into_iter().flatten().collect();
    gateway.kill();
    let total = responses.load(Ordering::SeqCst);
    assert!((250..500).contains(&total), "{total} of about 500 responses before the kill");

    assert_consistent(&folder).await;
    let gateway = folder.start(&[]);
    for token in &tokens {
        token.assert_stored(&gateway, &admin).await;
    }
}

/// Sends up to 63 requests: generate, update, regenerate and delete, repeatedly.
async fn run_client(
    gateway: &Gateway,
    admin: &str,
    client: usize,
    responses: &AtomicUsize,
) -> Vec<KnownToken> {
    let mut tokens = Vec::new();
    for round in 0..18 {
        let name = format!("client-{client}-{round}");
        tokens.push(KnownToken { id: None, state: None, is_pending: true });
        let token = tokens.last_mut().unwrap();
        let generate = Request::generate(&token_body(&name)).bearer(admin);
        let Ok(response) = gateway.try_send(&generate).await else {
            return tokens;
        };
        responses.fetch_add(1, Ordering::SeqCst);
        token.record(&response);
        let id = token.id.clone().unwrap();
        let patch = json!({ "permissions": order_permissions() });
        let mut requests = vec![Request::patch(&id, &patch), Request::regenerate(&id)];
        if round % 2 == 0 {
            requests.push(Request::delete(&id));
        }
        for request in requests {
            token.is_pending = true;
            let Ok(response) = gateway.try_send(&request.bearer(admin)).await else {
                return tokens;
            };
            responses.fetch_add(1, Ordering::SeqCst);
            token.record(&response);
        }
    }
    tokens
}

impl KnownToken {
    fn record(&mut self, response: &Response) {
        self.is_pending = false;
        if response.status == 204 {
            self.state = None;
            return;
        }
        assert!(response.status == 200 || response.status == 201, "{}", response.text);
        let record = response.json();
        self.id = record["id"].as_str().map(str::to_owned);
        let token = record["token"].as_str().map(str::to_owned);
        let token = token.or_else(|| self.state.take().map(|(token, _)| token));
        self.state = Some((token.unwrap(), record["version"].as_u64().unwrap()));
    }

    /// Asserts that the stored token is that of the last response, or has one more write if a request was pending.
    async fn assert_stored(&self, gateway: &Gateway, admin: &str) {
        let Some(id) = &self.id else { return };
        let response = gateway.send(&Request::get(id).bearer(admin)).await;
        let Some((token, version)) = &self.state else {
            response.assert_problem(404, "token-not-found");
            return;
        };
        let order = Request::new("GET", "/orders/7").bearer(token);
        let works = gateway.send(&order).await.status == 200;
        if response.status == 404 {
            assert!(self.is_pending && !works, "{self:?} is lost");
            return;
        }
        let stored = response.assert_status(200).json()["version"].as_u64().unwrap();
        if stored == *version {
            assert!(works, "{self:?} does not work");
        } else {
            assert!(self.is_pending && stored == version + 1, "{self:?} has version {stored}");
        }
    }
}

/// Asserts that in the data file each name item belongs to a token, and each token has a name item.
async fn assert_consistent(folder: &DataDirectory) {
    let database = Database::open(&Storage::File(folder.path("tokens.db").into())).await.unwrap();
    let items = table::tokens_and_names(&database.client()).await;
    let (names, tokens): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|item| table::string(item, "pk") == "NAMES");
    assert!(!names.is_empty());
    assert_eq!(names.len(), tokens.len());
    for name in names {
        let key = format!("TOKEN#{}", table::string(&name, "id"));
        let token = tokens.iter().find(|token| table::string(token, "pk") == key).unwrap();
        assert_eq!(table::string(token, "name"), table::string(&name, "sk"));
        assert_eq!(token.get("expiresAt"), name.get("expiresAt"));
        assert_eq!(token.get("purgeAt"), name.get("purgeAt"));
    }
    database.close().await;
}
