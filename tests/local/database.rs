//! The embedded database: who can use its port and read its files, and what the files contain.

use crate::DataDirectory;
use aws_sdk_dynamodb::Client;
use local::database::{Database, Port, Storage};
use serde_json::{Value, json};
use shared::runtime::SystemClock;
use shared::service::Clock;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tests::app::token_body;
use tests::database::client_through;
use tests::gateway::Gateway;
use tests::http::Http;
use tests::{Request, Response, table};

/// Returns the port that a gateway printed.
fn printed_port(gateway: &Gateway) -> Port {
    let value = |start: &str| {
        let mut lines = gateway.startup_output.lines();
        lines.find_map(|line| line.strip_prefix(start)).unwrap().to_owned()
    };
    Port { url: value("DynamoDB on "), access_key_id: value("AWS_ACCESS_KEY_ID=") }
}

/// Returns a client that uses the database through a port.
async fn client(port: &Port) -> Client {
    let database = Database::open(&Storage::Endpoint(port.url.clone())).await.unwrap();
    client_through(&database.client(), port)
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_database_port_only_the_gateway_listens() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&[]);
    assert_eq!(listening(gateway.id()), [gateway.url.trim_start_matches("http://127.0.0.1:")]);
    let with_port = Gateway::start(&["--in-memory", "--database-port", "0"]);
    assert_eq!(listening(with_port.id()).len(), 2, "the test does not see every port");
}

/// Returns the TCP ports that a process listens on.
#[cfg(target_os = "linux")]
fn listening(process: u32) -> Vec<String> {
    let files = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let files = files.filter_map(|file| std::fs::read_link(file.unwrap().path()).ok());
    let sockets: Vec<_> = files.map(|file| file.to_string_lossy().into_owned()).collect();
    let tables = ["tcp", "tcp6"].map(|table| format!("/proc/{process}/net/{table}"));
    let tables = tables.map(|table| std::fs::read_to_string(table).unwrap_or_default());
    let mut ports = Vec::new();
    for line in tables.iter().flat_map(|table| table.lines().skip(1)) {
        let columns: Vec<_> = line.split_whitespace().collect();
        // State 0A is `LISTEN`; column 9 is the socket's inode.
        if columns[3] == "0A" && sockets.contains(&format!("socket:[{}]", columns[9])) {
            let port = columns[1].rsplit(':').next().unwrap();
            ports.push(u32::from_str_radix(port, 16).unwrap().to_string());
        }
    }
    ports
}

#[tokio::test]
async fn the_printed_key_gives_access_to_the_database_port() {
    let gateway = DataDirectory::new().start(&["--database-port", "0"]);
    let client = client(&printed_port(&gateway)).await;
    assert_eq!(table::tokens_and_names(&client).await.len(), 2);
}

#[tokio::test]
async fn each_start_prints_a_new_key() {
    let start = || Gateway::start(&["--in-memory", "--database-port", "0"]);
    let (first, second) = (start(), start());
    assert_ne!(printed_port(&first).access_key_id, printed_port(&second).access_key_id);
}

#[tokio::test]
async fn the_database_port_rejects_web_pages_other_hosts_and_other_keys() {
    let gateway = DataDirectory::new().start(&["--database-port", "0"]);
    let port = printed_port(&gateway);
    let host = port.url.trim_start_matches("http://").to_owned();
    let key = &*port.access_key_id;
    let other = "0".repeat(key.len());
    let signed = |key: &str| list_tables().header("authorization", &authorization(key));
    let send = async |host: &str, request: &Request| {
        Http::new(&port.url, Some(host.to_owned())).try_send(request).await.unwrap()
    };
    assert_eq!(send(&host, &signed(key)).await.assert_status(200).json(), tables());
    let preflight = Request::new("OPTIONS", "/")
        .header("origin", "http://example.com")
        .header("access-control-request-method", "POST");
    let with_bare_key = list_tables().header("authorization", key);
    for (host, request) in [
        (&*host, preflight),
        (&host, signed(key).header("origin", "http://example.com")),
        (&host, signed(key).header("origin", "null")),
        ("example.com", signed(key)),
        (&format!("example.com:{}", host.rsplit(':').next().unwrap()), signed(key)),
        (&host, with_bare_key),
        (&host, list_tables()),
        (&host, signed(&other)),
        (&host, signed("")),
        (&host, signed(&key[1..])),
        (&host, signed(&format!("{key}0"))),
    ] {
        let response = send(host, &request).await;
        assert_denied(&response);
    }
    assert_denied(&Http::new(&port.url, None).try_send(&list_tables()).await.unwrap());
}

