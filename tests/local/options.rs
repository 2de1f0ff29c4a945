//! The command line.

use crate::DataDirectory;
use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use tests::Request;
use tests::gateway::run;

#[test]
fn an_invalid_option_is_named_in_the_error() {
    for (options, name) in [
        (vec!["--port", "99999"], "--port"),
        (vec!["--nonsense"], "--nonsense"),
        (vec!["--in-memory", "--endpoint", "http://127.0.0.1:1"], "--endpoint"),
        (vec!["--database-port", "0", "--endpoint", "http://127.0.0.1:1"], "--endpoint"),
        (vec!["--endpoint", "127.0.0.1:8000"], "--endpoint"),
        (vec!["--token-header", "two words"], "--token-header"),
        (vec!["--in-memory", "--template", "missing.yaml"], "missing.yaml"),
        (vec!["--allowed-origins", "example.com"], "--allowed-origins"),
        (vec!["--lambda-endpoint", "127.0.0.1:9000"], "--lambda-endpoint"),
    ] {
        let output = run(&options);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(name), "{error}");
    }
}

/// Returns the last line of what a gateway prints that does not start with these options.
fn start_error(options: &[&str]) -> String {
    let output = run(options);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    error.lines().last().unwrap().to_owned()
}

#[test]
fn if_it_cannot_start_the_error_names_the_option_and_the_reason() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = DataDirectory::new();
    let (file, admin) = (folder.path("file"), folder.path("admin"));
    let (below, missing) = (folder.path("file/tokens.db"), folder.path("missing/admin"));
    std::fs::write(&file, "x").unwrap();
    let in_memory = ["--in-memory", "--admin-token-file", &admin];
    for (options, error) in [
        (vec!["--port", &port], format!("--port {port}: Address already in use (os error 98)")),
        (
            vec!["--port", "0", "--database-port", &port],
            format!("--database-port {port}: Address already in use (os error 98)"),
        ),
        (
            vec!["--template", &admin],
            format!("--template {admin}: No such file or directory (os error 2)"),
        ),
    ] {
        let options = [&in_memory[..], &options].concat();
        assert_eq!(start_error(&options), format!("error: {error}"));
        std::fs::remove_file(&admin).ok();
    }
    for (options, error) in [
        (vec!["--data", &below], format!("--data {below}: File exists (os error 17)")),
        (vec!["--data", &file], format!("--data {file}: the file is not a database of tokenward")),
        (
            vec!["--in-memory", "--admin-token-file", &missing],
            format!("--admin-token-file {missing}: No such file or directory (os error 2)"),
        ),
        (
            vec!["--endpoint", "http://127.0.0.1:1"],
            "--endpoint http://127.0.0.1:1: dispatch failure: io error: client error (Connect): \
             tcp connect error: Connection refused (os error 111)"
                .to_owned(),
        ),
    ] {
        let options = [&["--port", "0"], &options[..]].concat();
        assert_eq!(start_error(&options), format!("error: {error}"));
    }
}

#[test]
fn a_file_that_is_not_a_database_is_not_changed() {
    let folder = DataDirectory::new();
    let file = folder.path("notes.txt");
    std::fs::write(&file, "notes").unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    start_error(&["--port", "0", "--data", &file]);
    assert_eq!(std::fs::read(&file).unwrap(), b"notes");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
}

#[test]
fn the_help_lists_every_option() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    for option in [
        "--port",
        "--data",
        "--in-memory",
        "--endpoint",
        "--database-port",
        "--table",
        "--admin-token-file",
        "--new-admin-token",
        "--token-header",
        "--template",
        "--lambda-endpoint",
        "--allowed-origins",
    ] {
        assert!(help.contains(option), "{option}");
    }
}

#[tokio::test]
async fn the_authorizer_decides_on_routes_of_another_template() {
    let folder = DataDirectory::new();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let template = format!("{root}/infra/examples/invoices/template.yaml");
    let gateway = folder.start(&["--template", &template]);
    let invoice = || Request::new("GET", "/invoices/7");
    gateway.send(&invoice()).await.assert_gateway_error(401, "Unauthorized");
    let response = gateway.send(&invoice().bearer(tests::app::UNKNOWN_TOKEN)).await;
    response.assert_gateway_error(403, "Forbidden");
    let response = gateway.send(&invoice().bearer(&folder.admin_token())).await;
    response.assert_gateway_error(501, "Not Implemented");
    let without = DataDirectory::new().start(&[]);
    without.send(&invoice()).await.assert_gateway_error(404, "Not Found");
}

#[tokio::test]
async fn another_token_header_contains_only_the_token() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&["--token-header", "Token"]);
    let admin = folder.admin_token();
    let whoami = || Request::new("GET", "/whoami");
    gateway.send(&whoami().header("token", &admin)).await.assert_status(200);
    let response = gateway.send(&whoami().bearer(&admin)).await;
    response.assert_gateway_error(401, "Unauthorized");
    let bearer = format!("Bearer {admin}");
    let response = gateway.send(&whoami().header("token", &bearer)).await;
    response.assert_gateway_error(403, "Forbidden");
}
