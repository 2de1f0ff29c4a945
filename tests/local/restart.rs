//! The start of a gateway: what it prints, which admin token it generates, and that earlier tokens still work.

use crate::DataDirectory;
use serde_json::json;
use shared::domain::token::Token;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tests::Request;
use tests::app::token_body;
use tests::gateway::Gateway;

#[tokio::test]
async fn a_restart_keeps_the_tokens_and_generates_no_admin_token() {
    let folder = DataDirectory::new();
    let mut gateway = folder.start(&[]);
    let admin = folder.admin_token();
    let generate = Request::generate(&token_body("kept")).bearer(&admin);
    let record = gateway.send(&generate).await.assert_status(201).json();
    let token = record["token"].as_str().unwrap();
    assert!(gateway.stop(), "the gateway did not exit successfully");
    std::fs::remove_file(folder.path("admin")).unwrap();

    let gateway = folder.start(&[]);
    assert!(!Path::new(&folder.path("admin")).exists(), "a token was generated");
    assert!(!gateway.startup_output.contains("twd_"));
    gateway.send(&Request::new("GET", "/orders/7").bearer(token)).await.assert_status(200);
    gateway.send(&Request::list("").bearer(&admin)).await.assert_status(200);
}

#[tokio::test]
async fn the_option_new_admin_token_generates_another_super_admin_token() {
    let folder = DataDirectory::new();
    // This start generates the token `admin`.
    drop(folder.start(&[]));
    for name in ["admin-2", "admin-3"] {
        let gateway = folder.start(&["--new-admin-token"]);
        let whoami = Request::new("GET", "/whoami").bearer(&folder.admin_token());
        let context = gateway.send(&whoami).await.assert_status(200).json()["context"].clone();
        assert_eq!((&context["tokenName"], &context["superAdmin"]), (&json!(name), &json!(true)));
    }
}

#[tokio::test]
async fn the_admin_token_file_is_replaced_and_readable_by_its_owner_only() {
    let folder = DataDirectory::new();
    let file = folder.path("admin");
    // Longer than a token, so a file that is not truncated would keep a part of this.
    std::fs::write(&file, "x".repeat(500)).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let gateway = folder.start(&[]);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    Token::parse(&folder.admin_token()).unwrap();
    assert!(!gateway.startup_output.contains(&folder.admin_token()), "the token was printed");
}

#[tokio::test]
async fn the_printed_console_url_works() {
    let gateway = Gateway::start(&["--in-memory"]);
    let mut lines = gateway.startup_output.lines();
    let url = lines.find_map(|line| line.strip_prefix("console on ")).unwrap();
    let path = url.strip_prefix(&gateway.url).unwrap();
    let page = gateway.send(&Request::new("GET", path)).await.assert_status(200);
    assert!(page.text.contains("<title>API tokens"));
}