#[track_caller]
fn assert_denied(response: &Response) {
    assert_eq!(response.status, 403, "{}", response.text);
    assert!(response.text.contains("AccessDeniedException"), "{}", response.text);
    let cors = response.headers.iter().find(|(name, _)| name.starts_with("access-control-"));
    assert!(cors.is_none(), "{cors:?}");
}

fn list_tables() -> Request {
    Request::new("POST", "/")
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .body("application/x-amz-json-1.0", "{}")
}

/// Returns an `Authorization` header with this access key id, the only part that is checked.
fn authorization(key: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={key}/20261125/us-east-1/dynamodb/aws4_request, \
         SignedHeaders=host, Signature=0000"
    )
}

fn tables() -> Value {
    json!({ "TableNames": ["tokenward"] })
}

fn mode(path: impl AsRef<Path>) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: impl AsRef<Path>, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

const FILES: [&str; 3] = ["tokens.db", "tokens.db-wal", "tokens.db-shm"];

#[test]
fn the_default_folder_and_its_files_are_accessible_to_their_owner_only() {
    let root = DataDirectory::new();
    let folder = root.path(".tokenward");
    let start = || Gateway::start(&["--data", &format!("{folder}/tokens.db")]);
    let file = |name: &str| format!("{folder}/{name}");
    let mut gateway = start();
    let assert_private = || {
        assert_eq!(mode(&folder), 0o700);
        for name in [&FILES[..], &["admin.header"]].concat() {
            assert_eq!(mode(file(name)), 0o600, "{name}");
        }
    };
    assert_private();
    // As an earlier release left its files after a power failure.
    gateway.kill();
    set_mode(&folder, 0o755);
    for name in FILES {
        set_mode(file(name), 0o644);
    }
    let gateway = start();
    assert_private();
    drop(gateway);
}

#[test]
fn an_existing_folder_keeps_its_mode_and_its_files_are_accessible_to_their_owner_only() {
    let root = DataDirectory::new();
    let folder = root.path("shared");
    std::fs::create_dir(&folder).unwrap();
    set_mode(&folder, 0o775);
    let _gateway = Gateway::start(&["--data", &folder]);
    assert_eq!(mode(&folder), 0o775);
    for name in FILES {
        assert_eq!(mode(format!("{folder}/{name}")), 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_clean_stop_leaves_all_data_in_one_file() {
    let root = DataDirectory::new();
    let mut gateway = root.start(&[]);
    assert!(gateway.stop());
    assert!(!Path::new(&root.path("tokens.db-wal")).exists());
    let copied = root.path("copy.db");
    std::fs::copy(root.path("tokens.db"), &copied).unwrap();
    let database = Database::open(&Storage::File(copied.into())).await.unwrap();
    assert_eq!(table::tokens_and_names(&database.client()).await.len(), 2);
    database.close().await;
}

#[tokio::test]
async fn no_file_contains_a_secret() {
    let folder = DataDirectory::new();
    let mut gateway = folder.start(&[]);
    let admin = folder.admin_token();
    let mut tokens = vec![admin.clone()];
    for number in 0..20 {
        let generate = Request::generate(&token_body(&format!("token-{number}")));
        let generated = gateway.send(&generate.bearer(&admin)).await.assert_status(201).json();
        let regenerate = Request::regenerate(generated["id"].as_str().unwrap()).bearer(&admin);
        let regenerated = gateway.send(&regenerate).await.assert_status(200).json();
        for record in [generated, regenerated] {
            tokens.push(record["token"].as_str().unwrap().to_owned());
        }
    }
    assert!(gateway.stop());
    std::fs::remove_file(folder.path("admin")).unwrap();
    let mut searched = 0;
    for file in std::fs::read_dir(folder.0.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        searched += bytes.len();
        for token in &tokens {
            let secret = &token.as_bytes()[21..64];
            assert!(!bytes.windows(43).any(|window| window == secret), "a file contains a secret");
        }
    }
    assert!(searched > 4096, "there was nothing to search");
}

#[tokio::test]
async fn purged_items_are_deleted() {
    let folder = DataDirectory::new();
    let storage = Storage::File(folder.path("tokens.db").into());
    let mut gateway = folder.start(&[]);
    let generate = Request::generate(&token_body("purged")).bearer(&folder.admin_token());
    let record = gateway.send(&generate).await.assert_status(201).json();
    let id = record["id"].as_str().unwrap();
    assert!(gateway.stop());
    let database = Database::open(&storage).await.unwrap();
    let past = SystemClock.now().seconds() - 60;
    table::set_timestamp(&database.client(), id, "purgeAt", past).await;
    database.close().await;
    // The database deletes purged items when it is opened, and from then on regularly.
    let database = Database::open(&storage).await.unwrap();
    while table::tokens_and_names(&database.client()).await.len() > 2 {
        tokio::task::yield_now().await;
    }
    assert!(table::token(&database.client(), id).await.is_none());
    database.close().await;
}
