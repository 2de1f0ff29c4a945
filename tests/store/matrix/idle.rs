//! Connections that die while they are idle, as those of a frozen function do: no operation fails because of it.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tests::app::join;
use tests::database::client_through;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The time without traffic after which [`Death::Closed`] closes a connection.
const IDLE: Duration = Duration::from_millis(20);

/// How an idle connection dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    /// The server closes it, while the client is frozen and does not notice.
    Closed,
    /// The server resets it when the next request arrives.
    Reset,
    /// The next request on it gets no response.
    Silent,
}

/// A proxy in a separate thread, so that it works while the runtime of the test is blocked.
struct Proxy {
    url: String,
    /// Whether idle connections die.
    is_deadly: Arc<AtomicBool>,
    deaths: Arc<AtomicUsize>,
}

impl Proxy {
    fn start(server: &str, death: Death) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = server.trim_start_matches("http://").to_owned();
        let (is_deadly, deaths) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let proxy = Self { url, is_deadly: is_deadly.clone(), deaths: deaths.clone() };
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((client, _)) = listener.accept().await {
                    let server = TcpStream::connect(&server).await.unwrap();
                    let (is_deadly, deaths) = (is_deadly.clone(), deaths.clone());
                    tokio::spawn(async move {
                        if relay(client, server, death, &is_deadly).await.is_none() {
                            deaths.fetch_add(1, Ordering::SeqCst);
                        }
                    });
                }
            });
        });
        proxy
    }
}

/// Relays until a side closes. Returns `None` if the connection died because it was idle.
async fn relay(
    mut client: TcpStream,
    mut server: TcpStream,
    death: Death,
    is_deadly: &AtomicBool,
) -> Option<()> {
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let (mut request, mut response) = ([0; 4096], [0; 4096]);
    let mut is_idle = false;
    loop {
        tokio::select! {
            read = client.read(&mut request) => {
                let count = read.ok().filter(|count| *count > 0);
                let Some(count) = count else { return Some(()) };
                if is_idle && is_deadly.load(Ordering::SeqCst) {
                    return die(client, death).await;
                }
                is_idle = false;
                server.write_all(&request[..count]).await.unwrap();
            }
            read = server.read(&mut response) => {
                let count = read.ok().filter(|count| *count > 0);
                let Some(count) = count else { return Some(()) };
                is_idle = true;
                if client.write_all(&response[..count]).await.is_err() { return Some(()) }
            }
            () = tokio::time::sleep(IDLE), if is_idle && death == Death::Closed => {
                if is_deadly.load(Ordering::SeqCst) { return None }
            }
        }
    }
}

/// Ends a connection on which a request has arrived.
async fn die(mut client: TcpStream, death: Death) -> Option<()> {
    match death {
        Death::Silent => {
            let mut ignored = [0; 4096];
            while client.read(&mut ignored).await.is_ok_and(|count| count > 0) {}
        }
        Death::Closed | Death::Reset => client.set_zero_linger().unwrap(),
    }
    None
}

/// A case whose connections die while they are idle.
struct DyingConnections {
    case: Case,
    proxy: Proxy,
    _database: Database,
    _port: local::database::Port,
}

impl DyingConnections {
    async fn new(operation: Operation, death: Death) -> Self {
        let database = database::create_embedded().await;
        let port = database.serve(0).await.unwrap();
        let proxy = Proxy::start(&port.url, death);
        let client = client_through(&database.client(), &port);
        let config = client.config().to_builder().endpoint_url(&proxy.url);
        let proxied = Database::from_client(aws_sdk_dynamodb::Client::from_conf(config.build()));
        let case = Case::new(&proxied, operation).await;
        // Opens a connection even if the handlers have sent no request, because the case has no token.
        case.generate("other").await.assert_status(201);
        case.faults.inject([]);
        proxy.is_deadly.store(true, Ordering::SeqCst);
        if death == Death::Closed {
            // Blocks the runtime on purpose: the client is frozen while its connection is closed.
            std::thread::sleep(10 * IDLE);
            while proxy.deaths.load(Ordering::SeqCst) == 0 {
                std::thread::sleep(IDLE);
            }
            // The next connections stay open: on a slow machine, one may be idle for long before its first request.
            proxy.is_deadly.store(false, Ordering::SeqCst);
        }
        Self { case, proxy, _database: database, _port: port }
    }

    /// Keeps the connections alive from now on. Asserts that at least `expected` of them have died.
    fn assert_died(&self, expected: usize, description: &str) {
        self.proxy.is_deadly.store(false, Ordering::SeqCst);
        let deaths = self.proxy.deaths.load(Ordering::SeqCst);
        assert!(deaths >= expected, "{description}: {deaths} connections died");
    }
}

/// Runs an operation after its connection has died, and asserts that it succeeds and is applied once.
async fn assert_survives(operation: Operation, death: Death) {
    let connections = DyingConnections::new(operation, death).await;
    let case = &connections.case;
    let response = case.run().await;
    let description = format!("{operation:?} {death:?}");
    assert_eq!(response.status, operation.success_status(), "{description}: {}", response.text);
    let awaited = operation.request_count() - usize::from(operation.gives_up_last_request());
    connections.assert_died(if death == Death::Closed { 1 } else { awaited }, &description);
    let mut items = case.snapshot().await;
    assert_consistent(&items);
    if operation.writes() {
        items.retain(|key, item| {
            key != "NAMES other" && item.get("name") != string_value("other").as_ref()
        });
        assert!(operation.is_applied(case, &items), "{description} left {items:?}");
    }
    case.assert_ended_secret_denied(&description).await;
}

fn string_value(text: &str) -> Option<aws_sdk_dynamodb::types::AttributeValue> {
    Some(aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned()))
}

#[tokio::test]
async fn a_connection_that_was_closed_while_the_function_was_frozen_fails_no_operation() {
    for operation in OPERATIONS {
        assert_survives(*operation, Death::Closed).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_on_its_next_request_fails_no_operation() {
    join(OPERATIONS.iter().map(|operation| assert_survives(*operation, Death::Reset))).await;
}

#[tokio::test]
async fn a_connection_without_a_response_to_its_next_request_fails_no_operation() {
    join(OPERATIONS.iter().map(|operation| assert_survives(*operation, Death::Silent))).await;
}

#[tokio::test]
async fn a_connection_that_died_while_it_was_idle_fails_no_authorization() {
    join([Death::Closed, Death::Reset, Death::Silent].map(async |death| {
        let connections = DyingConnections::new(Operation::Get, death).await;
        assert!(connections.case.authorize(&connections.case.token).await, "{death:?}");
        connections.assert_died(1, &format!("{death:?}"));
    }))
    .await;
}
