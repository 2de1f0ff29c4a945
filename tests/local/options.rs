//! The command line.

use crate::DataDirectory;
use tests::Request;
use tests::gateway::run;

#[test]
fn an_invalid_option_is_named_in_the_error() {
    for (options, name) in [
        (vec!["--port", "99999"], "--port"),
        (vec!["--nonsense"], "--nonsense"),
        (vec!["--in-memory", "--endpoint", "http://127.0.0.1:1"], "--endpoint"),
        (vec!["--database-port", "0", "--endpoint", "http://127.0.0.1:1"], "--endpoint"),
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
