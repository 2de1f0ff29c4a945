//! A gateway that is killed while it serves requests.

use crate::DataDirectory;
use local::database::{Database, Storage};
use serde_json::json;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::app::{join, token_body};
use tests::gateway::Gateway;
use tests::table::Item;
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
        token.set_from(&response);
        let id = token.id.clone().unwrap();
        let patch = json!({ "description": name });
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
            token.set_from(&response);
        }
    }
    tokens
}

impl KnownToken {
    /// Sets the fields from the response to the last request.
    fn set_from(&mut self, response: &Response) {
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
        if response.status == 404 {
            let events = gateway.send(&Request::token_events(id, "").bearer(admin)).await;
            let events = events.assert_status(200).json();
            assert_eq!(events["events"][0]["action"], "deleted", "{self:?}");
        }
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

/// Asserts that in the data file each name item belongs to a token, each token has a name item, and no event is missing or
/// superfluous.
async fn assert_consistent(folder: &DataDirectory) {
    let database = Database::open(&Storage::File(folder.path("tokens.db").into())).await.unwrap();
    let items = table::snapshot(&database.client()).await;
    assert_events(&items);
    let (names, tokens): (Vec<_>, Vec<_>) = table::without_events(items)
        .into_values()
        .partition(|item| table::string(item, "pk") == "NAMES");
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

/// Asserts that each event is stored both beside its token and by day, and that the first event of each token is `generated`.
/// The number of events must be the version of the token. If the token no longer exists, its last event must be `deleted`.
fn assert_events(items: &BTreeMap<String, Item>) {
    let [beside_tokens, by_day] = [false, true].map(|by_day| table::events(items, by_day));
    assert_eq!(beside_tokens.len(), by_day.len());
    let mut actions: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for event in beside_tokens {
        let sort_key = table::string(event, "sk");
        let sort_key = sort_key.strip_prefix("EVENT#").unwrap();
        let mut copy = items[&format!("EVENTS#{} {sort_key}", &sort_key[..10])].clone();
        copy.extend(["pk", "sk", "changes"].map(|name| (name.to_owned(), event[name].clone())));
        assert_eq!(copy, *event);
        actions.entry(table::string(event, "pk")).or_default().push(table::string(event, "action"));
    }
    for (token, actions) in &actions {
        assert_eq!(actions[0], "generated", "{token}");
        match items.get(&format!("{token} TOKEN")) {
            Some(item) => {
                assert_eq!(item["version"].as_n().unwrap(), &actions.len().to_string(), "{token}");
            }
            None => assert_eq!(actions.last().unwrap(), "deleted", "{token}"),
        }
    }
    let tokens = items.values().filter(|item| table::string(item, "sk") == "TOKEN");
    assert!(tokens.into_iter().all(|item| actions.contains_key(&table::string(item, "pk"))));
}
