//! The connection to the table is opened when a function starts, and is then reused.

use crate::support::TestService;
use aws_sdk_dynamodb::Client;
use shared::runtime::{RootStore, connect, http_client};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tests::app::join;
use tests::database;
use tests::faults::{Fault, FaultInjector};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn the_first_request_uses_the_connection_that_was_opened_at_the_start() {
    let database = database::create_embedded().await;
    let port = database.serve(0).await.unwrap();
    let (address, connections) = proxy(port.url.trim_start_matches("http://")).await;
    let config = database::client_through(&database.client(), &port).config().to_builder();
    let http = http_client(RootStore::Amazon);
    let config = config.endpoint_url(format!("http://{address}")).http_client(http);
    let client = Client::from_conf(config.build());
    connect(&client).await.unwrap();
    assert_eq!(connections.load(Ordering::SeqCst), 1);
    TestService::new(&client).create("first").await;
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_connection_is_used_again_after_15_idle_seconds_but_not_after_30() {
    // The client keeps an idle connection for 25 s.
    let pauses = [15, 30].map(Duration::from_secs);
    let connections = join(pauses.map(connections_after_idling)).await;
    assert_eq!(connections, [1, 2]);
}

/// Returns how many connections are opened for two requests with a pause between them.
async fn connections_after_idling(pause: Duration) -> usize {
    let database = database::create_embedded().await;
    let port = database.serve(0).await.unwrap();
    let (address, connections) = proxy(port.url.trim_start_matches("http://")).await;
    let config = database::client_through(&database.client(), &port).config().to_builder();
    let client = Client::from_conf(config.endpoint_url(format!("http://{address}")).build());
    let service = TestService::new(&client);
    service.create("first").await;
    tokio::time::sleep(pause).await;
    service.create("second").await;
    connections.load(Ordering::SeqCst)
}

#[tokio::test]
async fn connecting_sends_a_single_request_that_is_not_an_operation() {
    let database = database::create().await;
    let (client, faults) = FaultInjector::attach(&database.client());
    connect(&client).await.unwrap();
    assert_eq!(faults.requests(), ["GET /"]);
    faults.inject([Fault::LostRequest]);
    let cause = connect(&client).await.unwrap_err();
    assert!(cause.contains("injected fault"), "{cause}");
    assert_eq!(faults.requests(), ["GET /"]);
    // Even an error response shows that the connection is open.
    faults.inject([Fault::Error(400, "AccessDeniedException")]);
    connect(&client).await.unwrap();
}

/// Starts a proxy to `address`. Returns its own address and the number of its connections.
async fn proxy(address: &str) -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (proxy, server) = (listener.local_addr().unwrap(), address.to_owned());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let mut far = TcpStream::connect(&server).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
        }
    });
    (proxy, connections)
}
