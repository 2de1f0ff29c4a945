//! The host names that the gateway serves. It rejects all others, because a web page could make them resolve to this machine (DNS
//! rebinding).

use crate::DataDirectory;
use tests::Request;
use tests::http::Http;

#[tokio::test]
async fn only_names_of_this_machine_are_served() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&[]);
    let admin = folder.admin_token();
    let port = gateway.url.rsplit(':').next().unwrap();
    let send = async |host: String, request: &Request| {
        Http::new(&gateway.url, Some(host)).try_send(request).await.unwrap()
    };
    let requests = [
        Request::new("GET", "/whoami").bearer(&admin),
        Request::new("GET", "/v1/tokens").bearer(&admin),
        Request::new("GET", "/console"),
    ];
    for name in ["127.0.0.1", "localhost", "[::1]", "LocalHost"] {
        for host in [name.to_owned(), format!("{name}:{port}"), format!("{name}:80")] {
            for request in &requests {
                send(host.clone(), request).await.assert_status(200);
            }
        }
    }
    for name in ["example.com", "127.0.0.1.example.com", "localhost.example.com", "0.0.0.0", "::1"]
    {
        for host in [name.to_owned(), format!("{name}:{port}")] {
            for request in &requests {
                send(host.clone(), request).await.assert_gateway_error(421, "Misdirected Request");
            }
        }
    }
}

#[tokio::test]
async fn a_request_without_exactly_one_host_is_rejected() {
    let gateway = DataDirectory::new().start(&[]);
    for hosts in ["", "host: localhost\r\nhost: example.com\r\n", "host:\r\n"] {
        let request = format!("GET /console HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        let response = gateway.send_bytes(request.as_bytes());
        assert!(response.starts_with("HTTP/1.1 421 "), "{hosts}: {response}");
    }
}

#[tokio::test]
async fn no_forwarded_scheme_makes_a_function_panic() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&[]);
    let admin = folder.admin_token();
    for scheme in ["https,http", "https, http", "://", " ", "%", "\u{e9}"] {
        for path in ["/whoami", "/v1/tokens", "/console"] {
            let request = Request::new("GET", path).header("x-forwarded-proto", scheme);
            gateway.send(&request.bearer(&admin)).await.assert_status(200);
        }
    }
    assert!(!gateway.log().contains("panic"));
}
