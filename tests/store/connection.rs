//! The connection to the table: opened before it is needed, and kept.

use crate::support::generate;
use crate::support::service;
use aws_sdk_dynamodb::Client;
use shared::runtime::{RootStore, connect, http_client};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::database;
use tests::faults::{Fault, Wire};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn the_first_request_finds_the_connection_open() {
    let database = database::empty().await;
    let (address, connections) = forward(database.url().trim_start_matches("http://")).await;
    let config = database.client().config().to_builder();
    let http = http_client(RootStore::Amazon);
    let config = config.endpoint_url(format!("http://{address}")).http_client(http);
    let client = Client::from_conf(config.build());
    connect(&client).await.unwrap();
    assert_eq!(connections.load(Ordering::SeqCst), 1);
    generate(&service(&client), "first").await.unwrap();
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn connecting_asks_the_table_for_nothing_and_only_once() {
    let database = database::empty().await;
    let (client, wire) = Wire::under(&database.client());
    connect(&client).await.unwrap();
    assert_eq!(wire.sent(), ["GET /"]);
    wire.plan([Fault::LostRequest]);
    let cause = connect(&client).await.unwrap_err();
    assert!(cause.contains("the wire is cut"), "{cause}");
    assert_eq!(wire.sent(), ["GET /"]);
    // A refusal comes over a connection, too.
    wire.plan([Fault::Refused(400, "AccessDeniedException")]);
    connect(&client).await.unwrap();
}

/// A port that leads to `address`, and the number of connections that were made to it.
async fn forward(address: &str) -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (here, there) = (listener.local_addr().unwrap(), address.to_owned());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let mut far = TcpStream::connect(&there).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
        }
    });
    (here, connections)
}
