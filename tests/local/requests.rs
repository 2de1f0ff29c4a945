//! Unusual and malformed requests.

use crate::DataDirectory;
use tests::Request;

#[tokio::test]
async fn paths_are_decoded_and_malformed_requests_get_the_gateways_errors() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&[]);
    let admin = folder.admin_token();
    let get = |path: &str| Request::new("GET", path).bearer(&admin);
    let echo = gateway.send(&get("/orders/a%20b/%C3%A9")).await.assert_status(200).json();
    assert_eq!(echo["path"], "/orders/a b/é");
    gateway.send(&get("/orders/%FF")).await.assert_gateway_error(400, "Bad Request");
    let invalid_host = get("/whoami").header("host", "a b");
    gateway.send(&invalid_host).await.assert_gateway_error(421, "Misdirected Request");
    let not_utf_8 = format!(
        "GET /whoami HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {admin}\r\nconnection: close\r\nx-odd: "
    );
    let response = gateway.send_bytes(&[not_utf_8.as_bytes(), b"\xff\r\n\r\n"].concat());
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
    let too_large = vec![b' '; 10 * 1024 * 1024 + 1];
    let generate = Request::new("POST", "/v1/tokens").body("application/json", too_large);
    let response = gateway.send(&generate.bearer(&admin)).await;
    response.assert_gateway_error(413, "Request Entity Too Large");
}
